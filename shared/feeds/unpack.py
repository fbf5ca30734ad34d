"""The bytes of a drop, unpacked and measured: never more in memory than a chunk, never more in all than the limit."""

import gzip
import io
import zlib
from typing import TYPE_CHECKING, BinaryIO, Protocol

from shared.domain.errors import Rejected

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

LARGEST = 200 << 20  # bytes of one drop, unpacked
HIGHEST_RATIO = 200  # gzip of real feeds reaches about 20; a bomb 1,000
_RATIO_FROM = 10 << 20  # bytes; small files may well be very regular
_GZIP = b"\x1f\x8b"


class Readable(Protocol):
    def read(self, size: int, /) -> bytes: ...


class _Measured(io.RawIOBase):
    """Counts what passes and stops it at the limit."""

    def __init__(self, source: Readable, packed: "_Measured | None" = None) -> None:
        self._source, self._packed, self.passed = source, packed, 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "WriteableBuffer", /) -> int:
        view = memoryview(buffer)
        try:
            chunk = self._source.read(len(view))
        except (EOFError, zlib.error, gzip.BadGzipFile) as error:
            raise Rejected("gzip", "The gzip file is damaged or cut short.", "Send it again, whole.") from error
        view[: len(chunk)] = chunk
        self.passed += len(chunk)
        if self.passed > LARGEST:
            raise Rejected("too-large", f"The file holds more than {LARGEST >> 20} MiB.", "Send it in parts.")
        if self._packed and self.passed > max(_RATIO_FROM, HIGHEST_RATIO * self._packed.passed):
            raise Rejected("gzip", "The gzip file unpacks to far more than a feed does.", "Send it unpacked.")
        return len(chunk)


def unpacked(stream: Readable) -> BinaryIO:
    """The stream itself, or what its gzip holds. Reading it raises Rejected when the file is damaged or too large."""
    packed = _Measured(stream)
    plain = io.BufferedReader(packed, 1 << 18)
    if plain.peek(2)[:2] != _GZIP:
        return plain
    return io.BufferedReader(_Measured(gzip.GzipFile(fileobj=plain), packed), 1 << 18)
