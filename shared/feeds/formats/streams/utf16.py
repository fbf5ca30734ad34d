"""UTF-16 text, as Excel's "Unicode text" is, given on as UTF-8."""

import codecs

from shared.feeds.formats.streams.zipped import Readable

_MARKS = {codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}


def utf16_of(first: bytes) -> str | None:
    """The kind of UTF-16 of a file that begins so; None for other text. Without a mark, every other byte is NUL."""
    if mark := _MARKS.get(first[:2]):
        return mark
    if len(first) < 4 or first[:4].count(0) != 2:
        return None
    return {b"\0\0": "utf-16-le"}.get(first[1:4:2]) or {b"\0\0": "utf-16-be"}.get(first[0:4:2])


class Utf8Stream:
    """The bytes of a text stream, those of UTF-16 as UTF-8. `is_utf16` is known from the first bytes."""

    def __init__(self, stream: Readable, size: int) -> None:
        self._stream, self._first = stream, stream.read(size)
        encoding = utf16_of(self._first)
        self.is_utf16 = encoding is not None
        self._decoder = codecs.getincrementaldecoder(encoding)("surrogatepass") if encoding else None

    def read(self, size: int, /) -> bytes:
        chunk, self._first = self._first or self._stream.read(size), b""
        if self._decoder is None:
            return chunk
        text = ""
        while chunk and not text:  # half a letter alone would look like the end of the file
            text = self._decode(chunk, self._decoder)
            chunk = b"" if text else self._stream.read(size)
        return text.encode("utf-8", "surrogatepass")  # a half letter makes its line undecodable

    @staticmethod
    def _decode(chunk: bytes, decoder: codecs.IncrementalDecoder) -> str:
        try:
            return decoder.decode(chunk)
        except UnicodeDecodeError:
            return "\ufffd"
