"""Excel workbooks of the older kind (.xls), read with the same keys of a profile as .xlsx, in a child process."""

from collections.abc import Iterator
from typing import BinaryIO

from shared.feeds.formats.streams.signatures import FileKind
from shared.feeds.formats.workbooks.child_process import LARGEST_WORKBOOK, open_sheets
from shared.feeds.formats.workbooks.sheets import SHEET_KEYS, read_sheets
from shared.feeds.layout import FileLayout
from shared.feeds.record import ReadResult

LARGEST = LARGEST_WORKBOOK
DATE_FORMS: tuple[str, ...] = ("iso",)
KIND = FileKind.OLD_WORKBOOK
KEYS = SHEET_KEYS


def read(stream: BinaryIO, layout: FileLayout) -> Iterator[ReadResult]:
    """Raises Rejected when the file is no workbook, meets a limit, or its sheets do not fit the layout."""
    return read_sheets(open_sheets(stream), layout)
