"""Everything in which one environment differs from another.

Constructs receive values from here and know no environment.
"""

from dataclasses import dataclass

from aws_cdk import RemovalPolicy
from aws_cdk.aws_logs import RetentionDays


@dataclass(frozen=True, kw_only=True)
class IdentityProvider:
    """An office's own sign-in: SAML by its `metadata_url`, or OIDC by its `issuer`, `client_id` and `client_secret`,
    the name of the secret in Secrets Manager that holds it. It must send the claims email, office, ori and mfa
    ("true" after a second factor). The office's file names it as `identity_provider`.
    """

    name: str
    metadata_url: str = ""
    issuer: str = ""
    client_id: str = ""
    client_secret: str = ""


@dataclass(frozen=True, kw_only=True)
class MachineClient:
    """A system of an office that asks by itself: it gets an app client with these scopes at most (`lists`,
    `subscriptions`, `feeds`). The office's file names it, and says what of them it has there.
    """

    name: str
    scopes: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Environment:
    """account None is the account that deploys. Where `audit_final`, nobody can delete an audit object before its 400
    days are over, not even the account's root.

    sender_identity is what SES verifies: an address, or the sender's whole domain (DKIM, needs DNS records).
    mails_a_second and texts_a_second are what the account may send (SES, *Account dashboard*; SNS, *Quotas*): all
    senders together keep to it.
    """

    name: str
    account: str | None
    region: str
    removal: RemovalPolicy
    deletion_protection: bool
    audit_final: bool
    sender: str
    sender_identity: str
    console_url: str
    alarm_email: str
    public_documentation: bool
    password_sign_in: bool
    token_minutes: int
    claim_lease_seconds: int
    mails_a_second: int
    texts_a_second: int
    workers: int
    log_retention: RetentionDays
    log_level: str
    nag: bool
    machines: tuple[MachineClient, ...]
    identity_providers: tuple[IdentityProvider, ...] = ()

    @property
    def stack_name(self) -> str:
        return f"arrest-alert-{self.name}"

    @property
    def placeholders(self) -> list[str]:
        """The fields that still hold a shipped name; below .example nobody receives anything."""
        return [name for name, value in vars(self).items() if isinstance(value, str) and value.endswith(".example")]


# Each opens nothing until an office's file names it.
MACHINES = (
    MachineClient(name="case-system", scopes=("lists", "subscriptions")),
    MachineClient(name="records-system", scopes=("feeds",)),
)

# The one list of what `local` does differently because of the local cloud, and why.
# Everything else in `local` is a choice of convenience, not a gap: a short lease, short retention, as many workers as a
# small machine has cores.
SWITCHED_OFF_LOCALLY = {
    "nag": "the rules judge AWS; dev and prod are the same constructs and are judged, a local synth stays quick",
    "password_sign_in": "switched on, because the emulated user pool has no SRP; MFA stays required",
    "deletion_protection": "the local cloud is thrown away with its temporary folder",
}

LOCAL = Environment(
    name="local",
    account="000000000000",
    region="us-east-1",
    removal=RemovalPolicy.DESTROY,
    deletion_protection=False,
    audit_final=False,
    sender="alerts@arrest-alert.example",
    sender_identity="alerts@arrest-alert.example",
    console_url="http://localhost:8000",
    alarm_email="operations@arrest-alert.example",
    public_documentation=True,
    password_sign_in=True,
    token_minutes=60,
    claim_lease_seconds=20,
    mails_a_second=500,
    texts_a_second=500,
    workers=2,
    log_retention=RetentionDays.ONE_DAY,
    log_level="INFO",
    nag=False,
    machines=MACHINES,
)

DEV = Environment(
    name="dev",
    account=None,
    region="us-east-1",
    removal=RemovalPolicy.DESTROY,
    deletion_protection=False,
    audit_final=False,
    sender="alerts@dev.arrest-alert.example",
    sender_identity="alerts@dev.arrest-alert.example",
    console_url="https://console.dev.arrest-alert.example",
    alarm_email="operations@dev.arrest-alert.example",
    public_documentation=True,
    password_sign_in=False,
    token_minutes=60,
    claim_lease_seconds=900,
    mails_a_second=1,
    texts_a_second=1,
    workers=10,
    log_retention=RetentionDays.ONE_MONTH,
    log_level="INFO",
    nag=True,
    machines=MACHINES,
)

PROD = Environment(
    name="prod",
    account=None,
    region="us-east-1",
    removal=RemovalPolicy.RETAIN,
    deletion_protection=True,
    audit_final=True,
    sender="alerts@arrest-alert.example",
    sender_identity="arrest-alert.example",
    console_url="https://console.arrest-alert.example",
    alarm_email="operations@arrest-alert.example",
    public_documentation=False,
    password_sign_in=False,
    token_minutes=15,
    claim_lease_seconds=900,
    mails_a_second=14,
    texts_a_second=20,
    workers=10,
    log_retention=RetentionDays.ONE_YEAR,
    log_level="INFO",
    nag=True,
    machines=MACHINES,
)

ENVIRONMENTS = {environment.name: environment for environment in (LOCAL, DEV, PROD)}


class UnknownEnvironmentError(ValueError):
    def __init__(self, name: str) -> None:
        super().__init__(
            f"unknown environment {name!r}: choose one of {', '.join(ENVIRONMENTS)}, as in `-c environment=dev`"
        )


def environment_named(name: str) -> Environment:
    if name not in ENVIRONMENTS:
        raise UnknownEnvironmentError(name)
    return ENVIRONMENTS[name]
