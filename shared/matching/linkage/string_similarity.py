"""String similarity of two name tokens: which kind holds, from the surest to the faintest."""

from collections import defaultdict
from collections.abc import Iterator
from functools import cache, lru_cache
from itertools import combinations, product
from pathlib import Path

from nicknames import name_triplets
from rapidfuzz.distance import OSA, JaroWinkler

from shared.matching.linkage.name_tokens import without_particle
from shared.matching.linkage.phonetic import phonetic_code
from shared.matching.linkage.weights import Similarity

MIN_JARO_WINKLER = 0.92


@lru_cache(maxsize=262_144)
def string_similarity(token: str, other: str) -> Similarity | None:
    """Returns the first kind of similarity that holds, or None when the tokens are not alike."""
    if token == other:
        return "equal"
    short, long = sorted((token, other), key=len)
    if len(short) == 1:
        return "initial" if long.startswith(short) else None
    if other in _nicknames().get(token, ()):
        return "nickname"
    spelling = _spelling_similarity(token, other, len(short), len(long))
    if spelling is None and without_particle(token) == without_particle(other):  # `DELACRUZ` and `CRUZ`
        return "cut short"
    return spelling


def _spelling_similarity(token: str, other: str, shorter: int, longer: int) -> Similarity | None:
    """`shorter` and `longer` are the lengths of the two tokens. A slip in a short token makes another name of it."""
    edits = OSA.distance(token, other, score_cutoff=2)
    if edits == 1 and longer >= 4:
        return "one letter"
    if edits == 2 and shorter >= 6:
        return "two letters"
    if phonetic_code(token) == phonetic_code(other) and len(phonetic_code(token)) > 1 and shorter >= 3:
        return "sounds alike"
    if shorter >= 4 and (token.startswith(other) or other.startswith(token)):
        return "cut short"
    if shorter >= 5 and JaroWinkler.similarity(token, other) >= MIN_JARO_WINKLER:
        return "near"
    return None


@cache
def _nicknames() -> dict[str, frozenset[str]]:
    """Maps a name to the names that may stand for it: its short forms, the names that it is a short form of, and other
    spellings of the same name."""
    related: defaultdict[str, set[str]] = defaultdict(set)
    for name, other in _related_names():
        related[name].add(other)
        related[other].add(name)
    return {name: frozenset(others) for name, others in related.items()}


def _related_names() -> Iterator[tuple[str, str]]:
    for triple in name_triplets():  # English; one a row, name and short form
        yield triple.name1.upper(), triple.name2.upper()
    for line in Path(__file__).with_name("short_forms.txt").read_text(encoding="ascii").splitlines():
        if not line.startswith("#"):
            names, _, short_forms = line.partition(":")
            spellings = names.replace("[", "").replace("]", "").split()
            yield from combinations(spellings, 2)
            yield from product(spellings, short_forms.split())
