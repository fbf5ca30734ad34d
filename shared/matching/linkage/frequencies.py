"""Term frequencies: how common a name token is, as the bits that its agreement is worth.

SMITH, which every hundredth person bears, is worth 6.6 bits; a name of one in 8,000 persons or fewer is worth 13. How
common a phonetic code is among surnames and given names together is counted as well.

The counts are those of the US Census of 1990, as the package `names` carries them. While the layer is built,
`compacted` packs them into half a megabyte, the package `name_frequencies`. Where that is not installed, they are
packed at first use.
"""

from array import array
from bisect import bisect_left
from collections.abc import Callable, Hashable, Iterable, Iterator
from functools import cache
from hashlib import blake2b
from importlib.resources import files
from importlib.util import find_spec
from math import log2
from typing import Protocol

from shared.matching.linkage.name_tokens import GIVEN, SURNAME
from shared.matching.linkage.phonetic import core_phonetic_code

_STEPS = 8  # of a bit
_TABLES = {SURNAME: ("dist.all.last",), GIVEN: ("dist.female.first", "dist.male.first")}
_MIN_PERCENT_OF_CODES = 0.004  # rarer names do not make a phonetic code common


class TermFrequencies(Hashable, Protocol):
    def agreement_weight(self, role: str, word: str, rarest: float) -> float:
        """The match weight in bits of an equal `word`: minus the base-2 logarithm of its term frequency, and never
        more than `rarest`. `role` is surname, given, or sound for a phonetic code."""


FrequenciesOf = Callable[[str], TermFrequencies | None]
"""The frequencies of an agency. None where those of the census count."""


class CensusFrequencies:
    """A sorted array of hashes beside an array of their bits, searched by bisection."""

    def __init__(self, packed: bytes) -> None:
        count = int.from_bytes(packed[:4], "little")
        self._hashes = array("I", packed[4 : 4 + 4 * count])
        self._bits = packed[4 + 4 * count :]

    def agreement_weight(self, role: str, word: str, rarest: float) -> float:
        key = _hash(role, word)
        index = bisect_left(self._hashes, key)
        if index < len(self._hashes) and self._hashes[index] == key:
            return min(self._bits[index] / _STEPS, rarest)
        return rarest


def pack_frequencies(lines: Iterable[tuple[str, str, float]]) -> bytes:
    """Packs lines of (role, word, percent) into a count, the sorted hashes, and a byte each in eighths of a bit."""
    percents: dict[int, float] = {}
    for role, word, percent in lines:
        key = _hash(role, word)
        percents[key] = percents.get(key, 0.0) + percent
    hashes = array("I", sorted(percents))
    bits = bytes(min(255, round(-log2(percents[key] / 100) * _STEPS)) for key in hashes)
    return len(hashes).to_bytes(4, "little") + hashes.tobytes() + bits


@cache
def census() -> CensusFrequencies:
    if find_spec("name_frequencies"):
        return CensusFrequencies((files("name_frequencies") / "frequencies.bin").read_bytes())
    return CensusFrequencies(compacted())


def compacted() -> bytes:
    """The census, packed. Needs the package `names`."""
    return pack_frequencies(_census_lines())


def _census_lines() -> Iterator[tuple[str, str, float]]:
    """A given name's percentage is its mean over both sexes."""
    for role, tables in _TABLES.items():
        for table in tables:
            for line in (files("names") / table).read_text().splitlines():
                name, percent_text, _, _ = line.split()
                percent = max(float(percent_text), 0.0005) / len(tables)
                yield role, name, percent
                if percent >= _MIN_PERCENT_OF_CODES:
                    yield "sound", core_phonetic_code(name), percent / 2


def _hash(role: str, word: str) -> int:
    return int.from_bytes(blake2b(f"{role} {word}".encode(), digest_size=4).digest(), "little")
