"""The profile: how one agency writes, as data. Adds to the layout of its file what the texts in it mean."""

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints, field_validator

from shared.arrests.charges import ChargeClass
from shared.arrests.court import BailKind, ChargeOutcome
from shared.arrests.person import Sex
from shared.arrests.states import state_code
from shared.feeds.drops.volume_check import VolumeProfile
from shared.feeds.formats import FORMATS
from shared.feeds.layout import ONE_OR_MORE, FileLayout, Names
from shared.feeds.profiles.claims import FileClaim
from shared.offices.recipient import Email
from shared.value import FrozenModel

CLASSES = {
    "FELONY": "felony",
    "MISDEMEANOR": "misdemeanor",
    "MISDEMEANOUR": "misdemeanor",
    "VIOLATION": "violation",
    "INFRACTION": "infraction",
}
SEXES = {"F": "F", "FEMALE": "F", "M": "M", "MALE": "M", "X": "X", "U": "U", "UNKNOWN": "U"}

_PERIOD = re.compile(r"any|[1-9]\d{0,4} days?")


def _check_time_zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:
        raise ValueError("is no time zone; write one like America/New_York") from error
    return name


def _check_state(text: str) -> str:
    code = state_code(text)
    if code is None:
        raise ValueError("is no state; write its two letters or its name, like NY or New York")
    return code


def _check_format(name: str) -> str:
    if name not in FORMATS:
        raise ValueError(f"is no format that is known; write one of: {', '.join(FORMATS)}")
    return name


def _check_date_form(form: str) -> str:
    """Refuses what `strptime` cannot use. A form without a % fits only its own letters: every date would fail."""
    if form == "iso":
        return form
    if "%" not in form:
        raise ValueError(f"has the form {form!r}, which has no %; write it like %m/%d/%Y")
    without_zone = form.removesuffix(" %Z")
    try:
        datetime.strptime(datetime(2001, 2, 3, 4, 5, 6).strftime(without_zone), without_zone)  # noqa: DTZ001, DTZ007
    except (ValueError, re.error) as error:  # strptime makes a regular expression of it, in which no part comes twice
        raise ValueError(f"has the form {form!r}, which cannot be read; write it like %m/%d/%Y") from error
    return form


def _check_period(text: str) -> str:
    if not _PERIOD.fullmatch(text):
        raise ValueError("is no number of days; write it like 30 days, or any for arrests of every age")
    return text


def _with_upper_keys(value: Any) -> Any:
    return {code.strip().upper(): word for code, word in value.items()} if isinstance(value, dict) else value


DateForm = Annotated[str, AfterValidator(_check_date_form)]
LayoutName = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]{0,39}$")]
EventWord = Literal[
    "arrest",
    "booking",
    "scheduled release",
    "release",
    "warrant",
    "warrant cleared",
    "disposition",
    "court date",
    "custody change",
    "transfer",
    "escape",
    "death",
    "supervision",
    "supervision ended",
    "identity merged",
    "identity corrected",
    "identity restored",
    "identity expunged",
    "identity described",
    "seal",
    "expungement",
    "seal lifted",
    "unsealed",
    "removed to family court",
]
ClassWord = Literal["felony", "misdemeanor", "misdemeanour", "violation", "infraction"]


class Codes(FrozenModel):
    """Maps the agency's codes to our words. Case does not matter."""

    charge_class: Annotated[dict[str, ChargeClass], BeforeValidator(_with_upper_keys)] = {}
    sex: Annotated[dict[str, Sex], BeforeValidator(_with_upper_keys)] = {}
    event: Annotated[dict[str, EventWord], BeforeValidator(_with_upper_keys)] = {}
    outcome: Annotated[dict[str, ChargeOutcome], BeforeValidator(_with_upper_keys)] = {}
    bail: Annotated[dict[str, BailKind], BeforeValidator(_with_upper_keys)] = {}
    juvenile: Names = ()  # words of the column `age_group` that mean under 18 at arrest

    @field_validator("charge_class", mode="before", json_schema_input_type=dict[str, ClassWord])
    @classmethod
    def _unify_spelling(cls, value: Any) -> Any:
        """`misdemeanour` is read as `misdemeanor`."""
        if not isinstance(value, dict):
            return value
        return {code: CLASSES.get(str(word).upper(), word) for code, word in value.items()}


class NameOrder(StrEnum):
    """How a roster writes a whole name that has no comma. With a comma the surname always stands first."""

    GIVEN_FIRST = "given name first"
    SURNAME_FIRST = "surname first"


class NameLayout(FrozenModel):
    """How names stand in one cell. Each character of `alias_separators` ends an alias in the column `alias`."""

    order: NameOrder = NameOrder.GIVEN_FIRST
    alias_separators: str = Field(default=";|", min_length=1, max_length=8)


