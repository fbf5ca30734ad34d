import io
import random
import zipfile

import pytest

from shared.errors import Rejected
from shared.feeds.layout import TextLayout
from tests.feeds.cases import HERE, shipped
from tests.feeds.small_drops import HEADER, a_drop, a_profile, a_row, codes, numbers, read
from tests.feeds.workbooks import a_workbook

ROWS = [a_row(1), a_row(2), a_row(3)]
SHEET = [HEADER.split(","), *(row.split(",") for row in ROWS)]
XLSX = a_profile(format="xlsx")


def a_zip(**members: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name.replace("__", "/").replace("_", "."), content)
    return file.getvalue()


def test_a_workbook_is_read_as_the_same_text_would_be() -> None:
    assert [parsed.arrest for parsed in read(a_workbook(SHEET), XLSX).arrests] == [
        parsed.arrest for parsed in read(a_drop(*ROWS)).arrests
    ]


def test_blank_rows_at_the_end_of_a_sheet_are_no_rows() -> None:
    outcome = read(a_workbook([*SHEET, [], [" "], []]), XLSX)
    assert (numbers(outcome), outcome.rows) == (["T-1", "T-2", "T-3"], 3)


def test_a_sheet_without_a_header_is_read_by_the_profiles_columns() -> None:
    profile = a_profile(format="xlsx", text=TextLayout(header=tuple(HEADER.split(","))))
    assert len(read(a_workbook(SHEET[1:]), profile).arrests) == 3


def test_a_sheet_that_is_not_there_is_told_with_those_that_are() -> None:
    with pytest.raises(Rejected) as refused:
        read(a_workbook(SHEET), a_profile(format="xlsx", text=TextLayout(sheet="June")))
    assert (refused.value.code, refused.value.fix) == ("sheet", "It has: Hidden notes, Arrests.")


@pytest.mark.parametrize(
    "drop",
    [b"", b"not a workbook", b"\xd0\xcf\x11\xe0" + bytes(2_000), a_drop(*ROWS), a_zip(a_csv=a_drop(*ROWS)), a_zip(),
     a_workbook(SHEET)[:-40]],
    ids=["nothing", "words", "an old workbook", "a csv", "a zip of a csv", "an empty zip", "half of one"],
)  # fmt: skip
def test_what_is_no_workbook_is_refused(drop: bytes) -> None:
    with pytest.raises(Rejected) as refused:
        read(drop, XLSX)
    assert refused.value.code in ("xlsx", "zip")


def changed(part_name: str, old: bytes, new: bytes) -> bytes:
    """The workbook with one of its parts changed."""
    source, file = zipfile.ZipFile(io.BytesIO(a_workbook(SHEET))), io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name in source.namelist():
            part = source.read(name)
            if name.endswith(part_name):
                assert old in part
                part = part.replace(old, new, 1)
            archive.writestr(name, part)
    return file.getvalue()


@pytest.mark.parametrize(
    "drop",
    [
        changed("sheet2.xml", b"<worksheet", b'<!DOCTYPE x [<!ENTITY a "aaaa">]><worksheet'),
        changed("[Content_Types].xml", b"sheet.main+xml", b"nothing+xml"),
        changed("sheet2.xml", b'<row r="3"', b'<row r="999999999999"'),
        changed("sheet2.xml", b'r="A3"', b'r="ZZZZZZZ3"'),
    ],
    ids=["entities", "no workbook inside", "a row that no sheet has", "a column that no sheet has"],
)
def test_te5_a_workbook_that_no_program_saves_is_refused(drop: bytes) -> None:
    with pytest.raises(Rejected) as refused:
        read(drop, XLSX)
    assert refused.value.code == "xlsx"


def test_damaged_workbooks_are_refused_or_read_and_never_break_the_reader() -> None:
    whole, chance = (HERE / "golden/xlsx/roster.xlsx").read_bytes(), random.Random(3)
    for _ in range(150):
        hurt = bytearray(whole)
        for _ in range(3):
            hurt[chance.randrange(len(hurt))] = chance.randrange(256)
        try:
            outcome = read(bytes(hurt), XLSX)
        except Rejected:
            continue
        assert outcome.arrests == []


def test_a_workbook_whose_parts_would_begin_before_the_file_is_refused() -> None:
    drop = bytearray(a_workbook(SHEET))
    directory_offset = drop.rindex(b"PK\x05\x06") + 16
    offset = int.from_bytes(drop[directory_offset : directory_offset + 4], "little")
    drop[directory_offset : directory_offset + 4] = (offset + 10).to_bytes(4, "little")
    with pytest.raises(Rejected, match="no Excel workbook"):
        read(bytes(drop), XLSX)


