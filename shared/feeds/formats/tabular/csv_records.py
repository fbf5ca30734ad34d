"""Lines of delimited text to records of cells. A lone quote costs one row, never the rest of the file."""

import csv
from collections import deque
from collections.abc import Collection, Iterator, Sequence
from itertools import count, islice
from typing import NamedTuple, cast

from shared.feeds.formats.streams.lines import UnfinishedLine
from shared.feeds.layout import FileLayout
from shared.feeds.record import Reject
from shared.feeds.spreadsheet_cells import unguarded

MOST_JOINED_LINES = 50  # of one quoted cell
_BATCH = 64  # lines that are split at once
_QUOTES = (
    "quotes",
    "The quotes of the row do not pair.",
    "Double a quote inside a quoted cell, or take the lone quote away.",
)
_CONTROL = ("control-character", "The row holds a NUL.", "Remove the character, or export the file again.")

Cells = list[str]
_new_tuple = tuple.__new__  # three times as fast as a call of the class


class CsvRecord(NamedTuple):
    """`line` is the number of its first line. `unfinished`: its last line has no line end."""

    line: int
    text: str
    cells: Cells
    unfinished: bool


class _SameLine(str):
    """A row that a lone carriage return parts from the row before it, in the same line."""

    __slots__ = ()


def fits(cells: Sequence[str], width: int) -> bool:
    """Whether a row has as many cells as the header; blank cells behind them do not count."""
    return len(cells) == width or (len(cells) > width and not any(map(str.strip, cells[width:])))


class CsvRecords:
    """Iterates over the records of a file. A second loop goes on where the first stopped.

    Lines that are each a whole record are split many at once; where one is not, each by itself. `line` is the number
    of the last line that was read; `width`, once set, is the number of cells that a record of several lines must have.
    """

    def __init__(self, source: Iterator[str | Reject], layout: FileLayout, *, after: int = 0, width: int = 0) -> None:
        self._source, self._ahead = source, deque[str | Reject]()
        self._delimiter, self._quote = layout.text.delimiter, layout.text.quote
        self.line = after
        self.width = width
        self._records = self._read()

    def __iter__(self) -> Iterator[CsvRecord | Reject]:
        return self._records

    def skip(self, count: int) -> None:
        for _ in islice(self, count):
            pass

    def _read(self) -> Iterator[CsvRecord | Reject]:
        ahead = self._ahead
        while True:
            ahead.extend(islice(self._source, _BATCH))
            if not ahead:
                return
            if rows := self._split_batch(ahead):
                texts = [*ahead]
                ahead.clear()
                for line, text, cells in zip(count(self.line + 1), texts, rows, strict=False):
                    self.line = line
                    yield _new_tuple(CsvRecord, (line, text, cells, False))
            while ahead:
                yield self._read_record(ahead.popleft())

    def _split_batch(self, lines: Collection[str | Reject]) -> list[Cells] | None:
        """Returns the cells of each line; None when one of them is not plainly a whole record."""
        if {*map(type, lines)} != {str}:
            return None
        texts = cast("Collection[str]", lines)
        whole = "\n".join(texts)
        if "\0" in whole or "\r" in whole or whole.startswith("'") or "\n'" in whole:
            return None
        if not self._quote or self._quote not in whole:
            return [text.split(self._delimiter) for text in texts]
        try:
            rows = list(csv.reader(texts, delimiter=self._delimiter, quotechar=self._quote, strict=True))
        except csv.Error:
            return None
        return rows if len(rows) == len(texts) and all(rows) else None

    def _read_record(self, line: str | Reject) -> CsvRecord | Reject:
        self.line += type(line) is not _SameLine
        if isinstance(line, Reject):
            return line
        text, unfinished = unguarded(str(line)), type(line) is UnfinishedLine  # a row of a reject file comes back
        if "\0" in text:
            return Reject(self.line, *_CONTROL, text)
        if "\r" in text:
            text = self._without_returns(text, unfinished)
        if not self._quote or self._quote not in text:
            return CsvRecord(self.line, text, text.split(self._delimiter), unfinished)
        return self._read_quoted(text, unfinished)

    def _without_returns(self, text: str, unfinished: bool) -> str:
        """A lone carriage return ends a row where each row that it ends is whole; anywhere else it is a space."""
        first, *others = [row for row in text.split("\r") if row.strip()] or [""]
        if unfinished or not self.width or not all(map(self._is_whole, (first, *others))):
            return text.replace("\r", " ")
        self._ahead.extendleft(map(_SameLine, reversed(others)))
        return first

    def _is_whole(self, row: str) -> bool:
        cells = self._split(row) if self._quote and self._quote in row else row.split(self._delimiter)
        return cells is not None and fits(cells, self.width)

    def _read_quoted(self, text: str, unfinished: bool) -> CsvRecord | Reject:
        """Joins following lines while a quote is open, up to a record of the right width."""
        first_line = self.line
        if cells := self._split(text):
            return CsvRecord(first_line, text, cells, unfinished)
        joined = 0
        while joined < MOST_JOINED_LINES and (following := self._continuation(joined)) is not None:
            text, joined = f"{text}\n{following}", joined + 1
            if self._quote not in following:
                continue
            cells = self._split(text)
            if cells and (not self.width or fits(cells, self.width)):
                self._consume(joined)
                return CsvRecord(first_line, text, cells, type(following) is UnfinishedLine)
            if cells or not self._has_open_quote(text):
                break
        return Reject(first_line, *_QUOTES, text.split("\n", 1)[0])

    def _consume(self, joined: int) -> None:
        for _ in range(joined):
            self._ahead.popleft()
        self.line += joined

    def _continuation(self, index: int) -> str | None:
        """The line `index` lines ahead. None for a line that is a whole record by itself: it is never swallowed."""
        while len(self._ahead) <= index:
            line = next(self._source, None)
            if line is None:
                return None
            self._ahead.append(line)
        line = self._ahead[index]
        if isinstance(line, Reject | _SameLine):
            return None
        cells = self._split(line) if not self._has_open_quote(line) else None
        return None if cells and fits(cells, self.width) else line

    def _split(self, text: str) -> Cells | None:
        try:
            return next(csv.reader((text,), delimiter=self._delimiter, quotechar=self._quote, strict=True), None)
        except csv.Error:
            return None

    def _has_open_quote(self, text: str) -> bool:
        return text.count(self._quote) % 2 == 1
