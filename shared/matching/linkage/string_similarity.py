"""String similarity of two name tokens: which kind holds, from the surest to the faintest."""

from functools import cache, lru_cache

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
    """Maps a name to the names that may stand for it: its short forms, or the names that it is a short form of."""
    short_forms: dict[str, set[str]] = {}
    for triple in name_triplets():
        short_forms.setdefault(triple.name1.upper(), set()).add(triple.name2.upper())
    related: dict[str, set[str]] = {}
    for name, nicknames in short_forms.items():
        for nickname in nicknames:
            related.setdefault(name, set()).add(nickname)
            related.setdefault(nickname, set()).add(name)
    return {name: frozenset(others) for name, others in related.items()}
