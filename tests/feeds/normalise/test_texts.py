"""Encodings, line ends and edges as systems write them; and texts that a program left in a cell."""

import pytest

from shared.arrests.model import Flag
from shared.feeds.layout import TextLayout
from shared.feeds.normalise.read_drop import ParsedDrop
from shared.feeds.profiles.parse import parse_profile
from shared.words.charges import readable_charge
from tests.feeds.small_drops import HEADER, PROFILE, a_drop, a_profile, a_row, codes, numbers, read

CP1252 = TextLayout(encoding="cp1252")
NAMES = ["MUÑOZ", "GARCÍA", "Núñez", "SØRENSEN", "ÁVILA"]  # of Í and Á, cp1252 leaves a byte out


def surnames(outcome: ParsedDrop) -> list[str]:
    return [parsed.arrest.person.names[0].surname for parsed in outcome.arrests]


def test_utf_8_under_cp1252_is_read_and_flagged() -> None:
    outcome = read(a_drop(a_row(1), *(a_row(2 + n, Last=name) for n, name in enumerate(NAMES))), a_profile(text=CP1252))
    assert (surnames(outcome)[1:], outcome.rejects) == (NAMES, [])
    flags = [parsed.arrest.flags for parsed in outcome.arrests]
    assert flags == [(), *[(Flag.MENDED_LETTERS,)] * len(NAMES)]


def test_a_fault_of_the_export_is_mended_in_utf_8_too() -> None:
    (parsed,) = read(a_drop(a_row(1, Last="MUÑOZ".encode().decode("cp1252")))).arrests
    assert (parsed.arrest.person.names[0].surname, parsed.arrest.flags) == ("MUÑOZ", (Flag.MENDED_LETTERS,))


