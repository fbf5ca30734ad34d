"""Is the person reported the person watched? A score in bits, and every part of it in words."""

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from shared.arrests.person import Sex
from shared.matching.linkage import dates, names
from shared.matching.linkage.frequencies import TermFrequencies, census
from shared.matching.linkage.name_tokens import NameTokens
from shared.matching.linkage.string_similarity import string_similarity
from shared.matching.linkage.weights import WEIGHTS, Weights


class PersonDescription(NamedTuple):
    """A person as far as he is compared. `names` are all he is known by, the one of record first."""

    names: tuple[NameTokens, ...]
    date_of_birth: date | None
    birth_year: int | None
    sex: Sex


class PersonComparison(NamedTuple):
    """`exact`: name and date of birth are equal after normalisation. `watched`, `reported`: the names compared."""

    match_weight: float
    exact: bool
    dates_agree: bool  # dates of birth are known on both sides and alike
    other_sex: bool
    born: date | None
    watched: NameTokens
    reported: NameTokens
    names: names.NameComparison
    dates: dates.DateComparison

    @property
    def explanation(self) -> str:
        equal = self.watched.key == self.reported.key and all(self.watched.key)
        said = "name equal" if equal else self.names.explanation or "name equal but for its middle parts"
        return "; ".join(part for part in (said, self.dates.explanation) if part)


def compare_persons(
    watched: PersonDescription,
    reported: PersonDescription,
    weights: Weights = WEIGHTS,
    frequencies: TermFrequencies | None = None,
) -> PersonComparison | None:
    """The best over all names of both; None when one of them has no name, or for a stranger, as most candidates are:
    surname and given name must both be alike, and one of them where both were born the same day."""
    same_day = watched.date_of_birth is not None and watched.date_of_birth == reported.date_of_birth
    if not _names_meet(watched.names, reported.names, both=not same_day):
        return None
    found = _best_names(watched.names, reported.names, weights, frequencies or census())
    if found is None:
        return None
    likeness, mine, theirs = found
    born = _born(watched, reported, weights)
    equal = mine.key == theirs.key and all(mine.key)
    return PersonComparison(
        match_weight=likeness.match_weight + born.match_weight + _sex(watched.sex, reported.sex, weights),
        exact=equal
        and watched.date_of_birth is not None
        and watched.date_of_birth == reported.date_of_birth
        and not _contradict(mine, theirs),
        dates_agree=born.match_weight > 0,
        other_sex=Sex.UNKNOWN not in (watched.sex, reported.sex) and watched.sex != reported.sex,
        born=reported.date_of_birth,
        watched=mine,
        reported=theirs,
        names=likeness,
        dates=born,
    )


def _names_meet(watched: Iterable[NameTokens], reported: Iterable[NameTokens], *, both: bool) -> bool:
    """Whether in some pair of names surname and given name, or one of them, find somebody alike, wherever in it. Most
    candidates are refused here, for their surname."""
    for mine in watched:
        surnames, givens = mine.forms
        for theirs in reported:
            surname = _meet(surnames, theirs.key[0], theirs.all_forms)
            if surname and not both:
                return True
            if (surname or not both) and _meet(givens, theirs.key[1], theirs.all_forms):
                return True
    return False


def _meet(forms: tuple[str, ...], other: str, every: tuple[str, ...]) -> bool:
    """Where one of the two says nothing in this part of the name, nothing speaks against it."""
    if not (forms and other):
        return True
    for one in forms:
        for word in every:
            if string_similarity(one, word):
                return True
    return False


def _best_names(
    watched: Iterable[NameTokens], reported: tuple[NameTokens, ...], weights: Weights, frequencies: TermFrequencies
) -> tuple[names.NameComparison, NameTokens, NameTokens] | None:
    best: tuple[names.NameComparison, NameTokens, NameTokens] | None = None
    for mine in watched:
        for theirs in reported:
            likeness = names.compare_names(mine, theirs, weights, frequencies)
            if best is None or likeness.match_weight > best[0].match_weight:
                best = likeness, mine, theirs
    return best


def _born(watched: PersonDescription, reported: PersonDescription, weights: Weights) -> dates.DateComparison:
    if watched.date_of_birth and reported.date_of_birth:
        return dates.compare_dates(watched.date_of_birth, reported.date_of_birth, weights)
    mine, theirs = (
        described.date_of_birth.year if described.date_of_birth else described.birth_year
        for described in (watched, reported)
    )
    if mine and theirs:
        return dates.compare_birth_years(mine, theirs, weights)
    return dates.DateComparison(0.0, "date of birth not supplied")


def _sex(sex: Sex, other: Sex, weights: Weights) -> float:
    if Sex.UNKNOWN in (sex, other):
        return 0.0
    return weights.same_sex if sex == other else weights.other_sex


def _contradict(tokens: NameTokens, other: NameTokens) -> bool:
    """Father and son: the same name, two suffixes."""
    return bool(tokens.suffix and other.suffix) and tokens.suffix != other.suffix
