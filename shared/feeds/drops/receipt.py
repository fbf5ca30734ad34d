"""What became of a drop."""

from collections.abc import Mapping
from enum import StrEnum

from pydantic import AwareDatetime, Field

from shared.feeds.drops.volume_check import VolumeVerdict
from shared.value import FrozenModel


class ReceiptState(StrEnum):
    TAKEN = "taken"
    REJECTED = "rejected"  # there were records, and not one could be taken: see the rejects
    QUARANTINED = "quarantined"  # nobody has said how to read it
    REFUSED = "refused"  # nothing of the file can be read
    HELD = "held"  # its arrests are stored, and nobody is told before somebody has looked at the drop
    DISCARDED = "discarded"  # somebody has looked at it: nobody is told


class RowCounts(FrozenModel):
    """`accepted + updated + unchanged + rejected + skipped = read`, in records of the file. A seal or a change of
    identity that was carried out is accepted."""

    read: int = 0
    accepted: int = 0
    updated: int = 0
    unchanged: int = 0
    rejected: int = 0
    skipped: int = 0


class ArrestCounts(FrozenModel):
    accepted: int = 0
    updated: int = 0
    unchanged: int = 0
    skipped: int = 0
    juvenile: int = 0  # of all of these, those of who is or may be under 18: stored, never matched

    @property
    def read(self) -> int:
        return self.accepted + self.updated + self.unchanged + self.skipped


class Receipt(FrozenModel):
    """What became of a drop, for the agency and for us: counts, codes and names of columns, never a person."""

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
    seals: int = 0  # carried out, whether or not the arrest was known
    identity_events: int = 0
    rejected: Mapping[str, int] = {}  # by code
    skipped: Mapping[str, int] = {}  # by reason
    flags: Mapping[str, int] = {}
    unknown_codes: Mapping[str, Mapping[str, int]] = {}
    dropped_columns: tuple[str, ...] = ()
    rejects_key: str | None = None
    volume: VolumeVerdict = Field(default=VolumeVerdict.USUAL, alias="amount")  # beside what the agency usually sends
