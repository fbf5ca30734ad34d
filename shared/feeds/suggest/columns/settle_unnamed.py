"""Settles the columns of a file without a header line: by their values, and by what stands beside them.

Whatever is settled so gets a doubt, and is asked.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise

from shared.feeds.suggest.columns.assign_columns import Assignment
from shared.feeds.suggest.columns.column_evidence import ColumnEvidence
from shared.feeds.suggest.columns.value_shapes import Shape, event_word
from shared.feeds.suggest.columns.vocabulary import GIVEN_NAMES

Evidence = Mapping[str, ColumnEvidence]
_BY_PLACE = "Neither a name nor its values prove this."
_LEAST_NAMES = 8  # different names that make a column one of names
_SOCIAL_SECURITY = 9  # digits


def settle_unnamed(assignments: Sequence[Assignment], evidence: Evidence) -> list[Assignment]:
    settled = [*assignments]
    for step in (_number, _names, _class, _city, _event_times):
        step(settled, evidence)
    return _without_social_security(settled, evidence)


def place_of(assignments: Sequence[Assignment], field: str) -> int | None:
    return next((place for place, assignment in enumerate(assignments) if assignment.field == field), None)


def given_share(column: ColumnEvidence) -> float:
    """The share of the cells that begin with a common given name."""
    count = sum(count for text, count in column.values.items() if text.upper().partition(" ")[0] in GIVEN_NAMES)
    return count / column.filled if column.filled else 0.0


def _settle(settled: list[Assignment], place: int, field: str) -> None:
    settled[place] = replace(settled[place], field=field, doubt=_BY_PLACE)


def _number(settled: list[Assignment], evidence: Evidence) -> None:
    """The numbers of arrests ascend with the rows; other numbers do not."""
    for place, assignment in enumerate(settled):
        column = evidence[assignment.column]
        if not assignment.field and _is_code(column) and column.average_length > 3 and _ascends(column):
            _settle(settled, place, "number")
            return


def _names(settled: list[Assignment], evidence: Evidence) -> None:
    """Two columns of names beside each other are surname and given name; a third is the middle name."""
    if place_of(settled, "name") is not None:
        return
    free = [not assignment.field and _may_be_name(evidence[assignment.column]) for assignment in settled]
    for left in range(len(settled) - 1):
        if free[left] and free[left + 1]:
            columns = [evidence[settled[place].column] for place in (left, left + 1)]
            is_given_first = given_share(columns[0]) > given_share(columns[1])
            for place, field in enumerate(("given", "surname") if is_given_first else ("surname", "given"), left):
                _settle(settled, place, field)
            if left + 2 < len(settled) and _is_middle(settled[left + 2], evidence):
                _settle(settled, left + 2, "middle")
            return


def _class(settled: list[Assignment], evidence: Evidence) -> None:
    """F and M are a sex, and beside a charge they are its class."""
    charge = place_of(settled, "charge")
    for place in () if charge is None or place_of(settled, "charge_class") is not None else (charge - 1, charge + 1):
        if 0 <= place < len(settled) and not settled[place].field:
            column = evidence[settled[place].column]
            if column.filled and column.share(Shape.CLASS) > 0.9:
                _settle(settled, place, "charge_class")
                return


def _city(settled: list[Assignment], evidence: Evidence) -> None:
    address = place_of(settled, "address")
    if address is None or address + 1 >= len(settled) or settled[address + 1].field:
        return
    column = evidence[settled[address + 1].column]
    if column.share(Shape.NAME_PART) > 0.9 and column.average_length > 3:
        _settle(settled, address + 1, "city")


def _event_times(settled: list[Assignment], evidence: Evidence) -> None:
    """What only the rows of a release have is the day and the time of the release."""
    events = place_of(settled, "event")
    if events is None:
        return
    released = ["release" in event_word(cell) for cell in evidence[settled[events].column].cells]
    tests: dict[str, Callable[[ColumnEvidence], bool]] = {
        "event_date": lambda column: column.date_share > 0.8,
        "event_time": lambda column: column.time_share > 0.8,
    }
    for field, test in tests.items():
        for place, assignment in enumerate(settled):
            column = evidence[assignment.column]
            if not assignment.field and column.filled and test(column) and _filled_only(column, released):
                _settle(settled, place, field)
                break


def _without_social_security(settled: list[Assignment], evidence: Evidence) -> list[Assignment]:
    doubt = "It may be a Social Security number, which may not be kept."
    return [
        replace(assignment, field="(forbidden)", doubt=doubt, drop=True)
        if not assignment.field and _may_be_social_security(evidence[assignment.column])
        else assignment
        for assignment in settled
    ]


def _may_be_social_security(column: ColumnEvidence) -> bool:
    has_nine_digits = column.longest == _SOCIAL_SECURITY == round(column.average_length)
    return has_nine_digits and column.share(Shape.INTEGER) > 0.9 and not _ascends(column)


def _filled_only(column: ColumnEvidence, rows: Sequence[bool]) -> bool:
    if len(column.cells) != len(rows):
        return False
    filled = [bool(cell.strip()) for cell in column.cells]
    return all(not is_filled or row for is_filled, row in zip(filled, rows, strict=True))


def is_number(column: ColumnEvidence) -> bool:
    """Whether a column of codes may number persons or arrests."""
    return _is_code(column) and column.average_length > 4 and column.distinct > _LEAST_NAMES


def _is_code(column: ColumnEvidence) -> bool:
    return column.share(Shape.CODE) > 0.9 and column.date_share < 0.5 and column.time_share < 0.8


def _ascends(column: ColumnEvidence) -> bool:
    """Whether numbers are given out one after the other: hardly one is lower than the one above."""
    cells = [cell.strip() for cell in column.cells if cell.strip()]
    lower = sum(after < before for before, after in pairwise(cells))
    return column.distinct > 2 and lower <= len(cells) * 0.1


def _may_be_name(column: ColumnEvidence) -> bool:
    enough = column.distinct >= min(_LEAST_NAMES, column.filled)
    return enough and column.share(Shape.NAME_PART) > 0.9 and column.average_length > 3


def _is_middle(assignment: Assignment, evidence: Evidence) -> bool:
    column = evidence[assignment.column]
    return not assignment.field and column.share(Shape.NAME_PART) > 0.9 and column.share(Shape.SEX) < 0.9
