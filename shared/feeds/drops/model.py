"""A drop, and how it is remembered: where the file lies, what became of it, and who decided about it."""

from datetime import UTC, date
from enum import StrEnum
from zoneinfo import ZoneInfo

from pydantic import AwareDatetime, Field

from shared.arrests.model import NotifyMode
from shared.feeds.drops.receipt import Receipt, ReceiptState
from shared.pseudonyms import Pseudonyms
from shared.value import FrozenModel

MANUAL_FOLDER = "by-hand/"  # what the API drops below `in/`: an arrest or a seal that a person entered


class Drop(FrozenModel):
    """One version of one object of the feeds bucket. `key` is `<agency>/in/<file>`."""

    key: str
    size: int
    dropped_at: AwareDatetime
    version_id: str = ""
    sequencer: str = ""

    @property
    def agency(self) -> str:
        return (self.key.split("/", 1)[0] if "/" in self.key else "") or "unknown"

    @property
    def folder(self) -> str:
        return self.key.split("/", 2)[1] if self.key.count("/") > 1 else ""

    @property
    def file(self) -> str:
        return self.key.split("/", 2)[2] if self.folder == "in" else self.key

    @property
    def is_manual_entry(self) -> bool:
        return self.file.startswith(MANUAL_FOLDER)

    @property
    def is_own_object(self) -> bool:
        """Written by the intake itself, or the marker of a folder."""
        return self.folder in ("receipts", "rejects") or self.key.endswith("/")

    def id(self, pseudonyms: Pseudonyms) -> str:
        return pseudonyms.of("drop", self.key, self.version_id or self.sequencer)

    def day(self, zone: ZoneInfo) -> date:
        """The day it was dropped on, in the agency's zone."""
        return self.dropped_at.astimezone(zone).date()


class DropStatus(StrEnum):
    """Whether the arrests of a drop may be told of."""

    PASSED = "passed"
    HELD = "held"  # stored and not matched, until somebody decides
    RELEASED = "released"  # somebody looked at it; it is not held again
    DISCARDED = "discarded"  # stored, and never told of


class DropDecision(FrozenModel):
    """What somebody wanted done with a drop, and how its arrests are then stored."""

    status: DropStatus = Field(alias="standing")
    notify_mode: NotifyMode = Field(alias="manner")
    decided_by: str = Field(alias="by")
    decided_at: AwareDatetime = Field(alias="at")


class DropRecord(FrozenModel):
    """`receipt` is none while the drop is read. `told` is how many people were told of it, as far as that was
    counted."""

    drop: Drop
    drop_id: str
    status: DropStatus = DropStatus.PASSED
    held_because: str = ""  # it is held
    notified_people: int = 0
    notify_limit: int = 0  # 0 before its profile was read
    receipt: Receipt | None = None
    decision: DropDecision | None = None

    @property
    def turn(self) -> str:
        """Of its being read: the first, or the one that the last decision asked for."""
        return f"{self.decision.decided_at.astimezone(UTC):%Y%m%dT%H%M%S%f}" if self.decision else "first"

    @property
    def notify_mode(self) -> NotifyMode:
        """In which its arrests are stored as it stands now."""
        if self.status in (DropStatus.HELD, DropStatus.DISCARDED):
            return NotifyMode.HELD
        return self.decision.notify_mode if self.decision and self.status is DropStatus.RELEASED else NotifyMode.TOLD

    @property
    def is_usual(self) -> bool:
        """Whether it says something of what the agency usually sends."""
        taken = self.receipt is not None and self.receipt.state is ReceiptState.TAKEN
        return taken and not self.drop.is_manual_entry and self.status in (DropStatus.PASSED, DropStatus.RELEASED)
