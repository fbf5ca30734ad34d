"""OpenDocument spreadsheets that tests build, and the golden one: `python -m tests.feeds.open_documents`."""

import io
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from xml.sax.saxutils import escape

from tests.feeds.cases import HERE

_TYPE = "application/vnd.oasis.opendocument.spreadsheet"
_NAMESPACES = " ".join(
    f'xmlns:{prefix}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for prefix, name in (("office", "office"), ("table", "table"), ("text", "text"))
)
_MANIFEST = (
    '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
    f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{_TYPE}"/></manifest:manifest>'
)


def an_ods(sheets: Mapping[str, Iterable[Sequence[object]]]) -> bytes:
    """`sheets` maps titles to rows of texts, numbers and dates."""
    tables = "".join(
        f'<table:table table:name="{title}">{"".join(map(_row, rows))}</table:table>' for title, rows in sheets.items()
    )
    return ods_of(tables)


def ods_of(tables: str) -> bytes:
    content = (
        f"<office:document-content {_NAMESPACES}><office:body><office:spreadsheet>{tables}"
        "</office:spreadsheet></office:body></office:document-content>"
    )
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, text in (("mimetype", _TYPE), ("content.xml", content), ("META-INF/manifest.xml", _MANIFEST)):
            member = zipfile.ZipInfo(name, (2026, 11, 20, 0, 0, 0))
            member.compress_type = zipfile.ZIP_STORED if name == "mimetype" else zipfile.ZIP_DEFLATED
            archive.writestr(member, text)
    return file.getvalue()


def _row(cells: Sequence[object]) -> str:
    return f"<table:table-row>{''.join(map(_cell, cells))}</table:table-row>"


def _cell(value: object) -> str:
    match value:
        case None:
            return "<table:table-cell/>"
        case int() | float():
            return f'<table:table-cell office:value-type="float" office:value="{value}"/>'
        case date():
            return f'<table:table-cell office:value-type="date" office:date-value="{value.isoformat()}"/>'
        case _:
            text = escape(str(value))
            return f'<table:table-cell office:value-type="string"><text:p>{text}</text:p></table:table-cell>'


HEADER: list[object] = ["No", "Booked", "Name", "DOB", "Offense", "SSN"]
GOLDEN: dict[str, list[list[object]]] = {
    "June": [
        HEADER,
        [101, date(2026, 6, 1), "TESTMANN, ADA", date(1981, 4, 5), "Assault 3", "900-11-2222"],
        ["A-102", "06/02/2026", "MUSTER, BO & CO", "04/06/1982", "Burglary 2", None],
        [],
        [103, "never", "BEISPIEL, CAM", None, "Theft", None],
    ],
    "Legend": [["Code", "Meaning"], ["A", "arrest"]],
    "July": [HEADER, [104, date(2026, 7, 1), "PROBE, DEE", date(2010, 1, 1), "Trespass", None], ["105", "never"]],
}

if __name__ == "__main__":
    (HERE / "golden/ods/months.ods").write_bytes(an_ods(GOLDEN))
