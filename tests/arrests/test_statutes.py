"""Statutes: the code that somebody watches meets the code that an agency reports, whatever stands around it."""

import csv
from pathlib import Path

import pytest

from shared.arrests.statutes.notation import is_read, reported_codes, watched_codes

SAMPLES = Path(__file__).parents[3] / "shared" / "samples"
READ_AT_LEAST = 0.96  # of New York's codes; the rest are laws of local bodies whose notation is not published


def hits(watch: str, cell: str, state: str | None) -> bool:
    """Whether the cell holds the watched code or one below it."""
    reported = {text for code in reported_codes(cell, state) for text in code.beginnings}
    return any(code.text in reported for code in watched_codes(watch, state))


@pytest.mark.parametrize(
    ("watch", "state", "cell", "expected"),
    [
        ("VTL 600", "NY", "VTL0600001", True),  # noughts fill four places
        ("VTL 60", "NY", "VTL0600001", False),
        ("VTL 1180", "NY", "Vehicle and Traffic Law 1180(d)", True),
        ("VTL 319.1", "NY", "VTL0319001", True),
        ("PL 140.25", "NY", "PL 140.25 02 CF", True),  # the class stands behind
        ("PL 140.25", "NY", "PL 140.25 (CF)", True),
        ("PL 140.25", "NY", "140.25(2) BURGLARY 2ND", True),  # words stand behind
        ("PL 140.25", "NY", "BURGLARY 2 (PL 140.25)", True),  # words stand before
        ("PL 140.25", "NY", "3 CTS PL 140.25", True),
        ("PL 140.25 2", "NY", "PL 140.25 (2 CTS)", False),  # a count is no subdivision
        ("PL 220.03", "NY", "PL 140.25; 220.03", True),  # several codes
        ("PL 220.03", "NY", "PL 140.25 PL 220.03 VTL 511", True),
        ("PL 140.25", "NY", "110-140.25(2)", True),  # an attempt meets its offence
        ("PL 140.25", "NY", "ATTEMPTED PL 140.25", True),
        ("PL 140.25", "NY", "CPL 140.25", False),  # another law
        ("PL 220.0", "NY", "PL 220.03", False),
        ("AC 16-118", "NY", "ADMIN CODE 16-118(1)", True),
        ("459 PC", "CA", "459 PC/F", True),
        ("459 PC", "CA", "4590 PC", False),  # letters begin alike, numbers do not
        ("496 PC", "CA", "496.5 PC", False),
        ("812.014", "FL", "FS 812.014-2c1 GRAND THEFT", True),
        ("812.01", "FL", "812.014", False),
        ("16-8-2", "GA", "16-8-20", False),
        ("1301", None, "130119", True),  # pairs of the uniform offence codes
    ],
)  # fmt: skip
def test_s3_a_watched_statute_meets_what_lies_below_it_and_nothing_beside(
    watch: str, state: str | None, cell: str, expected: bool
) -> None:
    assert hits(watch, cell, state if state in ("NY", "CA") else None) is expected


def test_an_attempt_is_said_to_be_one() -> None:
    [code] = [code for code in reported_codes("PL 110/160.15(4)", "NY") if code.law == "PL" and code.parts[0] == "160"]
    assert code.attempted
    assert not any(code.attempted for code in reported_codes("PL 160.15(4)", "NY"))


@pytest.mark.skipif(not SAMPLES.exists(), reason=f"no sample files at {SAMPLES}")
def test_s3_labelled_pairs_of_watch_and_cell_are_told_apart() -> None:
    with (SAMPLES / "pairs/statutes.csv").open(newline="") as file:
        pairs = list(csv.DictReader(file))
    states = [row["jurisdiction"] if row["jurisdiction"] in ("NY", "CA") else None for row in pairs]
    found = [hits(row["watch"], row["cell"], state) for row, state in zip(pairs, states, strict=True)]
    true = sum(hit and row["hit"] == "1" for hit, row in zip(found, pairs, strict=True))
    assert true / sum(found) >= 0.99, "precision"
    assert true / sum(row["hit"] == "1" for row in pairs) >= 0.99, "recall"


@pytest.mark.skipif(not SAMPLES.exists(), reason=f"no sample files at {SAMPLES}")
def test_new_yorks_own_list_of_codes_is_read() -> None:
    with (SAMPLES / "codes/ny/ny_law_codes_derived_from_nypd.csv").open(newline="") as file:
        codes = [row["LAW_CODE"] for row in csv.DictReader(file)]
    assert sum(is_read(code, "NY") for code in codes) / len(codes) >= READ_AT_LEAST
