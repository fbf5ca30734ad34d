from datetime import date
from zoneinfo import ZoneInfo

from pydantic import AwareDatetime

from shared.domain.pseudonyms import Pseudonyms
from shared.domain.value import Value


class Drop(Value):
    """One version of one object of the feeds bucket. `key` is `<agency>/in/<file>`."""

    key: str
    size: int
    dropped_at: AwareDatetime
    version_id: str = ""
    sequencer: str = ""

    @property
    def agency(self) -> str:
        return self.key.split("/", 1)[0] if "/" in self.key else "unknown"

    @property
    def folder(self) -> str:
        return self.key.split("/", 2)[1] if self.key.count("/") > 1 else ""

    @property
    def file(self) -> str:
        return self.key.split("/", 2)[2] if self.folder == "in" else self.key

    @property
    def is_ours(self) -> bool:
        """Written by the intake itself, or the marker of a folder."""
        return self.folder in ("receipts", "rejects") or self.key.endswith("/")

    def id(self, pseudonyms: Pseudonyms) -> str:
        return pseudonyms.of("drop", self.key, self.version_id or self.sequencer)

    def day(self, zone: ZoneInfo) -> date:
        """The day it was dropped on, in the agency's zone."""
        return self.dropped_at.astimezone(zone).date()
