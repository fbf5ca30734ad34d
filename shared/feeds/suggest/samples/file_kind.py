"""What kind of file a sample is, and what to ask for where no profile can read it."""

import json
from typing import NamedTuple

from shared.errors import Rejected


class OtherFile(NamedTuple):
    """A kind of file that is refused. `opening` are its first bytes."""

    opening: bytes
    name: str
    fix: str


_TABLE = "Ask the agency or its vendor for the same list as CSV or as an Excel workbook (.xlsx)."
_PICTURE = "Ask for the list as text; nobody should type arrests from a picture into a feed."
_OTHERS = (
    OtherFile(b"%PDF", "a PDF document", f"{_TABLE} Single arrests can be entered by hand meanwhile."),
    OtherFile(b"{\\rtf", "a rich text document (RTF)", _TABLE),
    OtherFile(
        b"\xd0\xcf\x11\xe0", "an Excel workbook of the older kind (.xls), or a Word document", "Save it as .xlsx."
    ),
    OtherFile(b"\x00\x01\x00\x00Standard", "an Access database", "Export its table as CSV."),
    OtherFile(b"SQLite format 3", "an SQLite database", "Export its table as CSV."),
    OtherFile(b"\x89PNG", "a picture", _PICTURE),
    OtherFile(b"\xff\xd8\xff", "a picture", _PICTURE),
    OtherFile(b"GIF8", "a picture", _PICTURE),
    OtherFile(b"II*\0", "a picture", _PICTURE),
    OtherFile(b"7z\xbc\xaf", "a 7z archive", "Send the file itself, or a ZIP archive with one file."),
    OtherFile(b"Rar!", "a RAR archive", "Send the file itself, or a ZIP archive with one file."),
    OtherFile(b"PAR1", "a Parquet file", _TABLE),
)
_XML = "Write a profile by hand: `shared/feeds/profiles/README.md` has one for each XML format that is read."
_FIXED = "Start from `shared/feeds/profiles/nibrs.yaml`: the format names its own columns."
_EBTS = "Start from `shared/feeds/profiles/ebts.yaml`: the format names its own columns."
_BYTE_ORDER_MARKS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")
_WORKBOOK = b"PK\x03\x04"
_MOST_CONTROLS = 0.01  # share of control characters in a text


def kind_of(content: bytes) -> str:
    """Returns `delimited`, `json`, `ndjson` or `xlsx` for an unpacked file. Raises Rejected for any other kind."""
    if content.startswith(_WORKBOOK):
        return "xlsx"
    for other in _OTHERS:
        if content.startswith(other.opening):
            raise _refusal(other.name, other.fix)
    has_mark = content.startswith(_BYTE_ORDER_MARKS)
    opening = (content[3:] if content.startswith(_BYTE_ORDER_MARKS[0]) else content)[:4096].lstrip()
    if not opening.strip(b"\0"):
        raise Rejected("empty", "The file is empty.", "Send a sample with its header line and about a hundred rows.")
    _refuse_documents(opening)
    if not has_mark and _is_binary(content[:65536]):
        raise _refusal("no text", _TABLE)
    return _json_kind(content, opening) if opening[:1] in (b"[", b"{") else "delimited"


def _refuse_documents(opening: bytes) -> None:
    """Raises Rejected for HTML, XML, fixed-width NIBRS and fingerprint transactions."""
    start = opening[:200].lower()
    if start.startswith((b"<!doctype html", b"<html", b"<table")):
        raise _refusal("a web page (HTML)", _TABLE)
    if start.startswith(b"<"):
        raise _refusal("an XML document", _XML)
    if opening[:6].isalnum() and opening[:4].isdigit() and opening[4:6] in (b"06", b"07", b"01", b"00"):
        width = int(opening[:4])
        first_line = opening.partition(b"\n")[0].rstrip(b"\r")
        if len(first_line) == width:
            raise _refusal("a fixed-width NIBRS submission", _FIXED)
    if opening.startswith((b"1.001:", b"1.01:")):
        raise _refusal("a fingerprint transaction (EBTS)", _EBTS)


def _json_kind(content: bytes, opening: bytes) -> str:
    """`[` opens one array. `{` opens one object a line, or one object that wraps all records."""
    if opening[:1] == b"[":
        return "json"
    first_line, _, rest = content.lstrip(b"\xef\xbb\xbf \t\r\n").partition(b"\n")
    try:
        json.loads(first_line)
    except (ValueError, RecursionError):
        return "json"
    return "ndjson" if rest.strip() else "json"


def _is_binary(content: bytes) -> bool:
    controls = sum(content.count(bytes([code])) for code in (*range(9), *range(14, 28)))
    return controls > len(content) * _MOST_CONTROLS


def _refusal(name: str, fix: str) -> Rejected:
    return Rejected("kind", f"The file is {name}." if name != "no text" else "The file is no text.", fix)
