"""The ZIP of an export, with a manifest that `sha256sum -c` reads (GNU coreutils). Pure.

Names of files are numbers and words of ours, never anything that somebody wrote. The same files make the same bytes.
"""

import hashlib
import io
import json
import re
import zlib
from collections.abc import Iterator, Mapping
from typing import Any
from zipfile import ZIP_DEFLATED, BadZipFile, ZipFile, ZipInfo

from shared.records_requests.exports.model import MOST_BYTES

MANIFEST = "manifest.sha256"
_NAME = re.compile(r"(?:records/\d{2}/)?[a-z-]+\.(?:json|txt)")
_EARLIEST = (1980, 1, 1, 0, 0, 0)  # that a ZIP can name: the time of its making is the export's, not each file's
_READABLE = 0o644 << 16


class ExportTooLargeError(Exception):
    """The files have more bytes than an export may have."""


def as_json(value: Any) -> bytes:
    return (json.dumps(value, indent=1, ensure_ascii=False, default=str) + "\n").encode()


def manifest_of(files: Mapping[str, bytes]) -> bytes:
    """One line a file: hash, two blanks, name."""
    return "".join(f"{hashlib.sha256(files[name]).hexdigest()}  {name}\n" for name in sorted(files)).encode()


def pack(files: Mapping[str, bytes]) -> bytes:
    """Raises ExportTooLargeError, and ValueError for a name that is none of ours."""
    if strange := [name for name in files if not _NAME.fullmatch(name)]:
        raise ValueError(f"{len(strange)} files have names that no export has")
    if sum(map(len, files.values())) > MOST_BYTES:
        raise ExportTooLargeError
    packed = io.BytesIO()
    with ZipFile(packed, "w", ZIP_DEFLATED) as archive:
        for name, content in [*sorted(files.items()), (MANIFEST, manifest_of(files))]:
            info = ZipInfo(name, date_time=_EARLIEST)
            info.external_attr, info.compress_type = _READABLE, ZIP_DEFLATED
            archive.writestr(info, content)
    return packed.getvalue()


def faults_in(content: bytes) -> list[str]:
    """What is wrong with the bytes of an export: files that are changed, missing or too many. Empty if nothing is."""
    try:
        with ZipFile(io.BytesIO(content)) as archive:
            names = set(archive.namelist())
            listed = dict(_listed(archive.read(MANIFEST).decode())) if MANIFEST in names else {}
            if sum(info.file_size for info in archive.infolist()) > 2 * MOST_BYTES:
                return ["it unpacks to more than an export may have"]
            files = {name: archive.read(name) for name in names - {MANIFEST}}
    except (BadZipFile, UnicodeDecodeError, zlib.error) as error:
        return [f"it is no ZIP that can be read: {type(error).__name__}"]
    changed = [name for name in files if hashlib.sha256(files[name]).hexdigest() != listed.get(name)]
    return [
        *(f"{name} is not what the manifest says" for name in sorted(changed)),
        *(f"{name} is missing" for name in sorted(listed.keys() - files.keys())),
        *([] if listed else ["it has no manifest"]),
    ]


def _listed(manifest: str) -> Iterator[tuple[str, str]]:
    for line in manifest.splitlines():
        digest, _, name = line.partition("  ")
        yield name, digest