@pytest.mark.parametrize("encoding", ["cp1252", "latin-1", "utf-8"])
def test_text_in_the_encoding_of_the_profile_is_left_alone(encoding: str) -> None:
    drop = a_drop(*(a_row(n, Last=name) for n, name in enumerate(NAMES))).decode().encode(encoding)
    outcome = read(drop, a_profile(text=TextLayout(encoding=encoding)))
    assert surnames(outcome) == NAMES
    assert all(parsed.arrest.flags == () for parsed in outcome.arrests)


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("named", ["utf-8", "cp1252"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_utf_16_is_read_whatever_the_profile_says(encoding: str, named: str, end: str) -> None:
    drop = a_drop(*(a_row(n, Last=name) for n, name in enumerate(NAMES)), end=end).decode().encode(encoding)
    assert surnames(read(drop, a_profile(text=TextLayout(encoding=named)))) == NAMES


@pytest.mark.parametrize("cut", range(1, 6))
def test_utf_16_that_is_cut_loses_its_last_row_alone(cut: int) -> None:
    drop = a_drop(a_row(1), a_row(2)).decode().encode("utf-16")
    outcome = read(drop[:-cut])
    assert numbers(outcome)[0] == "T-1"
    assert outcome.rows == 2


@pytest.mark.parametrize("end", ["\r\r\n", "\r\n", "\n", "\r"])
def test_every_line_end_ends_a_line(end: str) -> None:
    outcome = read(a_drop(a_row(1), a_row(2), end=end))
    assert (numbers(outcome), outcome.rejects) == (["T-1", "T-2"], [])


def test_a_lone_carriage_return_ends_a_row_or_is_a_space() -> None:
    drop = a_drop(
        a_row(1), f"{a_row(2)}\r{a_row(3)}", a_row(4, Charge="Assault\r3"), a_row(5, Charge='"Petit\rlarceny"')
    )
    outcome = read(drop)
    assert (numbers(outcome), outcome.rejects) == ([f"T-{number}" for number in range(1, 6)], [])
    assert [parsed.arrest.charges[0].text for parsed in outcome.arrests][3:] == ["Assault 3", "Petit larceny"]


def test_lines_after_a_lone_carriage_return_keep_their_numbers() -> None:
    assert codes(read(a_drop(f"{a_row(1)}\r{a_row(2)}", a_row(3, Date="never")))) == [(3, "bad-date")]


@pytest.mark.parametrize(
    ("header", "tail"),
    [(HEADER, ","), (HEADER, ",,, "), (f"{HEADER},,", ""), (f"{HEADER},", ","), (f"{HEADER},", ",,")],
)
def test_blank_cells_behind_the_rows_or_the_header_are_nothing(header: str, tail: str) -> None:
    outcome = read(a_drop(*(f"{a_row(number)}{tail}" for number in (1, 2)), header=header))
    assert (numbers(outcome), outcome.rejects) == (["T-1", "T-2"], [])


def test_a_cell_that_says_something_behind_the_header_is_a_fault() -> None:
    assert codes(read(a_drop(f"{a_row(1)},more", a_row(2)))) == [(2, "too-many-cells")]
    assert codes(read(a_drop("T-1,09/01/2026,Few", a_row(2)))) == [(2, "too-few-cells")]


@pytest.mark.parametrize("quoted", ['"A, B",', '"two\nlines",'])
def test_a_quoted_cell_before_blank_ones_is_whole(quoted: str) -> None:
    (parsed,) = read(a_drop(f"{a_row(1)},".replace("Assault 3,", quoted))).arrests
    assert parsed.arrest.charges[0].text == quoted.strip('",')


@pytest.mark.parametrize(
    ("cell", "charges"),
    [
        ("ASSAULT &amp; BATTERY", ["ASSAULT & BATTERY"]),
        ("['ASSAULT 3', 'MENACING']", ["ASSAULT 3", "MENACING"]),
        ('["ASSAULT 3"]', ["ASSAULT 3"]),
        ("[]", []),
        ("No arrests listed.", []),
        ("No charges listed", []),
        ("<generator object charges at 0x7f10>", []),
        ("[object Object]", []),
        ("PENDING", []),
        ("Charges pending", []),
        ("OPEN CONTAINER (1ST)", ["OPEN CONTAINER (1ST)"]),
    ],
)
def test_a_charge_is_what_a_cell_says_and_not_what_a_program_left(cell: str, charges: list[str]) -> None:
    quoted = '"' + cell.replace('"', '""') + '"'
    (parsed,) = read(a_drop(a_row(1, Statute="", Charge=quoted, Class=""))).arrests
    assert [charge.text for charge in parsed.arrest.charges] == charges


def test_lists_of_one_charge_are_paired_or_stand_alone() -> None:
    def charges(statutes: str, texts: str) -> list[tuple[str, str]]:
        (parsed,) = read(a_drop(a_row(1, Statute=f'"{statutes}"', Charge=f'"{texts}"'))).arrests
        assert (Flag.UNPAIRED_CHARGES in parsed.arrest.flags) is (texts == "['One']")
        return [(charge.statute, charge.text) for charge in parsed.arrest.charges]

    assert charges("['PL 1', 'PL 2']", "['One', 'Two']") == [("PL 1", "One"), ("PL 2", "Two")]
    assert charges("['PL 1', 'PL 2']", "['One']") == [("PL 1", ""), ("PL 2", ""), ("", "One")]


def test_entities_and_placeholders_are_taken_out_of_a_place() -> None:
    columns = a_profile().columns | {"address": ("Charge",), "city": ("Class",)}
    row = a_row(1, Charge="O&#39;NEIL AVE &amp; 3 ST", Class="UNKNOWN")
    (parsed,) = read(
        a_drop(row), a_profile(columns={k: v for k, v in columns.items() if k not in ("charge", "charge_class")})
    ).arrests
    assert (parsed.arrest.place.address, parsed.arrest.place.city) == ("O'NEIL AVE & 3 ST", "")


@pytest.mark.parametrize("inserted", ["\n", "\x07", "\x7f", "\u2028", "\x85", "&#10;", "&#x202e;\n"])
def test_no_cell_begins_a_line_of_its_own_in_a_mail(inserted: str) -> None:
    cell = f'"14 Elm Street{inserted}ALERT WITHDRAWN"'
    profile = parse_profile(PROFILE.replace("charge_class: Class", "address: Class"))
    (parsed,) = read(a_drop(a_row(1, Last=cell, Charge=cell, Class=cell)), profile).arrests
    plain, arrest = "14 Elm Street ALERT WITHDRAWN", parsed.arrest
    assert (arrest.person.names[0].surname, arrest.place.address) == (plain, plain)
    assert readable_charge(arrest.charges[0].text) == plain


@pytest.mark.parametrize("inserted", ["\u202e", "\u2067", "\u202d"])
def test_no_cell_turns_the_direction_of_the_sentence_it_stands_in(inserted: str) -> None:
    (parsed,) = read(a_drop(a_row(1, Charge=f"Ass{inserted}ault", Last=f"Do{inserted}e"))).arrests
    assert (parsed.arrest.charges[0].text, parsed.arrest.person.names[0].surname) == ("Assault", "Doe")


@pytest.mark.parametrize("name", ["بن يوسف", "כהן", "می\u200cخواهم", "José-María", "O’Neil"])
def test_a_name_of_another_script_stays_as_it_is_written(name: str) -> None:
    (parsed,) = read(a_drop(a_row(1, Last=name))).arrests
    assert parsed.arrest.person.names[0].surname == name


def test_statutes_that_the_states_notation_does_not_explain_are_counted() -> None:
    rows = [a_row(1, Statute="ZZZ"), a_row(2, Statute="ZZZ"), a_row(3, Statute="PL 120.05")]
    of_new_york, of_ohio = (read(a_drop(*rows), a_profile(ori=ori)) for ori in ("NY0303000", "OH0303000"))
    assert of_new_york.unknown_codes == {("statute", "ZZZ"): 2}
    assert of_ohio.unknown_codes == {}
