"""The users of an office, people and machines, with their rights and scopes. Roles on folders come on top of these
(`shared/subscriptions/folders`); who may do what is decided in `shared/access`."""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Annotated

from pydantic import AwareDatetime, Field, StringConstraints

from shared.offices.governance.model import Policy
from shared.offices.governance.personnel import Acknowledgement, DisabledFor, Disabling, Personnel, acknowledged_until
from shared.offices.model import DetailReaders, Office, Slug
from shared.offices.purposes import Purpose
from shared.offices.recipient import Email
from shared.value import FrozenModel

RECERTIFIED_EVERY = timedelta(days=365)
DIRECTORY_ASKED_EVERY = timedelta(days=1)  # PS-4, PS-5: who leaves or is moved is out within 24 hours
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
    PLACES = "places"  # look up what was reported at an exact address
    AUDIT = "audit"  # read the record of who did what
    PRIVACY = "privacy"  # decide what may be passed on to somebody outside
    JUVENILE = "juvenile"  # have to do with records of juveniles: ask for one by a court's order, approve it
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


def _is_none(fact: object) -> bool:
    """Documents of before are written as they were."""
    return fact is None


class Machine(FrozenModel):
    """A system of the office that calls the API. `client_id` is its app client in the user pool; all its requests are
    for `purpose`. `receives` are webhooks and topics of the office whose messages come to it. `keeper` is the person of
    the office who answers for it; None for one that was set up before that was asked."""

    client_id: str
    scopes: frozenset[Scope] = Field(min_length=1)
    purpose: Purpose
    receives: tuple[str, ...] = ()
    keeper: Email | None = Field(default=None, exclude_if=_is_none)


def _is_unrecorded(personnel: Personnel) -> bool:
    return personnel == Personnel()


class User(FrozenModel):
    """A person or a machine of an office. The row is read at every request, so removing a user works at the next one.

    `last_signed_in` is stored beside the document, at most once a day; of a machine it is its last request. An account
    counts as idle from then, or from `open_since`: when it was added, or opened again. `disabled` is taken back by a
    super-owner, or by what was missing.

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
    personnel: Personnel = Field(default=Personnel(), exclude_if=_is_unrecorded)
    acknowledged: Acknowledgement | None = Field(default=None, exclude_if=_is_none)
    disabled: Disabling | None = Field(default=None, exclude_if=_is_none)
    open_since: AwareDatetime | None = Field(default=None, exclude_if=_is_none)
    last_signed_in: AwareDatetime | None = Field(default=None, exclude_if=_is_none)
    revision: int = 1

    @property
    def active(self) -> bool:
        """Whether the user may do anything."""
        return not self.removed and self.disabled is None

    @property
    def hears(self) -> bool:
        """Whether the user is notified. Somebody whom failed sign-ins have locked out still is, without a name in any
        message: else whoever fails to sign in with another's address would silence that person's alerts."""
        is_locked = self.disabled is not None and self.disabled.reason is DisabledFor.LOCKED
        return not self.removed and (self.active or is_locked)

    @property
    def removed(self) -> bool:
        return self.deprovisioned_at is not None

    def belongs_to(self, sub: str) -> bool:
        """Whether the account with this `sub` may act as this user. True if no account has signed in yet."""
        return self.sub in (None, sub)

    def has_accepted(self, policy: Policy | None, now: datetime) -> bool:
        """Whether the person accepted this policy within a year (PL-4). True where there is none."""
        if policy is None:
            return True
        accepted = self.acknowledged
        if accepted is None or (accepted.version, accepted.sha256) != (policy.version, policy.sha256):
            return False
        return now < acknowledged_until(accepted.at)

    def signed_in_since(self, moment: datetime) -> bool:
        return self.last_signed_in is not None and self.last_signed_in >= moment

    def is_certified(self, now: datetime) -> bool:
        """Whether this is a person who is enrolled, and of whom somebody confirmed within a year that it must be so."""
        return self.active and self.machine is None and not self.due_for_recertification(now)

    def due_for_recertification(self, now: datetime) -> bool:
        return self.active and now - self.recertified_at >= RECERTIFIED_EVERY


def may_receive_details(office: Office, email: str, user: User | None, now: datetime) -> bool:
    """Whether a message to this address may say who was arrested. `user` is the office's user with this address.

    Nobody reads a record before the policy is accepted, in a mail neither. Who signs in at the office's own identity
    provider has been let in by it within a day: we are not told who leaves there.
    """
    if not office.has_agreed(email) or (user is not None and user.disabled is not None):
        return False
    if user is not None and not user.has_accepted(office.governance.policy, now):
        return False
    if user is not None and office.identity_provider and not user.signed_in_since(now - DIRECTORY_ASKED_EVERY):
        return False
    return office.details_go_to is DetailReaders.ANYBODY or (user is not None and user.is_certified(now))
