"""What is wrong with an account for an environment, and what to do about it. Pure: `facts` holds all that was read."""

from collections.abc import Callable, Iterator
from enum import StrEnum
from typing import NamedTuple

from infra.bundle import PYTHON
from infra.environments import Environment
from infra.preflight.facts import AccountFacts

BOOTSTRAP_VERSION = 6  # `requiresBootstrapStackVersion` of the assembly's manifest
SOURCES = 9  # eight queues and streams, and the map of a large drop: each with up to `workers` functions at a time
RESERVED = 2  # the API and the console: each with `reserved_for_people`
COGNITO_MAILS = 50  # a day, of a pool that mails by itself (Cognito Developer Guide, "Email settings for user pools")
UNRESERVED = 100  # Lambda keeps so many for functions without a reservation


_REFUSED_IN_SANDBOX = (
    " Until you have it set `mail_sandbox=True` in infra/environments.py: without it SES refuses these mails as well, "
    "because it asks for a grant on the recipient's identity."
)


class Level(StrEnum):
    """STOPS: the deployment would fail, or ship something else than it should. ASK: it works, but AWS has to be asked
    first. KNOW: nothing to do now."""

    STOPS = "stops the deployment"
    ASK = "ask AWS for it"
    KNOW = "know"


class Finding(NamedTuple):
    level: Level
    what: str
    fix: str


def findings(facts: AccountFacts, environment: Environment) -> list[Finding]:
    """What stops the deployment first."""
    unsorted = [finding for rule in RULES for finding in rule(facts, environment)]
    return sorted(unsorted, key=lambda finding: list(Level).index(finding.level))


def _builder(facts: AccountFacts, _environment: Environment) -> Iterator[Finding]:
    """Two people would ship different layers in turn, and one of them functions that start a second later."""
    if not facts.builds_bytecode:
        yield Finding(
            Level.STOPS,
            f"This machine has no Python {PYTHON}, Lambda's, so the functions would be shipped without bytecode.",
            f"Install Python {PYTHON} beside yours (python.org, pyenv, or your system's package python{PYTHON}); it "
            "need not be the one that runs this.",
        )


def _environment(facts: AccountFacts, environment: Environment) -> Iterator[Finding]:
    if environment.placeholders:
        yield Finding(
            Level.STOPS,
            f"{', '.join(environment.placeholders)} still end in .example, where nobody receives mail.",
            f"Write your own into {environment.name.upper()} in infra/environments.py.",
        )
    if environment.account and facts.account and environment.account != facts.account:
        yield Finding(
            Level.STOPS,
            f"You are signed in to account {facts.account}, and {environment.name} is for {environment.account}.",
            "Sign in to the other account (`aws sts get-caller-identity` says which it is).",
        )


def _region(facts: AccountFacts, environment: Environment) -> Iterator[Finding]:
    if facts.missing_services:
        yield Finding(
            Level.STOPS,
            f"The region {environment.region} has no {', '.join(sorted(facts.missing_services))}.",
            f"Choose another `region` for {environment.name.upper()} in infra/environments.py.",
        )
    if environment.dollars_a_month and not environment.place.has_budgets:
        yield Finding(
            Level.KNOW,
            f"{environment.region} has no AWS Budgets: nobody is warned of its costs.",
            "Make a budget in the commercial account that pays for this one.",
        )


def _bootstrap(facts: AccountFacts, environment: Environment) -> Iterator[Finding]:
    if facts.bootstrap_version is not None and facts.bootstrap_version < BOOTSTRAP_VERSION:
        state = f"has version {facts.bootstrap_version} of" if facts.bootstrap_version else "lacks"
        yield Finding(
            Level.STOPS,
            f"The account {state} what `cdk deploy` needs in {environment.region}.",
            f"Run `make bootstrap {environment.for_make}`.",
        )


def _stacks(facts: AccountFacts, _environment: Environment) -> Iterator[Finding]:
    for stack, status in (facts.stacks or {}).items():
        yield from _stack(stack, status)


def _stack(stack: str, status: str) -> Iterator[Finding]:
    if status in ("ROLLBACK_COMPLETE", "ROLLBACK_FAILED", "CREATE_FAILED", "DELETE_FAILED"):
        yield Finding(
            Level.STOPS,
            f"The stack {stack} was never whole ({status}): nothing can be deployed over it.",
            f"Read the first failure: `aws cloudformation describe-stack-events --stack-name {stack}`. Correct its "
            f"cause, then `aws cloudformation delete-stack --stack-name {stack}`; what prod kept of it is empty and "
            "in nobody's way (infra/README.md).",
        )
    elif status.endswith("ROLLBACK_FAILED"):
        yield Finding(
            Level.STOPS,
            f"The stack {stack} could not be rolled back ({status}).",
            f"`aws cloudformation continue-update-rollback --stack-name {stack}`.",
        )
    elif status.endswith("IN_PROGRESS"):
        yield Finding(Level.STOPS, f"Somebody deploys {stack} at this moment ({status}).", "Wait until it is finished.")


def _names_in_use(facts: AccountFacts, environment: Environment) -> Iterator[Finding]:
    """Before the first deployment nothing may bear the names that the state gives. Later they are its own."""
    if not _is_first_deployment(facts, environment):
        return
    if facts.sender in ("verified", "pending"):
        yield Finding(
            Level.STOPS,
            f"SES has the identity {environment.sender_identity} already, and the stack makes it.",
            "Delete it in SES (its DKIM records change then), or send from another address or subdomain.",
        )
    if facts.sign_in_domain_is_taken:
        yield Finding(
            Level.STOPS,
            f"The sign-in domain {environment.stack_name}-{facts.account} belongs to an earlier user pool.",
            "Delete that pool's domain in Cognito (*Branding, Domain*); its people and rights stay in the pool.",
        )


