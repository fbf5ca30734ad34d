"""Match weights: what each agreement and disagreement adds, in bits.

A weight is the base-2 logarithm of how much likelier the finding is between two reports of one person than between
reports of two persons (Fellegi and Sunter, 1969).

Provenance: the weights of dates were measured on record-linkage benchmarks. Those of name tokens follow from their term
frequency in the US Census of 1990. The share of each similarity and the thresholds were set on the generated population
of `tests/bench/population.py`, seed 1, never on a labelled set that `make bench` scores. The weights of dates a
generation apart and of no date were set on the county of `tests/bench/jail.py`, seed 2, with FEBRL 2 to 4 in view.
"""

from dataclasses import dataclass, field
from typing import Literal

from shared.matching.linkage.name_tokens import GIVEN, MIDDLE, SURNAME

Similarity = Literal[
    "equal", "joined", "one letter", "two letters", "sounds alike", "nickname", "cut short", "near", "initial"
]
"""How two name tokens are alike: the results of `string_similarity`."""

PartResult = Literal["agrees", "incomplete", "differs", "crossed", "not supplied"]
"""What the comparison of one name part came to. `incomplete`: one of several surnames found no partner. `crossed`: the
given name differs because a surname stands in its place, which counts once, as a differing surname."""


@dataclass(frozen=True, eq=False)
class Weights:
    version: str = "2026-11-29"
    # Dates of birth.
    same_day: float = 11.0
    swapped_day_and_month: float = 8.0
    one_slip: float = 6.0
    same_year_only: float = 4.0  # one side knows no more than the year
    no_day: float = -2.0  # one side gives no date and no year: so a name alone must be rarer than one beside a date
    two_parts_same: float = 2.0  # of year, month and day
    other_day: float = -5.0
    other_generation: float = -11.0  # another day, and GENERATION years apart: father and son, or a namesake
    # A name token that agrees adds the bits of its term frequency, times the share of its similarity.
    shares: dict[Similarity, float] = field(
        default_factory=lambda: {
            "equal": 1.0,
            "joined": 1.0,
            "one letter": 0.8,
            "two letters": 0.6,
            "sounds alike": 0.55,
            "nickname": 0.7,
            "cut short": 0.5,
            "near": 0.45,
            "initial": 0.25,
        }
    )
    crossed: float = 0.85  # factor: a surname agrees with a given name of the other side
    rarest_surname: float = 13.0  # bits: nothing counts as rarer than one in 8,000
    rarest_given: float = 9.0
    # A name part that does not agree. A pair that is not listed adds nothing.
    penalties: dict[tuple[str, PartResult], float] = field(
        default_factory=lambda: {
            (SURNAME, "differs"): -6.0,
            (SURNAME, "incomplete"): -1.0,
            (GIVEN, "differs"): -6.0,
            (GIVEN, "not supplied"): -1.0,
            (MIDDLE, "differs"): -2.0,
        }
    )
    same_suffix: float = 2.0
    other_suffix: float = -5.0
    same_sex: float = 1.0
    other_sex: float = -6.0
    # Thresholds of the grades.
    strong: float = 19.0
    possible: float = 13.0


WEIGHTS = Weights()
