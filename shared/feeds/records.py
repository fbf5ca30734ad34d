"""Lines to rows of cells."""

import csv
from collections import deque
from collections.abc import Iterator
from typing import NamedTuple

from shared.feeds.contract import Reject
from shared.feeds.lines import Unfinished
from shared.feeds.profile import Profile

MOST_JOINED = 50  # lines of one quoted cell
_QUOTES = ("quotes", "The quotes of the row do not pair.",
           "Double a quote inside a quoted cell, or take the lone quote away.")  # fmt: skip
_CONTROL = ("control-character", "The row holds a NUL or a lone carriage return.",
            "Remove the character, or export the file again.")  # fmt: skip

Cells = list[str]


class Record(NamedTuple):
    line: int
    text: str
    cells: Cells
    unfinished: bool


class Records:
    """Rows of cells, read a line at a time, so that a lone quote costs one row and not the rest of the file."""

    def __init__(self, source: Iterator[str | Reject], profile: Profile, *, after: int = 0, width: int = 0) -> None:
        self._source, self._ahead = source, deque[str | Reject]()
        self._delimiter, self._quote = profile.text.delimiter, profile.text.quote
        self.line = after
        self.width = width

    def __iter__(self) -> Iterator[Record | Reject]:
        delimiter, quote, ahead, source = self._delimiter, self._quote or "\n", self._ahead, self._source
        while (line := ahead.popleft() if ahead else next(source, None)) is not None:
            self.line = at = self.line + 1
            if type(line) is Reject:
                yield line
                continue
            text = str(line)
            if "\0" in text or "\r" in text:
                yield Reject(at, *_CONTROL, text)
            elif quote not in text:
                yield Record(at, text, text.split(delimiter), type(line) is Unfinished)
            else:
                yield self._quoted(at, text, type(line) is Unfinished)

    def _quoted(self, at: int, text: str, unfinished: bool) -> Record | Reject:
        if cells := self._cells(text):
            return Record(at, text, cells, unfinished)
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
                return Record(at, text, cells, unfinished)
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
            return next(csv.reader((text,), delimiter=self._delimiter,
                                   quotechar=self._quote, strict=True), None)  # fmt: skip
        except csv.Error:
            return None

    def _is_open(self, text: str) -> bool:
        return text.count(self._quote) % 2 == 1
