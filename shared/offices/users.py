"""The users of an office, people and machines, and what each of them may do beyond the folders."""

from datetime import datetime, timedelta
from enum import StrEnum

from pydantic import AwareDatetime, Field

from shared.offices.model import Slug
from shared.offices.preferences import Email
from shared.offices.purposes import Purpose
from shared.value import FrozenModel

RECERTIFIED_EVERY = timedelta(days=365)


class Right(StrEnum):
    """What a user may do in the whole office, beside the roles on its folders."""

    SUPER_OWNER = "super-owner"  # everything: users, categories, owners, agreements
    REVIEW = "review"  # say of any possible match whether it is the person
    ARRESTS = "arrests"  # look an arrest up that they were not told of
    AUDIT = "audit"  # read the record of who did what
    JUVENILE = "juvenile"  # read the arrest of a person under 18
    QUARANTINE = "quarantine"  # read what is held or quarantined, to release it
    FEEDS = "feeds"  # keep the feeds of the office's agencies: profiles, drops, arrests entered by hand
    SEAL = "seal"  # have arrests sealed or expunged


class Scope(StrEnum):
    """What a machine may do. None of them shows what others wrote."""

    LISTS = "lists"  # send the office's case and warrant lists
    SUBSCRIPTIONS = "subscriptions"  # make subscriptions, and read, change and cancel those; people validate them
    FEEDS = "feeds"  # send the feeds of the office's agencies, and read their receipts

    @property
    def in_token(self) -> str:
        return f"arrest-alert/{self.value}"


class Machine(FrozenModel):
    """`client_id` is that of its app client in the user pool, `purpose` the one it was let in for."""

    client_id: str
    scopes: frozenset[Scope] = Field(min_length=1)
    purpose: Purpose


class User(FrozenModel):
    """Whoever is no user of an office, or was one, is refused at the next request: the row is read at each of them. A
    machine's address is the mailbox of those who look after it; it has scopes and no rights, and is told nothing."""

    office_id: Slug
    email: Email
    rights: frozenset[Right] = frozenset()
    machine: Machine | None = None
    sub: str | None = None  # the sign-in this row belongs to; where it is known no other may take the row over
    added_by: str
    added_at: AwareDatetime
    recertified_at: AwareDatetime
    deprovisioned_at: AwareDatetime | None = None
    revision: int = 1

    @property
    def active(self) -> bool:
        return self.deprovisioned_at is None

    def belongs_to(self, sub: str) -> bool:
        return self.sub in (None, sub)

    def due_for_recertification(self, now: datetime) -> bool:
        return self.active and now - self.recertified_at >= RECERTIFIED_EVERY
