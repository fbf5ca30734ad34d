"""How common names are among those whom one agency arrests, beside the census of 1990: where every fifth is named
Nguyen, an equal Nguyen says little."""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date
from math import inf, log2

from shared.errors import Rejected
from shared.matching.linkage.frequencies import TermFrequencies
from shared.matching.linkage.name_tokens import GIVEN, SURNAME, NameTokens
from shared.value import FrozenModel

MIN_PERSONS = 5_000  # persons: the names of fewer say less than the census does
MIN_BEARERS = 20  # a word that fewer bear is left out: a rare name beside an agency says who was arrested there
CENSUS_WEIGHT = 1_000  # persons: as many of the agency's own count as much as the census


NamedPerson = tuple[NameTokens, date | None]
"""A person's name of record and date of birth."""


class AgencyNameCounts(FrozenModel):
    """`bearers`: surname or given -> word -> how many of the `persons`, each counted once, bear it."""

    agency: str
    counted_on: date
    persons: int
    least: int
    bearers: Mapping[str, Mapping[str, int]]


def count_names(
    agency: str, people: Iterable[NamedPerson], counted_on: date, bearers: int = MIN_BEARERS, persons: int = MIN_PERSONS
) -> AgencyNameCounts:
    """Of those arrested; who is arrested twice counts once. Raises Rejected where there are too few to know anything
    by."""
    known = {one for one in people if one[0].surname}
    if len(known) < persons:
        raise Rejected(
            "too-few-names",
            f"{agency} has reported {len(known):,} different persons with a name.",
            f"At least {persons:,} are needed: fewer say less than the census does.",
        )
    counts = {SURNAME: Counter[str](), GIVEN: Counter[str]()}
    for name, _ in known:
        counts[SURNAME].update(set(name.surname))
        counts[GIVEN].update(set(name.given))
    kept = {
        role: {word: count for word, count in sorted(words.items()) if count >= bearers}
        for role, words in counts.items()
    }
    return AgencyNameCounts(agency=agency, counted_on=counted_on, persons=len(known), least=bearers, bearers=kept)


class AgencyFrequencies:
    """The agency's own counts beside the census. A word that was left out is as common as the census says, and not more
    common than its having been left out allows."""

    def __init__(self, own: AgencyNameCounts, census: TermFrequencies) -> None:
        self._own, self._census = own, census

    def bits(self, role: str, word: str, rarest: float) -> float:
        usual = 2 ** -self._census.bits(role, word, inf)
        count = self._own.bearers[role].get(word)
        share = ((count or self._own.least) + CENSUS_WEIGHT * usual) / (self._own.persons + CENSUS_WEIGHT)
        share = share if count else min(share, usual)
        return min(-log2(share), rarest) if share else rarest
