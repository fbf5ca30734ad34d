"""Physical lines of text, one at a time, whatever the bytes are."""

from collections.abc import Iterator, Sequence
from contextlib import suppress

from shared.feeds.formats.streams.utf16 import Utf8Stream
from shared.feeds.formats.streams.zipped import Readable
from shared.feeds.record import Reject

CHUNK = 1 << 18  # bytes
LONGEST_LINE = 1 << 20  # bytes: 1 MiB
_CP1252 = frozenset({"cp1252", "windows-1252", "1252"})
_UNDEFINED = {0xDC00 + byte: byte for byte in (0x81, 0x8D, 0x8F, 0x90, 0x9D)}  # bytes that cp1252 leaves out
_BYTE_ORDER_MARK = "\ufeff"


class UnfinishedLine(str):
    """The last line of a file that has no line end: its last cell may be cut short."""

    __slots__ = ()


def lines(stream: Readable, encoding: str, *, after: int = 0, end: bytes = b"") -> Iterator[str | Reject]:
    """Yields lines without their ends (LF, CRLF or, in a file without LF, CR) and without byte order marks.

    A line that cannot be decoded or is over 1 MiB is a Reject in its place, so line numbers stay right. A range of a
    file is read with `after`, the number of lines before it, and `end`, the line end of the file. UTF-16 is read
    whatever the encoding is, and so is UTF-8 in a file of one byte a letter, where `normalise/mended_text.py` sees it.
    """
    number, text = after, Utf8Stream(stream, CHUNK)
    if text.is_utf16:
        encoding = "utf-8"
    for raw_lines, is_ended in _split(text, end):
        if raw_lines is None:
            number += 1
            yield Reject(number, "line-too-long", "The line is longer than 1 MiB.", "Check the line ends of the file.")
        else:
            texts = _decode_all(raw_lines, encoding, number)
            yield from texts if is_ended else map(_mark_unfinished, texts)
            number += len(raw_lines)


def _decode_all(raw_lines: Sequence[bytes], encoding: str, before: int) -> list[str | Reject]:
    """Decodes all lines at once, or each by itself where one cannot be decoded or decodes to several lines."""
    with suppress(UnicodeDecodeError):
        whole = b"\n".join(raw_lines).decode(encoding)
        texts: list[str | Reject] = [*whole.replace(_BYTE_ORDER_MARK, "").split("\n")]
        if len(texts) == len(raw_lines):
            return texts
    return [_decode(raw, encoding, number) for number, raw in enumerate(raw_lines, before + 1)]


def _decode(raw: bytes, encoding: str, number: int) -> str | Reject:
    try:
        return raw.decode(encoding).replace(_BYTE_ORDER_MARK, "")
    except UnicodeDecodeError:
        if encoding.lower() in _CP1252 and _is_utf8(raw):
            return raw.decode("cp1252", "surrogateescape").translate(_UNDEFINED)
        return Reject(
            number,
            "undecodable",
            f"The line is not {encoding} text.",
            "Export the file in the encoding that the profile names, or name the right one in `text.encoding`.",
            raw.decode("ascii", "backslashreplace"),
        )


def _is_utf8(raw: bytes) -> bool:
    with suppress(UnicodeDecodeError):
        raw.decode()
        return True
    return False


def _mark_unfinished(text: str | Reject) -> str | Reject:
    return text if isinstance(text, Reject) else UnfinishedLine(text)


def line_end_of(chunk: bytes) -> bytes:
    """Returns the line end of a file that begins with this chunk."""
    return b"\r" if b"\n" not in chunk and b"\r" in chunk else b"\n"


def _split(stream: Readable, end: bytes) -> Iterator[tuple[list[bytes] | None, bool]]:
    """Yields (lines, whether their ends were read). None stands for a line over the limit, which is not held."""
    chunk = stream.read(CHUNK)
    end = end or line_end_of(chunk)
    rest, is_too_long = b"", False
    while chunk:
        head, *following = chunk.split(end)
        is_too_long = is_too_long or len(rest) + len(head) > LONGEST_LINE
        rest = b"" if is_too_long else rest + head
        if following:  # otherwise the line goes on in the next chunk
            if is_too_long:
                yield None, True
            else:
                following.insert(0, rest)
            rest, is_too_long = following.pop(), False
            yield [line.rstrip(b"\r") for line in following], True
        chunk = stream.read(CHUNK)
    if is_too_long or rest:
        yield (None if is_too_long else [rest]), False
