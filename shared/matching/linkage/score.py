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


class Described(NamedTuple):
    """A person as far as he is compared. `names` are all he is known by, the one of record first."""

    names: tuple[NameTokens, ...]
    born: date | None
    birth_year: int | None
    sex: Sex


class Comparison(NamedTuple):
    """`exact`: name and date of birth are equal after normalisation. `watched`, `reported`: the names compared."""

    bits: float
    exact: bool
    agreed: bool  # dates of birth are known on both sides and alike
    other_sex: bool
    born: date | None
    watched: NameTokens
    reported: NameTokens
    names: names.Likeness
    dates: dates.Compared

    @property
    def words(self) -> str:
        equal = self.watched.key == self.reported.key and all(self.watched.key)
        said = "name equal" if equal else self.names.words or "name equal but for its middle parts"
        return "; ".join(part for part in (said, self.dates.words) if part)


def compare_persons(
    watched: Described, reported: Described, weights: Weights = WEIGHTS, frequencies: TermFrequencies | None = None
) -> Comparison | None:
    """The best over all names of both; None when one of them has no name, or for a stranger, as most candidates are:
    surname and given name must both be alike, and one of them where both were born the same day."""
    same_day = watched.born is not None and watched.born == reported.born
    if not _names_meet(watched.names, reported.names, both=not same_day):
        return None
    found = _best_names(watched.names, reported.names, weights, frequencies or census())
    if found is None:
        return None
    likeness, mine, theirs = found
    born = _born(watched, reported, weights)
    equal = mine.key == theirs.key and all(mine.key)
    return Comparison(
        bits=likeness.bits + born.bits + _sex(watched.sex, reported.sex, weights),
        exact=equal and watched.born is not None and watched.born == reported.born and not _contradict(mine, theirs),
        agreed=born.bits > 0,
        other_sex=Sex.UNKNOWN not in (watched.sex, reported.sex) and watched.sex != reported.sex,
        born=reported.born,
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
            surname = _meet(surnames, theirs.key[0], theirs.every)
            if surname and not both:
                return True
            if (surname or not both) and _meet(givens, theirs.key[1], theirs.every):
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
) -> tuple[names.Likeness, NameTokens, NameTokens] | None:
    best: tuple[names.Likeness, NameTokens, NameTokens] | None = None
    for mine in watched:
        for theirs in reported:
            likeness = names.compare(mine, theirs, weights, frequencies)
            if best is None or likeness.bits > best[0].bits:
                best = likeness, mine, theirs
    return best


def _born(watched: Described, reported: Described, weights: Weights) -> dates.Compared:
    if watched.born and reported.born:
        return dates.compare(watched.born, reported.born, weights)
    mine, theirs = (
        described.born.year if described.born else described.birth_year for described in (watched, reported)
    )
    if mine and theirs:
        return dates.compare_year(mine, theirs, weights)
    return dates.Compared(0.0, "date of birth not supplied")


def _sex(sex: Sex, other: Sex, weights: Weights) -> float:
    if Sex.UNKNOWN in (sex, other):
        return 0.0
    return weights.same_sex if sex == other else weights.other_sex


def _contradict(tokens: NameTokens, other: NameTokens) -> bool:
    """Father and son: the same name, two suffixes."""
    return bool(tokens.suffix and other.suffix) and tokens.suffix != other.suffix
