"""Lines to rows of cells."""

import csv
from collections import deque
from collections.abc import Collection, Iterator
from itertools import count, islice
from typing import NamedTuple, cast

from shared.feeds.formats.streams.lines import Unfinished
from shared.feeds.profiles.model import Profile
from shared.feeds.record import Reject

MOST_JOINED = 50  # lines of one quoted cell
_TOGETHER = 64  # lines that are read at once
_QUOTES = ("quotes", "The quotes of the row do not pair.",
           "Double a quote inside a quoted cell, or take the lone quote away.")  # fmt: skip
_CONTROL = ("control-character", "The row holds a NUL or a lone carriage return.",
            "Remove the character, or export the file again.")  # fmt: skip

Cells = list[str]


class CsvRecord(NamedTuple):
    line: int
    text: str
    cells: Cells
    unfinished: bool


_new = tuple.__new__  # three times as fast as a call of the class


class CsvRecords:
    """Rows of cells. Lines that are each a whole row are read many at once; where one is not, each by itself, so that a
    lone quote costs one row and not the rest of the file. To go through it again is to go on."""

    def __init__(self, source: Iterator[str | Reject], profile: Profile, *, after: int = 0, width: int = 0) -> None:
        self._source, self._ahead = source, deque[str | Reject]()
        self._delimiter, self._quote = profile.text.delimiter, profile.text.quote
        self.line = after
        self.width = width
        self._rows = self._read()

    def __iter__(self) -> Iterator[CsvRecord | Reject]:
        return self._rows

    def _read(self) -> Iterator[CsvRecord | Reject]:
        ahead = self._ahead
        while True:
            ahead.extend(islice(self._source, _TOGETHER))
            if not ahead:
                return
            if rows := self._together(ahead):
                texts = [*ahead]
                ahead.clear()
                for at, text, cells in zip(count(self.line + 1), texts, rows, strict=False):
                    self.line = at
                    yield _new(CsvRecord, (at, text, cells, False))
            while ahead:
                yield self._next(ahead.popleft())

    def _together(self, lines: Collection[str | Reject]) -> list[Cells] | None:
        """The cells of each line; None when one of them is not plainly a row."""
        if {*map(type, lines)} != {str}:
            return None
        texts = cast("Collection[str]", lines)
        whole = "\n".join(texts)
        if "\0" in whole or "\r" in whole:
            return None
        if not self._quote or self._quote not in whole:
            return [text.split(self._delimiter) for text in texts]
        try:
            rows = list(csv.reader(texts, delimiter=self._delimiter, quotechar=self._quote, strict=True))
        except csv.Error:
            return None
        return rows if len(rows) == len(texts) and all(rows) else None

    def _next(self, line: str | Reject) -> CsvRecord | Reject:
        self.line = at = self.line + 1
        if isinstance(line, Reject):
            return line
        text, unfinished = str(line), type(line) is Unfinished
        if "\0" in text or "\r" in text:
            return Reject(at, *_CONTROL, text)
        if not self._quote or self._quote not in text:
            return CsvRecord(at, text, text.split(self._delimiter), unfinished)
        return self._quoted(at, text, unfinished)

    def _quoted(self, at: int, text: str, unfinished: bool) -> CsvRecord | Reject:
        if cells := self._cells(text):
            return CsvRecord(at, text, cells, unfinished)
        taken = 0
        while taken < MOST_JOINED and (more := self._continued(taken)) is not None:
            text, taken = f"{text}\n{more}", taken + 1
            if self._quote not in more:
                continue
            cells = self._cells(text)
            if cells and len(cells) == (self.width or len(cells)):
                unfinished = type(more) is Unfinished
                for _ in range(taken):
                    self._ahead.popleft()
                self.line += taken
                return CsvRecord(at, text, cells, unfinished)
            if cells or not self._is_open(text):
                break
        return Reject(at, *_QUOTES, text.split("\n", 1)[0])

    def _continued(self, index: int) -> str | None:
        """The line `index` lines ahead, unless it is a whole record by itself: that one is never swallowed."""
        while len(self._ahead) <= index:
            line = next(self._source, None)
            if line is None:
                return None
            self._ahead.append(line)
        line = self._ahead[index]
        if isinstance(line, Reject):
            return None
        cells = self._cells(line) if line.count(self._quote) % 2 == 0 else None
        return None if cells and len(cells) == self.width else line

    def _cells(self, text: str) -> Cells | None:
        try:
            return next(csv.reader((text,), delimiter=self._delimiter, quotechar=self._quote, strict=True), None)
        except csv.Error:
            return None

    def _is_open(self, text: str) -> bool:
        return text.count(self._quote) % 2 == 1
