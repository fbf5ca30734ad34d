"""A session: who is signed in with one browser, for what purpose, and until when."""

import hashlib
import secrets
from datetime import datetime, timedelta

from pydantic import AwareDatetime

from shared.offices.purposes import Purpose
from shared.offices.users import Right
from shared.value import FrozenModel

COOKIE = "__Host-session"
IDLE = timedelta(minutes=30)
LONGEST = timedelta(hours=8)
RENEWED_BEFORE = timedelta(minutes=2)  # the end of the ID token
RENEWED_AFTER = timedelta(minutes=1)  # a request within this time of the last one writes no row


class SignedInPerson(FrozenModel):
    """What every page says of who is signed in. `rights` decide which links are shown, the gate what may be done. Who
    `waits` must see to something before anything opens, such as the office's policy."""

    email: str
    office: str
    time_zone: str
    rights: frozenset[Right] = frozenset()
    agencies: tuple[str, ...] = ()
    waits: bool = False


class Session(FrozenModel):
    """One row. `session_hash` is the hash of what the cookie holds: whoever reads the table cannot sign in with it.

    `claims` are those of the ID token, as API Gateway hands them to the office API. `refresh_token` is encrypted."""

    session_hash: str
    claims: dict[str, str]
    person: SignedInPerson
    purpose: Purpose | None = None
    csrf: str
    began_at: AwareDatetime
    seen_at: AwareDatetime
    client_id: str = ""
    refresh_token: str = ""
    token_ends_at: AwareDatetime | None = None
    revision: int = 0

    @property
    def ends_at(self) -> datetime:
        return min(self.seen_at + IDLE, self.began_at + LONGEST)

    def is_over(self, now: datetime) -> bool:
        return now >= self.ends_at

    def must_be_renewed(self, now: datetime) -> bool:
        return self.token_ends_at is not None and now >= self.token_ends_at - RENEWED_BEFORE


def new_session_id() -> str:
    """256 random bits: what the cookie holds."""
    return secrets.token_urlsafe(32)


def hash_of(session_id: str) -> str:
    return hashlib.sha256(session_id.encode(errors="replace")).hexdigest()