class MissingPartner(StrEnum):
    """What becomes of a file whose partner did not come in time."""

    REFUSE = "refuse"
    READ = "read"  # each of its arrests is flagged


class OrphanRows(StrEnum):
    """What becomes of rows that belong to no arrest."""

    REJECT = "reject"
    SKIP = "skip"


class Join(FrozenModel):
    """The rows of this layout belong to arrests of the layout `to`: to those with the same text in the field `by`.

    Files that come apart wait `wait` minutes for each other.
    """

    to: str
    by: Literal["number", "booking_number", "person_number"] = "number"
    wait: int = Field(default=60, ge=1, le=1_440, description="minutes")
    missing: MissingPartner = MissingPartner.REFUSE
    orphans: OrphanRows = OrphanRows.REJECT


class SnapshotRule(FrozenModel):
    """Each file lists everybody in custody. It is held if more people are missing than `number`, or than the `share` of
    those in the last one."""

    share: float = Field(default=0.25, gt=0, le=1)
    number: int = Field(default=200, ge=1)


def _as_snapshot_rule(value: Any) -> Any:
    """`true` is the rule with its defaults."""
    return {"true": {}, "false": None}.get(value.lower(), value) if isinstance(value, str) else value


class Profile(FileLayout):
    """One agency's profile. `FileLayout` has the keys that say where the texts stand; here is what they mean.

    A profile with `layouts` says in each of them what is true of its files alone.
    """

    agency: Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{1,39}$")]
    title: str = ""
    format: Annotated[str, AfterValidator(_check_format)]
    time_zone: Annotated[str, AfterValidator(_check_time_zone)]
    event: EventWord = "arrest"  # what every record reports, where no column `event` says it
    dates: Annotated[tuple[DateForm, ...], ONE_OR_MORE, Field(min_length=1)] = ("iso",)
    times: Annotated[tuple[DateForm, ...], ONE_OR_MORE] = ("%H:%M:%S", "%H:%M", "%H%M")
    codes: Codes = Codes()
    names: NameLayout = NameLayout()
    ori: str = Field(default="", max_length=20)
    contacts: Annotated[tuple[Email, ...], ONE_OR_MORE] = Field(
        default=(), max_length=5, description="who hears when its files do not come, are held or cannot be read"
    )
    sid_issuer: Annotated[str, AfterValidator(_check_state)] | None = Field(default=None, max_length=64)
    rhythm: VolumeProfile = VolumeProfile()
    notify_arrests_of_last: Annotated[str, AfterValidator(_check_period)] = Field(
        default="30 days",
        pattern=_PERIOD.pattern,
        description="days before a drop; of arrests that are older when they are first reported nobody is notified",
    )
    snapshot: Annotated[
        SnapshotRule | None,
        BeforeValidator(_as_snapshot_rule, json_schema_input_type=SnapshotRule | Literal["true", "false"] | bool),
    ] = None
    layouts: dict[LayoutName, "LayoutOfFile"] = {}

    @property
    def readings(self) -> Sequence["Profile"]:
        """The profiles by which files are read: those of the layouts, or else this one."""
        return [layout.profile for layout in self.layouts.values()] or [self]

    @property
    def readings_of_arrests(self) -> Sequence["Profile"]:
        """The profiles by which arrests are understood, each with the columns of the layouts that are joined to it."""
        return [self.with_joined(name) for name, layout in self.layouts.items() if layout.join is None] or [self]

    def partners_of(self, name: str) -> Mapping[str, "LayoutOfFile"]:
        """The layouts that are joined to this one."""
        return {other: layout for other, layout in self.layouts.items() if layout.join and layout.join.to == name}

    def with_joined(self, name: str) -> "Profile":
        profile, partners = self.layouts[name].profile, self.partners_of(name).values()
        joined = {field: names for partner in partners for field, names in partner.profile.columns.items()}
        return profile.model_copy(update={"columns": joined | profile.columns})

    def notify_from(self, dropped_on: date) -> date | None:
        """The first day of which arrests in a drop of this day are notified. None means every day."""
        if self.notify_arrests_of_last == "any":
            return None
        days = int(self.notify_arrests_of_last.split()[0])
        return date.fromordinal(max(1, dropped_on.toordinal() - days))

    @property
    def date_forms(self) -> tuple[str, ...]:
        """The forms of dates in the order in which they are tried; the format's own forms come last."""
        return (*self.dates, *FORMATS[self.format].DATE_FORMS)

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)


class LayoutOfFile(FrozenModel):
    """One of several layouts: which files it claims, to which other it is joined, and the profile by which they are
    read: the keys of the agency's profile, with its own in their place."""

    claim: FileClaim
    join: Join | None = None
    profile: Profile


Profile.model_rebuild()
