"""A text of a feed or a request costs no more than its length: no pattern tries what it tried before."""

from time import process_time

import pytest

from shared.arrests.statutes.notation import is_read, reported_codes, watched_codes
from shared.matching.criteria.refusals import refuse_wildcards

STATUTES = [
    "1" * 60 + "!",
    "1" + "A" * 60 + "!",
    "PC 1" + " 1" * 35 + "!",
    "1(" + "A)(" * 25,
    "9" * 5_000,
    "1 " * 50_000,
    "SECTION" * 28,
    "A&" * 100,
]


@pytest.mark.parametrize("statute", STATUTES, ids=range(len(STATUTES)))
def test_td12_a_statute_is_read_at_once(statute: str) -> None:
    begun = process_time()
    for jurisdiction in (None, "CA", "NY"):
        assert watched_codes(statute, jurisdiction)
        assert reported_codes(statute, jurisdiction)
        is_read(statute, jurisdiction)
    assert process_time() - begun < 1


@pytest.mark.parametrize("text", ["?" * 200_000 + "a", "!" * 200_000, "?" * 200_000 + "é"])
def test_td12_a_text_of_a_criterion_is_searched_at_once(text: str) -> None:
    begun = process_time()
    refuse_wildcards({"surname": text}, None)
    assert process_time() - begun < 1


@pytest.mark.parametrize(
    ("statute", "code"),
    [
        ("187(A) PC", "PC 187 A"),
        ("PC 187(a)(1)", "PC 187 A 1"),
        ("PEN 187 A", "PC 187 A"),
        ("11350(A) HS", "HS 11350 A"),
    ],
)
def test_californias_codes_are_read(statute: str, code: str) -> None:
    assert code in [read.text for read in reported_codes(statute, "CA")]
