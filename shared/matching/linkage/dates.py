"""Comparison of two dates of birth, component by component. String similarity would call unrelated days alike."""

from datetime import date
from functools import lru_cache
from typing import NamedTuple

from shared.matching.linkage.weights import Weights

GENERATION = 12  # years: fewer are a slip, more may be father and son


class DateComparison(NamedTuple):
    """`match_weight` in bits. `finding` says in words how the two `values` compare; no values where none are shown."""

    match_weight: float
    finding: str
    values: tuple[object, ...] = ()

    @property
    def explanation(self) -> str:
        """Put into words only for a reason: most comparisons become none."""
        return f"{self.finding}: {' / '.join(map(str, self.values))}" if self.values else self.finding


def no_dates(weights: Weights) -> DateComparison:
    return DateComparison(weights.no_day, "date of birth not supplied")


def compare_dates(watched: date, reported: date, weights: Weights) -> DateComparison:
    if watched == reported:
        return DateComparison(weights.same_day, "born the same day")
    both = watched, reported
    same_year, same_month, same_day = (
        watched.year == reported.year,
        watched.month == reported.month,
        watched.day == reported.day,
    )
    if same_year + same_month + same_day == 2:
        if not same_day:
            differing = watched.day, reported.day
        elif not same_month:
            differing = watched.month, reported.month
        else:
            differing = watched.year, reported.year
        if _is_one_slip(*differing):
            return DateComparison(weights.one_slip, "dates of birth one slip apart", both)
        return DateComparison(weights.two_parts_same, "dates of birth agree in two of three parts", both)
    if same_year and (watched.month, watched.day) == (reported.day, reported.month):
        return DateComparison(weights.swapped_day_and_month, "day and month of birth swapped", both)
    if abs(watched.year - reported.year) >= GENERATION:
        return DateComparison(weights.other_generation, "dates of birth a generation apart", both)
    return DateComparison(weights.other_day, "dates of birth differ", both)


def compare_birth_years(watched: int, reported: int, weights: Weights) -> DateComparison:
    """For pairs of which one side knows no more than the year."""
    if watched == reported:
        return DateComparison(weights.same_year_only, f"born the same year, {watched}")
    return DateComparison(weights.other_day, "years of birth differ", (watched, reported))


@lru_cache(maxsize=16_384)
def _is_one_slip(number: int, other: int) -> bool:
    """One digit differs, two neighbouring digits have changed places, or the numbers are neighbours."""
    if abs(number - other) == 1:
        return True
    digits, other_digits = f"{number:04d}", f"{other:04d}"
    differing = [place for place in range(len(digits)) if digits[place] != other_digits[place]]
    if len(differing) != 2:
        return len(differing) == 1
    first, second = differing
    return second - first == 1 and digits[first] == other_digits[second] and digits[second] == other_digits[first]
