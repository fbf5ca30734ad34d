"""A drop (one file that an agency put into its bucket folder), its record, and the decision about it."""

import hashlib
from datetime import UTC, date
from enum import StrEnum
from zoneinfo import ZoneInfo

from pydantic import AwareDatetime, Field

from shared.arrests.model import NotifyMode
from shared.feeds.drops.receipt import Receipt, ReceiptState
from shared.pseudonyms import Pseudonyms
from shared.value import FrozenModel

ENTERED = "entered"  # the folder of manual entries: the API alone can write there
_MOST_NAME_BYTES = 1024 - len("//receipts/.12345678..json") - 32  # 32: the id of a drop
MANUAL_PREFIX = "by-hand/"  # of the file of a manual entry, as its receipt is named


class Drop(FrozenModel):
    """One version of one object of the feeds bucket. `key` is `<agency>/in/<file>`, or `<agency>/entered/<file>` for a
    manual entry; `size` is in bytes.

    `sequencer` is S3's: of two events for one key, the greater text is the later event.
    """

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
        """The second part of the key: `in`, `entered`, `receipts` or `rejects`; empty when there is none."""
        return self.key.split("/", 2)[1] if self.key.count("/") > 1 else ""

    @property
    def file(self) -> str:
        """The file's name below `in/`; the whole key of an object that is in no such folder."""
        if self.is_manual_entry:
            return MANUAL_PREFIX + self.key.split("/", 2)[2]
        return self.key.split("/", 2)[2] if self.folder == "in" else self.key

    @property
    def name_in_answers(self) -> str:
        """The file's name as its receipt and reject file bear it: cut where these would have a longer key than S3 takes
        (1,024 bytes of UTF-8), and then with a hash, because another file may begin alike."""
        name, room = self.file.encode(), _MOST_NAME_BYTES - len(self.agency.encode())
        if len(name) <= room:
            return self.file
        return f"{name[:room].decode(errors='ignore')}.{hashlib.sha256(name).hexdigest()[:8]}"

    @property
    def is_manual_entry(self) -> bool:
        return self.folder == ENTERED

    @property
    def is_own_object(self) -> bool:
        """True for what is no drop: a receipt, a reject file, or the empty object that marks a folder."""
        return self.folder in ("receipts", "rejects") or (self.is_named_like_folder and not self.size)

    @property
    def is_named_like_folder(self) -> bool:
        """No program that copies the bucket to a disk can make a file of it."""
        return self.key.endswith("/")

    def id(self, pseudonyms: Pseudonyms) -> str:
        return pseudonyms.of("drop", self.key, self.version_id or self.sequencer)

    def day(self, zone: ZoneInfo) -> date:
        """The day on which it was dropped, in the agency's time zone."""
        return self.dropped_at.astimezone(zone).date()


class DropStatus(StrEnum):
    """Whether anybody may be notified of the drop's arrests."""

    PASSED = "passed"
    HELD = "held"  # stored but not matched, until somebody decides
    RELEASED = "released"  # somebody decided; it is not held again
    DISCARDED = "discarded"  # stored, and never notified of


class DropDecision(FrozenModel):
    """What somebody decided about a drop, and the notify mode with which its arrests are then stored."""

    status: DropStatus = Field(alias="standing")
    notify_mode: NotifyMode = Field(alias="manner")
    decided_by: str = Field(alias="by")
    decided_at: AwareDatetime = Field(alias="at")


class DropRecord(FrozenModel):
    """What the drops table knows of a drop. `receipt` is None while the drop is read for the first time.

    `held_because` says why it is or was held. `notified_people` counts whom its arrests were notified to while it had
    the status "passed"; more than `notify_limit` hold the drop. The limit is 0 until the profile was read. `layout` is
    that of several by which the file was read.
    """

    drop: Drop
    drop_id: str
    status: DropStatus = DropStatus.PASSED
    held_because: str = ""
    notified_people: int = 0
    notify_limit: int = 0
    layout: str = ""
    receipt: Receipt | None = None
    decision: DropDecision | None = None

    @property
    def run_id(self) -> str:
        """Names this reading of the drop: "first", or the instant of the decision that asked for another reading."""
        return f"{self.decision.decided_at.astimezone(UTC):%Y%m%dT%H%M%S%f}" if self.decision else "first"

    @property
    def notify_mode(self) -> NotifyMode:
        """The mode with which its arrests are stored, given its present status."""
        if self.status in (DropStatus.HELD, DropStatus.DISCARDED):
            return NotifyMode.HELD
        return self.decision.notify_mode if self.decision and self.status is DropStatus.RELEASED else NotifyMode.NOTIFY

    @property
    def was_read(self) -> bool:
        """False while it waits for other files, and after it was refused: nobody was notified of it."""
        unread = (ReceiptState.WAITING, ReceiptState.REFUSED, ReceiptState.QUARANTINED)
        return self.receipt is not None and self.receipt.state not in unread

    @property
    def is_usual(self) -> bool:
        """Whether it counts for the agency's usual volume: taken, from the feed, and neither held nor discarded. A file
        that was joined to another is counted there.

        Releases before this one put manual entries below `in/by-hand/`.
        """
        taken = self.receipt is not None and self.receipt.state is ReceiptState.TAKEN and not self.receipt.joined_to
        entered = self.drop.file.startswith(MANUAL_PREFIX)
        return taken and not entered and self.status in (DropStatus.PASSED, DropStatus.RELEASED)
