"""Lines of fixed width: the columns are what blanks part from top to bottom, where no delimiter parts the lines."""

import io
import re
from collections import Counter
from collections.abc import Sequence
from itertools import islice
from typing import NamedTuple

from shared.errors import Rejected
from shared.feeds.formats.streams.lines import lines
from shared.feeds.layout import Position
from shared.feeds.suggest.samples.delimited import dialect_of, table_of
from shared.feeds.suggest.samples.sample_table import SampleTable
from shared.feeds.suggest.samples.text_encoding import encoding_of

_LINES_FOR_COLUMNS = 2_000
_LEAST_LINES, _LEAST_COLUMNS = 12, 4
_TITLE_SHARE, _MOST_TITLE_LINES = 0.2, 12  # lines at the top that do not count: titles and a header
_STRAY = 0.02  # share of the lines that may write between the columns, such as the head of a page
_AGREEING = 0.9  # share of the lines that have the same number of delimiters
_ROOM = 60  # characters that the last column may grow by
_DOUBT = (
    "The columns are told by the blanks between them. Columns that touch would be taken for one, and a column that is"
    " always blank is not seen: ask for the positions of the columns."
)
_WORD = re.compile(r"\S+")
_GAP = re.compile(r"\s{2,}")


class _Layout(NamedTuple):
    """Where the columns begin, from 0; and the places between them, which are blank."""

    starts: tuple[int, ...]
    blanks: frozenset[int]

    def cells(self, line: str) -> list[str]:
        ends = (*self.starts[1:], None)
        return [line[start:end].strip() for start, end in zip(self.starts, ends, strict=True)]

    def fits(self, line: str) -> bool:
        return all(place >= len(line) or line[place] == " " for place in self.blanks)


def read_fixed_width(content: bytes) -> SampleTable | None:
    """None for a text whose columns are not proved by blanks. Raises Rejected where no rows follow the header."""
    encoding = encoding_of(content)
    first = _texts(content, encoding.name, _LINES_FOR_COLUMNS)
    layout = None if any("\t" in text for text in first) else _layout_of(first)
    if layout is None or len(layout.starts) <= _delimited_columns(content, encoding.name):
        return None
    return _table(_texts(content, encoding.name), layout, encoding.name)


def _texts(content: bytes, encoding: str, most: int | None = None) -> list[str]:
    """The first lines, or all; a line that cannot be decoded is blank."""
    texts = islice(lines(io.BytesIO(content), encoding), most)
    return [line.rstrip() if isinstance(line, str) else "" for line in texts]


def _delimited_columns(content: bytes, encoding: str) -> int:
    """How many columns a delimiter parts; commas may also stand inside names and addresses."""
    try:
        dialect = dialect_of(content, encoding)
    except Rejected:
        return 0
    return dialect.width if dialect.agreeing >= _AGREEING else 0


def _layout_of(texts: Sequence[str]) -> _Layout | None:
    filled = [text for text in texts if text.strip()]
    body = filled[min(_MOST_TITLE_LINES, int(len(filled) * _TITLE_SHARE)) :]
    if len(body) < _LEAST_LINES:
        return None
    written = Counter(place for text in body for word in _WORD.finditer(text) for place in range(*word.span()))
    used = {place for place, count in written.items() if count > len(body) * _STRAY}
    starts = tuple(sorted(place for place in used if place - 1 not in used))
    if len(starts) < _LEAST_COLUMNS:
        return None
    return _Layout(starts, frozenset(range(max(used))) - used)


def _table(texts: Sequence[str], layout: _Layout, encoding: str) -> SampleTable:
    table = table_of([layout.cells(text) for text in texts], len(layout.starts))
    has_header = "header" not in table.text
    skipped = int(str(table.text.get("skip_lines", 0))) + has_header
    if has_header:
        layout = _named_layout(texts[skipped - 1], layout)
        table = table_of([layout.cells(text) for text in texts], len(layout.starts))
    columns = [
        column._replace(name=_GAP.split(column.name)[0] if has_header else column.name) for column in table.columns
    ]
    ends = (*layout.starts[1:], max(map(len, texts)) + _ROOM)
    positions = {
        column.name: Position(start=start + 1, width=end - start)
        for column, start, end in zip(columns, layout.starts, ends, strict=True)
    }
    text: dict[str, str | int | list[str]] = {"encoding": encoding} if encoding != "utf-8" else {}
    if skipped:
        text["skip_lines"] = skipped
    strays = sum(bool(line.strip()) and not layout.fits(line) for line in texts[skipped:])
    doubts = [_DOUBT]
    if strays:
        doubts.append(f"{strays} lines write between the columns. What are they?")
    return SampleTable("fixed-width", columns, table.rows, text, doubts, positions=positions)


def _named_layout(header: str, layout: _Layout) -> _Layout:
    """Without the columns over which no word of the header begins: their blank stands inside a column, as in dates."""
    words = [word.start() for word in _WORD.finditer(header)]
    ends = (*layout.starts[1:], len(header))
    named = tuple(
        start for start, end in zip(layout.starts, ends, strict=True) if any(start <= word < end for word in words)
    )
    return layout._replace(starts=named if len(named) >= _LEAST_COLUMNS else layout.starts)
