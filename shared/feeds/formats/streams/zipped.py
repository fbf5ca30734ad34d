"""ZIP archives, a drop in one or a workbook that is one: looked at before anything of them is unpacked."""

import tempfile
import zipfile
import zlib
from typing import IO, Protocol

from shared.errors import Rejected

LARGEST = 200 << 20  # bytes, packed and unpacked
HIGHEST_RATIO = 200
_RATIO_FROM = 10 << 20  # bytes; small archives may well be very regular
_MOST_MEMBERS = 2_000
_IN_MEMORY = 16 << 20  # bytes; what is larger goes to a temporary file
_WORKBOOK = "[Content_Types].xml"
SIGNATURES = (b"PK\x03\x04", b"PK\x05\x06")
DAMAGE = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError)
"""What reading a damaged or encrypted archive raises."""


class Readable(Protocol):
    def read(self, size: int, /) -> bytes: ...


def spooled(stream: Readable) -> IO[bytes]:
    """The same bytes in a file that can be sought in."""
    file, size = tempfile.SpooledTemporaryFile(_IN_MEMORY), 0  # noqa: SIM115 - it lives as long as who reads it
    while chunk := stream.read(1 << 18):
        size += len(chunk)
        if size > LARGEST:
            raise Rejected("too-large", f"The file holds more than {LARGEST >> 20} MiB.", "Send it in parts.")
        file.write(chunk)
    file.seek(0)
    return file


def opened(file: IO[bytes]) -> zipfile.ZipFile:
    """Sizes are as the archive declares them; a member is never read further than that."""
    try:
        archive = zipfile.ZipFile(file)
    except DAMAGE as error:
        raise Rejected("zip", "The ZIP archive is damaged or cut short.", "Send it again, whole.") from error
    members = archive.infolist()
    whole = sum(member.file_size for member in members)
    if whole > LARGEST:
        raise Rejected("too-large", f"The archive holds more than {LARGEST >> 20} MiB.", "Send it in parts.")
    packed = sum(member.compress_size for member in members)
    if len(members) > _MOST_MEMBERS or whole > max(_RATIO_FROM, HIGHEST_RATIO * packed):
        raise Rejected("zip", "The ZIP archive unpacks to far more than a feed does.", "Send it unpacked.")
    return archive


def only_member(file: IO[bytes]) -> IO[bytes]:
    """The one file in the archive; the archive itself when it is a workbook."""
    archive = opened(file)
    if _WORKBOOK in archive.namelist():
        file.seek(0)
        return file
    members = [one for one in archive.infolist() if not one.is_dir() and not _is_litter(one.filename)]
    if len(members) != 1:
        raise Rejected("zip", f"The ZIP archive holds {len(members)} files.", "Send one file in an archive.")
    try:
        return archive.open(members[0])
    except DAMAGE as error:
        raise Rejected("zip", "The ZIP archive is damaged, or asks for a password.", "Send it open.") from error


def _is_litter(name: str) -> bool:
    """What a Mac puts beside the file that was meant."""
    return name.startswith("__MACOSX/") or name.rpartition("/")[2].startswith(".")
