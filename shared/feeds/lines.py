"""Physical lines of text, one at a time, whatever the bytes are."""

from collections.abc import Callable, Iterator

from shared.domain.errors import Rejected
from shared.feeds.contract import Reject
from shared.feeds.zipped import Readable

CHUNK = 1 << 18
LONGEST_LINE = 1 << 20  # 1 MiB
_BOM = "\ufeff"


class Unfinished(str):
    """The last line of a file when no line end follows: its last cell may have been cut."""

    __slots__ = ()


def lines(stream: Readable, encoding: str, *, after: int = 0, end: bytes = b"") -> Iterator[str | Reject]:
    """Lines without their ends (LF, CRLF or, where there is no LF, CR) and without byte order marks.

    A line that cannot be decoded or is over 1 MiB is a Reject in its place, so positions count on. `after` lines, the
    file goes on here, and `end` is its line end. Raises Rejected when the first line of a file already shows that this
    is no such text.
    """
    decode = _decoder(encoding)
    number, last = after, b""
    for raw, ended in _cut(stream, end):
        number += 1
        if raw is None:
            yield Reject(number, "line-too-long", "The line is longer than 1 MiB.", "Check the line ends of the file.")
            continue
        if not ended:
            last = raw
            break
        try:
            yield decode(raw)
        except UnicodeDecodeError:
            yield _undecodable(number, raw, encoding)
    if last:
        try:
            yield Unfinished(decode(last))
        except UnicodeDecodeError:
            yield _undecodable(number, last, encoding)


def _decoder(encoding: str) -> Callable[[bytes], str]:
    def decode(raw: bytes) -> str:
        text = raw.decode(encoding)
        return text.replace(_BOM, "") if _BOM in text else text

    return decode


def _undecodable(number: int, raw: bytes, encoding: str) -> Reject:
    return Reject(number, "undecodable", f"The line is not {encoding} text.",
                  "Export the file in the encoding that the profile names, or name the right one in `text.encoding`.",
                  raw.decode("ascii", "backslashreplace"))  # fmt: skip


def line_end(chunk: bytes) -> bytes:
    """Of a file that begins with this chunk."""
    if chunk.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise Rejected("utf-16", "The file is UTF-16 text.", "Save it as UTF-8.")
    return b"\r" if b"\n" not in chunk and b"\r" in chunk else b"\n"


def _cut(stream: Readable, end: bytes) -> Iterator[tuple[bytes | None, bool]]:
    """(line, whether its end was there); None for a line over the limit, which is not kept in memory."""
    chunk = stream.read(CHUNK)
    end = end or line_end(chunk)
    rest, too_long = b"", False
    while chunk:
        head, *more = chunk.split(end)
        if not more:  # the line goes on
            too_long = too_long or len(rest) + len(head) > LONGEST_LINE
            rest = b"" if too_long else rest + head
        else:
            too_long = too_long or len(rest) + len(head) > LONGEST_LINE
            yield (None if too_long else (rest + head).removesuffix(b"\r")), True
            *whole, rest = more
            too_long = False
            for line in whole:
                yield line.removesuffix(b"\r"), True
        chunk = stream.read(CHUNK)
    if too_long or rest:
        yield (None if too_long else rest), False
