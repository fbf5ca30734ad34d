"""How common names are at an agency, counted from its own arrests."""

from datetime import date, timedelta

import pytest

from shared.errors import Rejected
from shared.matching.linkage.agency_frequencies import MIN_BEARERS, MIN_PERSONS, AgencyFrequencies, count_names
from shared.matching.linkage.frequencies import census
from shared.matching.linkage.name_tokens import NameTokens

DAY = date(2026, 11, 20)


def people(**bearers: int):
    """So many of each surname, everybody with another day of birth; the rest have surnames of their own."""
    names = [name.upper() for name, count in bearers.items() for _ in range(count)]
    names += [f"REST{chr(65 + at // 676)}{chr(65 + at // 26 % 26)}{chr(65 + at % 26)}"
              for at in range(MIN_PERSONS - len(names))]  # fmt: skip
    return [(NameTokens((name,), ("PAT",), ()), DAY - timedelta(days=at)) for at, name in enumerate(names)]


def surname(word: str, **bearers: int) -> float:
    return AgencyFrequencies(count_names("roster", people(**bearers), DAY), census()).agreement_weight(
        "surname", word, 13.0
    )


def test_a_name_that_many_bear_there_says_less_than_the_census_has_it():
    assert surname("NGUYEN", nguyen=1_000) < 3 < census().agreement_weight("surname", "NGUYEN", 13.0)


def test_a_name_that_hardly_anybody_bears_there_says_more():
    assert surname("SMITH", nguyen=1_000) > census().agreement_weight("surname", "SMITH", 13.0)
    assert surname("QUILLFEATHER") == 13.0, "nothing is rarer than the rarest"


def test_nobody_counts_twice_and_too_few_persons_are_refused_with_the_reason():
    with pytest.raises(Rejected, match="4,999 different persons"):
        count_names("roster", people()[:-1] * 2, DAY)
    with pytest.raises(Rejected, match="At least 5,000"):
        count_names("roster", [], DAY)


def test_what_is_kept_names_nobody_whose_name_is_rare():
    kept = count_names("roster", people(nguyen=MIN_BEARERS, vandermoor=MIN_BEARERS - 1), DAY)
    assert kept.bearers == {"surname": {"NGUYEN": MIN_BEARERS}, "given": {"PAT": MIN_PERSONS}}
