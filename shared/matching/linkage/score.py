"""Comparison of two persons: is the reported person the watched person? A match weight in bits, explained in words."""

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from shared.arrests.person import Sex
from shared.matching.linkage.dates import DateComparison, compare_birth_years, compare_dates, no_dates
from shared.matching.linkage.doubts import Doubt, doubts_of
from shared.matching.linkage.frequencies import TermFrequencies, census
from shared.matching.linkage.name_tokens import NameTokens
from shared.matching.linkage.names import NameComparison, compare_names
from shared.matching.linkage.string_similarity import string_similarity
from shared.matching.linkage.weights import WEIGHTS, Weights


class PersonDescription(NamedTuple):
    """What is compared of a person. `names` holds the name of record first, then the aliases."""

    names: tuple[NameTokens, ...]
    date_of_birth: date | None
    birth_year: int | None
    sex: Sex


class PersonComparison(NamedTuple):
    """`match_weight` in bits. `exact`: name and date of birth are equal after normalisation. `dates_agree`: both sides
    give a date (or year) of birth, and they speak for the pair. `doubts`: who else fits as well; empty where the weight
    is too low to matter. The names are those two that compared best."""

    match_weight: float
    exact: bool
    dates_agree: bool
    other_sex: bool
    reported_date_of_birth: date | None
    watched_name: NameTokens
    reported_name: NameTokens
    name_comparison: NameComparison
    date_comparison: DateComparison
    doubts: tuple[Doubt, ...]

    @property
    def explanation(self) -> str:
        if _is_equal(self.watched_name, self.reported_name):
            name = "name equal"
        else:
            name = self.name_comparison.explanation or "name equal but for its middle parts"
        return "; ".join(note for note in (name, self.date_comparison.explanation) if note)


def compare_persons(
    watched: PersonDescription,
    reported: PersonDescription,
    weights: Weights = WEIGHTS,
    frequencies: TermFrequencies | None = None,
) -> PersonComparison | None:
    """Compares the best pair of names, the dates of birth and the sex. Without `frequencies` the census counts.

    Returns None where one of them has no name, and for a stranger, as most candidates are: surname and given name must
    both be alike, or one of them where both persons were born the same day.
    """
    same_day = watched.date_of_birth is not None and watched.date_of_birth == reported.date_of_birth
    if not _names_may_match(watched.names, reported.names, both_parts=not same_day):
        return None
    frequencies = frequencies or census()
    best = _compare_all_names(watched.names, reported.names, weights, frequencies)
    if best is None:
        return None
    names, watched_name, reported_name = best
    dates = _compare_births(watched, reported, weights)
    match_weight = names.match_weight + dates.match_weight + _sex_weight(watched.sex, reported.sex, weights)
    is_heavy = match_weight >= weights.possible
    return PersonComparison(
        match_weight=match_weight,
        exact=(
            same_day
            and _is_equal(watched_name, reported_name)
            and not _suffixes_contradict(watched_name, reported_name)
        ),
        dates_agree=dates.match_weight > 0,
        other_sex=Sex.UNKNOWN not in (watched.sex, reported.sex) and watched.sex != reported.sex,
        reported_date_of_birth=reported.date_of_birth,
        watched_name=watched_name,
        reported_name=reported_name,
        name_comparison=names,
        date_comparison=dates,
        doubts=doubts_of(names, watched.date_of_birth, reported.date_of_birth, frequencies) if is_heavy else (),
    )


def _names_may_match(watched: Iterable[NameTokens], reported: Iterable[NameTokens], *, both_parts: bool) -> bool:
    """A cheap test before names are compared: in some pair of names, surname and given name (or one of them) find a
    similar token anywhere in the other name. Most candidates are refused here, for their surname."""
    for watched_name in watched:
        surnames, givens = watched_name.forms
        for reported_name in reported:
            surname = _part_may_match(surnames, reported_name.key[0], reported_name.all_forms)
            if surname and not both_parts:
                return True
            if (surname or not both_parts) and _part_may_match(givens, reported_name.key[1], reported_name.all_forms):
                return True
    return False


def _part_may_match(forms: tuple[str, ...], reported_key: str, reported_forms: tuple[str, ...]) -> bool:
    """A name part that one side does not give speaks against nothing."""
    if not (forms and reported_key):
        return True
    for form in forms:
        for reported_form in reported_forms:
            if string_similarity(form, reported_form):
                return True
    return False


def _compare_all_names(
    watched: Iterable[NameTokens], reported: tuple[NameTokens, ...], weights: Weights, frequencies: TermFrequencies
) -> tuple[NameComparison, NameTokens, NameTokens] | None:
    """The pair of names with the highest match weight."""
    best: tuple[NameComparison, NameTokens, NameTokens] | None = None
    for watched_name in watched:
        for reported_name in reported:
            comparison = compare_names(watched_name, reported_name, weights, frequencies)
            if best is None or comparison.match_weight > best[0].match_weight:
                best = comparison, watched_name, reported_name
    return best


def _compare_births(watched: PersonDescription, reported: PersonDescription, weights: Weights) -> DateComparison:
    if watched.date_of_birth and reported.date_of_birth:
        return compare_dates(watched.date_of_birth, reported.date_of_birth, weights)
    watched_year, reported_year = _birth_year(watched), _birth_year(reported)
    if watched_year and reported_year:
        return compare_birth_years(watched_year, reported_year, weights)
    return no_dates(weights)


def _birth_year(person: PersonDescription) -> int | None:
    return person.date_of_birth.year if person.date_of_birth else person.birth_year


def _sex_weight(watched: Sex, reported: Sex, weights: Weights) -> float:
    if Sex.UNKNOWN in (watched, reported):
        return 0.0
    return weights.same_sex if watched == reported else weights.other_sex


def _is_equal(watched: NameTokens, reported: NameTokens) -> bool:
    """Both names are whole, and equal but for gaps, middle name and suffix."""
    return watched.key == reported.key and all(watched.key)


def _suffixes_contradict(watched: NameTokens, reported: NameTokens) -> bool:
    """Father and son: the same name with two suffixes."""
    return bool(watched.suffix and reported.suffix) and watched.suffix != reported.suffix
