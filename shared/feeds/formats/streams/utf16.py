"""UTF-16 text, as Excel's "Unicode text" is, given on as UTF-8."""

import codecs

from shared.feeds.formats.streams.zipped import Readable

_LEAST_NULS = 0.8  # of the letters of a text: those beyond Latin have none
_MARKS = {codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}


def utf16_of(first: bytes) -> str | None:
    """The kind of UTF-16 of a file that begins so; None for other text.

    Without a mark, nearly every letter of a list of arrests has a NUL in the same half.
    """
    mark = _MARKS.get(first[:2])
    if mark or len(first) < 4:
        return mark
    low, high = first[1::2], first[0::2]
    for name, half, other in (("utf-16-le", low, high), ("utf-16-be", high, low)):
        if half.count(0) >= len(half) * _LEAST_NULS and other.count(0) <= len(other) * (1 - _LEAST_NULS):
            return name
    return None


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
