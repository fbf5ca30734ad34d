"""Everything in which one environment differs from another. Constructs receive the values and know no environment."""

from dataclasses import dataclass, replace

from aws_cdk import RemovalPolicy
from aws_cdk.aws_logs import RetentionDays

from infra.agencies import AgencyConnection, check_apart
from infra.regions import Region, region_named


@dataclass(frozen=True, kw_only=True)
class IdentityProvider:
    """An office's own sign-in, which the office's file names as `identity_provider`.

    SAML is given by `metadata_url`; OIDC by `issuer`, `client_id` and `client_secret`, which is the name of the secret
    in Secrets Manager. The provider must send the claims email, office, ori and mfa ("true" after a second factor).
    """

    name: str
    metadata_url: str = ""
    issuer: str = ""
    client_id: str = ""
    client_secret: str = ""


@dataclass(frozen=True, kw_only=True)
class MachineClient:
    """A system of an office that calls the API by itself.

    It gets an app client with these scopes (`lists`, `subscriptions`, `feeds`, `alerts`). The office's file names the
    machine and says which of the scopes it has at that office.
    """

    name: str
    scopes: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Environment:
    """`account` None means the account that deploys. Raises UnknownRegionError for a region that it may not lie in,
    and AgencyConnectionError for agencies that would reach each other's files.

    fips: the functions call endpoints that are validated under FIPS 140, and people sign in at one. GovCloud has no
    others, whatever this says: see `uses_fips`.

    audit_final: nobody can delete an audit object before its 400 days are over, not even the account's root.
    sender_identity: what SES verifies; an address, or the sender's whole domain (DKIM, needs DNS records).
    mails_a_second, texts_a_second: what the account may send (SES, *Account dashboard*; SNS, *Quotas*); all senders
    together keep to it.
    mail_sandbox: SES takes mail for verified addresses only, and then asks whether the sender may use theirs, too.
    warm_writes_a_second: what the tables of arrests and alerts take from the first second on; 0 leaves AWS's 4,000,
    which grow with use. AWS charges once for warming a table, and never cools it again.
    console_url: the console's own address, without a path; empty where the API's own address is to be it.
    claim_lease_seconds: how long a sender's claim on a delivery holds before the sweep hands it to another.
    workers: how many of a function run at the same time, per queue or stream shard.
    canary_minutes: how often the canary drops an arrest. In its sandbox SES takes 200 mails a day.
    dollars_a_month: what AWS Budgets warns `alarm_email` of; 0 for no budget. GovCloud has none.
    backup_days: how long each daily backup of the tables lives; 0 for none. backup_vault: the ARN of a vault of another
    account, to which each is copied; empty for none.
    trail: whether CloudTrail records who touches files and tables past the product.
    agencies: those that hand in files from an AWS account of their own, or by SFTP.
    reserved_for_people: how many each of the API and the console may always run, and no more; 0 shares the account's.
    nag: whether a synth runs the rules of `nag.py`.
    """

    name: str
    account: str | None
    region: str
    removal: RemovalPolicy
    deletion_protection: bool
    audit_final: bool
    sender: str
    sender_identity: str
    alarm_email: str
    public_documentation: bool
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
    console_url: str = ""
    mail_sandbox: bool = False
    warm_writes_a_second: int = 0
    dollars_a_month: int = 0
    canary_minutes: int = 5
    reserved_for_people: int = 0
    fips: bool = False
    agencies: tuple[AgencyConnection, ...] = ()
    backup_days: int = 0
    backup_vault: str = ""
    trail: bool = False

    def __post_init__(self) -> None:
        region_named(self.region)
        check_apart(self.agencies, own_account=self.account)

    @property
    def place(self) -> Region:
        return region_named(self.region)

    @property
    def uses_fips(self) -> bool:
        return self.fips or self.place.is_government

    @property
    def stack_name(self) -> str:
        """That of the services, with every output. Commands know an environment by it."""
        return f"arrest-alert-{self.name}"

    @property
    def for_make(self) -> str:
        """How the commands of the Makefile are told of it."""
        is_moved = self.region != ENVIRONMENTS[self.name].region
        return f"ENV={self.name}{f' REGION={self.region}' if is_moved else ''}"

    @property
    def state_stack_name(self) -> str:
        return f"{self.stack_name}-state"

    @property
    def placeholders(self) -> list[str]:
        """The fields that still hold a shipped name: nobody receives mail at a domain that ends in .example."""
        return [name for name, value in vars(self).items() if isinstance(value, str) and value.endswith(".example")]


# None of them may do anything until an office's file names it.
MACHINES = (
    MachineClient(name="case-system", scopes=("lists", "subscriptions", "alerts")),
    MachineClient(name="records-system", scopes=("feeds",)),
)

# What `local` does differently because the local cloud cannot do it, and why. Its other differences are convenience: a
# short lease, short retention, as many workers as a small machine has cores.
SWITCHED_OFF_LOCALLY = {
    "nag": "the rules are about AWS; dev and prod are made of the same constructs and are checked",
    "dollars_a_month": "nobody pays for the local cloud, and it has no AWS Budgets",
    "backup_days": "the local cloud is deleted with its temporary folder",
    "trail": "the local cloud records nothing; dev holds invented people only",
    "fips": "an SDK that is given an endpoint of its own refuses to look for a FIPS one",
    "deletion_protection": "the local cloud is deleted with its temporary folder",
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
    alarm_email="operations@arrest-alert.example",
    public_documentation=True,
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
    alarm_email="operations@dev.arrest-alert.example",
    public_documentation=True,
    token_minutes=60,
    claim_lease_seconds=900,
    mails_a_second=1,
    texts_a_second=1,
    workers=10,
    log_retention=RetentionDays.ONE_MONTH,
    log_level="INFO",
    nag=True,
    machines=MACHINES,
    mail_sandbox=True,
    canary_minutes=15,
    dollars_a_month=100,
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
    alarm_email="operations@arrest-alert.example",
    public_documentation=False,
    token_minutes=15,
    claim_lease_seconds=900,
    mails_a_second=14,
    texts_a_second=20,
    workers=10,
    log_retention=RetentionDays.ONE_YEAR,
    log_level="INFO",
    nag=True,
    machines=MACHINES,
    warm_writes_a_second=20_000,
    reserved_for_people=100,  # the gateway's burst
    fips=True,
    backup_days=14,
    trail=True,
    dollars_a_month=1_000,
)

ENVIRONMENTS = {environment.name: environment for environment in (LOCAL, DEV, PROD)}


class UnknownEnvironmentError(ValueError):
    def __init__(self, name: str) -> None:
        super().__init__(
            f"unknown environment {name!r}: choose one of {', '.join(ENVIRONMENTS)}, as in `-c environment=dev`"
        )


def environment_named(name: str, region: str = "") -> Environment:
    """The environment, in another region than its own if one is given. Raises UnknownEnvironmentError or
    UnknownRegionError."""
    if name not in ENVIRONMENTS:
        raise UnknownEnvironmentError(name)
    return replace(ENVIRONMENTS[name], region=region) if region else ENVIRONMENTS[name]
