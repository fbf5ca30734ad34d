"""A file of another kind than its format reads is refused with its name and the way out."""

import gzip
import io
import json
import sqlite3
import tarfile
from pathlib import Path

import pytest

from shared.errors import Rejected
from shared.feeds.formats import FORMATS
from shared.feeds.formats.streams.signatures import OTHER_KINDS, check_kind, kind_of
from shared.feeds.formats.streams.unpack import unpack_files
from shared.feeds.normalise.read_drop import read_records
from tests.feeds.cases import HERE, expected_file, golden_cases, profile_of
from tests.feeds.small_drops import a_drop, a_profile, a_row


def a_tar() -> bytes:
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w") as archive:
        archive.addfile(tarfile.TarInfo("arrests.csv"))
    return file.getvalue()


def a_database() -> bytes:
    with sqlite3.connect(":memory:") as database:
        database.execute("create table arrests (number)")
        return database.serialize()


DBF = bytes([3, 126, 11, 20, 3, 0, 0, 0, 97, 0, 40, 0]) + bytes(20)
FILES = {
    "a PDF": b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n",
    "a PostScript document": b"%!PS-Adobe-3.0\n",
    "a Rich Text document (RTF)": b"{\\rtf1\\ansi Arrests",
    "a web page (HTML)": b"\r\n<!DOCTYPE HTML>\n<html><body><table>",
    "a picture": b"\x89PNG\r\n\x1a\n",
    "an Access database": b"\0\1\0\0Standard ACE DB\0",
    "a SQLite database": a_database(),
    "a dBase or FoxPro table (.dbf)": DBF,
    "a Parquet file": b"PAR1\x15\x04",
    "a tar archive": a_tar(),
    "a 7-Zip archive": b"7z\xbc\xaf\x27\x1c\0\4",
    "a RAR archive": b"Rar!\x1a\x07\1\0",
    "a bzip2, xz or Zstandard archive": b"\xfd7zXZ\0\0\4",
}
PICTURES = (b"\xff\xd8\xff\xe0", b"GIF89a", b"II*\0", b"MM\0*", b"BM\x36\x10\0\0\0\0\0\0", b"RIFF\x10\0\0\0WEBPVP8 ")
READ_KINDS = {
    "a JSON document": b'[\n {"id": 1}]',
    "an XML document": b"\xef\xbb\xbf<?xml version='1.0'?><Roster/>",
    "an Excel workbook": (HERE / "golden/xlsx/roster.xlsx").read_bytes(),
    "an older Office file (.xls, .doc), or a workbook with a password": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
    + bytes(600),
    "an OpenDocument file": b"PK\3\4" + bytes(22) + b"\x08\0\0\0mimetypeapplication/vnd.oasis.opendocument.spreadsheet",
    "a file of fingerprints (EBTS)": (HERE / "golden/ebts/four-transactions.ebts").read_bytes(),
}


def reason_of(content: bytes, form: str = "delimited") -> str:
    with pytest.raises(Rejected) as refused:
        list(read_records(io.BytesIO(content), a_profile(format=form)))
    assert refused.value.code == "wrong-kind"
    assert refused.value.fix
    return refused.value.reason


def test_every_kind_that_no_format_reads_has_an_example() -> None:
    assert {*FILES, "a gzip in another archive"} == {name for name, _, _ in OTHER_KINDS}


@pytest.mark.parametrize("form", sorted(FORMATS))
@pytest.mark.parametrize("name", FILES)
def test_a_file_of_a_kind_that_no_format_reads_is_named_by_every_format(name: str, form: str) -> None:
    assert reason_of(FILES[name], form) == f"The file is {name}."
    assert reason_of(gzip.compress(FILES[name]), form) == f"The file is {name}."


@pytest.mark.parametrize("picture", PICTURES)
def test_a_picture_of_each_kind_is_named(picture: bytes) -> None:
    assert reason_of(picture) == "The file is a picture."


@pytest.mark.parametrize("name", READ_KINDS)
def test_a_file_that_another_format_reads_is_named_with_that_format(name: str) -> None:
    if "OpenDocument" not in name:  # whose ZIP is cut here
        assert f"The file is {name}" in reason_of(READ_KINDS[name])
    assert str(kind_of(READ_KINDS[name])).startswith(name)


def test_a_gzip_of_a_gzip_is_named() -> None:
    assert reason_of(gzip.compress(gzip.compress(a_drop(a_row(1))))) == "The file is a gzip in another archive."


@pytest.mark.parametrize("case", golden_cases(), ids=lambda case: f"{case.parent.name}/{case.name}")
def test_no_golden_drop_is_taken_for_another_kind(case: Path) -> None:
    profile = profile_of(case, json.loads(expected_file(case).read_text()))
    kind = FORMATS[profile.format].KIND
    stream = unpack_files(io.BytesIO(case.read_bytes()))[0].open()
    assert check_kind(stream, profile.format, kind) is stream


@pytest.mark.parametrize(
    "text",
    [
        b"No,Date\n",
        b"{No},Date\n",
        b"[No],[Date]\n",
        b"<5,Age\n",
        b"BM,No\n",
        b"1.03,No\n",
        b"PK,No\n",
        b"%,No\n",
        b"II,No\n",
        b"\x03",
        b"",
        b"\n",
        "é,No\n".encode("cp1252"),
    ],
)
def test_plain_text_is_not_taken_for_another_kind(text: bytes) -> None:
    assert kind_of(text) is None
