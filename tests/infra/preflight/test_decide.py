"""What stops a deployment before anything is changed, and what to do about it."""

import json
import os
import subprocess
import sys
from dataclasses import replace

import pytest

from infra.environments import DEV, Environment, IdentityProvider
from infra.preflight.__main__ import report
from infra.preflight.decide import BOOTSTRAP_VERSION, RESERVED, SOURCES, Level, findings
from infra.preflight.facts import AccountFacts, MailAccount, TextAccount
from infra.preflight.gather import SERVICES
from tests.cli.command_lines import aws_commands_in
from tests.infra.aws_commands import aws_fault_of
from tests.infra.template import Assembly

ADDRESS = "alerts@da.agency.gov"
OWN: Environment = replace(DEV, sender=ADDRESS, sender_identity=ADDRESS, alarm_email=ADDRESS)


def a_mail_account(
    *, is_in_sandbox: bool = False, is_sending_enabled: bool = True, mails_a_second: float = 14
) -> MailAccount:
    return MailAccount(
        is_in_sandbox=is_in_sandbox, is_sending_enabled=is_sending_enabled, mails_a_second=mails_a_second
    )


READY = AccountFacts(
    account="111122223333",
    stacks={OWN.state_stack_name: "", OWN.stack_name: ""},
    bootstrap_version=28,
    concurrent_functions=1000,
    mail=a_mail_account(),
    texts=TextAccount(is_in_sandbox=False, dollars_a_month=50),
    sender="absent",
    sign_in_domain_is_taken=False,
    missing_secrets=frozenset(),
    backs_up_tables=True,
)
WHOLE = {OWN.state_stack_name: "UPDATE_COMPLETE", OWN.stack_name: "UPDATE_COMPLETE"}
DEPLOYED = replace(READY, stacks=WHOLE, sender="verified", sign_in_domain_is_taken=True)


def with_services(status: str) -> AccountFacts:
    """The state is deployed; the services stand as CloudFormation says."""
    return replace(DEPLOYED, stacks=WHOLE | {OWN.stack_name: status})


@pytest.mark.parametrize("facts", [DEPLOYED, with_services("")], ids=["deployed", "the state alone is deployed"])
def test_an_account_that_lacks_nothing_is_ready(facts: AccountFacts) -> None:
    assert findings(facts, OWN) == []
    assert report([]) == "Nothing is missing."


def test_before_the_first_deployment_one_knows_how_many_people_can_be_invited_a_day(prod: Assembly) -> None:
    [pool] = prod.of_type("Cognito::UserPool").values()
    assert "EmailConfiguration" not in pool, "a pool that mails through SES has the limits of SES"
    [invitations] = findings(READY, OWN)
    assert invitations.level is Level.KNOW
    assert "50 a day" in invitations.what


@pytest.mark.parametrize(
    ("facts", "word"),
    [
        (replace(READY, bootstrap_version=0), "make bootstrap ENV=dev"),
        (replace(READY, bootstrap_version=5), "make bootstrap ENV=dev"),
        (replace(READY, missing_services={"cognito-idp"}), "has no cognito-idp"),
        (replace(READY, sender="verified"), f"has the identity {ADDRESS} already"),
        (replace(READY, sender="pending"), f"has the identity {ADDRESS} already"),
        (replace(READY, sign_in_domain_is_taken=True), "arrest-alert-dev-111122223333"),
        (
            replace(READY, stacks=WHOLE | {OWN.state_stack_name: "ROLLBACK_COMPLETE"}),
            "The stack arrest-alert-dev-state was never whole (ROLLBACK_COMPLETE)",
        ),
        (with_services("ROLLBACK_COMPLETE"), "The stack arrest-alert-dev was never whole (ROLLBACK_COMPLETE)"),
        (with_services("DELETE_FAILED"), "delete-stack --stack-name arrest-alert-dev"),
        (with_services("UPDATE_ROLLBACK_FAILED"), "continue-update-rollback"),
        (with_services("UPDATE_IN_PROGRESS"), "Wait until it is finished"),
        (replace(DEPLOYED, builds_bytecode=False), "Install Python 3.13 beside yours"),
    ],
)
def test_what_would_fail_half_way_stops_the_deployment(facts: AccountFacts, word: str) -> None:
    stops = [finding for finding in findings(facts, OWN) if finding.level is Level.STOPS]
    assert len(stops) == 1
    assert word in report(stops)


