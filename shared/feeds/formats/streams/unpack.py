"""The bytes of a drop, unpacked and measured. Holds the limits against oversized files and decompression bombs.

No more than a chunk is in memory, and no more than the limit is read in all.
"""

import gzip
import io
import zlib
from collections.abc import Callable, Sequence
from functools import partial
from typing import IO, TYPE_CHECKING, BinaryIO, NamedTuple

from shared.errors import Rejected
from shared.feeds.formats.streams.zipped import DAMAGE, SIGNATURES, Readable, members_of, spool

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

LARGEST_DROP = 200 << 20  # bytes, unpacked
HIGHEST_RATIO = 200  # of unpacked to packed bytes: real feeds reach about 20 with gzip, a bomb 1,000
_RATIO_FROM = 10 << 20  # bytes; a small file may be very regular
_GZIP = b"\x1f\x8b"
_GZIP_WINDOW = 16 + zlib.MAX_WBITS  # zlib's word for "gzip alone"
_BUFFER = 1 << 18  # bytes


class UnpackedFile(NamedTuple):
    """One file of a drop. Its `name` is that in the ZIP, and empty where the drop is no ZIP."""

    name: str
    open: Callable[[], BinaryIO]


class MeasuredStream(io.RawIOBase):
    """Counts the bytes that pass. Reading raises Rejected at the limit, and where the packed file is damaged."""

    def __init__(
        self, source: Readable, largest: int, packed: "MeasuredStream | None" = None, kind: str = "gzip"
    ) -> None:
        self._source, self._largest, self._packed, self._kind = source, largest, packed, kind
        self.passed = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "WriteableBuffer", /) -> int:
        view = memoryview(buffer)
        try:
            chunk = self._source.read(len(view))
        except (gzip.BadGzipFile, *DAMAGE) as error:
            reason = f"The {self._kind} file is damaged or cut short."
            raise Rejected(self._kind, reason, "Send it again, whole.") from error
        view[: len(chunk)] = chunk
        self.passed += len(chunk)
        self._check_limits()
        return len(chunk)

    def _check_limits(self) -> None:
        if self.passed > self._largest:
            raise Rejected("too-large", f"The file holds more than {self._largest >> 20} MiB.", "Send it in parts.")
        if self._packed and self.passed > max(_RATIO_FROM, HIGHEST_RATIO * self._packed.passed):
            raise Rejected("gzip", "The gzip file unpacks to far more than a feed does.", "Send it unpacked.")


def is_packed(first: bytes) -> bool:
    """Whether a file with these first four bytes is gzip or ZIP."""
    return first.startswith((*SIGNATURES, _GZIP))


def unpacked_beginning(first: bytes, most: int) -> bytes:
    """Returns the first bytes of what a file that begins so holds, at most so many: unpacked where it is gzip."""
    if not first.startswith(_GZIP):
        return first
    try:
        return zlib.decompressobj(_GZIP_WINDOW).decompress(first, most)
    except zlib.error:
        return b""


def unpack(stream: Readable, largest: int = LARGEST_DROP) -> BinaryIO:
    """Returns the stream itself, or the one file that its gzip or ZIP holds. Raises Rejected as `unpack_files` does."""
    files = unpack_files(stream, largest)
    if len(files) != 1:
        raise Rejected("zip", f"The ZIP archive holds {len(files)} files.", "Send one file in an archive.")
    return files[0].open()


def unpack_files(stream: Readable, largest: int = LARGEST_DROP) -> Sequence[UnpackedFile]:
    """Returns the stream itself, or each file in its ZIP, or what its gzip holds; open them one by one.

    This, opening and reading raise Rejected when the packed file is damaged or a bomb, or when a file holds more than
    `largest` bytes.
    """
    packed = MeasuredStream(stream, LARGEST_DROP)
    plain = io.BufferedReader(packed, _BUFFER)
    first = plain.peek(4)[:4]
    if first in SIGNATURES:
        members = members_of(spool(plain))
        return [UnpackedFile(member.name, partial(_measured_member, member.open, largest)) for member in members]
    if first.startswith(_GZIP):
        unzipped = MeasuredStream(gzip.GzipFile(fileobj=plain), largest, packed)
        return [UnpackedFile("", lambda: io.BufferedReader(unzipped, _BUFFER))]
    return [UnpackedFile("", lambda: plain if largest == LARGEST_DROP else measured(plain, largest))]


def measured(stream: Readable, largest: int) -> BinaryIO:
    """The stream, of which reading more than `largest` bytes raises Rejected."""
    return io.BufferedReader(MeasuredStream(stream, largest), _BUFFER)


def _measured_member(open_member: Callable[[], IO[bytes]], largest: int) -> BinaryIO:
    return io.BufferedReader(MeasuredStream(open_member(), largest, kind="zip"), _BUFFER)
