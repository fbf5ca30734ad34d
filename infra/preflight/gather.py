"""Reads an account. Every reading is one call, and one that AWS refuses costs nothing but its own fact."""

from collections.abc import Callable
from typing import Any, NamedTuple

import boto3
from botocore.exceptions import BotoCoreError, ClientError

from infra.environments import Environment
from infra.preflight.facts import AccountFacts, MailAccount, TextAccount

# Those of the template by their names at botocore's endpoints, and what deploys it. A test compares them with it.
SERVICES = (
    "apigateway", "backup", "cloudformation", "cloudtrail", "cloudwatch", "codedeploy", "cognito-idp", "dynamodb",
    "events", "kms", "lambda", "logs", "s3", "secretsmanager", "sesv2", "sns", "sqs", "stepfunctions", "transfer",
)  # fmt: skip
BOOTSTRAP = "/cdk-bootstrap/hnb659fds/version"  # written by `cdk bootstrap` (AWS CDK Developer Guide, "Bootstrapping")


class Names(NamedTuple):
    """The stacks, the state's first, what they give names to, and the secrets that they look up by name."""

    stacks: tuple[str, ...]
    sender_identity: str
    sign_in_domain: str
    secrets: tuple[str, ...]


Reading = Callable[[boto3.Session, Names], dict[str, Any]]


def account_facts(session: boto3.Session, environment: Environment) -> AccountFacts:
    """Raises ClientError or BotoCoreError where nobody is signed in: then nothing can be read."""
    account = session.client("sts").get_caller_identity()["Account"]
    facts: dict[str, Any] = {"account": account, "missing_services": missing_services(session, environment.region)}
    unread: dict[str, str] = {}
    names = Names(
        (environment.state_stack_name, environment.stack_name),
        environment.sender_identity,
        f"{environment.stack_name}-{account}",
        tuple(provider.client_secret for provider in environment.identity_providers if provider.client_secret),
    )
    for name, reading in READINGS.items():
        try:
            facts |= reading(session, names)
        except (ClientError, BotoCoreError) as error:
            unread[name] = str(error)
    return AccountFacts(**facts, unread=unread)


def missing_services(session: boto3.Session, region: str) -> frozenset[str]:
    """By the endpoints that boto3 knows: the newest region may be missing there and be complete."""
    partition = session.get_partition_for_region(region)
    return frozenset(
        service
        for service in SERVICES
        if region not in session.get_available_regions(service, partition_name=partition)
    )


def _stacks(session: boto3.Session, names: Names) -> dict[str, Any]:
    client = session.client("cloudformation")
    return {"stacks": {stack: _status(client, stack) for stack in names.stacks}}


def _status(client: Any, stack: str) -> str:
    try:
        status: str = client.describe_stacks(StackName=stack)["Stacks"][0]["StackStatus"]
    except client.exceptions.ClientError as error:
        if "does not exist" in str(error):  # CloudFormation has no code of its own for it
            return ""
        raise
    return status


def _bootstrap(session: boto3.Session, _names: Names) -> dict[str, Any]:
    client = session.client("ssm")
    try:
        return {"bootstrap_version": int(client.get_parameter(Name=BOOTSTRAP)["Parameter"]["Value"])}
    except client.exceptions.ParameterNotFound:
        return {"bootstrap_version": 0}


def _functions(session: boto3.Session, _names: Names) -> dict[str, Any]:
    limits = session.client("lambda").get_account_settings()["AccountLimit"]
    return {"concurrent_functions": limits["ConcurrentExecutions"]}


def _mail(session: boto3.Session, _names: Names) -> dict[str, Any]:
    account = session.client("sesv2").get_account()
    mail = MailAccount(
        is_in_sandbox=not account.get("ProductionAccessEnabled", False),
        is_sending_enabled=account.get("SendingEnabled", False),
        mails_a_second=account.get("SendQuota", {}).get("MaxSendRate", 0.0),
    )
    return {"mail": mail}


def _sender(session: boto3.Session, names: Names) -> dict[str, Any]:
    client = session.client("sesv2")
    try:
        identity = client.get_email_identity(EmailIdentity=names.sender_identity)
    except client.exceptions.NotFoundException:
        return {"sender": "absent"}
    return {"sender": "verified" if identity.get("VerifiedForSendingStatus") else "pending"}


def _texts(session: boto3.Session, _names: Names) -> dict[str, Any]:
    client = session.client("sns")
    limit = client.get_sms_attributes(attributes=["MonthlySpendLimit"])["attributes"].get("MonthlySpendLimit", "1")
    is_in_sandbox = client.get_sms_sandbox_account_status()["IsInSandbox"]
    return {"texts": TextAccount(is_in_sandbox=is_in_sandbox, dollars_a_month=float(limit))}


def _sign_in_domain(session: boto3.Session, names: Names) -> dict[str, Any]:
    description = session.client("cognito-idp").describe_user_pool_domain(Domain=names.sign_in_domain)[
        "DomainDescription"
    ]
    return {"sign_in_domain_is_taken": bool(description.get("UserPoolId"))}


def _secrets(session: boto3.Session, names: Names) -> dict[str, Any]:
    client = session.client("secretsmanager")
    return {"missing_secrets": frozenset(name for name in names.secrets if not _is_readable(client, name))}


def _is_readable(client: Any, secret: str) -> bool:
    """A secret that is marked for deletion is described still, and gives no value."""
    try:
        return "DeletedDate" not in client.describe_secret(SecretId=secret)
    except client.exceptions.ResourceNotFoundException:
        return False


def _backups(session: boto3.Session, _names: Names) -> dict[str, Any]:
    settings = session.client("backup").describe_region_settings()
    preferences = ("ResourceTypeOptInPreference", "ResourceTypeManagementPreference")
    return {"backs_up_tables": all(settings.get(name, {}).get("DynamoDB", False) for name in preferences)}


# The name of each is what a person reads where AWS refuses it.
READINGS: dict[str, Reading] = {
    "the stacks (cloudformation:DescribeStacks)": _stacks,
    "the bootstrap (ssm:GetParameter)": _bootstrap,
    "the limit of functions (lambda:GetAccountSettings)": _functions,
    "the mail account (ses:GetAccount)": _mail,
    "the sender (ses:GetEmailIdentity)": _sender,
    "the text account (sns:GetSMSAttributes, sns:GetSMSSandboxAccountStatus)": _texts,
    "the sign-in domain (cognito-idp:DescribeUserPoolDomain)": _sign_in_domain,
    "the backup settings (backup:DescribeRegionSettings)": _backups,
    "the identity providers' secrets (secretsmanager:DescribeSecret)": _secrets,
}
