"""Dates of birth compared by component: text likeness calls unrelated days alike."""

from datetime import date
from functools import lru_cache
from typing import NamedTuple

from shared.matching.linkage.weights import Weights


class DateComparison(NamedTuple):
    """`bits` speak for or against; `said` is what was found, `between` the two that it was found between."""

    match_weight: float
    finding: str
    values: tuple[object, ...] = ()

    @property
    def explanation(self) -> str:
        """Written only for what becomes a reason: most that is compared does not."""
        return f"{self.finding}: {' / '.join(map(str, self.values))}" if self.values else self.finding


def compare_dates(one: date, other: date, weights: Weights) -> DateComparison:
    if one == other:
        return DateComparison(weights.same_day, "born the same day")
    year, month, day = one.year == other.year, one.month == other.month, one.day == other.day
    if year + month + day == 2:
        wrong = (one.day, other.day) if year and month else (one.month, other.month) if year else (one.year, other.year)
        if _one_slip(*wrong):
            return DateComparison(weights.one_slip, "dates of birth one slip apart", (one, other))
        return DateComparison(weights.two_parts_same, "dates of birth agree in two of three parts", (one, other))
    if year and (one.month, one.day) == (other.day, other.month):
        return DateComparison(weights.swapped_day_and_month, "day and month of birth swapped", (one, other))
    return DateComparison(weights.other_day, "dates of birth differ", (one, other))


def compare_birth_years(one: int, other: int, weights: Weights) -> DateComparison:
    """Where a side knows only the year."""
    if one == other:
        return DateComparison(weights.same_year_only, f"born the same year, {one}")
    return DateComparison(weights.other_day, "years of birth differ", (one, other))


@lru_cache(maxsize=16_384)
def _one_slip(one: int, other: int) -> bool:
    """Of two numbers of equal length: one digit, two neighbouring digits that changed places, or neighbours."""
    if abs(one - other) == 1:
        return True
    first, second = f"{one:04d}", f"{other:04d}"
    at = [place for place, (a, b) in enumerate(zip(first, second, strict=True)) if a != b]
    swapped = len(at) == 2 and at[1] - at[0] == 1 and first[at[0]] == second[at[1]] and first[at[1]] == second[at[0]]
    return len(at) == 1 or swapped
