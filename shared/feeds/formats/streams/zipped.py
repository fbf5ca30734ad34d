"""ZIP archives: a drop in one, or a workbook, which is one. They are checked before anything is unpacked."""

import tempfile
import zipfile
import zlib
from collections.abc import Callable
from functools import partial
from typing import IO, NamedTuple, Protocol

from shared.errors import Rejected

LARGEST = 200 << 20  # bytes, packed and unpacked
HIGHEST_RATIO = 200  # of unpacked to packed bytes
_RATIO_FROM = 10 << 20  # bytes; a small archive may be very regular
_MOST_MEMBERS = 2_000
_MOST_IN_MEMORY = 16 << 20  # bytes; a larger file goes to a temporary file
_CHUNK = 1 << 18  # bytes
_WORKBOOK_MEMBERS = frozenset({"[Content_Types].xml", "content.xml"})  # of Office, of OpenDocument
SIGNATURES = (b"PK\x03\x04", b"PK\x05\x06")
DAMAGE = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError)
"""What reading a damaged or encrypted archive raises."""


class Readable(Protocol):
    def read(self, size: int, /) -> bytes: ...


def spool(stream: Readable) -> IO[bytes]:
    """Copies the stream into a file that can seek. Raises Rejected when it holds over 200 MiB."""
    file, size = tempfile.SpooledTemporaryFile(_MOST_IN_MEMORY), 0  # noqa: SIM115 - its reader closes it
    while chunk := stream.read(_CHUNK):
        size += len(chunk)
        if size > LARGEST:
            raise Rejected("too-large", f"The file holds more than {LARGEST >> 20} MiB.", "Send it in parts.")
        file.write(chunk)
    file.seek(0)
    return file


def open_archive(file: IO[bytes]) -> zipfile.ZipFile:
    """Raises Rejected when the archive is damaged, too large or a bomb.

    Sizes are as the archive declares them; `zipfile` never reads a member further than that.
    """
    try:
        archive = zipfile.ZipFile(file)
    except DAMAGE as error:
        raise Rejected("zip", "The ZIP archive is damaged or cut short.", "Send it again, whole.") from error
    members = archive.infolist()
    unpacked_size = sum(member.file_size for member in members)
    if unpacked_size > LARGEST:
        raise Rejected("too-large", f"The archive holds more than {LARGEST >> 20} MiB.", "Send it in parts.")
    packed_size = sum(member.compress_size for member in members)
    if len(members) > _MOST_MEMBERS or unpacked_size > max(_RATIO_FROM, HIGHEST_RATIO * packed_size):
        raise Rejected("zip", "The ZIP archive unpacks to far more than a feed does.", "Send it unpacked.")
    return archive


class Member(NamedTuple):
    """A file in an archive. Its `name` is empty where the archive is a workbook, which is the file itself."""

    name: str
    open: Callable[[], IO[bytes]]


def members_of(file: IO[bytes]) -> list[Member]:
    """Returns the files in the archive, in the order of their names; or the archive itself when it is a workbook.
    Both this and opening a file raise Rejected."""
    archive = open_archive(file)
    if not _WORKBOOK_MEMBERS.isdisjoint(archive.namelist()):
        file.seek(0)
        return [Member("", lambda: file)]
    members = [member for member in archive.infolist() if not (member.is_dir() or _is_litter(member.filename))]
    members.sort(key=lambda member: member.filename)
    return [Member(member.filename, partial(_open_member, archive, member)) for member in members]


def _open_member(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> IO[bytes]:
    try:
        return archive.open(member)
    except DAMAGE as error:
        raise Rejected("zip", "The ZIP archive is damaged, or asks for a password.", "Send it open.") from error


def _is_litter(name: str) -> bool:
    """What macOS adds to an archive."""
    return name.startswith("__MACOSX/") or name.rpartition("/")[2].startswith(".")
