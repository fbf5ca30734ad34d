"""The receipt of a drop: what the agency gets back for it."""

from collections.abc import Mapping
from enum import StrEnum

from pydantic import AwareDatetime, Field

from shared.arrests.model import Flag
from shared.feeds.drops.volume_check import VolumeVerdict
from shared.value import FrozenModel

NEWER = "a newer drop already said otherwise"
SEALED = "the arrest is sealed or expunged"
PURGED = "the time of the arrest is over"
_STORED = (NEWER, SEALED, PURGED)
STORED_OTHERWISE = "what is stored already stands"


class ReceiptState(StrEnum):
    TAKEN = "taken"
    REJECTED = "rejected"  # there were records and none could be taken; the reject file says why
    QUARANTINED = "quarantined"  # there is no profile that says how to read it
    REFUSED = "refused"  # nothing of the file can be read
    HELD = "held"  # its arrests are stored; nobody is notified until somebody decides about the drop
    DISCARDED = "discarded"  # somebody decided that nobody is notified
    WAITING = "waiting"  # it is read when the files that belong to it have come, or after `waits_until`

    @property
    def is_unread(self) -> bool:
        """Whether no record of the file was taken."""
        return self in {ReceiptState.REJECTED, ReceiptState.QUARANTINED, ReceiptState.REFUSED}


class RowCounts(FrozenModel):
    """Records of the file: `accepted + updated + unchanged + rejected + skipped = read`.

    A seal or identity event that was carried out counts as accepted.
    """

    read: int = 0
    accepted: int = 0
    updated: int = 0
    unchanged: int = 0
    rejected: int = 0
    skipped: int = 0


class ArrestCounts(FrozenModel):
    """Arrests of the file; several records may make one arrest. `juvenile` counts those among them that are stored and
    never matched, because the person is or may be under 18; None where the reader may not know. `older` counts the new
    ones of which nobody is notified, because they were made too long before the drop."""

    accepted: int = 0
    updated: int = 0
    unchanged: int = 0
    skipped: int = 0
    juvenile: int | None = 0
    older: int = 0

    @property
    def read(self) -> int:
        return self.accepted + self.updated + self.unchanged + self.skipped


class FileCounts(FrozenModel):
    """Records of one of several files of a drop. `layout` says which; empty for a file that no layout claims."""

    layout: str
    rows: RowCounts


def _is_empty(text: str) -> bool:
    return not text


def _is_none(count: int) -> bool:
    return count == 0


class Receipt(FrozenModel):
    """Counts, codes and column names, and never anything of a person. The whole of it is for the agency; an office
    reads `for_office()`.

    `code`, `reason` and `fix` say what is wrong when the drop was not simply taken. `seals` and `identity_events` count
    the commands that were carried out, whether or not they found an arrest. `rejected` counts by code, `skipped` by
    reason, `unknown_codes` by kind and word. `files` has the counts of each file where a drop has several; `absences`
    counts whom a full snapshot lacks, by what becomes of them. `joined_to` is the drop with which this file was read,
    and `waits_until` when it waits no longer for the files of that drop. `older_arrests` says in words why
    nobody is notified of some; `late_releases` counts those that were announced less than 48 hours before
    (Correction Law 149), and `seals_without_statute` what to send of seals that name none.
    """

    drop_id: str
    agency: str
    key: str
    size: int
    dropped_at: AwareDatetime
    finished_at: AwareDatetime
    state: ReceiptState = ReceiptState.TAKEN
    code: str = ""
    reason: str = ""
    fix: str = ""
    rows: RowCounts = RowCounts()
    arrests: ArrestCounts = ArrestCounts()
    older_arrests: str = ""
    late_releases: int = Field(default=0, exclude_if=_is_none)
    seals: int | None = 0
    seals_without_statute: str = Field(default="", exclude_if=_is_empty)
    identity_events: int = 0
    rejected: Mapping[str, int] = {}
    skipped: Mapping[str, int] = {}
    flags: Mapping[str, int] = {}
    unknown_codes: Mapping[str, Mapping[str, int]] = {}
    dropped_columns: tuple[str, ...] = ()
    rejects_key: str | None = None
    files: tuple[FileCounts, ...] = ()
    absences: Mapping[str, int] = {}
    joined_to: str = ""
    waits_until: AwareDatetime | None = None
    volume: VolumeVerdict = Field(default=VolumeVerdict.USUAL, alias="amount")

    def for_office(self) -> "Receipt":
        """Without the counts of minors, of seals and of sealed arrests. What is stored already is counted together."""
        known = sum(self.skipped.get(reason, 0) for reason in _STORED)
        others = {reason: count for reason, count in self.skipped.items() if reason not in _STORED}
        return self.model_copy(
            update={
                "arrests": self.arrests.model_copy(update={"juvenile": None}),
                "seals": None,
                "seals_without_statute": "",
                "skipped": others | ({STORED_OTHERWISE: known} if known else {}),
                "flags": {flag: count for flag, count in self.flags.items() if flag != Flag.MAY_BE_A_MINOR},
            }
        )
