"""What each agreement and disagreement counts, in bits: the logarithm of how much likelier it is between two reports of
one person than between two people.

Provenance: the weights of dates are the product's design figures (numbers.md, measured on record-linkage benchmarks);
those of words follow from how common a name is in the US Census of 1990; the share of each kind of variant and the
thresholds were set on the generated population of `tests/bench/population.py`, seed 1, never on a labelled set that
`make bench` scores.
"""

from dataclasses import dataclass, field


@dataclass(frozen=True, eq=False)
class Weights:
    version: str = "2026-11-22"
    # dates of birth
    same_day: float = 11.0
    swapped_day_and_month: float = 8.0
    one_slip: float = 6.0
    same_year_only: float = 4.0  # where one side knows no more than the year
    two_parts_same: float = 2.0  # of year, month and day
    other_day: float = -5.0
    # a word that agrees counts how rare it is, times the share of its kind
    shares: dict[str, float] = field(
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
    crossed: float = 0.85  # a surname found among the given names, or the reverse
    other_surname: float = -6.0
    other_given: float = -6.0
    other_middle: float = -2.0
    half_a_surname: float = -1.0  # one of two words of it is missing
    no_given: float = -1.0
    same_suffix: float = 2.0
    other_suffix: float = -5.0
    same_sex: float = 1.0
    other_sex: float = -6.0
    rarest_surname: float = 13.0  # bits; nothing counts as rarer than one in 8,000
    rarest_given: float = 9.0
    # grades
    strong: float = 19.0
    possible: float = 13.5


WEIGHTS = Weights()
