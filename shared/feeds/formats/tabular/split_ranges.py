"""A delimited file cut into ranges of bytes, each of which is read by itself: together they give the rows of the whole.

No range begins or ends inside a row, also where quoted cells span lines or a lone quote seems to open one: whoever
cuts goes through the file with the very reader of rows, and cuts only where that begins a row.
"""

import io
from collections import deque
from collections.abc import Iterator

from shared.errors import Rejected
from shared.feeds.formats.streams.lines import CHUNK, line_end, lines
from shared.feeds.formats.streams.zipped import Readable
from shared.feeds.formats.tabular.csv_records import CsvRecords
from shared.feeds.formats.tabular.delimited import header_of, rows
from shared.feeds.profiles.model import Profile
from shared.feeds.record import ReadResult
from shared.value import FrozenModel

MOST_ROWS = 5_000_000
MOST_BYTES = 1 << 30


class ByteRange(FrozenModel):
    """Bytes from `start` up to `end`, with `lines` physical lines before them."""

    start: int
    end: int
    lines: int


class FileSplit(FrozenModel):
    """Where a file is cut, and what a reader of a part of it must know of the rest."""

    header: tuple[str, ...]
    line_end: bytes
    rows: int
    ranges: tuple[ByteRange, ...]


def split_file(stream: Readable, profile: Profile, most_rows: int, most_bytes: int) -> FileSplit:
    """Ranges of at most so many rows, and of hardly more than so many bytes. Raises Rejected when nothing of the file
    can be read, or when it is too large."""
    source = _Located(stream)
    records = CsvRecords(lines(source, profile.text.encoding), profile)
    header = tuple(header_of(records, profile))
    rows(records, header, profile)
    records.width = len(header)
    starts, count, whole = [source.offset(records.line)], 0, 0
    for count, _ in enumerate(records, 1):
        if count - whole >= most_rows or source.passed - starts[-1][0] >= most_bytes:
            starts.append(source.offset(records.line))
            whole = count
            if count > MOST_ROWS or source.passed > MOST_BYTES:
                raise Rejected(
                    "too-large",
                    f"The file has more than {MOST_ROWS:,} rows or {MOST_BYTES >> 20:,} MiB.",
                    "Send it in parts.",
                )
    if len(starts) > 1 and starts[-1][0] == source.passed:
        starts.pop()
    ends = [*(start for start, _ in starts[1:]), source.passed]
    ranges = (ByteRange(start=start, end=end, lines=before) for (start, before), end in zip(starts, ends, strict=True))
    return FileSplit(header=header, line_end=source.line_end, rows=count, ranges=tuple(ranges))


def read_range(stream: Readable, at: ByteRange, cutting: FileSplit, profile: Profile) -> Iterator[ReadResult]:
    """The rows of one range, of which `stream` gives the bytes."""
    source = lines(stream, profile.text.encoding, after=at.lines, end=cutting.line_end)
    records = CsvRecords(source, profile, after=at.lines, width=len(cutting.header))
    return rows(records, cutting.header, profile)


class _Located:
    """Passes a file on, and knows at which byte a line begins that its reader has come to."""

    def __init__(self, stream: Readable) -> None:
        self._stream = stream
        self._recent = deque[tuple[int, int, bytes]]()  # offset, lines that ended before, bytes
        self._ended = 0
        self.passed = 0
        self.line_end = b""

    def read(self, size: int = CHUNK, /) -> bytes:
        chunk = self._filled(size)
        self.line_end = self.line_end or line_end(chunk)
        self._recent.append((self.passed, self._ended, chunk))
        self._ended += chunk.count(self.line_end)
        self.passed += len(chunk)
        return chunk

    def offset(self, line: int) -> tuple[int, int]:
        """Where the line after so many begins, and that number; never one that was asked for before."""
        if not line:
            return 0, 0
        while len(self._recent) > 1 and self._recent[1][1] < line:
            self._recent.popleft()
        start, ended, chunk = self._recent[0]
        at = 0
        for _ in range(line - ended):
            found = chunk.find(self.line_end, at)
            if found < 0:  # the last line has no end
                return self.passed, line
            at = found + 1
        return start + at, line

    def _filled(self, size: int) -> bytes:
        """A network gives less than was asked for, and the first chunk says what a line end is."""
        found = io.BytesIO()
        while (missing := size - found.tell()) and (some := self._stream.read(missing)):
            found.write(some)
        return found.getvalue()
