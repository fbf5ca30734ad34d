"""How one agency writes: data, not code. `README.md` beside this file shows how to write a profile in ten minutes."""

from collections.abc import Hashable, Sequence
from datetime import datetime
from typing import Annotated, Any, Literal, NamedTuple, Self
from zoneinfo import ZoneInfo

import yaml
from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    StringConstraints,
    ValidationError,
    field_validator,
    model_validator,
)

from shared.arrests.charges import ChargeClass
from shared.arrests.person import Sex
from shared.errors import Rejected
from shared.feeds.drops.volume_check import VolumeProfile
from shared.feeds.forbidden_fields import FieldFilter
from shared.feeds.record import FIELD_NAMES, ChargeText
from shared.value import FrozenModel

NTH = "{n}"  # where the number stands in the name of one of several columns: `Charge {n}`
DELIMITERS = {"comma": ",", "semicolon": ";", "tab": "\t", "pipe": "|"}
CLASSES = {"FELONY": "felony", "MISDEMEANOR": "misdemeanour", "MISDEMEANOUR": "misdemeanour",
           "VIOLATION": "violation", "INFRACTION": "infraction"}  # fmt: skip
SEXES = {"F": "F", "FEMALE": "F", "M": "M", "MALE": "M", "X": "X", "U": "U", "UNKNOWN": "U"}


def _zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:
        raise ValueError("is no time zone; write one like America/New_York") from error
    return name


_FOREIGN = "é漢한Ж"


def _encoding(name: str) -> str:
    """Lines are cut at the byte of the line end and read many at once, so an encoding must keep ASCII as it is, which
    UTF-16 does not, and nothing else may look like it, as in ISO 2022, where a lost sign changes what follows."""
    try:
        plain = "A,1\n".encode(name) == b"A,1\n"
        hidden = any(some.isascii() for sign in _FOREIGN if (some := sign.encode(name, "ignore")))
    except (LookupError, UnicodeError) as error:
        raise ValueError("is no encoding; write one like utf-8, cp1252 or latin-1") from error
    if hidden or not plain:
        raise ValueError("cannot be read line by line; save the file as utf-8")
    return name


def _listed(value: Any) -> Any:
    return (value,) if isinstance(value, str) else value


def _upper_keys(value: Any) -> Any:
    return {key.strip().upper(): word for key, word in value.items()} if isinstance(value, dict) else value


def _format(name: str) -> str:
    from shared.feeds.formats import FORMATS  # noqa: PLC0415 - the formats know the profile

    if name not in FORMATS:
        raise ValueError(f"is no format that is known; write one of: {', '.join(FORMATS)}")
    return name


def _form(form: str) -> str:
    """Of `strptime`. A form without a % would only fit its own letters, so every date would be called unreadable."""
    if form == "iso":
        return form
    if "%" not in form:
        raise ValueError(f"has the form {form!r}, which has no %; write it like %m/%d/%Y")
    plain = form.removesuffix(" %Z")
    try:
        datetime.strptime(datetime(2001, 2, 3, 4, 5, 6).strftime(plain), plain)  # noqa: DTZ001, DTZ007
    except ValueError as error:
        raise ValueError(f"has the form {form!r}, which cannot be read; write it like %m/%d/%Y") from error
    return form


def _word(word: str) -> str:
    if word not in FIELD_NAMES:
        raise ValueError(f"is none of our words: {', '.join(FIELD_NAMES)}")
    return word


Zone = Annotated[str, AfterValidator(_zone)]
Word = Annotated[str, AfterValidator(_word)]
_OneOrMore = BeforeValidator(_listed, json_schema_input_type=str | tuple[str, ...])
Columns = Annotated[tuple[str, ...], _OneOrMore, Field(min_length=1)]
Names = Annotated[tuple[str, ...], _OneOrMore]
_Form = Annotated[str, AfterValidator(_form)]
EventWord = Literal["arrest", "booking", "scheduled release", "release", "warrant", "warrant cleared", "disposition",
                    "identity merged", "identity corrected", "identity restored",
                    "identity expunged", "identity described", "seal", "expungement"]  # fmt: skip
ClassWord = Literal["felony", "misdemeanor", "misdemeanour", "violation", "infraction"]


class TextLayout(FrozenModel):
    """`header` names the columns of a file that has no header line; `skip_lines` stand above the header."""

    encoding: Annotated[str, AfterValidator(_encoding)] = "utf-8"
    delimiter: str = Field(default=",", min_length=1, max_length=1)
    quote: str = Field(default='"', max_length=1)
    skip_lines: int = Field(default=0, ge=0, le=100)
    header: Names = ()
    sheet: str = Field(default="", max_length=100)  # of a workbook; without it the first one that is not hidden

    @field_validator("delimiter", mode="before", json_schema_input_type=str)
    @classmethod
    def _named(cls, value: Any) -> Any:
        return DELIMITERS.get(value, value)


