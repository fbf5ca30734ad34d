"""The users of an office, people and machines, with their rights and scopes. Roles on folders come on top of these
(`shared/subscriptions/folders`); who may do what is decided in `shared/access`."""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Annotated

from pydantic import AwareDatetime, Field, StringConstraints

from shared.offices.model import DetailReaders, Office, Slug
from shared.offices.purposes import Purpose
from shared.offices.recipient import Email
from shared.value import FrozenModel

RECERTIFIED_EVERY = timedelta(days=365)
ShownText = Annotated[
    str,
    StringConstraints(
        strip_whitespace=True, max_length=100, pattern=r"^[^\u0000-\u001f\u007f\u202a-\u202e\u2066-\u2069]*$"
    ),
]
"""One line that people read: no control characters, and none that turn the direction of what follows."""


class Right(StrEnum):
    """What a user may do in the whole office, apart from roles on folders."""

    SUPER_OWNER = "super-owner"  # everything: users, categories, owners, agreements
    REVIEW = "review"  # confirm or dismiss any possible match
    ARRESTS = "arrests"  # look up an arrest of which they were not notified
    AUDIT = "audit"  # read the record of who did what
    PRIVACY = "privacy"  # decide what may be passed on to somebody outside
    JUVENILE = "juvenile"  # read the arrest of a person under 18
    QUARANTINE = "quarantine"  # read quarantined drops, to release or discard them
    FEEDS = "feeds"  # run the feeds of the office's agencies: profiles, drops, manual entry
    SEAL = "seal"  # have arrests sealed or expunged
    RECORDS = "records"  # place and end holds on what would be purged


class Scope(StrEnum):
    """What a machine may do. No scope but `alerts` lets it read what others wrote."""

    LISTS = "lists"  # send the office's case and warrant lists
    SUBSCRIPTIONS = "subscriptions"  # make subscriptions, and read, change and cancel those; people validate them
    FEEDS = "feeds"  # send the feeds of the office's agencies, and read their receipts
    ALERTS = "alerts"  # read and acknowledge the alerts that went to the webhooks or topics that it receives

    @property
    def in_token(self) -> str:
        """The scope as it is written in an OAuth access token."""
        return f"arrest-alert/{self.value}"


class AccountState(StrEnum):
    """How a person can sign in. It says what was done last; the user pool knows more."""

    UNKNOWN = "unknown"  # added before this was recorded, or a machine
    MISSING = "missing"  # the account could not be made: invite again
    INVITED = "invited"  # the user pool has mailed a first password
    KEPT = "kept"  # there was an account already: it is open, with its own password
    OFFICE = "office"  # at the office's identity provider; a mail says so
    TAKEN = "taken"  # the address has an account of another office or of somebody who had it before


class Machine(FrozenModel):
    """A system of the office that calls the API. `client_id` is its app client in the user pool; all its requests are
    for `purpose`. `receives` are webhooks and topics of the office whose messages come to it."""

    client_id: str
    scopes: frozenset[Scope] = Field(min_length=1)
    purpose: Purpose
    receives: tuple[str, ...] = ()


class User(FrozenModel):
    """A person or a machine of an office. The row is read at every request, so removing a user works at the next one.

    A machine's address is the mailbox of the people who look after it. It has scopes and no rights, and is notified of
    nothing.
    """

    office_id: Slug
    email: Email
    name: ShownText = Field(default="", description="of the person, as colleagues say it; shown beside the address")
    title: ShownText = Field(default="", description="what the person does in the office, such as Paralegal")
    rights: frozenset[Right] = frozenset()
    machine: Machine | None = None
    account: AccountState = AccountState.UNKNOWN
    sub: str | None = None  # the account that first signed in with this address; no other may use the row
    added_by: str
    added_at: AwareDatetime
    recertified_at: AwareDatetime
    deprovisioned_at: AwareDatetime | None = None
    succeeded_by: Email | None = None  # who took over what this user held, once removed
    revision: int = 1

    @property
    def active(self) -> bool:
        return self.deprovisioned_at is None

    def belongs_to(self, sub: str) -> bool:
        """Whether the account with this `sub` may act as this user. True if no account has signed in yet."""
        return self.sub in (None, sub)

    def is_certified(self, now: datetime) -> bool:
        """Whether this is a person who is enrolled, and of whom somebody confirmed within a year that it must be so."""
        return self.active and self.machine is None and not self.due_for_recertification(now)

    def due_for_recertification(self, now: datetime) -> bool:
        return self.active and now - self.recertified_at >= RECERTIFIED_EVERY


def may_receive_details(office: Office, email: str, user: User | None, now: datetime) -> bool:
    """Whether a message to this address may say who was arrested. `user` is the office's user with this address."""
    if not office.has_agreed(email):
        return False
    return office.details_go_to is DetailReaders.ANYBODY or (user is not None and user.is_certified(now))
