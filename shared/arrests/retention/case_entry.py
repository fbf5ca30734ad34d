"""What a person of an office enters about the end of a case, because no feed says it. Pure.

A conviction closes a case only when its appeals are exhausted, and no agency that we have seen reports that. An entry
counts for the office that made it, and for the arrest itself where that office runs the agency's feed.
"""

from collections.abc import Collection, Iterable
from datetime import date
from enum import StrEnum

from pydantic import AwareDatetime, Field

from shared.arrests.retention.hold import HoldText
from shared.arrests.retention.model import CaseEvent, CaseEventKind, RecordFacts
from shared.value import FrozenModel


class CaseEntryKind(StrEnum):
    """An event of the case (`CaseEventKind`, by the same word), or a day of a person that a class counts from."""

    PROSECUTED = "prosecuted"
    APPEAL_TAKEN = "appeal taken"
    APPEALS_EXHAUSTED = "appeals exhausted"
    SETTLED = "settled"
    NO_ARREST = "no arrest"
    RESTITUTION_ENDED = "restitution no longer sought"
    TAKEN_BACK = "disposition taken back"
    PERSON_DIED = "person died"
    CHILD_BORN = "youngest child born"


class CaseEntry(FrozenModel):
    """`day` is the day of the event, `source` the paper that says so. `arrest_ids` are the reports of the custody: one,
    or one of each agency that reported it."""

    entry_id: str
    office_id: str
    arrest_ids: tuple[str, ...]
    kind: CaseEntryKind
    day: date
    source: HoldText
    entered_by: str
    entered_at: AwareDatetime
    taken_back_by: str = ""
    taken_back_at: AwareDatetime | None = None
    revision: int = Field(default=1, ge=1)

    @property
    def counts_from(self) -> date:
        """No earlier than the day on which it was entered: nobody makes a record due tonight by a day of long ago."""
        return max(self.day, self.entered_at.date())

    def without_arrests(self, arrest_ids: Collection[str]) -> "CaseEntry | None":
        """Once these are purged; None where they were the last."""
        others = tuple(id_ for id_ in self.arrest_ids if id_ not in arrest_ids)
        return self.model_copy(update={"arrest_ids": others, "revision": self.revision + 1}) if others else None

    def taken_back(self, by: str, now: AwareDatetime) -> "CaseEntry":
        """It counts no more, and stays on record."""
        return self.model_copy(update={"taken_back_by": by, "taken_back_at": now, "revision": self.revision + 1})


def with_entries(facts: RecordFacts, entries: Iterable[CaseEntry]) -> RecordFacts:
    """The facts with what was entered and not taken back, in the order in which it was entered."""
    valid = sorted((each for each in entries if each.taken_back_at is None), key=lambda each: each.entered_at)
    died = [each.counts_from for each in valid if each.kind is CaseEntryKind.PERSON_DIED]
    born = [each.day for each in valid if each.kind is CaseEntryKind.CHILD_BORN]
    events = tuple(
        CaseEvent(kind=CaseEventKind(each.kind.value), day=each.counts_from)
        for each in valid
        if each.kind not in (CaseEntryKind.PERSON_DIED, CaseEntryKind.CHILD_BORN)
    )
    return facts._replace(
        events=(*facts.events, *events),
        died_on=died[-1] if died else facts.died_on,
        youngest_child_born=max(born, default=facts.youngest_child_born),
    )
