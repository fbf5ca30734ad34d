"""The bytes of a drop, unpacked and measured: never more in memory than a chunk, never more in all than the limit."""

import gzip
import io
from typing import TYPE_CHECKING, BinaryIO

from shared.errors import Rejected
from shared.feeds.formats.streams.zipped import DAMAGE, SIGNATURES, Readable, only_member, spooled

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

LARGEST = 200 << 20  # bytes of one drop, unpacked
HIGHEST_RATIO = 200  # gzip of real feeds reaches about 20; a bomb 1,000
_RATIO_FROM = 10 << 20  # bytes; small files may well be very regular
_GZIP = b"\x1f\x8b"


class _Measured(io.RawIOBase):
    """Counts what passes and stops it at the limit."""

    def __init__(self, source: Readable, packed: "_Measured | None" = None, kind: str = "gzip") -> None:
        self._source, self._packed, self._kind, self.passed = source, packed, kind, 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "WriteableBuffer", /) -> int:
        view = memoryview(buffer)
        try:
            chunk = self._source.read(len(view))
        except gzip.BadGzipFile as error:
            raise Rejected("gzip", "The gzip file is damaged or cut short.", "Send it again, whole.") from error
        except DAMAGE as error:
            raise Rejected(
                self._kind, f"The {self._kind} file is damaged or cut short.", "Send it again, whole."
            ) from error
        view[: len(chunk)] = chunk
        self.passed += len(chunk)
        if self.passed > LARGEST:
            raise Rejected("too-large", f"The file holds more than {LARGEST >> 20} MiB.", "Send it in parts.")
        if self._packed and self.passed > max(_RATIO_FROM, HIGHEST_RATIO * self._packed.passed):
            raise Rejected("gzip", "The gzip file unpacks to far more than a feed does.", "Send it unpacked.")
        return len(chunk)


def is_packed(first: bytes) -> bool:
    """By the first four bytes of a file."""
    return first.startswith((*SIGNATURES, _GZIP))


def unpack(stream: Readable) -> BinaryIO:
    """The stream itself, or what its gzip or its ZIP holds. Reading it raises Rejected when it is damaged
    or too large."""
    packed = _Measured(stream)
    plain = io.BufferedReader(packed, 1 << 18)
    if plain.peek(4)[:4] in SIGNATURES:
        return io.BufferedReader(_Measured(only_member(spooled(plain)), kind="zip"), 1 << 18)
    if plain.peek(2)[:2] != _GZIP:
        return plain
    return io.BufferedReader(_Measured(gzip.GzipFile(fileobj=plain), packed), 1 << 18)
