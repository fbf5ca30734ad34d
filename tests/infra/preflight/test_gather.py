"""An account is read from AWS's own answers, in the form that its service models promise."""

import dataclasses
from types import SimpleNamespace
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError
from botocore.model import OperationModel
from botocore.validate import validate_parameters

from infra.environments import IdentityProvider
from infra.preflight.facts import AccountFacts, MailAccount, TextAccount
from infra.preflight.gather import account_facts, missing_services
from tests.infra.preflight.test_decide import OWN

# Operation -> answer, or the code and message of an error. An account on its first day.
NEW_ACCOUNT: dict[str, Any] = {
    "GetCallerIdentity": {"Account": "111122223333", "UserId": "A", "Arn": "arn:aws:iam::111122223333:user/ada"},
    "DescribeStacks": ("ValidationError", "Stack with id arrest-alert-dev does not exist"),
    "GetParameter": ("ParameterNotFound", ""),
    "GetAccountSettings": {"AccountLimit": {"ConcurrentExecutions": 10}},
    "GetAccount": {"ProductionAccessEnabled": False, "SendingEnabled": True, "SendQuota": {"MaxSendRate": 1.0}},
    "GetEmailIdentity": ("NotFoundException", "Email identity does not exist."),
    "GetSMSAttributes": {"attributes": {}},
    "GetSMSSandboxAccountStatus": {"IsInSandbox": True},
    "DescribeUserPoolDomain": {"DomainDescription": {}},
    "DescribeRegionSettings": {"ResourceTypeOptInPreference": {"DynamoDB": False}},
    "DescribeSecret": ("ResourceNotFoundException", "Secrets Manager can't find the specified secret."),
}
BACKED_UP: dict[str, Any] = {
    "ResourceTypeOptInPreference": {"DynamoDB": True, "EFS": False},
    "ResourceTypeManagementPreference": {"DynamoDB": True},
}
PROVIDER = IdentityProvider(name="Kings", issuer="https://id.kings.example", client_id="c", client_secret="kings-idp")
WITH_A_PROVIDER = dataclasses.replace(OWN, identity_providers=(PROVIDER,))
MARKED = "2026-11-20T00:00:00Z"
STACK = {"StackName": "arrest-alert-dev", "StackStatus": "ROLLBACK_COMPLETE", "CreationTime": "2026-11-01T00:00:00Z"}


def read(**changes: Any) -> AccountFacts:
    session = boto3.Session("none", "none", region_name=OWN.region)
    answers = NEW_ACCOUNT | changes
    events: Any = session.events
    events.register("before-call", lambda model, **_: _answer(model, answers[model.name]))
    return account_facts(session, WITH_A_PROVIDER)


def _answer(model: OperationModel, answer: Any) -> tuple[SimpleNamespace, dict[str, Any]]:
    if isinstance(answer, tuple):
        return SimpleNamespace(status_code=400), {"Error": {"Code": answer[0], "Message": answer[1]}}
    assert model.output_shape
    validate_parameters(answer, model.output_shape)
    return SimpleNamespace(status_code=200), answer


def test_a_new_account_is_read_as_it_is() -> None:
    assert read() == AccountFacts(
        account="111122223333",
        stacks={"arrest-alert-dev-state": "", "arrest-alert-dev": ""},
        bootstrap_version=0,
        concurrent_functions=10,
        mail=MailAccount(is_in_sandbox=True, is_sending_enabled=True, mails_a_second=1),
        texts=TextAccount(is_in_sandbox=True, dollars_a_month=1),
        sender="absent",
        sign_in_domain_is_taken=False,
        missing_secrets=frozenset({"kings-idp"}),
        backs_up_tables=False,
    )


@pytest.mark.parametrize(
    ("changes", "fact", "value"),
    [
        (
            {"DescribeStacks": {"Stacks": [STACK]}},
            "stacks",
            {"arrest-alert-dev-state": "ROLLBACK_COMPLETE", "arrest-alert-dev": "ROLLBACK_COMPLETE"},
        ),
        ({"GetParameter": {"Parameter": {"Value": "28"}}}, "bootstrap_version", 28),
        ({"GetEmailIdentity": {"VerifiedForSendingStatus": True}}, "sender", "verified"),
        ({"GetEmailIdentity": {"VerifiedForSendingStatus": False}}, "sender", "pending"),
        ({"DescribeUserPoolDomain": {"DomainDescription": {"UserPoolId": "p"}}}, "sign_in_domain_is_taken", True),
        ({"DescribeRegionSettings": BACKED_UP}, "backs_up_tables", True),
        ({"DescribeRegionSettings": BACKED_UP | {"ResourceTypeManagementPreference": {}}}, "backs_up_tables", False),
        ({"DescribeSecret": {"Name": "kings-idp"}}, "missing_secrets", frozenset()),
        ({"DescribeSecret": {"Name": "kings-idp", "DeletedDate": MARKED}}, "missing_secrets", frozenset({"kings-idp"})),
    ],
)
def test_what_stands_there_already_is_read(changes: dict[str, Any], fact: str, value: object) -> None:
    assert getattr(read(**changes), fact) == value


@pytest.mark.parametrize("operation", sorted(set(NEW_ACCOUNT) - {"GetCallerIdentity"}))
def test_what_the_role_may_not_read_costs_only_its_own_fact(operation: str) -> None:
    facts = read(**{operation: ("AccessDeniedException", "not authorized")})
    assert len(facts.unread) == 1
    assert "not authorized" in next(iter(facts.unread.values()))
    assert [name for name, value in vars(facts).items() if value is None] != []


def test_nobody_signed_in_is_an_error() -> None:
    with pytest.raises(ClientError, match="ExpiredToken"):
        read(GetCallerIdentity=("ExpiredToken", "The security token included in the request is expired"))


def test_a_region_that_lacks_a_service_is_named() -> None:
    session = boto3.Session("none", "none")
    assert missing_services(session, "us-east-1") == frozenset()
    assert missing_services(session, "us-gov-west-1") == frozenset()
    assert "sesv2" in missing_services(session, "ap-southeast-7")
