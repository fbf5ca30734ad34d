"""A name in one cell: every part where it belongs, every alias a name, and nothing that is no name."""

import csv
from pathlib import Path
from time import process_time

import pytest

from shared.feeds.normalise.names import parse_names
from shared.feeds.normalise.whole_names import read_whole_name, split_aliases
from shared.feeds.profiles.model import NameLayout, NameOrder
from shared.feeds.record import NameText

SAMPLES = Path(__file__).parents[4] / "shared" / "samples"


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("QUILLFEATHER, DORIAN", ["QUILLFEATHER|DORIAN||"]),
        ("QUILLFEATHER III, DORIAN", ["QUILLFEATHER|DORIAN||III"]),
        ("QUILLFEATHER, DORIAN P, JR.", ["QUILLFEATHER|DORIAN|P|JR"]),
        ("QUILLFEATHER, JR., DORIAN", ["QUILLFEATHER|DORIAN||JR"]),
        ("Dorian Quillfeather, Sr.", ["Quillfeather|Dorian||SR"]),
        ("MARSH, JUNIOR", ["MARSH|JUNIOR||"]),
        ("THISTLEWOOD, SAM V", ["THISTLEWOOD|SAM|V|"]),  # an initial
        ("Ana de la Ferndale", ["de la Ferndale|Ana||"]),
        ("Otis St. Aspen", ["St. Aspen|Otis||"]),
        ("Mr. Otis Aspen", ["Aspen|Otis||"]),
        ("QUILLFEATHER, DORIAN (A/K/A PIPKIN MARSH)", ["QUILLFEATHER|DORIAN||", "MARSH|PIPKIN||"]),
        ("QUILLFEATHER, DORIAN AKA: MARSH, PIP / OTTER, PAT", ["QUILLFEATHER|DORIAN||", "MARSH|PIP||", "OTTER|PAT||"]),
        ("FERNDALE, ANA (NEE MARSH)", ["FERNDALE|ANA||", "MARSH|ANA||"]),
        ('FERNDALE, ANA "BIRDIE"', ["FERNDALE|ANA||", "FERNDALE|BIRDIE||"]),
        ("FERNDALE, ANA *FEDERAL HOLD*", ["FERNDALE|ANA||"]),
        ("FERNDALE, ANA (NO BAIL)", ["FERNDALE|ANA||"]),
        ("FERNDALE, ANA - FEDERAL HOLD", ["FERNDALE|ANA||"]),
        ("FERNDALE, ANA ** NO BOND **", ["FERNDALE|ANA||"]),
        ("FERNDALE, ANA M US MARSHAL HOLD", ["FERNDALE|ANA|M|"]),
        ("JAMES WALKER, III", ["WALKER|JAMES||III"]),
        ("['FERNDALE, ANA', 'MARSH, ANA']", ["FERNDALE|ANA||", "MARSH|ANA||"]),
        ("UNKNOWN, ANA", ["|ANA||"]),
        ("NA, JI", ["NA|JI||"]),  # a surname
        ("N/A", ["|||"]),
        ("NOT PROVIDED", ["|||"]),
        ("NAME UNKNOWN", ["|||"]),
        ("O&#39;FERN, SE&Aacute;N", ["O'FERN|SEÁN||"]),
        ("SINGH, FNU", ["SINGH|||"]),
        ("FERNDALE, ANA NMN", ["FERNDALE|ANA||"]),
        ("LNU, FNU", ["|||"]),
        ("", ["|||"]),
        (" , ; ", ["|||"]),
    ],
)
def test_a_whole_name_is_taken_apart(cell: str, expected: list[str]) -> None:
    assert ["|".join(parts) for parts in read_whole_name(cell)] == expected


def test_the_profile_says_that_the_surname_stands_first_where_there_is_no_comma() -> None:
    assert read_whole_name("DE LA FERN ANA M", NameOrder.SURNAME_FIRST)[0] == ("DE LA FERN", "ANA", "M", "")


@pytest.mark.parametrize(
    ("cell", "separators", "expected"),
    [
        ("MARSH, PIP; OTTER, PAT", ";|", ["MARSH, PIP", "OTTER, PAT"]),
        ("PIP MARSH, PAT OTTER", ",", ["PIP MARSH", "PAT OTTER"]),
        ("PIP MARSH / PAT OTTER", "/", ["PIP MARSH", "PAT OTTER"]),
        ("AKA: MARSH, PIP A/K/A OTTER, PAT", ";|", ["MARSH, PIP", "OTTER, PAT"]),
        ("['PIP MARSH', 'PAT OTTER']", ";|", ["PIP MARSH", "PAT OTTER"]),
    ],
)
def test_aliases_are_separated_as_the_profile_says(cell: str, separators: str, expected: list[str]) -> None:
    assert split_aliases(cell, separators) == expected


def test_a_part_in_a_column_of_its_own_that_says_there_is_none_is_blank() -> None:
    texts = [NameText(surname="SINGH", given="FNU"), NameText(surname="*FERN", given="ANA (DECEASED)", middle="NMN")]
    names = parse_names(texts, "", NameLayout())
    assert [(name.surname, name.given, name.middle) for name in names] == [("SINGH", "", ""), ("FERN", "ANA", "")]


def test_a_cell_of_a_megabyte_costs_no_more_than_its_length() -> None:
    begun = process_time()
    for cell in ("(" * 500_000, "AKA " * 250_000, " " * 1_000_000, '"' * 500_000, ", " * 500_000, "*" * 1_000_000):
        read_whole_name(cell)
    assert process_time() - begun < 10


@pytest.mark.skipif(not SAMPLES.exists(), reason=f"no sample files at {SAMPLES}")
def test_labelled_cells_are_read_whole() -> None:
    with (SAMPLES / "pairs/names.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    right = 0
    for row in rows:
        order = NameOrder.SURNAME_FIRST if row["order_hint"] == "surname-first" else NameOrder.GIVEN_FIRST
        name, *aliases = read_whole_name(row["cell"], order)
        expected = tuple(row[part] for part in name._fields)
        right += tuple(name) == expected and len(aliases) == len([text for text in row["aliases"].split(";") if text])
    assert right / len(rows) >= 0.97
