"""Dates of birth compared by component: text likeness calls unrelated days alike."""

from datetime import date
from typing import NamedTuple

from shared.domain.likeness.weights import Weights


class Compared(NamedTuple):
    """`bits` speak for or against; `words` say what was found, for a reason."""

    bits: float
    words: str


def compare(one: date, other: date, weights: Weights) -> Compared:
    if one == other:
        return Compared(weights.same_day, "born the same day")
    if (one.year, one.month, one.day) == (other.year, other.day, other.month):
        return Compared(weights.swapped_day_and_month, f"day and month of birth swapped: {one} / {other}")
    if _one_slip(one, other):
        return Compared(weights.one_slip, f"dates of birth one slip apart: {one} / {other}")
    if (one.year == other.year) + (one.month == other.month) + (one.day == other.day) == 2:
        return Compared(weights.two_parts_same, f"dates of birth agree in two of three parts: {one} / {other}")
    return Compared(weights.other_day, f"dates of birth differ: {one} / {other}")


def compare_year(one: int, other: int, weights: Weights) -> Compared:
    """Where a side knows only the year."""
    if one == other:
        return Compared(weights.same_year_only, f"born the same year, {one}")
    return Compared(weights.other_day, f"years of birth differ: {one} / {other}")


def _one_slip(one: date, other: date) -> bool:
    """One component differs, and in it one digit, two neighbouring digits changed places, or a neighbouring number."""
    parts = [(f"{one.year:04d}", f"{other.year:04d}"), (f"{one.month:02d}", f"{other.month:02d}"),
             (f"{one.day:02d}", f"{other.day:02d}")]  # fmt: skip
    wrong = [pair for pair in parts if pair[0] != pair[1]]
    if len(wrong) != 1:
        return False
    first, second = wrong[0]
    at = [place for place, (a, b) in enumerate(zip(first, second, strict=True)) if a != b]
    swapped = len(at) == 2 and at[1] - at[0] == 1 and first[at[0]] == second[at[1]] and first[at[1]] == second[at[0]]
    return len(at) == 1 or swapped or abs(int(first) - int(second)) == 1