def test_a_zip_with_one_file_is_read_like_its_content() -> None:
    plain = read(a_drop(*ROWS)).arrests
    assert read(a_zip(arrests_csv=a_drop(*ROWS))).arrests == plain
    assert read(a_zip(folder__arrests_csv=a_drop(*ROWS), __MACOSX___arrests_csv=b"x")).arrests == plain
    assert [parsed.arrest for parsed in read(a_zip(arrests_xlsx=a_workbook(SHEET)), XLSX).arrests] == [
        one.arrest for one in plain
    ]


@pytest.mark.parametrize(
    ("drop", "code"),
    [
        (a_zip(), "zip"),
        (a_zip(a_csv=a_zip(b_csv=a_drop(*ROWS)), b_csv=a_zip(b_csv=a_drop(*ROWS))), "zip"),
        (a_zip(a_zip=a_zip(b_csv=a_drop(*ROWS))), "wrong-kind"),
        (a_zip(a_csv=a_drop(*ROWS))[:-20], "zip"),
        (b"PK\x03\x04" + b"rubbish" * 100, "zip"),
    ],
    ids=["nothing in it", "archives in it", "an archive in it", "cut", "rubbish"],
)
def test_a_zip_that_cannot_be_read_is_refused(drop: bytes, code: str) -> None:
    with pytest.raises(Rejected) as refused:
        read(drop)
    assert refused.value.code == code


def test_te5_a_zip_that_is_a_bomb_is_refused() -> None:
    with pytest.raises(Rejected) as refused:
        read(a_zip(a_csv=bytes(150 << 20)))
    assert refused.value.code == "zip"


def test_a_zip_whose_content_is_damaged_is_refused() -> None:
    drop = bytearray(a_zip(a_csv=a_drop(*(a_row(number) for number in range(3_000)))))
    drop[2_000] ^= 0xFF
    with pytest.raises(Rejected, match="zip"):
        read(bytes(drop))


def test_a_row_with_gaps_keeps_its_columns_and_one_that_is_too_wide_is_rejected() -> None:
    header = HEADER.split(",")
    outcome = read(a_workbook([header, ["T-1", None, "Last"], ["T-2", *[None] * 9, "far out"]]), XLSX)
    assert (numbers(outcome), codes(outcome)) == (["T-1"], [(3, "too-many-cells")])


def test_each_file_of_a_zip_is_read_and_a_reject_says_where_it_stands() -> None:
    more = a_drop(a_row(7), a_row(8, Date="never"))
    outcome = read(a_zip(a_csv=a_drop(*ROWS), b_csv=more, c_pdf=b"%PDF-1.7", d_csv=a_drop(a_row(9))))
    assert numbers(outcome) == [*numbers(read(a_drop(*ROWS))), "T-7", "T-9"]
    assert [reject.code for reject in outcome.rejects] == ["bad-date", "wrong-kind"]
    assert outcome.rejects[1].reason == "File 3 of the archive: The file is a PDF."
    assert outcome.rows == len(outcome.arrests) + 2


def test_a_row_that_cannot_be_read_says_its_line_in_its_file() -> None:
    outcome = read(a_zip(a_csv=a_drop(*ROWS), b_csv=a_drop(a_row(7), "too,few")))
    (reject,) = outcome.rejects
    assert reject.reason.endswith("(Line 3 of file 2 of the archive.)")
    assert reject.line == len(ROWS) + 1 + 3


def test_a_zip_of_files_that_cannot_be_read_is_refused_like_the_first() -> None:
    with pytest.raises(Rejected, match="The file is a PDF"):
        read(a_zip(a_csv=b"%PDF-1.7", b_csv=b""))


def test_a_file_of_a_zip_with_other_columns_refuses_the_drop_and_is_named_by_its_number() -> None:
    with pytest.raises(Rejected, match="File 2 of the archive: The header lacks the columns"):
        read(a_zip(a_csv=a_drop(*ROWS), b_csv=b"1\n"))


def test_a_file_of_a_zip_that_proves_wrong_further_down_refuses_the_drop() -> None:
    cut = (HERE / "golden/xml/jail-xml.xml").read_bytes()
    with pytest.raises(Rejected, match="well-formed"):
        read(a_zip(a_xml=cut, b_xml=cut[:-40]), shipped("jail-xml"))


def test_documents_of_one_arrest_each_are_read_from_one_zip() -> None:
    document = (HERE / "golden/niem-xml/booking.xml").read_bytes()
    outcome = read(a_zip(a_xml=document, b_xml=document.replace(b"JB-900", b"JB-901")), shipped("niem-bookings"))
    assert numbers(outcome) == ["JB-900", "JB-901"]