class Codes(FrozenModel):
    """The agency's codes, each with our word for it. Upper and lower case are one."""

    charge_class: Annotated[dict[str, ChargeClass], BeforeValidator(_upper_keys)] = {}
    sex: Annotated[dict[str, Sex], BeforeValidator(_upper_keys)] = {}
    event: Annotated[dict[str, EventWord], BeforeValidator(_upper_keys)] = {}
    juvenile: Names = ()  # words of the column `age_group` that mean under 18 at arrest

    @field_validator("charge_class", mode="before", json_schema_input_type=dict[str, ClassWord])
    @classmethod
    def _spelling(cls, value: Any) -> Any:
        known = value.items() if isinstance(value, dict) else ()
        return {code: CLASSES.get(str(word).upper(), word) for code, word in known} if known else value


class Cut(FrozenModel):
    """The part of a cell that is meant: what stands after the first `after` and before the next `before`. A cell
    without its `after` says nothing."""

    after: str = Field(default="", max_length=200)
    before: str = Field(default="", max_length=200)

    def of(self, text: str) -> str:
        if self.after:
            text = text.partition(self.after)[2]
        return text.partition(self.before)[0] if self.before else text


class Profile(FrozenModel):
    agency: Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{1,39}$")]
    title: str = ""
    format: Annotated[str, AfterValidator(_format)]
    time_zone: Zone
    event: EventWord = "arrest"  # where no column `event` says it
    text: TextLayout = TextLayout()
    columns: dict[Word, Columns] = {}
    cut: dict[Word, Cut] = {}
    charges: Literal["row per arrest", "row per charge", "joined in a cell", "numbered columns"] = "row per arrest"
    charge_separator: str = Field(default="|", min_length=1, max_length=10)  # of charges `joined in a cell`
    arrest_key: Names = ()  # the columns that name one arrest, where there is no number
    dates: Annotated[tuple[_Form, ...], _OneOrMore, Field(min_length=1)] = ("iso",)
    times: Annotated[tuple[_Form, ...], _OneOrMore] = ("%H:%M:%S", "%H:%M", "%H%M")
    codes: Codes = Codes()
    ori: str = Field(default="", max_length=20)
    sid_issuer: str | None = Field(default=None, max_length=64)
    drop: Names = ()
    rhythm: VolumeProfile = VolumeProfile()

    @property
    def date_forms(self) -> tuple[str, ...]:
        """Date cells of a workbook come as ISO 8601, however the texts beside them are written."""
        return (*self.dates, "iso") if self.format == "xlsx" else self.dates

    @model_validator(mode="after")
    def _numbered(self) -> Self:
        numbered = any(NTH in name for word in ChargeText._fields for name in self.columns.get(word, ()))
        if self.charges == "numbered columns" and not numbered:
            raise ValueError(f"has `charges: numbered columns`, but no charge column has {NTH} where its number stands")
        return self

    @model_validator(mode="after")
    def _reads_nothing_barred(self) -> Self:
        barring = FieldFilter(self.drop)
        for name in (*self.arrest_key, *(name for names in self.columns.values() for name in names)):
            barring.is_forbidden(name)
        if barring.met_names:
            raise ValueError(
                f"reads {', '.join(barring.met_names)}, which may not be kept;"
                " take it out of `columns` and `arrest_key`"
            )
        return self

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)


class PlainTextLoader(yaml.SafeLoader):
    """Every scalar is text: `NO` stays two letters, `007` keeps its noughts, `2026-01-01` is no date yet. A key said
    twice and an alias (`*name`) are refused: both hide what a profile says."""

    yaml_implicit_resolvers: dict[str, Any] = {}

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        if self.check_event(yaml.AliasEvent):
            raise yaml.constructor.ConstructorError(None, None, "an alias is not allowed", None)
        return super().compose_node(parent, index)

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        seen = set()
        for key, _ in node.value:
            if key.value in seen:
                raise yaml.constructor.ConstructorError(None, None, f"`{key.value}` is said twice", key.start_mark)
            seen.add(key.value)
        return super().construct_mapping(node, deep)


class ProfileFault(NamedTuple):
    """`key` is where in the YAML, empty for the whole of it."""

    key: str
    message: str


class ProfileError(Rejected):
    """Its code is `profile`; `faults` has each key that is wrong and what to write there."""

    def __init__(self, faults: Sequence[ProfileFault]) -> None:
        told = "; ".join(
            f"`{profile_fault.key}` {profile_fault.message}" if profile_fault.key else profile_fault.message
            for profile_fault in faults
        )
        super().__init__("profile", f"The agency's profile is wrong: {told}.", "Mend these keys of the YAML.")
        self.faults = tuple(faults)


def parse_profile(text: str) -> Profile:
    """Raises WrongProfile."""
    try:
        said = yaml.load(text, PlainTextLoader)  # noqa: S506 - a SafeLoader
        return Profile.model_validate(said)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f"line {mark.line + 1}: " if mark else ""
        raise ProfileError([ProfileFault("", f"{where}{getattr(error, 'problem', None) or 'is no YAML'}")]) from error
    except ValidationError as error:
        raise ProfileError([_fault(one["loc"], one["msg"]) for one in error.errors()]) from error


def _fault(place: tuple[int | str, ...], message: str) -> ProfileFault:
    key = ".".join(str(part) for part in place if part != "[key]") or "the whole profile"
    return ProfileFault(key, message.removeprefix("Value error, "))
