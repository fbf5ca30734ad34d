"""Splits a large delimited file into byte ranges that are read independently. Together they give the rows of the whole.

No range begins or ends inside a row, even where quoted cells span lines or a lone quote seems to open one: the file is
split by going through it with the same reader of records, and only where that reader begins a record.
"""

import io
from collections import deque
from collections.abc import Iterator

from shared.errors import Rejected
from shared.feeds.formats.streams.lines import CHUNK, line_end_of, lines
from shared.feeds.formats.streams.zipped import Readable
from shared.feeds.formats.tabular.csv_records import CsvRecords
from shared.feeds.formats.tabular.delimited import read_rows
from shared.feeds.formats.tabular.rows import header_of
from shared.feeds.layout import FileLayout
from shared.feeds.record import ReadResult
from shared.value import FrozenModel

MOST_ROWS = 5_000_000
MOST_BYTES = 1 << 30


class ByteRange(FrozenModel):
    """The bytes from `start` up to `end`, exclusive, with `lines` physical lines before them."""

    start: int
    end: int
    lines: int


class FileSplit(FrozenModel):
    """Where a file is split, and what the reader of one range must know of the rest."""

    header: tuple[str, ...]
    line_end: bytes
    rows: int
    ranges: tuple[ByteRange, ...]


def split_file(stream: Readable, layout: FileLayout, most_rows: int, most_bytes: int) -> FileSplit:
    """Returns ranges of at most `most_rows` rows and of hardly more than `most_bytes` bytes.

    Raises Rejected when the header does not fit the layout or when the file is too large.
    """
    source = LineLocator(stream)
    records = CsvRecords(lines(source, layout.text.encoding), layout)
    header = tuple(header_of(records, layout.text))
    read_rows(records, header, layout)  # only checks the header: no row is read yet
    records.width = len(header)
    starts, rows, rows_before = [source.locate(records.line)], 0, 0
    for rows, _ in enumerate(records, 1):
        if rows - rows_before >= most_rows or source.passed - starts[-1][0] >= most_bytes:
            starts.append(source.locate(records.line))
            rows_before = rows
            _check_size(rows, source.passed)
    if len(starts) > 1 and starts[-1][0] == source.passed:
        starts.pop()
    ends = [*(start for start, _ in starts[1:]), source.passed]
    ranges = (ByteRange(start=start, end=end, lines=before) for (start, before), end in zip(starts, ends, strict=True))
    return FileSplit(header=header, line_end=source.line_end, rows=rows, ranges=tuple(ranges))


def read_range(stream: Readable, byte_range: ByteRange, split: FileSplit, layout: FileLayout) -> Iterator[ReadResult]:
    """Reads one range; `stream` gives its bytes only."""
    source = lines(stream, layout.text.encoding, after=byte_range.lines, end=split.line_end)
    records = CsvRecords(source, layout, after=byte_range.lines, width=len(split.header))
    return read_rows(records, split.header, layout)


def _check_size(rows: int, size: int) -> None:
    if rows > MOST_ROWS or size > MOST_BYTES:
        raise Rejected(
            "too-large",
            f"The file has more than {MOST_ROWS:,} rows or {MOST_BYTES >> 20:,} MiB.",
            "Send it in parts.",
        )


class LineLocator:
    """Passes a file on and can tell at which byte a line begins that its reader has reached."""

    def __init__(self, stream: Readable) -> None:
        self._stream = stream
        self._recent = deque[tuple[int, int, bytes]]()  # offset of a chunk, lines that ended before it, its bytes
        self._ended_lines = 0
        self.passed = 0  # bytes
        self.line_end = b""

    def read(self, size: int = CHUNK, /) -> bytes:
        chunk = self._read_full(size)
        self.line_end = self.line_end or line_end_of(chunk)
        self._recent.append((self.passed, self._ended_lines, chunk))
        self._ended_lines += chunk.count(self.line_end)
        self.passed += len(chunk)
        return chunk

    def locate(self, line: int) -> tuple[int, int]:
        """Returns the offset at which the line after `line` lines begins, and `line`.

        Must be asked for ever later lines: earlier chunks are forgotten.
        """
        if not line:
            return 0, 0
        while len(self._recent) > 1 and self._recent[1][1] < line:
            self._recent.popleft()
        offset, ended_lines, chunk = self._recent[0]
        position = 0
        for _ in range(line - ended_lines):
            line_end = chunk.find(self.line_end, position)
            if line_end < 0:  # the last line has no end
                return self.passed, line
            position = line_end + 1
        return offset + position, line

    def _read_full(self, size: int) -> bytes:
        """The first chunk decides what a line end is, and a network may give fewer bytes than asked for."""
        content = io.BytesIO()
        while (missing := size - content.tell()) and (chunk := self._stream.read(missing)):
            content.write(chunk)
        return content.getvalue()