WITH_PROVIDERS = replace(
    OWN,
    identity_providers=(
        IdentityProvider(name="Kings", issuer="https://id.kings.example", client_id="c", client_secret="kings-idp"),
        IdentityProvider(name="Queens", metadata_url="https://id.queens.example/metadata"),
    ),
)


@pytest.mark.parametrize("facts", [READY, DEPLOYED], ids=["before the first deployment", "a provider more"])
def test_a_providers_secret_that_is_missing_stops_the_deployment(facts: AccountFacts) -> None:
    lacking = replace(facts, missing_secrets=frozenset({"kings-idp"}))
    [stop] = [finding for finding in findings(lacking, WITH_PROVIDERS) if finding.level is Level.STOPS]
    assert "no secret kings-idp, which the identity provider Kings names" in stop.what
    commands = list(aws_commands_in(stop.fix))
    assert commands != []
    assert [aws_fault_of(command) for command in commands] == [""]
    assert Level.STOPS not in {finding.level for finding in findings(facts, WITH_PROVIDERS)}


def test_an_environment_as_shipped_stops_the_deployment() -> None:
    (placeholders,) = [finding for finding in findings(READY, DEV) if finding.level is Level.STOPS]
    assert "sender, sender_identity, alarm_email still end in .example" in placeholders.what


def test_the_account_of_another_environment_stops_the_deployment() -> None:
    (other,) = findings(DEPLOYED, replace(OWN, account="444455556666"))
    assert (other.level, "111122223333" in other.what, "444455556666" in other.what) == (Level.STOPS, True, True)


@pytest.mark.parametrize(
    ("facts", "word"),
    [
        (replace(READY, concurrent_functions=10), "ask for 1,000"),
        (replace(READY, mail=a_mail_account(is_in_sandbox=True)), "sandbox"),
        (replace(READY, mail=a_mail_account(is_sending_enabled=False)), "paused"),
        (replace(READY, mail=a_mail_account(mails_a_second=0.5)), "0.5 a second"),
        (replace(DEPLOYED, sender="pending"), "not verified yet"),
        (replace(READY, texts=TextAccount(is_in_sandbox=True, dollars_a_month=50)), "10DLC"),
        (replace(READY, texts=TextAccount(is_in_sandbox=False, dollars_a_month=1)), "--spend-limit 50"),
        (replace(READY, mail=None, unread={"the mail account (ses:GetAccount)": "AccessDenied"}), "ses:GetAccount"),
    ],
)
def test_what_can_wait_does_not_stop_the_deployment(facts: AccountFacts, word: str) -> None:
    result = findings(facts, OWN)
    assert [finding.level for finding in result if finding.level is Level.STOPS] == []
    assert word in report(result)


@pytest.mark.parametrize(("quota", "stops"), [(299, 1), (300, 0)])
def test_a_reservation_that_lambda_refuses_stops_the_deployment(quota: int, stops: int) -> None:
    """Lambda keeps 100 for the functions without one (Lambda Developer Guide, "Configuring reserved concurrency")."""
    result = findings(replace(READY, concurrent_functions=quota), replace(OWN, reserved_for_people=100))
    assert [finding.level for finding in result].count(Level.STOPS) == stops


def test_what_stops_the_deployment_is_read_first() -> None:
    facts = replace(DEPLOYED, unread={"the mail account": "AccessDenied"}, concurrent_functions=10, bootstrap_version=0)
    levels = [finding.level for finding in findings(facts, OWN)]
    assert levels == [Level.STOPS, Level.ASK, Level.KNOW]


