"""Claim, lease and every other move of a delivery between its states, as conditional updates. No I/O.

`table.py` applies them.

Each update carries the condition under which the move is allowed, so two senders, a sweep and a provider event can
meet at one delivery, and only one of them moves it.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from shared.alerts.delivery.model import DeliveryState
from shared.aws.due_index import OPEN
from shared.aws.dynamodb import Item, sortable_timestamp

_STATE = {"#state": "state"}
_STATE_AND_OPEN = {"#state": "state", "#open": "open"}
_IS_OURS = "#state = :claimed AND attempt = :attempt"


class ConditionalUpdate(NamedTuple):
    """An UpdateExpression and its ConditionExpression, with the names and values that both use."""

    update: str
    condition: str
    names: Mapping[str, str]
    values: Item


def claim(now: datetime, lease: timedelta) -> ConditionalUpdate:
    """Claims a delivery that is queued, or whose last claim is at least one lease old.

    `due` stays as it is: moving it in the index would cost two more writes, for the few that a sender abandons.
    """
    return ConditionalUpdate(
        "SET #state = :claimed, claimed_at = :now, claimed_until = :until ADD attempt :one",
        "#state = :queued OR (#state = :claimed AND claimed_at <= :stale)",
        _STATE,
        {
            ":claimed": _text(DeliveryState.CLAIMED),
            ":queued": _text(DeliveryState.QUEUED),
            ":now": _instant(now),
            ":stale": _instant(now - lease),
            ":until": _instant(now + lease),
            ":one": {"N": "1"},
        },
    )


def release(attempt: int, not_before: datetime | None = None, retry_at: datetime | None = None) -> ConditionalUpdate:
    """Gives back this attempt's claim. The sweep queues the delivery at `retry_at` or `not_before`, if one is given."""
    update, instants = "SET #state = :queued", {}
    if not_before:
        update, instants = f"{update}, due = :until, not_before = :until", {":until": _instant(not_before)}
    if retry_at:
        update, instants = f"{update}, due = :again", instants | {":again": _instant(retry_at)}
    return ConditionalUpdate(
        f"{update} ADD released :one",
        _IS_OURS,
        _STATE,
        {":queued": _text(DeliveryState.QUEUED), **_ours(attempt), ":one": {"N": "1"}, **instants},
    )


def stand_by(attempt: int) -> ConditionalUpdate:
    """Puts this attempt's claim aside, out of the due index, unless the delivery was called up meanwhile."""
    return ConditionalUpdate(
        "SET #state = :state ADD released :one REMOVE #open, due",
        f"{_IS_OURS} AND attribute_not_exists(called_up)",
        _STATE_AND_OPEN,
        {":state": _text(DeliveryState.STANDS_BY), **_ours(attempt), ":one": {"N": "1"}},
    )


def mark_called_up(now: datetime) -> ConditionalUpdate:
    """From now on the delivery cannot be put aside."""
    return ConditionalUpdate(
        "SET called_up = if_not_exists(called_up, :now)", "attribute_exists(part)", {}, {":now": _instant(now)}
    )


def end_standby(now: datetime) -> ConditionalUpdate:
    """Queues a delivery that stands by. The sweep finds it at once."""
    return ConditionalUpdate(
        "SET #state = :queued, queued_at = :now, due = :now, #open = :open",
        "#state = :aside",
        _STATE_AND_OPEN,
        {
            ":queued": _text(DeliveryState.QUEUED),
            ":aside": _text(DeliveryState.STANDS_BY),
            ":now": _instant(now),
            ":open": {"S": OPEN},
        },
    )


def advance(state: DeliveryState, now: datetime, facts: Mapping[str, str], *, stays_open: bool) -> ConditionalUpdate:
    """Moves a delivery up to `state` from any state below, and notes the facts.

    The states below are named one by one, so that a state which somebody adds does not change what is stored. With
    `stays_open` the delivery stays in the due index as it is: moving it would cost two more writes.
    """
    below = {f":below{number}": _text(lower) for number, lower in enumerate(state.below)}
    assignments = ", ".join(["#state = :state", *_first_values(state, facts)])
    return ConditionalUpdate(
        f"SET {assignments}" if stays_open else f"SET {assignments} REMOVE #open, due",
        f"#state IN ({', '.join(below)})",
        _STATE if stays_open else _STATE_AND_OPEN,
        {**_values(now, facts), **below, ":state": _text(state)},
    )


def note_facts(state: DeliveryState, now: datetime, facts: Mapping[str, str]) -> ConditionalUpdate:
    """Notes when the delivery entered the state, and the facts, without moving it. The first value of each stays."""
    assignments = ", ".join(_first_values(state, facts))
    return ConditionalUpdate(f"SET {assignments}", "attribute_exists(part)", {}, _values(now, facts))


def postpone(seen_due: Any, due: datetime) -> ConditionalUpdate:
    """Moves the next look to `due`, unless it was moved since `seen_due` was read."""
    return ConditionalUpdate("SET due = :due", "due = :seen", {}, {":seen": seen_due, ":due": _instant(due)})


def _first_values(state: DeliveryState, facts: Mapping[str, str]) -> list[str]:
    """Assignments that keep the first value of an attribute."""
    values = {f"{state.value}_at": "now", **{name: name for name in facts}}
    return [f"{name} = if_not_exists({name}, :{value})" for name, value in values.items()]


def _values(now: datetime, facts: Mapping[str, str]) -> Item:
    return {":now": _instant(now), **{f":{name}": _text(fact) for name, fact in facts.items()}}


def _ours(attempt: int) -> Item:
    return {":claimed": _text(DeliveryState.CLAIMED), ":attempt": {"N": str(attempt)}}


def _text(value: str) -> Item:
    return {"S": str(value)}


def _instant(instant: datetime) -> Item:
    return {"S": sortable_timestamp(instant)}