def _is_first_deployment(facts: AccountFacts, environment: Environment) -> bool:
    """False where the stacks cannot be read, too."""
    return facts.stacks is not None and not facts.stacks[environment.state_stack_name]


def _secrets(facts: AccountFacts, environment: Environment) -> Iterator[Finding]:
    """CloudFormation looks a provider's secret up when it makes or changes the provider, in the midst of the state."""
    for provider in environment.identity_providers:
        if provider.client_secret in (facts.missing_secrets or ()):
            yield Finding(
                Level.STOPS,
                f"Secrets Manager has no secret {provider.client_secret}, which the identity provider {provider.name} "
                "names, or it is marked for deletion.",
                f"`aws secretsmanager create-secret --name {provider.client_secret} --secret-string file://SECRET`, "
                "with the client secret that the office's provider gave; or restore it, or correct `client_secret` in "
                "infra/environments.py.",
            )


def _functions(facts: AccountFacts, environment: Environment) -> Iterator[Finding]:
    reserved = RESERVED * environment.reserved_for_people
    needed = SOURCES * environment.workers + reserved + UNRESERVED
    if reserved and facts.concurrent_functions is not None and facts.concurrent_functions < reserved + UNRESERVED:
        yield Finding(
            Level.STOPS,
            f"The account runs {facts.concurrent_functions} functions at a time; {reserved} of them would be reserved, "
            f"and Lambda keeps {UNRESERVED} for the others.",
            "Set `reserved_for_people` to 0 in infra/environments.py until the account has a higher quota.",
        )
    if facts.concurrent_functions is not None and facts.concurrent_functions < needed:
        yield Finding(
            Level.ASK,
            f"The account runs {facts.concurrent_functions} functions at a time; {environment.name} may need {needed}.",
            "Service Quotas, AWS Lambda, *Concurrent executions*: ask for 1,000. Until then lower `workers`.",
        )


def _mail(facts: AccountFacts, environment: Environment) -> Iterator[Finding]:
    if facts.mail is None:
        return
    if not facts.mail.is_sending_enabled:
        yield Finding(
            Level.ASK,
            "SES has paused the account: no mail goes out.",
            "SES, *Account dashboard* says why and how to appeal.",
        )
    if facts.mail.is_in_sandbox:
        yield Finding(
            Level.ASK,
            "SES is in its sandbox: it mails only to verified addresses, 200 a day, one a second.",
            "SES, *Account dashboard*, *Request production access*; say that you mail named prosecutors only."
            + ("" if environment.mail_sandbox else _REFUSED_IN_SANDBOX),
        )
    if facts.mail.mails_a_second < environment.mails_a_second:
        yield Finding(
            Level.ASK,
            f"SES takes {facts.mail.mails_a_second:g} a second, `mails_a_second` is {environment.mails_a_second}.",
            "Lower the setting in infra/environments.py, or ask for a higher rate (Service Quotas, Amazon SES).",
        )
    if facts.sender == "pending":
        yield Finding(
            Level.ASK,
            f"{environment.sender_identity} is not verified yet: no mail goes out.",
            "For a domain publish the DKIM records that SES shows; for an address open the link that SES mailed.",
        )


def _backups(facts: AccountFacts, environment: Environment) -> Iterator[Finding]:
    if environment.backup_days and facts.backs_up_tables is False:
        yield Finding(
            Level.ASK,
            f"AWS Backup does not take DynamoDB in {environment.region} with its own features: copies lie in no vault.",
            "Once per account and region: `aws backup update-region-settings --resource-type-opt-in-preference "
            "DynamoDB=true --resource-type-management-preference DynamoDB=true`.",
        )


def _invitations(facts: AccountFacts, environment: Environment) -> Iterator[Finding]:
    """Said before the first deployment, when offices are set up one after another; a limit that stays is no news."""
    if not _is_first_deployment(facts, environment):
        return
    yield Finding(
        Level.KNOW,
        f"Cognito mails invitations and forgotten passwords by itself: {COGNITO_MAILS} a day, whatever SES allows.",
        f"Enrol at most {COGNITO_MAILS} people a day; who has an identity provider needs no invitation. "
        "For more give the pool an address that SES has verified (infra/stores/sign_in.py).",
    )


def _texts(facts: AccountFacts, environment: Environment) -> Iterator[Finding]:
    if facts.texts and facts.texts.is_in_sandbox:
        yield Finding(
            Level.ASK,
            "SNS is in its sandbox for texts: it sends only to numbers that you have verified.",
            "SNS, *Text messaging*, *Exit SMS sandbox*; first register a toll-free or 10DLC number, which takes weeks.",
        )
    if facts.texts and facts.texts.dollars_a_month <= 1:
        yield Finding(
            Level.KNOW,
            f"The account spends {facts.texts.dollars_a_month:g} dollar a month on texts at most: a hundred texts.",
            f"After the deployment: `arrest-alert texts --stack {environment.stack_name} --spend-limit 50`.",
        )


def _unread(facts: AccountFacts, _environment: Environment) -> Iterator[Finding]:
    for name, reason in facts.unread.items():
        yield Finding(
            Level.KNOW, f"Not checked: {name}. {reason}", "Sign in with a role that may read it, and run it again."
        )


RULES: tuple[Callable[[AccountFacts, Environment], Iterator[Finding]], ...] = (
    _builder,
    _environment,
    _region,
    _bootstrap,
    _stacks,
    _names_in_use,
    _secrets,
    _functions,
    _mail,
    _backups,
    _invitations,
    _texts,
    _unread,
)
