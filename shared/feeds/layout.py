"""The layout of a file: all that a format must know to read one agency's file.

Formats take a `FileLayout` and nothing else. A profile (`profiles/model.py`) is a layout with what its texts mean:
dates, codes, numbers. So formats do not know profiles, and profiles may list the formats.
"""

from collections.abc import Collection
from functools import cached_property
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, BeforeValidator, Field, field_validator, model_validator

from shared.arrests.placeholders import Blanks
from shared.feeds.forbidden_fields import FieldFilter
from shared.feeds.record import DECISION_FIELDS, FIELD_NAMES, ChargeText
from shared.value import FrozenModel

NUMBER_PLACEHOLDER = "{n}"  # where the number stands in the name of one of several columns: `Charge {n}`
DELIMITERS = {"comma": ",", "semicolon": ";", "tab": "\t", "pipe": "|"}
_FOREIGN_LETTERS = "é漢한Ж"


_UTF_16 = {"utf-16", "utf16", "utf-16-le", "utf-16-be", "utf-16le", "utf-16be"}


def _check_encoding(name: str) -> str:
    """Refuses encodings that cannot be read line by line. UTF-16 is seen in the file, whatever the profile names.

    Lines are cut at the byte of the line end and many are decoded at once. So an encoding must keep ASCII as it is,
    and encode nothing else as ASCII, as ISO 2022 does, where one lost byte changes the rest.
    """
    if name.lower().replace("_", "-") in _UTF_16:
        return "utf-8"
    try:
        keeps_ascii = "A,1\n".encode(name) == b"A,1\n"
        encoded = [letter.encode(name, "ignore") for letter in _FOREIGN_LETTERS]
    except (LookupError, ValueError) as error:
        raise ValueError("is no encoding; write one like utf-8, cp1252 or latin-1") from error
    if not keeps_ascii or any(letter.isascii() for letter in encoded if letter):
        raise ValueError("cannot be read line by line; save the file as utf-8")
    return name


def _check_field_name(name: str) -> str:
    if name not in FIELD_NAMES:
        raise ValueError(f"is none of our words: {', '.join(FIELD_NAMES)}")
    return name


def _as_tuple(value: Any) -> Any:
    return (value,) if isinstance(value, str) else value


ONE_OR_MORE = BeforeValidator(_as_tuple, json_schema_input_type=str | tuple[str, ...])
"""YAML may write one text where a list of texts is expected."""
FieldName = Annotated[str, AfterValidator(_check_field_name)]
ColumnNames = Annotated[tuple[str, ...], ONE_OR_MORE, Field(min_length=1)]
Names = Annotated[tuple[str, ...], ONE_OR_MORE]


class TextLayout(FrozenModel):
    """`header` names the columns of a file that has no header line; `skip_lines` stand above the header.

    `header_contains` finds a header below a changing number of lines: the first line that has all these cells.
    """

    encoding: Annotated[str, AfterValidator(_check_encoding)] = "utf-8"
    delimiter: str = Field(default=",", min_length=1, max_length=1)
    quote: str = Field(default='"', max_length=1)
    skip_lines: int = Field(default=0, ge=0, le=100)
    header: Names = ()
    header_contains: Names = ()
    sheet: str = Field(default="", max_length=100)  # of a workbook; empty: the first sheet that is not hidden

    @field_validator("delimiter", mode="before", json_schema_input_type=str)
    @classmethod
    def _resolve_delimiter(cls, value: Any) -> Any:
        return DELIMITERS.get(value, value)

    @model_validator(mode="after")
    def _check_header(self) -> Self:
        if self.header and self.header_contains:
            raise ValueError("has `header` and `header_contains`; a file without a header line has none to be found")
        return self

    @model_validator(mode="after")
    def _check_marks(self) -> Self:
        """The module `csv` raises ValueError for such marks, and a drop would never be read."""
        if self.delimiter == self.quote or {self.delimiter, self.quote} & {"\n", "\r", "\0"}:
            raise ValueError("has a delimiter or quote that ends a line or is the other one; write two different marks")
        return self


class Cut(FrozenModel):
    """The part of a cell to read: the text after the first `after` and before the next `before`.

    A cell without its `after` is read as empty.
    """

    after: str = Field(default="", max_length=200)
    before: str = Field(default="", max_length=200)

    def apply(self, text: str) -> str:
        if self.after:
            text = text.partition(self.after)[2]
        return text.partition(self.before)[0] if self.before else text


