"""The schedule of retention as data, and the facts of a record that it is applied to."""

from datetime import date
from enum import StrEnum
from functools import cached_property
from typing import Annotated, NamedTuple, Self

from pydantic import Field, StringConstraints, TypeAdapter, model_validator

from shared.arrests.charges import ChargeClass
from shared.arrests.court import ChargeOutcome
from shared.arrests.retention.hold import HoldKind, HoldRule
from shared.arrests.statutes.notation import StatuteCode, watched_codes
from shared.arrests.statutes.offense_families import Family
from shared.value import FrozenModel

COPY_DAYS = 400
Source = Annotated[str, StringConstraints(strip_whitespace=True, min_length=3, max_length=300)]


class CopyStatus(StrEnum):
    """Whether an office's copies are the record itself. Set by the office's counsel in its file."""

    CONVENIENCE = "convenience"
    OFFICIAL = "official"


class CopyRule(FrozenModel):
    """How long an office's copy is kept, in days since the agency last reported the arrest."""

    status: CopyStatus = CopyStatus.CONVENIENCE
    days: int = Field(default=COPY_DAYS, ge=1, le=36_525)
    source: Source = "proposed"


class ClockStart(StrEnum):
    """From when the years of a class run."""

    CLOSED = "case closed"
    MADE = "made"
    BIRTH = "birth"
    DEATH = "death"
    CHILD = "birth of the child"
    WATCH = "watch ended"


class KeepRule(FrozenModel):
    """Without `years` the record is kept permanently. `years_without_arrest` puts the end off until the person has not
    been arrested for so long."""

    years: int | None = Field(default=None, ge=0, le=200)
    after: ClockStart = ClockStart.CLOSED
    years_without_arrest: int = Field(default=0, ge=0, le=200)

    def __str__(self) -> str:
        """`5 years after case closed`, `permanently`."""
        if self.years is None:
            return "permanently"
        waits = f" and {self.years_without_arrest} without an arrest" if self.years_without_arrest else ""
        return f"{self.years} {'year' if self.years == 1 else 'years'} after {self.after.value}{waits}"


class RetentionClass(FrozenModel):
    """A class of records: which charges belong to it, and how long a record of it is kept.

    A charge belongs to it by one of `statutes`; or by one of `families`, and of these by one of `degrees` if there are
    any; or by one of `grades`. Records that are no charge belong to it by one of the words `named`. One that is not
    `changeable` says what the product keeps by itself, whatever an office's file says.
    """

    name: str = Field(min_length=1, max_length=100)
    statutes: tuple[str, ...] = ()
    families: tuple[Family, ...] = ()
    degrees: tuple[str, ...] = ()
    grades: tuple[ChargeClass, ...] = ()
    named: tuple[str, ...] = ()
    keep: tuple[KeepRule, ...] = Field(min_length=1)
    source: Source
    changeable: bool = True

    @cached_property
    def codes(self) -> frozenset[str]:
        """The statutes in the notation in which they are compared."""
        return frozenset(code.text for statute in self.statutes for code in watched_codes(statute, None))

    def has(self, offense: "Offense") -> bool:
        if self.codes & offense.beginnings or offense.name in self.named:
            return True
        if offense.family in self.families:
            return not self.degrees or offense.degree in self.degrees
        return offense.grade in self.grades


class CaseEnd(StrEnum):
    """How a charge's outcome ends its case."""

    PROSECUTED = "prosecuted"
    SETTLED = "settled"
    TAKEN_BACK = "taken back"
    OPEN = "open"


class RetentionSchedule(FrozenModel):
    """All rules by which records are kept. `state` reads the statutes of charges."""

    state: str = Field(pattern=r"^[A-Z]{2}$")
    copy_rule: CopyRule = Field(alias="copy")
    outcomes: dict[ChargeOutcome, CaseEnd]
    classes: tuple[RetentionClass, ...]
    holds: dict[HoldKind, HoldRule]

    @model_validator(mode="after")
    def _check_names(self) -> Self:
        names = [rule.name for rule in self.classes]
        if twice := sorted({name for name in names if names.count(name) > 1}):
            raise ValueError(f"names the class {', '.join(twice)} twice; write each class once")
        if missing := [kind.value for kind in HoldKind if kind not in self.holds]:
            raise ValueError(f"has no rule for holds of the kind {', '.join(missing)}")
        return self

    def class_of(self, offense: "Offense") -> RetentionClass | None:
        return next((rule for rule in self.classes if rule.has(offense)), None)


class OfficeRetention(FrozenModel):
    """What the counsel of an office changed. `classes` take the place of those of the same name, or come first."""

    copy_rule: CopyRule = Field(default=CopyRule(), alias="copy")
    classes: tuple[RetentionClass, ...] = Field(default=(), max_length=100)
    holds: dict[HoldKind, HoldRule] = {}

    def applied_to(self, schedule: RetentionSchedule) -> RetentionSchedule:
        fixed = {rule.name for rule in schedule.classes if not rule.changeable}
        changed = {rule.name: rule for rule in self.classes if rule.name not in fixed}
        inherited = [changed.pop(rule.name, rule) for rule in schedule.classes]
        return schedule.model_copy(
            update={
                "copy_rule": self.copy_rule,
                "classes": (*changed.values(), *inherited),
                "holds": {**schedule.holds, **self.holds},
            }
        )


class Offense(NamedTuple):
    """One charge of a record, or, where the record is of none, the `name` of its class."""

    name: str = ""
    codes: tuple[StatuteCode, ...] = ()
    family: Family | None = None
    degree: str = ""
    grade: ChargeClass | None = None

    @property
    def beginnings(self) -> frozenset[str]:
        return frozenset(text for code in self.codes for text in code.beginnings)


class CaseEventKind(StrEnum):
    """What happens to a case, as far as its retention asks."""

    PROSECUTED = "prosecuted"
    APPEAL_TAKEN = "appeal taken"
    APPEALS_EXHAUSTED = "appeals exhausted"
    SETTLED = "settled"
    NO_ARREST = "no arrest"
    RESTITUTION_ENDED = "restitution no longer sought"
    TAKEN_BACK = "disposition taken back"


def _is_none(day: date | None) -> bool:
    return day is None


class CaseEvent(FrozenModel):
    """`day` is the one that clocks run from. `happened_on` is its own day where it was reported later than that."""

    kind: CaseEventKind
    day: date
    happened_on: date | None = Field(default=None, exclude_if=_is_none)

    @property
    def order(self) -> date:
        """Events follow each other by when they happened, however late each was reported."""
        return self.happened_on or self.day


CASE_EVENTS = TypeAdapter(dict[str, tuple[CaseEvent, ...]])
"""What other records say of the end of an arrest's case, by the id of the record. Stored at the arrest."""


class RecordFacts(NamedTuple):
    """What is known of a record. `made_on` is the day on which its agency last reported it; a day that is not known is
    None. `events` are in the order in which they were told."""

    offenses: tuple[Offense, ...]
    made_on: date
    events: tuple[CaseEvent, ...] = ()
    born: date | None = None
    died_on: date | None = None
    last_arrested_on: date | None = None
    youngest_child_born: date | None = None
    watch_ended_on: date | None = None
