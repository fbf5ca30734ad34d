"""What `decide` is told of an account. None: not readable; `unread` says why."""

from collections.abc import Mapping, Set
from dataclasses import dataclass, field


@dataclass(frozen=True, kw_only=True)
class MailAccount:
    """SES of the account in the region. `mails_a_second` is what it may send."""

    is_in_sandbox: bool
    is_sending_enabled: bool
    mails_a_second: float


@dataclass(frozen=True, kw_only=True)
class TextAccount:
    """SNS of the account in the region. `dollars_a_month` is the limit on its texts."""

    is_in_sandbox: bool
    dollars_a_month: float


@dataclass(frozen=True, kw_only=True)
class AccountFacts:
    """`stacks` is a stack's name to its status, in CloudFormation's words, "" where there is none; the state's first.
    `bootstrap_version` is 0 where none is.

    sender: "verified", "pending" or "absent": the identity that mails are sent from.
    missing_secrets: those of the identity providers that the account has not, or has marked for deletion.
    missing_services: those of the template that the region has not.
    backs_up_tables: whether AWS Backup takes tables of DynamoDB, and with its own features.
    builds_bytecode: whether the machine that deploys has Lambda's Python.
    unread: the reading by its name, to the reason why AWS refused it.
    """

    account: str = ""
    stacks: Mapping[str, str] | None = None
    bootstrap_version: int | None = None
    concurrent_functions: int | None = None
    mail: MailAccount | None = None
    texts: TextAccount | None = None
    sender: str | None = None
    sign_in_domain_is_taken: bool | None = None
    missing_secrets: Set[str] | None = None
    missing_services: Set[str] = frozenset()
    backs_up_tables: bool | None = None
    builds_bytecode: bool = True
    unread: Mapping[str, str] = field(default_factory=dict)
