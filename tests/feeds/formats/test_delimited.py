import tracemalloc

import pytest

from shared.arrests.model import Flag
from shared.errors import Rejected
from shared.feeds.layout import Cut, TextLayout
from tests.feeds.small_drops import HEADER, a_drop, a_profile, a_row, codes, numbers, read, zipped

GOOD = [a_row(1), a_row(2), a_row(3), a_row(4)]
GOOD_NUMBERS = ["T-1", "T-2", "T-3", "T-4"]


def with_defect(*defect: bytes) -> bytes:
    """Two good rows, the defect, two good rows."""
    lines = [HEADER.encode(), *(row.encode() for row in GOOD[:2]), *defect, *(row.encode() for row in GOOD[2:]), b""]
    return b"\n".join(lines)


@pytest.mark.parametrize(
    ("defect", "code"),
    [
        (b'T-9,09/01/2026,"Lone,Quote,04/05/1981,PL 1,Assault,M', "quotes"),
        (b'T-9,09/01/2026,"Lone" Quote,X,04/05/1981,PL 1,Assault,M', "quotes"),
        (b"T-9,09/01/2026,Few", "too-few-cells"),
        (b"T-9,09/01/2026,Many,Cells,04/05/1981,PL 1,Assault,M,more", "too-many-cells"),
        (b"T-9,02/30/2026,Bad,Date,04/05/1981,PL 1,Assault,M", "bad-date"),
        (b"T-9,2026-13-01,Bad,Date,04/05/1981,PL 1,Assault,M", "bad-date"),
        (b"T-9,09/01/2026,N\0ul,Byte,04/05/1981,PL 1,Assault,M", "control-character"),
        (b"T-9,09/01/2026,Caf\xe9,Latin,04/05/1981,PL 1,Assault,M", "undecodable"),
        (b"T-9,09/01/2026," + b"x" * (2 << 20) + b",Long,04/05/1981,PL 1,Assault,M", "line-too-long"),
        (b"T-9,09/01/2026," + b"x" * 300 + b",Long,04/05/1981,PL 1,Assault,M", "invalid"),
        (b"Total: 4 arrests", "no-arrest"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_defect_costs_one_row_and_no_good_one(defect: bytes, code: str) -> None:
    outcome = read(with_defect(defect))
    assert numbers(outcome) == GOOD_NUMBERS
    assert codes(outcome) == [(4, code)]
    assert outcome.rows == 5
    assert all(reject.reason and reject.fix for reject in outcome.rejects)


@pytest.mark.parametrize("blank", [b"", b"   ", b",,,,,,,", b" , ,,,,,,"])
def test_blank_lines_are_skipped_and_counted(blank: bytes) -> None:
    outcome = read(with_defect(blank))
    assert (numbers(outcome), outcome.skipped, outcome.rows) == (GOOD_NUMBERS, {"blank line": 1}, 5)


def test_a_repeated_header_is_skipped_and_counted() -> None:
    outcome = read(with_defect(HEADER.encode()))
    assert (numbers(outcome), outcome.skipped) == (GOOD_NUMBERS, {"header repeated": 1})


def test_two_files_in_one_with_a_byte_order_mark_in_the_middle_are_read() -> None:
    drop = a_drop(*GOOD[:2]) + b"\xef\xbb\xbf" + a_drop(*GOOD[2:])
    assert numbers(read(b"\xef\xbb\xbf" + drop)) == GOOD_NUMBERS


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_any_line_end_will_do(end: str) -> None:
    assert numbers(read(a_drop(*GOOD, end=end))) == GOOD_NUMBERS


def test_a_quoted_cell_may_span_lines() -> None:
    row = a_row(9, Charge='"Assault, ""third""\ndegree\n\nat night"')
    outcome = read(with_defect(row.encode()))
    assert numbers(outcome) == ["T-1", "T-2", "T-9", "T-3", "T-4"]
    assert outcome.arrests[2].arrest.charges[0].text == 'Assault, "third"\ndegree\n\nat night'


def test_lone_quotes_in_every_second_row_cost_those_rows_only() -> None:
    rows = [a_row(n, Last='"Lone') if n % 2 else a_row(n) for n in range(200)]
    outcome = read(a_drop(*rows))
    assert (len(outcome.arrests), len(outcome.rejects)) == (100, 100)


def test_line_numbers_count_on_after_a_cell_of_several_lines() -> None:
    outcome = read(with_defect(a_row(9, Charge='"two\nlines"').encode(), b"short"))
    assert codes(outcome) == [(6, "too-few-cells")]


def test_without_a_last_line_end_the_row_is_kept_and_flagged() -> None:
    outcome = read(a_drop(*GOOD).removesuffix(b"\n"))
    assert numbers(outcome) == GOOD_NUMBERS
    assert outcome.arrests[-1].arrest.flags == ("the file ends without a line end: the last cell may be cut short",)


def test_without_a_last_line_end_a_row_known_by_its_last_cell_is_rejected() -> None:
    drop = a_drop("09/01/2026,T-1", "09/02/2026,T-2", header="Date,No").removesuffix(b"\n")
    profile = a_profile(columns={"number": ("No",), "arrested": ("Date",)})
    assert codes(read(drop, profile)) == [(3, "unfinished")]


def test_a_file_without_a_header_is_read_by_the_profiles_columns() -> None:
    profile = a_profile(text=TextLayout(header=tuple(HEADER.split(",")), delimiter="|", skip_lines=1))
    drop = "\n".join(["printed 1 September", *(row.replace(",", "|") for row in GOOD), ""]).encode()
    assert numbers(read(drop, profile)) == GOOD_NUMBERS


def test_columns_are_known_by_name_in_any_order_case_and_spacing() -> None:
    header = "class,charge,STATUTE,born,first,last, date ,no"
    rows = [",".join(reversed(row.split(","))) for row in GOOD]
    assert numbers(read(a_drop(*rows, header=header))) == GOOD_NUMBERS


@pytest.mark.parametrize(
    ("drop", "code", "word"),
    [
        (b"", "empty", "empty"),
        (b"\n\n\n", "empty", "empty"),
        (b"No,Date,Last\n1,2,3\n", "header", "First, Born, Statute, Charge, Class"),
        (HEADER.replace(",", ";").encode() + b"\n", "header", "parted by a semicolon"),
        ((HEADER + ",Last\n").encode(), "header", "more than one column named Last"),
        (bytes(range(256)) * 40, "control-character", "header"),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(128, 256)), "wrong-kind", "picture"),
        (b"x" * (50 << 20), "line-too-long", "1 MiB"),
        (zipped(a_drop(*GOOD))[:-20], "gzip", "cut short"),
        (zipped(a_drop(*GOOD))[:40], "gzip", "cut short"),
        (b"\x1f\x8b" + b"rubbish" * 10, "gzip", "damaged"),
        (zipped(b"x" * (1 << 20)) * 150, "gzip", "far more"),
    ],
    ids=["empty", "only line ends", "columns missing", "other delimiter", "column twice", "binary", "picture",
         "50 MB of one line", "truncated gzip", "stump of gzip", "no gzip", "bomb"],
)  # fmt: skip
def test_a_file_that_cannot_be_read_is_refused_for_one_clear_reason(drop: bytes, code: str, word: str) -> None:
    with pytest.raises(Rejected) as refused:
        read(drop)
    assert refused.value.code == code
    assert word in refused.value.reason
    assert refused.value.fix


def test_fifty_megabytes_of_one_line_take_little_memory() -> None:
    drop = b"x" * (50 << 20)
    tracemalloc.start()
    with pytest.raises(Rejected):
        read(drop)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 8 << 20


def test_a_gzip_drop_is_read_like_its_content() -> None:
    assert read(zipped(a_drop(*GOOD))).arrests == read(a_drop(*GOOD)).arrests


def test_forbidden_columns_are_named_and_their_cells_leave_no_trace() -> None:
    header = f"{HEADER},SSN,Victim Name,Phone"
    rows = [f"{a_row(1)},900-11-2222,Somebody Hurt,555-0100",
            f"{a_row(2, Date='never')},900-11-3333,Somebody Else,555-0101",
            "T-3,900-11-4444"]  # fmt: skip
    outcome = read(a_drop(*rows, header=header), a_profile(drop=("Phone",)))
    assert outcome.dropped_columns == ("SSN", "Victim Name", "Phone")
    assert [reject.code for reject in outcome.rejects] == ["bad-date", "too-few-cells"]
    for secret in ("900-11", "Somebody", "555-01"):
        assert secret not in repr(outcome)


def test_a_profile_that_maps_a_forbidden_column_is_refused() -> None:
    profile = a_profile(columns=a_profile().columns | {"address": ("Victim Address",)})
    with pytest.raises(Rejected, match="Victim Address"):
        read(a_drop(header=f"{HEADER},Victim Address"), profile)


@pytest.mark.parametrize(
    ("statutes", "texts", "classes", "told", "flagged"),
    [
        ("A1|B2", "One|Two", "F|M", [("A1", "One", "felony"), ("B2", "Two", "misdemeanor")], False),
        ("A1|B2|", "One | Two", "F|M||", [("A1", "One", "felony"), ("B2", "Two", "misdemeanor")], False),
        ("A1||C3", "One|Two|", "F|M|F", [("A1", "", None), ("", "", None), ("C3", "", None), ("", "One", None),
                                         ("", "Two", None)], True),
        ("", "One|Two", "F", [("", "One", None), ("", "Two", None)], True),
        ("", "One|Two", "", [("", "One", None), ("", "Two", None)], False),
        ("", "", "", [], False),
    ],
)  # fmt: skip
def test_charges_joined_in_a_cell_are_paired_or_stand_alone(
    statutes: str, texts: str, classes: str, told: list[tuple[str, str, str | None]], flagged: bool
) -> None:
    drop = a_drop(a_row(1, Statute=statutes, Charge=texts, Class=classes))
    (parsed,) = read(drop, a_profile(charges="joined in a cell")).arrests
    assert [(charge.statute, charge.text, charge.charge_class) for charge in parsed.arrest.charges] == [
        each for each in told if any(each)
    ]
    assert (Flag.UNPAIRED_CHARGES in parsed.arrest.flags) is flagged


@pytest.mark.parametrize(("column", "fault"), [("Charge {n}", "lacks"), ("Victim {n}", "may not be kept")])
def test_numbered_columns_must_be_there_and_may_not_be_forbidden(column: str, fault: str) -> None:
    profile = a_profile(charges="numbered columns", columns=a_profile().columns | {"charge": (column,)})
    with pytest.raises(Rejected, match=fault):
        read(a_drop(a_row(1), header=HEADER.replace("Charge", "Victim 1")), profile)


@pytest.mark.parametrize(
    ("cell", "cut", "said"),
    [
        ("id=17&x=2", Cut(after="id=", before="&"), "17"),
        ("id=17", Cut(after="id=", before="&"), "17"),
        ("nothing", Cut(after="id="), ""),
        ("17 / Elm", Cut(before="/"), "17"),
    ],
)
def test_a_part_of_a_cell_is_read(cell: str, cut: Cut, said: str) -> None:
    (parsed,) = read(a_drop(a_row(1, No=cell)), a_profile(cut={"number": cut})).arrests
    assert parsed.arrest.number == said
