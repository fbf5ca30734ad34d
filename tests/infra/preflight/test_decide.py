"""What stops a deployment before anything is changed, and what to do about it."""

import json
from dataclasses import replace

import pytest

from infra.environments import DEV, Environment
from infra.preflight.__main__ import report
from infra.preflight.decide import BOOTSTRAP_VERSION, RESERVED, SOURCES, Level, findings
from infra.preflight.facts import AccountFacts, MailAccount, TextAccount
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
)
WHOLE = {OWN.state_stack_name: "UPDATE_COMPLETE", OWN.stack_name: "UPDATE_COMPLETE"}
DEPLOYED = replace(READY, stacks=WHOLE, sender="verified", sign_in_domain_is_taken=True)


def with_services(status: str) -> AccountFacts:
    """The state is deployed; the services stand as CloudFormation says."""
    return replace(DEPLOYED, stacks=WHOLE | {OWN.stack_name: status})


@pytest.mark.parametrize(
    "facts",
    [READY, DEPLOYED, with_services("")],
    ids=["before the first deployment", "deployed", "the state alone is deployed"],
)
def test_an_account_that_lacks_nothing_is_ready(facts: AccountFacts) -> None:
    assert findings(facts, OWN) == []
    assert report([]) == "Nothing is missing."


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
    ],
)
def test_what_would_fail_half_way_stops_the_deployment(facts: AccountFacts, word: str) -> None:
    stops = [finding for finding in findings(facts, OWN) if finding.level is Level.STOPS]
    assert len(stops) == 1
    assert word in report(stops)


def test_an_environment_as_shipped_stops_the_deployment() -> None:
    (placeholders,) = [finding for finding in findings(READY, DEV) if finding.level is Level.STOPS]
    assert "sender, sender_identity, alarm_email still end in .example" in placeholders.what


def test_the_account_of_another_environment_stops_the_deployment() -> None:
    (other,) = findings(READY, replace(OWN, account="444455556666"))
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
    facts = replace(READY, unread={"the mail account": "AccessDenied"}, concurrent_functions=10, bootstrap_version=0)
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
