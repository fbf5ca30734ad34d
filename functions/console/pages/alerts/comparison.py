"""The watched and the reported person, field by field. Pure."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from functions.console.pages.alerts.alert_words import NOT_REPORTED, Fact, person_facts
from functions.console.pages.watches.watched_words import facts
from shared.alerts.matches.reason_words import ShownDifference
from shared.alerts.view import ShownArrest
from shared.matching.criteria import Criterion

NOT_GIVEN = "Not given"
_PERSON = (
    "Name",
    "Also known as",
    "Born",
    "Sex",
    "State ID",
    "FBI number",
    "Person number",
    "Booking number",
    "Tracking number",
)
_ROW_OF = {"Held by": "Name", "Surname": "Name", "First name": "Name", "Middle name": "Name", "Suffix": "Name"}


class ComparedRow(NamedTuple):
    label: str
    watched: tuple[str, ...]
    reported: tuple[str, ...]
    differs: bool


def compare(criterion: Criterion, arrest: ShownArrest, differences: Iterable[ShownDifference]) -> list[ComparedRow]:
    """A row for each field of a person that one side has. A row differs where the matching found that it does: another
    spelling of one value is no difference."""
    watched, reported = _watched(criterion), {fact.label: fact.lines for fact in person_facts(arrest)}
    differing = {_ROW_OF.get(difference.label, difference.label) for difference in differences}
    labels = [label for label in _PERSON if label in watched or label in reported]
    return [
        ComparedRow(
            label,
            watched.get(label) or (NOT_GIVEN,),
            reported.get(label) or (NOT_REPORTED,),
            differs=label in differing,
        )
        for label in labels
    ]


def further_conditions(criterion: Criterion) -> list[Fact]:
    """What else the watch asks for: charges, places."""
    return [Fact(label, lines) for label, lines in _watched(criterion).items() if label not in _PERSON and any(lines)]


def _watched(criterion: Criterion) -> Mapping[str, tuple[str, ...]]:
    lines: dict[str, list[str]] = defaultdict(list)
    for label, value in facts(criterion):
        lines[_ROW_OF.get(label, label)].append(value)
    return {label: tuple(dict.fromkeys(values)) for label, values in lines.items()}
