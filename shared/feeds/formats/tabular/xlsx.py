"""Excel workbooks (.xlsx), read with the same keys of a profile as delimited text.

Cells become the text that a person would write: dates as ISO 8601, whole numbers without a decimal point, and leading
zeros where the cell shows them.
"""

import re
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time
from functools import partial
from typing import IO, Any, BinaryIO
from xml.etree.ElementTree import ParseError

from shared.errors import Rejected
from shared.feeds.formats.streams.signatures import FileKind
from shared.feeds.formats.streams.unpack import LARGEST_DROP
from shared.feeds.formats.streams.zipped import DAMAGE, open_archive, spool
from shared.feeds.formats.workbooks.sheets import SHEET_KEYS, Sheet, SheetRow, find_sheet, read_sheets
from shared.feeds.layout import FileLayout
from shared.feeds.record import ReadResult

LARGEST = LARGEST_DROP
DATE_FORMS: tuple[str, ...] = ("iso",)
KIND = FileKind.WORKBOOK
KEYS = SHEET_KEYS

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
    """Raises Rejected when the file is no workbook, or its sheets do not fit the layout."""
    return read_sheets(open_sheets(spool(stream)), layout)


def sheet_rows(file: IO[bytes], sheet: str) -> Iterator[SheetRow]:
    """`sheet`: its title; empty for the first one that is not hidden.

    Raises Rejected when the file is no workbook, at once or on the way.
    """
    return find_sheet(open_sheets(file), sheet).rows()


def open_sheets(file: IO[bytes]) -> list[Sheet]:
    """Raises Rejected when the file is no workbook; so does reading the rows of a sheet."""
    from openpyxl import load_workbook  # noqa: PLC0415 - takes 0.2 s, which other formats need not wait for

    with _named_faults():
        _check_archive(file)
        worksheets = load_workbook(file, read_only=True, data_only=True).worksheets
        return [Sheet(sheet.title, sheet.sheet_state == "visible", partial(_rows_of, sheet)) for sheet in worksheets]


def _rows_of(worksheet: Any) -> Iterator[SheetRow]:
    with _named_faults():
        worksheet.reset_dimensions()  # the size that a file declares is often wrong
        for number, row in enumerate(worksheet.iter_rows(), 1):
            if number > _MOST_ROWS:
                raise Rejected(*_DAMAGED)
            yield number, [_text_of(cell) for cell in row]


@contextmanager
def _named_faults() -> Iterator[None]:
    try:
        yield
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
