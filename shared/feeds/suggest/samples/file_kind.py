"""What kind of file a sample is, and what to ask for where no profile can be made of it."""

import json
import re

from shared.errors import Rejected
from shared.feeds.formats.streams.signatures import OTHER_KINDS, PEEKED, FileKind, kind_of

_TABLE = "Ask the agency or its vendor for the same list as CSV or as an Excel workbook (.xlsx)."
_OTHER_FIXES = {name: fix for name, _, fix in OTHER_KINDS}
_FIXES = {
    FileKind.FINGERPRINTS: "Start from `shared/feeds/profiles/ebts.yaml`: the format names its own columns.",
}
_NIBRS = "Start from `shared/feeds/profiles/nibrs.yaml`: the format names its own columns."
_NIEM = "Start from `shared/feeds/profiles/niem-bookings.yaml`: the format names its own columns."
_NIEM_XML = re.compile(rb"xmlns[^>]*(?:niem\.gov|lexs|nibrs|ndex)", re.IGNORECASE)
_WORKBOOKS: dict[object, str] = {
    FileKind.WORKBOOK: "xlsx",
    FileKind.OLD_WORKBOOK: "xls",
    FileKind.OPEN_WORKBOOK: "ods",
}
_NIBRS_SEGMENTS = (b"00", b"01", b"06", b"07")
_MOST_CONTROLS = 0.01  # share of control characters in a text


def format_of(content: bytes) -> str:
    """Returns the format of an unpacked file, of those in `read_sample.py`. Raises Rejected for any other kind."""
    if not content.strip(b"\xef\xbb\xbf\0 \t\r\n"):
        raise Rejected("empty", "The file is empty.", "Send a sample with its header line and about a hundred rows.")
    kind = kind_of(content[:PEEKED])
    if kind in _WORKBOOKS:
        return _WORKBOOKS[kind]
    if kind is FileKind.XML:
        return _xml_format(content)
    if kind is FileKind.JSON:
        return _json_format(content)
    if kind is not None:
        fix = _FIXES[kind] if isinstance(kind, FileKind) else _OTHER_FIXES[kind]
        raise Rejected("wrong-kind", f"The file is {kind}.", fix)
    _check_text(content)
    return "delimited"


def _check_text(content: bytes) -> None:
    opening = content[:65_536]
    controls = sum(opening.count(bytes([code])) for code in (*range(9), *range(14, 28)))
    if controls > len(opening) * _MOST_CONTROLS:
        raise Rejected("wrong-kind", "The file is no text.", _TABLE)
    first_line = content[:PEEKED].partition(b"\n")[0].rstrip(b"\r")
    if first_line[:4].isdigit() and first_line[4:6] in _NIBRS_SEGMENTS and len(first_line) == int(first_line[:4]):
        raise Rejected("wrong-kind", "The file is a fixed-width NIBRS submission.", _NIBRS)


def _xml_format(content: bytes) -> str:
    if _NIEM_XML.search(content[:PEEKED]):
        raise Rejected("wrong-kind", "The file is a document of a national exchange, in XML.", _NIEM)
    return "xml"


def _json_format(content: bytes) -> str:
    """`[` opens one array. `{` opens one object a line, or one object that wraps all records."""
    if b'"@context"' in content[:PEEKED]:
        raise Rejected("wrong-kind", "The file is a NIEM JSON document.", _NIEM)
    text = content.lstrip(b"\xef\xbb\xbf \t\r\n")
    first_line, _, rest = text.partition(b"\n")
    if text.startswith(b"[") or not rest.strip():
        return "json"
    try:
        json.loads(first_line)
    except (ValueError, RecursionError):
        return "json"
    return "ndjson"
