"""How two words of a name are alike, if they are: the first kind that holds, from the surest to the faintest."""

from functools import cache, lru_cache

from nicknames import name_triplets
from rapidfuzz.distance import OSA, JaroWinkler

from shared.matching.linkage.name_tokens import without_particle
from shared.matching.linkage.phonetic import phonetic_code

MIN_JARO_WINKLER = 0.92


@lru_cache(maxsize=262_144)
def string_similarity(one: str, other: str) -> str | None:
    """The kind of likeness, a key of `Weights.shares`; None when the words are two."""
    if one == other:
        return "equal"
    short, long = sorted((one, other), key=len)
    if len(short) == 1:
        return "initial" if long.startswith(short) else None
    if other in _nicknames().get(one, ()):
        return "nickname"
    return _spelt_alike(one, other, len(short), len(long)) or _bare_alike(one, other)


def _spelt_alike(one: str, other: str, short: int, long: int) -> str | None:
    slips = OSA.distance(one, other, score_cutoff=2)
    if slips == 1 and long >= 4:
        return "one letter"
    if slips == 2 and short >= 6:
        return "two letters"
    if phonetic_code(one) == phonetic_code(other) and len(phonetic_code(one)) > 1 and short >= 3:
        return "sounds alike"
    if short >= 4 and (one.startswith(other) or other.startswith(one)):
        return "cut short"
    if short >= 5 and JaroWinkler.similarity(one, other) >= MIN_JARO_WINKLER:
        return "near"
    return None


def _bare_alike(one: str, other: str) -> str | None:
    """`DELACRUZ` and `CRUZ`: the same name with and without its particles."""
    first, second = without_particle(one), without_particle(other)
    return "cut short" if first == second else None


@cache
def _nicknames() -> dict[str, frozenset[str]]:
    """Every word with those that stand for it: names and their short forms, and short forms of one name."""
    forms: dict[str, set[str]] = {}
    for triple in name_triplets():
        forms.setdefault(triple.name1.upper(), set()).add(triple.name2.upper())
    related: dict[str, set[str]] = {}
    for name, short in forms.items():
        for one in short:
            related.setdefault(name, set()).add(one)
            related.setdefault(one, set()).add(name)
    return {name: frozenset(others) for name, others in related.items()}
