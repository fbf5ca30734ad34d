"""Excel workbooks (.xlsx): one sheet, read with the same keys of a profile as delimited text.

Cells become the text that a person would write: dates as ISO 8601, whole numbers without a decimal point, and leading
zeros where the cell shows them.
"""

import re
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time
from itertools import islice
from typing import IO, Any, BinaryIO
from xml.etree.ElementTree import ParseError

from shared.errors import Rejected
from shared.feeds.formats.layout_keys import COLUMN_KEYS, LayoutKeys
from shared.feeds.formats.streams.signatures import FileKind
from shared.feeds.formats.streams.unpack import LARGEST_DROP
from shared.feeds.formats.streams.zipped import DAMAGE, open_archive, spool
from shared.feeds.formats.tabular.columns import Cells, Columns
from shared.feeds.formats.tabular.header import ABOVE_HEADER, header_not_found, is_header, most_lines_above
from shared.feeds.formats.tabular.rows import csv_line
from shared.feeds.layout import FileLayout, TextLayout
from shared.feeds.record import DroppedColumns, ReadResult, Skip

LARGEST = LARGEST_DROP
DATE_FORMS: tuple[str, ...] = ("iso",)
KIND = FileKind.WORKBOOK
KEYS = LayoutKeys(
    COLUMN_KEYS | {"text.skip_lines", "text.header", "text.header_contains", "text.sheet"}, frozenset({"columns"})
)

SheetRow = tuple[int, list[str]]
"""The number of a row, counted from 1, and its cells."""

_MOST_SHARED_TEXT = 64 << 20  # bytes; openpyxl holds a workbook's texts in memory
_MOST_ROWS = 1_048_576  # Excel's own limit; openpyxl yields a blank row for every number that a file leaves out
_ALL_ZEROS = re.compile("0+")
_HOURS = re.compile(r"h", re.IGNORECASE)
_OPENPYXL_ERRORS = (*DAMAGE, ParseError, KeyError, ValueError, TypeError, AttributeError, IndexError)
"""What openpyxl and zipfile raise on a file that is no workbook inside."""
_DAMAGED = (
    "xlsx",
    "The file is no Excel workbook (.xlsx), or is damaged, encrypted or of the older kind .xls.",
    "Save it again as .xlsx without a password.",
)


def read(stream: BinaryIO, layout: FileLayout) -> Iterator[ReadResult]:
    """Raises Rejected when the file is no workbook, or its header does not fit the layout."""
    rows = sheet_rows(spool(stream), layout.text.sheet)
    above = list[Skip]()
    columns = Columns(_header_of(rows, layout.text, above), layout)
    yield from above
    if columns.forbidden:
        yield DroppedColumns(columns.forbidden_names)
    blank_rows = list[Skip]()  # they count only if another row follows
    for number, row in rows:
        cells = _fit_width(row, columns.width)
        if not any(map(str.strip, cells)):
            blank_rows.append(Skip(number, "blank line"))
            continue
        yield from blank_rows
        blank_rows.clear()
        yield _read_row(number, cells, columns)


def _read_row(number: int, cells: list[str], columns: Columns) -> ReadResult:
    text = csv_line(["" if position in columns.forbidden else cell for position, cell in enumerate(cells)])
    if len(cells) > columns.width:
        return columns.wrong_width(number, text, text if not columns.forbidden else "", len(cells))
    return columns.raw_record(number, text, cells, unfinished=False)


def _header_of(rows: Iterator[SheetRow], text_layout: TextLayout, above: list[Skip]) -> Cells:
    for _ in range(text_layout.skip_lines):
        next(rows, None)
    if text_layout.header:
        return text_layout.header
    for number, row in islice(rows, most_lines_above(text_layout)):
        cells = _fit_width(row, 0)
        if is_header(cells, text_layout):
            return cells
        if text_layout.header_contains:
            above.append(Skip(number, ABOVE_HEADER))
    raise header_not_found(text_layout)


def _fit_width(row: list[str], width: int) -> list[str]:
    """Adds blank cells up to the width, or takes away those behind it that are blank."""
    end = len(row)
    while end > width and not row[end - 1].strip():
        end -= 1
    return row[:end] + [""] * (width - end)


def sheet_rows(file: IO[bytes], sheet: str) -> Iterator[SheetRow]:
    """`sheet`: its title; empty for the first one that is not hidden.

    Raises Rejected when the file is no workbook, at once or on the way.
    """
    from openpyxl import load_workbook  # noqa: PLC0415 - takes 0.2 s, which other formats need not wait for

    try:
        _check_archive(file)
        worksheet = _find_sheet(load_workbook(file, read_only=True, data_only=True), sheet)
        for number, row in enumerate(worksheet.iter_rows(), 1):
            if number > _MOST_ROWS:
                raise Rejected(*_DAMAGED)
            yield number, [_text_of(cell) for cell in row]
    except _OPENPYXL_ERRORS as error:
        raise Rejected(*_DAMAGED) from error
    except OSError as error:
        if error.errno:  # a real one; openpyxl raises its own, without a number, for an archive that holds no workbook
            raise
        raise Rejected(*_DAMAGED) from error


def _check_archive(file: IO[bytes]) -> None:
    try:
        archive = open_archive(file)
    except Rejected as rejection:
        if rejection.code != "zip":
            raise
        raise Rejected(*_DAMAGED) from rejection
    for member in archive.infolist():
        _check_member(archive, member)
    file.seek(0)


def _check_member(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> None:
    """Refuses entities, and more text than fits into memory."""
    if member.filename.endswith("sharedStrings.xml") and member.file_size > _MOST_SHARED_TEXT:
        raise Rejected("too-large", "The workbook holds too much text.", "Send it in parts, or as text.")
    if member.filename.endswith((".xml", ".rels")):
        with archive.open(member) as content:
            if b"<!DOCTYPE" in content.read(4096).replace(b"\0", b""):
                raise Rejected(*_DAMAGED)


def _find_sheet(workbook: Any, title: str) -> Any:
    wanted_title, sheets = title.strip().casefold(), workbook.worksheets
    for sheet in sheets:
        if sheet.title.strip().casefold() == wanted_title if wanted_title else sheet.sheet_state == "visible":
            sheet.reset_dimensions()  # the size that a file declares is often wrong
            return sheet
    raise Rejected(
        "sheet",
        f"The workbook has no sheet {title!r}." if wanted_title else "It has no sheet.",
        f"It has: {', '.join(sheet.title for sheet in sheets)}.",
    )


def _text_of(cell: Any) -> str:  # noqa: PLR0911 - one for each type of cell
    value = cell.value
    match value:
        case None:
            return ""
        case str():
            return "" if cell.data_type == "e" else value
        case bool():
            return str(value).upper()
        case datetime():
            has_time = _HOURS.search(cell.number_format or "") or value.time() != time()
            return value.isoformat(timespec="seconds") if has_time else value.date().isoformat()
        case date() | time():
            return value.isoformat()
        case float() if value.is_integer() and abs(value) < 1e15:
            return _whole_number(int(value), cell)
        case int():
            return _whole_number(value, cell)
        case _:
            return str(value)


def _whole_number(value: int, cell: Any) -> str:
    number_format = cell.number_format or ""
    return str(value).zfill(len(number_format)) if _ALL_ZEROS.fullmatch(number_format) else str(value)
