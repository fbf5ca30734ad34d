"""A lock: what waits until somebody says under which statute a seal was ordered."""

from datetime import date

from pydantic import AwareDatetime, Field

from shared.value import FrozenModel


class SealLock(FrozenModel):
    """A seal that named no statute. `keys` say whom it means, and `custody_keys` which reports of other agencies.

    `number` and `arrested_on` are how the seal named the arrest, so that the agency can be asked; they go with the
    answer. `answer` is the statute, or `lifted`; `answered_at` is None while it waits.
    """

    lock_id: str = Field(pattern=r"^[0-9a-f]{32}$")
    agency: str
    keys: tuple[str, ...]
    custody_keys: tuple[str, ...] = ()
    number: str = Field(default="", max_length=200)
    arrested_on: date | None = None
    is_linked: bool = False  # another agency sealed its report of the same custody
    drop_id: str
    locked_at: AwareDatetime
    answer: str = Field(default="", max_length=200)
    answered_at: AwareDatetime | None = None

    @property
    def is_open(self) -> bool:
        return self.answered_at is None


LIFTED = "lifted"


def answered(lock: SealLock, answer: str, now: AwareDatetime) -> SealLock:
    """The lock with its answer, and without what named the arrest."""
    return lock.model_copy(update={"answer": answer, "answered_at": now, "number": "", "arrested_on": None})
