"""Excel workbooks (.xlsx): one sheet, read by the same keys of a profile as delimited text. Cells become the text that
a person would write: dates ISO 8601, whole numbers without a point, noughts in front where the cell shows them."""

import re
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time
from typing import IO, Any, BinaryIO
from xml.etree.ElementTree import ParseError

from shared.errors import Rejected
from shared.feeds.formats.streams.zipped import DAMAGE, opened, spooled
from shared.feeds.formats.tabular.columns import Cells, Columns
from shared.feeds.formats.tabular.delimited import csv_line
from shared.feeds.profiles.model import Profile
from shared.feeds.record import DroppedColumns, ReadResult, Skip

_SHARED_TEXTS = 64 << 20  # bytes; openpyxl keeps a workbook's texts in memory
_ALL_NOUGHTS = re.compile("0+")
_HOURS = re.compile(r"h", re.IGNORECASE)
_WRONG = (*DAMAGE, ParseError, KeyError, ValueError, TypeError, AttributeError, IndexError)
"""What openpyxl raises on a workbook that is none inside."""
_DAMAGED = ("xlsx", "The file is no Excel workbook (.xlsx), or is damaged, encrypted or of the older kind .xls.",
            "Save it again as .xlsx without a password.")  # fmt: skip


def read(stream: BinaryIO, profile: Profile) -> Iterator[ReadResult]:
    found = rows(spooled(stream), profile)
    columns = Columns(_header(found, profile), profile)
    if columns.barred:
        yield DroppedColumns(tuple(columns.said[at].strip() for at in columns.barred))
    width, blanks = len(columns.names), list[Skip]()
    for number, row in found:
        cells = _of_width(row, width)
        if not any(map(str.strip, cells)):
            blanks.append(Skip(number, "blank line"))  # of no account unless something follows
            continue
        yield from blanks
        blanks.clear()
        kept = csv_line(["" if at in columns.barred else cell for at, cell in enumerate(cells)])
        if len(cells) > width:
            yield columns.of_another_width(number, kept, kept if not columns.barred else "", len(cells))
        else:
            yield columns.draft(number, kept, cells, unfinished=False)


def _header(rows: Iterator[tuple[int, list[str]]], profile: Profile) -> Cells:
    for _ in range(profile.text.skip_lines):
        next(rows, None)
    if profile.text.header:
        return profile.text.header
    for _, row in rows:
        if cells := _of_width(row, 0):
            return cells
    raise Rejected("empty", "The sheet is empty.", "Send the file again, with its header line.")


def _of_width(row: list[str], width: int) -> list[str]:
    """Filled up with blank cells, or without those that stand behind the last column."""
    end = len(row)
    while end > width and not row[end - 1].strip():
        end -= 1
    return row[:end] + [""] * (width - end)


def rows(file: IO[bytes], profile: Profile) -> Iterator[tuple[int, list[str]]]:
    """Number and cells of each row. Raises Rejected when the file is no workbook, at once or on the way."""
    from openpyxl import load_workbook  # noqa: PLC0415 - a fifth of a second that other formats need not wait

    _check(file)
    try:
        sheet = _sheet(load_workbook(file, read_only=True, data_only=True), profile)
        for number, row in enumerate(sheet.iter_rows(), 1):
            yield number, [_text(cell) for cell in row]
    except _WRONG as error:
        raise Rejected(*_DAMAGED) from error


def _check(file: IO[bytes]) -> None:
    try:
        archive = opened(file)
        for member in archive.infolist():
            _check_member(archive, member)
    except DAMAGE as error:
        raise Rejected(*_DAMAGED) from error
    except Rejected as fault:
        raise Rejected("xlsx" if fault.code == "zip" else fault.code, *_DAMAGED[1:]) from fault
    file.seek(0)


def _check_member(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> None:
    """No entities, and no more text than fits into memory."""
    if member.filename.endswith("sharedStrings.xml") and member.file_size > _SHARED_TEXTS:
        raise Rejected("too-large", "The workbook holds too much text.", "Send it in parts, or as text.")
    if member.filename.endswith((".xml", ".rels")):
        with archive.open(member) as part:
            if b"<!DOCTYPE" in part.read(4096).replace(b"\0", b""):
                raise Rejected(*_DAMAGED)


def _sheet(book: Any, profile: Profile) -> Any:
    wanted, sheets = profile.text.sheet.strip().casefold(), book.worksheets
    for sheet in sheets:
        if sheet.title.strip().casefold() == wanted if wanted else sheet.sheet_state == "visible":
            sheet.reset_dimensions()  # what the file says of its size is often wrong
            return sheet
    raise Rejected(
        "sheet",
        f"The workbook has no sheet {profile.text.sheet!r}." if wanted else "It has no sheet.",
        f"It has: {', '.join(sheet.title for sheet in sheets)}.",
    )


def _text(cell: Any) -> str:  # noqa: PLR0911 - one for each type of cell
    value = cell.value
    match value:
        case None:
            return ""
        case str():
            return "" if cell.data_type == "e" else value
        case bool():
            return str(value).upper()
        case datetime():
            timed = _HOURS.search(cell.number_format or "") or value.time() != time()
            return value.isoformat(timespec="seconds") if timed else value.date().isoformat()
        case date() | time():
            return value.isoformat()
        case float() if value.is_integer() and abs(value) < 1e15:
            return _whole(int(value), cell)
        case int():
            return _whole(value, cell)
        case _:
            return str(value)


def _whole(value: int, cell: Any) -> str:
    noughts = cell.number_format or ""
    return str(value).zfill(len(noughts)) if _ALL_NOUGHTS.fullmatch(noughts) else str(value)
