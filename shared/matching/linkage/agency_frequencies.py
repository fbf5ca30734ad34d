"""Term frequencies of one agency, counted from those whom it arrests, beside the census of 1990. Where every fifth
person is named Nguyen, an equal Nguyen says little."""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date
from math import inf, log2
from typing import NamedTuple

from pydantic import Field

from shared.errors import Rejected
from shared.matching.linkage.frequencies import TermFrequencies
from shared.matching.linkage.name_tokens import GIVEN, SURNAME, NameTokens
from shared.value import FrozenModel

MIN_PERSONS = 5_000  # the names of fewer persons say less than the census does
MIN_BEARERS = 20  # a word that fewer bear is left out: a rare name beside an agency says who was arrested there
COUNTED_DAYS = 1_825  # five years of arrests
CENSUS_WEIGHT = 1_000  # persons: so many of the agency's own count as much as the census


NamedPerson = tuple[NameTokens, date | None]
"""A person's name of record and date of birth."""


class AgencyNameCounts(FrozenModel):
    """How many of the `persons`, each counted once, bear a word: `bearers` maps surname or given to word to count.
    Words with fewer bearers than `min_bearers` are left out."""

    agency: str
    counted_on: date
    persons: int
    min_bearers: int = Field(alias="least")
    bearers: Mapping[str, Mapping[str, int]]

    @property
    def names(self) -> int:
        return sum(map(len, self.bearers.values()))


class LiveNames(NamedTuple):
    """The live counts of an agency's names, and their version; without `counts` the census applies. From `pinned_on` on
    it stays so: nothing that is learned takes its place."""

    counts: AgencyNameCounts | None = None
    pinned_on: date | None = None
    version: str = ""


def count_names(
    agency: str,
    people: Iterable[NamedPerson],
    counted_on: date,
    min_bearers: int = MIN_BEARERS,
    min_persons: int = MIN_PERSONS,
) -> AgencyNameCounts:
    """Counts the names of arrested persons. A person who was arrested twice counts once.

    Raises Rejected when there are fewer than `min_persons` different persons.
    """
    distinct = {person for person in people if person[0].surname}
    if len(distinct) < min_persons:
        raise Rejected(
            "too-few-names",
            f"{agency} has reported {len(distinct):,} different persons with a name.",
            f"At least {min_persons:,} are needed: fewer say less than the census does.",
        )
    counts = {SURNAME: Counter[str](), GIVEN: Counter[str]()}
    for name, _ in distinct:
        counts[SURNAME].update(set(name.surname))
        counts[GIVEN].update(set(name.given))
    frequent = {
        role: {word: count for word, count in sorted(words.items()) if count >= min_bearers}
        for role, words in counts.items()
    }
    return AgencyNameCounts(
        agency=agency, counted_on=counted_on, persons=len(distinct), min_bearers=min_bearers, bearers=frequent
    )


class AgencyFrequencies:
    """The agency's own counts beside the census. A word that was left out of the counts is as common as the census
    says, but no more common than its absence allows."""

    def __init__(self, counts: AgencyNameCounts, census: TermFrequencies) -> None:
        self._counts, self._census = counts, census

    def agreement_weight(self, role: str, word: str, rarest: float) -> float:
        census_share = 2 ** -self._census.agreement_weight(role, word, inf)
        count = self._counts.bearers[role].get(word)
        share = ((count or self._counts.min_bearers) + CENSUS_WEIGHT * census_share) / (
            self._counts.persons + CENSUS_WEIGHT
        )
        share = share if count else min(share, census_share)
        return min(-log2(share), rarest) if share else rarest
