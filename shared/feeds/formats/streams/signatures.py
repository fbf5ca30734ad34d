"""What a file is, by its first bytes: a drop of another kind than its format reads is refused with the kind's name.

Sources: the formats' own specifications; PRONOM, the technical registry of The National Archives (UK).
"""

import re
from collections.abc import Callable
from enum import StrEnum
from typing import BinaryIO, cast

from shared.errors import Rejected

PEEKED = 4096  # bytes
_ASK = "Ask the vendor for CSV, or enter the arrests by hand."
_UNPACK = "Send the file itself, or a gzip or ZIP of it."


class FileKind(StrEnum):
    """Kinds of files that some format reads. The value is the name in a sentence."""

    TEXT = "plain text"
    JSON = "a JSON document"
    XML = "an XML document"
    WORKBOOK = "an Excel workbook (.xlsx)"
    OLD_WORKBOOK = "an older Office file (.xls, .doc), or a workbook with a password"
    OPEN_WORKBOOK = "an OpenDocument file (.ods)"
    FINGERPRINTS = "a file of fingerprints (EBTS)"


_FORMAT_OF = {
    FileKind.JSON: "json` or `ndjson",
    FileKind.XML: "xml` or `niem-xml",
    FileKind.WORKBOOK: "xlsx",
    FileKind.OLD_WORKBOOK: "xls",
    FileKind.OPEN_WORKBOOK: "ods",
    FileKind.FINGERPRINTS: "ebts",
}

OTHER_KINDS: tuple[tuple[str, bytes, str], ...] = (
    ("a PDF", rb"%PDF-", _ASK),
    ("a PostScript document", rb"%!PS", _ASK),
    ("a Rich Text document (RTF)", rb"\{\\rtf", _ASK),
    ("a web page (HTML)", rb"(?i:<!doctype\s+html|<html)", "Send the list itself, not the page: as CSV."),
    ("a picture", rb"\x89PNG|\xff\xd8\xff|GIF8[79]a|II\*\0|MM\0\*|BM.{4}\0{4}|RIFF.{4}WEBP", _ASK),
    ("an Access database", rb"\0\x01\0\0Standard (?:Jet|ACE) DB", "Export its table as CSV."),
    ("a SQLite database", rb"SQLite format 3\0", "Export its table as CSV."),
    (
        "a dBase or FoxPro table (.dbf)",
        rb"[\x03\x30\x83\x8b\xf5][\x00-\xff](?:[\x01-\x09\x0b-\x0c]|\n)[\x01-\x1f][\x00-\xff]{20}\0{2}",
        "Export it as CSV.",
    ),
    ("a Parquet file", rb"PAR1", "Export it as CSV."),
    ("a tar archive", rb"[\x00-\xff]{257}ustar", _UNPACK),
    ("a 7-Zip archive", rb"7z\xbc\xaf\x27\x1c", _UNPACK),
    ("a RAR archive", rb"Rar!\x1a\x07", _UNPACK),
    ("a bzip2, xz or Zstandard archive", rb"BZh[1-9]1AY&SY|\xfd7zXZ\0|\x28\xb5\x2f\xfd", _UNPACK),
    ("a gzip in another archive", rb"\x1f\x8b\x08", _UNPACK),
)
"""Kinds that no format reads: the name in a sentence, how such a file begins, and the way out."""

_READ_KINDS: tuple[tuple[FileKind, bytes], ...] = (
    (FileKind.OLD_WORKBOOK, rb"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"),
    (FileKind.OPEN_WORKBOOK, rb"PK\x03\x04[\x00-\xff]{22}\x08\0[\x00-\xff]{2}mimetypeapplication/vnd\.oasis"),
    (FileKind.WORKBOOK, rb"PK\x03\x04"),
    (FileKind.FINGERPRINTS, rb"1\.0*1:[0-9]+\x1d"),
    (FileKind.XML, rb"<\?xml|<[A-Za-z_]|<!--|<!DOCTYPE"),
    (FileKind.JSON, rb"""\{\s*["}]|\[\s*[{\[]|\[\s*\]\s*\Z"""),
)
_LEADING = re.compile(rb"(?:\xef\xbb\xbf)?[ \t\r\n]*")


def _matcher(pattern: bytes) -> Callable[[bytes], re.Match[bytes] | None]:
    return re.compile(pattern, re.DOTALL).match


_OTHER_MATCHERS = [(name, _matcher(pattern), fix) for name, pattern, fix in OTHER_KINDS]
_READ_MATCHERS = [(kind, _matcher(pattern)) for kind, pattern in _READ_KINDS]


def kind_of(first: bytes) -> FileKind | str | None:
    """The kind of a file that begins so: one that a format reads, the name of another, or None, as plain text has."""
    kind = _find(first)
    return kind[0] if isinstance(kind, tuple) else kind


def _find(first: bytes) -> FileKind | tuple[str, str] | None:
    text = first[_LEADING.match(first).end() :]  # type: ignore[union-attr]  # it matches everything
    for name, match, fix in _OTHER_MATCHERS:
        if match(first) or match(text):
            return name, fix
    return next((kind for kind, match in _READ_MATCHERS if match(first) or match(text)), None)


def check_kind(stream: BinaryIO, format_name: str, wanted: FileKind) -> BinaryIO:
    """Returns the stream, unread. Raises Rejected when it is of another kind than its format reads."""
    kind = _find(_peek(stream))
    if kind is None or kind is wanted:
        return stream
    if isinstance(kind, tuple):
        raise Rejected("wrong-kind", f"The file is {kind[0]}.", kind[1])
    reason = f"The file is {kind}, and the profile says `{format_name}`."
    fix = f"Send {wanted}, or write `{_FORMAT_OF[kind]}` as the `format` of the profile."
    raise Rejected("wrong-kind", reason, fix)


def _peek(stream: BinaryIO) -> bytes:
    """`unpack` returns readers with `peek`."""
    return cast("bytes", stream.peek(PEEKED)[:PEEKED])  # type: ignore[attr-defined]