class Position(FrozenModel):
    """Where a column stands in a line of fixed width, in characters. `start` counts from 1, as vendors' manuals do."""

    start: int = Field(ge=1, le=100_000)
    width: int = Field(ge=1, le=100_000)

    @property
    def span(self) -> slice:
        return slice(self.start - 1, self.end)

    @property
    def end(self) -> int:
        """Characters up to and with its last one."""
        return self.start + self.width - 1


class RecordTypes(FrozenModel):
    """Rows of several kinds in one file. `column` has the word that says of which kind a row is.

    A row of a charge belongs to the arrest with its number, or else to the arrest above it. Ignored rows are counted as
    skipped; a row of any other word is rejected. `headers` and `positions` name the columns of the types whose rows
    have columns of their own.
    """

    column: str = Field(min_length=1, max_length=200)
    arrests: Annotated[Names, Field(min_length=1)]
    charges: Names = ()
    ignored: Names = ()
    headers: dict[str, Names] = {}
    positions: dict[str, dict[str, Position]] = {}

    @property
    def read_types(self) -> tuple[str, ...]:
        return (*self.arrests, *self.charges)

    @model_validator(mode="after")
    def _check_words(self) -> Self:
        words = [*self.read_types, *self.ignored]
        if twice := sorted({word for word in words if words.count(word) > 1}):
            raise ValueError(f"names the type {', '.join(twice)} twice; write each type once")
        if unknown := sorted({*self.headers, *self.positions}.difference(self.read_types)):
            raise ValueError(f"has columns of the type {', '.join(unknown)}, which is not read; name it in `arrests`")
        return self


class FileLayout(FrozenModel):
    """Where the fields of a record stand in a file. Columns are paths in JSON.

    A format uses some of these keys (`KEYS` of its module); a profile that writes another is refused.
    """

    text: TextLayout = TextLayout()
    records: str = Field(default="", max_length=200)  # the path of the list of records in one document
    columns: dict[FieldName, ColumnNames] = {}
    optional: Names = ()  # columns that a file may lack; without any other, it is refused
    cut: dict[FieldName, Cut] = {}
    charges: Literal["row per arrest", "row per charge", "joined in a cell", "numbered columns"] = "row per arrest"
    charge_separator: str = Field(default="|", min_length=1, max_length=10)  # of charges `joined in a cell`
    arrest_key: Names = ()  # the columns that identify an arrest which has no number
    positions: dict[str, Position] = {}  # of the columns in a line of fixed width
    record_types: RecordTypes | None = None
    blank: Annotated[Names, Field(max_length=100)] = ()  # texts that say nothing, beside the usual `N/A` and its like
    drop: Names = ()  # columns that the agency's law or agreement forbids, beside those of `forbidden_fields.py`

    @cached_property
    def blanks(self) -> Blanks:
        return Blanks(self.blank)

    @property
    def column_names(self) -> Collection[str]:
        """Every column that is read, once, in the order of the layout."""
        return dict.fromkeys([*(name for names in self.columns.values() for name in names), *self.arrest_key]).keys()

    @model_validator(mode="after")
    def _check_numbered_columns(self) -> Self:
        charge_columns = [name for field in ChargeText._fields for name in self.columns.get(field, ())]
        if self.charges == "numbered columns" and not any(NUMBER_PLACEHOLDER in name for name in charge_columns):
            raise ValueError(
                f"has `charges: numbered columns`, but no charge column has {NUMBER_PLACEHOLDER}"
                " where its number stands"
            )
        alone = [
            name
            for field in DECISION_FIELDS
            for name in self.columns.get(field, ())
            if self.charges == "numbered columns" and NUMBER_PLACEHOLDER not in name
        ]
        if alone:
            raise ValueError(
                f"has `charges: numbered columns` and reads what is decided from {', '.join(alone)}; write the columns"
                f" of each charge, like Outcome {NUMBER_PLACEHOLDER}"
            )
        return self

    @model_validator(mode="after")
    def _check_optional_columns(self) -> Self:
        if unknown := [name for name in self.optional if name not in self.column_names]:
            raise ValueError(
                f"names {', '.join(unknown)} in `optional`, which it reads nowhere; write it like a column"
            )
        return self

    @model_validator(mode="after")
    def _check_forbidden_columns(self) -> Self:
        field_filter = FieldFilter(self.drop)
        names = (*self.arrest_key, *(name for names in self.columns.values() for name in names))
        forbidden = dict.fromkeys(name.strip() for name in names if field_filter.is_forbidden(name))
        if forbidden:
            raise ValueError(
                f"reads {', '.join(forbidden)}, which may not be kept; take it out of `columns` and `arrest_key`"
            )
        return self
