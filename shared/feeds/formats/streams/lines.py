"""Physical lines of text, one at a time, whatever the bytes are."""

from collections.abc import Iterator, Sequence
from contextlib import suppress

from shared.errors import Rejected
from shared.feeds.formats.streams.zipped import Readable
from shared.feeds.record import Reject

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
    number = after
    for raws, ended in _cut(stream, end):
        if raws is None:
            yield Reject(
                number + 1, "line-too-long", "The line is longer than 1 MiB.", "Check the line ends of the file."
            )
        else:
            texts = _texts(raws, encoding, number)
            yield from texts if ended else map(_unfinished, texts)
        number += 1 if raws is None else len(raws)


def _texts(raws: Sequence[bytes], encoding: str, before: int) -> list[str | Reject]:
    """All at once; or each by itself, where one cannot be decoded, or is not one line of text."""
    with suppress(UnicodeDecodeError):
        whole = b"\n".join(raws).decode(encoding)
        texts: list[str | Reject] = [*whole.replace(_BOM, "").split("\n")]
        if len(texts) == len(raws):
            return texts
    return [_text(raw, encoding, number) for number, raw in enumerate(raws, before + 1)]


def _text(raw: bytes, encoding: str, number: int) -> str | Reject:
    try:
        return raw.decode(encoding).replace(_BOM, "")
    except UnicodeDecodeError:
        return _undecodable(number, raw, encoding)


def _unfinished(text: str | Reject) -> str | Reject:
    return text if isinstance(text, Reject) else Unfinished(text)


def _undecodable(number: int, raw: bytes, encoding: str) -> Reject:
    return Reject(
        number,
        "undecodable",
        f"The line is not {encoding} text.",
        "Export the file in the encoding that the profile names, or name the right one in `text.encoding`.",
        raw.decode("ascii", "backslashreplace"),
    )


def line_end(chunk: bytes) -> bytes:
    """Of a file that begins with this chunk."""
    if chunk.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise Rejected("utf-16", "The file is UTF-16 text.", "Save it as UTF-8.")
    return b"\r" if b"\n" not in chunk and b"\r" in chunk else b"\n"


def _cut(stream: Readable, end: bytes) -> Iterator[tuple[list[bytes] | None, bool]]:
    """(lines, whether their ends were there); None for one over the limit, which is not kept in memory."""
    chunk = stream.read(CHUNK)
    end = end or line_end(chunk)
    rest, too_long = b"", False
    while chunk:
        head, *whole = chunk.split(end)
        too_long = too_long or len(rest) + len(head) > LONGEST_LINE
        rest = b"" if too_long else rest + head
        if whole:  # else the line goes on
            if too_long:
                yield None, True
            else:
                whole.insert(0, rest)
            rest, too_long = whole.pop(), False
            yield [line.removesuffix(b"\r") for line in whole], True
        chunk = stream.read(CHUNK)
    if too_long or rest:
        yield (None if too_long else [rest]), False
