"""The summary of a quarter that an office reports up: how many disclosures, on which ground, to whom. It names nobody.

Source: New York City Administrative Code 23-1205 and the NYPD's policy of 2021: kinds of disclosures, without persons.
"""

import re
from collections import Counter
from collections.abc import Iterable
from datetime import UTC, datetime

from shared.disclosures.model import Disclosure, DisclosureMeans, DisclosureState, RecipientKind
from shared.value import FrozenModel


class SummaryRow(FrozenModel):
    """`disclosures` were made; `refused` were asked for and not allowed; `waiting` are not decided."""

    ground: str
    recipient_kind: RecipientKind
    means: DisclosureMeans
    disclosures: int
    arrests: int
    refused: int
    waiting: int


def quarter_bounds(quarter: str) -> tuple[datetime, datetime]:
    """First instant of a quarter of this millennium such as `2026-Q4`, in UTC, and that of the next one. Raises
    ValueError otherwise."""
    year_text, separator, number_text = quarter.partition("-Q")
    if not (separator and number_text in {"1", "2", "3", "4"} and re.fullmatch("2[0-9]{3}", year_text)):
        raise ValueError("is no quarter; write one like 2026-Q4")
    year, number = int(year_text), int(number_text)
    start = datetime(year, 3 * number - 2, 1, tzinfo=UTC)
    return start, datetime(year + number // 4, 3 * number % 12 + 1, 1, tzinfo=UTC)


def summary_rows(disclosures: Iterable[Disclosure]) -> list[SummaryRow]:
    """By ground, kind of recipient and means, in this order."""
    states: Counter[tuple[str, RecipientKind, DisclosureMeans, str]] = Counter()
    arrests: Counter[tuple[str, RecipientKind, DisclosureMeans]] = Counter()
    for disclosure in disclosures:
        request = disclosure.request
        kind = request.ground, request.recipient_kind, request.means
        states[(*kind, _column(disclosure.state))] += 1
        arrests[kind] += len(request.arrest_ids) if disclosure.state.is_allowed else 0
    return [
        SummaryRow(
            ground=ground,
            recipient_kind=recipient_kind,
            means=means,
            disclosures=states[ground, recipient_kind, means, "made"],
            arrests=arrests[ground, recipient_kind, means],
            refused=states[ground, recipient_kind, means, "refused"],
            waiting=states[ground, recipient_kind, means, "waiting"],
        )
        for ground, recipient_kind, means in sorted(arrests)
    ]


def _column(state: DisclosureState) -> str:
    return "made" if state.is_allowed else state.value