def test_what_the_template_needs_is_what_an_account_is_asked_for(prod: Assembly) -> None:
    manifest = json.loads((prod.folder / "manifest.json").read_text())
    needed = {
        artifact["properties"]["requiresBootstrapStackVersion"]
        for artifact in manifest["artifacts"].values()
        if "requiresBootstrapStackVersion" in artifact.get("properties", {})
    }
    assert needed == {BOOTSTRAP_VERSION}
    reserved = [
        function for function in prod.of_type("Lambda::Function").values() if "ReservedConcurrentExecutions" in function
    ]
    assert len(reserved) == RESERVED
    machines = prod.of_type("StepFunctions::StateMachine")
    assert len(prod.of_type("Lambda::EventSourceMapping")) + len(machines) == SOURCES


ENDPOINT_OF = {
    "ApiGatewayV2": "apigateway",
    "Cognito": "cognito-idp",
    "SES": "sesv2",
}  # elsewhere botocore's name of a service is CloudFormation's, in small letters
OF_EVERY_REGION = {"iam", "budgets"}  # one endpoint a partition; a region without budgets is a finding of its own
BY_SETTING = {"transfer"}  # only where agencies come by SFTP (test_agency_connections)
DEPLOYS = {"cloudformation"}


def test_a_region_is_asked_for_every_service_of_the_template(assemblies: dict[str, Assembly]) -> None:
    kinds = {resource["Type"] for assembly in assemblies.values() for resource in assembly.resources.values()}
    services = {kind.split("::")[1] for kind in kinds}
    endpoints = {ENDPOINT_OF.get(service, service.lower()) for service in services}
    assert endpoints - OF_EVERY_REGION | BY_SETTING | DEPLOYS == set(SERVICES)


def test_a_sandbox_in_which_even_verified_addresses_get_nothing_is_said() -> None:
    in_sandbox = replace(DEPLOYED, mail=a_mail_account(is_in_sandbox=True))
    [granted] = findings(in_sandbox, replace(OWN, mail_sandbox=True))
    [refused] = findings(in_sandbox, replace(OWN, mail_sandbox=False))
    assert "mail_sandbox=True" not in granted.fix
    assert "mail_sandbox=True" in refused.fix


def test_backups_that_lie_in_no_vault_are_said_with_the_command() -> None:
    [finding] = findings(replace(DEPLOYED, backs_up_tables=False), replace(OWN, backup_days=14))
    assert finding.level is Level.ASK
    assert "aws backup update-region-settings" in finding.fix
    assert findings(replace(DEPLOYED, backs_up_tables=False), replace(OWN, backup_days=0)) == []


@pytest.mark.parametrize(
    ("variables", "sentence"),
    [
        ({"AWS_ENDPOINT_URL": "http://127.0.0.1:4566"}, "http://127.0.0.1:4566, which is not AWS.\nUnset it"),
        ({"AWS_ENDPOINT_URL_STS": "http://127.0.0.1:9"}, "AWS cannot be reached: Could not connect"),
        ({"AWS_ACCESS_KEY_ID": "", "AWS_SECRET_ACCESS_KEY": ""}, "Nobody is signed in to AWS: Unable to locate"),
    ],
)
def test_an_account_that_cannot_be_read_stops_with_the_reason(variables: dict[str, str], sentence: str) -> None:
    """What is known without it is said all the same: the addresses of dev are placeholders."""
    nothing = {
        "AWS_CONFIG_FILE": "/nowhere",
        "AWS_SHARED_CREDENTIALS_FILE": "/nowhere",
        "AWS_EC2_METADATA_DISABLED": "true",
    }
    keys = {"AWS_ACCESS_KEY_ID": "none", "AWS_SECRET_ACCESS_KEY": "none", "AWS_MAX_ATTEMPTS": "1"}
    without = {name: text for name, text in os.environ.items() if not name.startswith("AWS_")}
    variables = {name: text for name, text in (nothing | keys | variables).items() if text}
    run = subprocess.run(
        [sys.executable, "-m", "infra.preflight", "dev"],
        env=without | variables,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 2, run.stderr
    assert sentence in run.stdout
    assert ("still end in .example" in run.stdout) is ("AWS_ENDPOINT_URL" not in variables)
