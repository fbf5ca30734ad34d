"""How common a name is, in bits: 6.6 for SMITH, which every hundredth person bears, 13 for one in 8,000 or fewer; and
how common the sound of a word is among surnames and given names together.

The counts are the US Census's of 1990, as the package `names` carries them. When the layer is built, `compacted` makes
half a megabyte of them, the package `name_frequencies`; where that is not installed, they are compacted at first use.
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

from shared.matching.linkage.phonetic import core_phonetic_code

_STEPS = 8  # of a bit
_TABLES = {"surname": ("dist.all.last",), "given": ("dist.female.first", "dist.male.first")}
_HEARD = 0.004  # percent: rarer names do not make a sound common


class TermFrequencies(Hashable, Protocol):
    def bits(self, role: str, word: str, rarest: float) -> float:
        """Of a word as surname or given name; nothing counts as rarer than `rarest`."""


FrequenciesOf = Callable[[str], TermFrequencies | None]
"""Of an agency; None where the census says it."""


class CensusFrequencies:
    """Sorted hashes beside their bits."""

    def __init__(self, packed: bytes) -> None:
        count = int.from_bytes(packed[:4], "little")
        self._hashes = array("I", packed[4 : 4 + 4 * count])
        self._bits = packed[4 + 4 * count :]

    def bits(self, role: str, word: str, rarest: float) -> float:
        wanted = _hash(role, word)
        at = bisect_left(self._hashes, wanted)
        if at < len(self._hashes) and self._hashes[at] == wanted:
            return min(self._bits[at] / _STEPS, rarest)
        return rarest


def compact(lines: Iterable[tuple[str, str, float]]) -> bytes:
    """Of (role, name, percent): a count, the sorted hashes, a byte each in eighths of a bit."""
    found: dict[int, float] = {}
    for role, name, percent in lines:
        key = _hash(role, name)
        found[key] = found.get(key, 0.0) + percent
    hashes = array("I", sorted(found))
    bits = bytes(min(255, round(-log2(found[key] / 100) * _STEPS)) for key in hashes)
    return len(hashes).to_bytes(4, "little") + hashes.tobytes() + bits


@cache
def census() -> CensusFrequencies:
    if find_spec("name_frequencies"):
        return CensusFrequencies((files("name_frequencies") / "frequencies.bin").read_bytes())
    return CensusFrequencies(compacted())


def compacted() -> bytes:
    """Needs the package `names`."""
    return compact(_census_lines())


def _census_lines() -> Iterator[tuple[str, str, float]]:
    """A given name's share is its mean over both sexes."""
    for role, tables in _TABLES.items():
        for table in tables:
            for line in (files("names") / table).read_text().splitlines():
                name, percent, _, _ = line.split()
                share = max(float(percent), 0.0005) / len(tables)
                yield role, name, share
                if share >= _HEARD:
                    yield "sound", core_phonetic_code(name), share / 2


def _hash(role: str, word: str) -> int:
    return int.from_bytes(blake2b(f"{role} {word}".encode(), digest_size=4).digest(), "little")
