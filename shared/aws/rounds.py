"""Rounds: a sweep that goes through everything in pieces, a part of them in each run.

A run goes on where the last one stopped, and stops itself well before half of its time is over. So no run takes longer
however much there is; there are more of them. A round that is complete is followed by the next when that is due.

A round is an item with pk `round#<name>`, sk `round`, in a table with those keys.
"""

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

from shared.aws.dynamodb import Item, sortable_timestamp
from shared.aws.optimistic_lock import ConflictError, put_if_unchanged
from shared.aws.throttling import may_begin_more

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


@dataclass(frozen=True)
class Round:
    """`after` is the place behind the last piece that was done, empty at the beginning."""

    began: datetime
    after: str = ""
    is_complete: bool = False
    revision: int = 1


class Piece(NamedTuple):
    """`place` is where the next run begins. `done` is how much there was to do in it."""

    place: str
    done: int = 0


class RoundsTable:
    def __init__(self, client: "DynamoDBClient", name: str) -> None:
        self._client, self._name = client, name

    def find(self, name: str) -> Round | None:
        item = self._client.get_item(TableName=self._name, Key=_key(name), ConsistentRead=True).get("Item")
        if item is None:
            return None
        return Round(
            datetime.fromisoformat(item["began"]["S"]),
            item["after"]["S"],
            item["is_complete"]["BOOL"],
            int(item["revision"]["N"]),
        )

    def save(self, name: str, current: Round) -> None:
        """Raises ConflictError when another run has saved this revision."""
        facts: Item = {
            "began": {"S": sortable_timestamp(current.began)},
            "after": {"S": current.after},
            "is_complete": {"BOOL": current.is_complete},
        }
        put_if_unchanged(self._client, self._name, _key(name) | facts, current.revision)


def go_on(
    rounds: RoundsTable, name: str, every: timedelta, pieces: Callable[[Round], Iterator[Piece]], now: datetime
) -> int:
    """Does as many pieces of the round as the time allows, at least one; nothing while no round is due.

    `pieces` does the work behind `Round.after`, piece by piece, and each piece may be done twice. A piece that raises
    is done again by the next run. Returns how much there was to do in them.
    """
    stored = rounds.find(name)
    current = _current(stored, every, now)
    if current is None:
        return 0
    done = 0
    try:
        for piece in pieces(current):
            done += piece.done
            current = replace(current, after=piece.place)
            if not may_begin_more():
                break
        else:
            current = replace(current, is_complete=True)
    finally:
        with suppress(ConflictError):  # two runs at once do the same pieces; one of them says how far they are
            rounds.save(name, current)
    return done


def _current(stored: Round | None, every: timedelta, now: datetime) -> Round | None:
    """The round to go on with; None while the next one is not due."""
    if stored is None:
        return Round(now)
    if not stored.is_complete:
        return replace(stored, revision=stored.revision + 1)
    return Round(now, revision=stored.revision + 1) if stored.began + every <= now else None


def _key(name: str) -> Item:
    return {"pk": {"S": f"round#{name}"}, "sk": {"S": "round"}}
