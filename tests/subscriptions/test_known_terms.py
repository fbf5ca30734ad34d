"""The terms that matchers remember: a look-up of what nobody watches costs nothing, and an acknowledged watch is found
by whoever asks afterwards, in whatever order writers and matchers come to their turns."""

import random
import threading
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from shared.matching.rules import posting_terms
from shared.subscriptions.index.known_terms_table import KnownTermsTable
from shared.subscriptions.index.table import SubscriptionIndex
from shared.subscriptions.model import Status, Subscription, SubscriptionKey
from tests.alerts.delivery.memory import MemoryDynamoDB
from tests.builders import PSEUDONYMS, a_subscription
from tests.conftest import Tables
from tests.widths import exhaustive

CALLS = ("get_item", "batch_get_item", "put_item", "update_item", "transact_write_items", "query")
PEOPLE = [
    a_subscription(
        {"watch": "identifier", "identifier": {"kind": "sid", "value": f"NY0{n}00000"}}, subscription_id=f"s{n}"
    )
    for n in range(3)
]


def reads(tables: Tables, work: Callable[[], Any]) -> list[int]:
    """Returns the number of keys of each batch read that the work needs."""
    sizes: list[int] = []

    def note(params: Any, **_: Any) -> None:
        sizes.append(sum(len(batch["Keys"]) for batch in params["RequestItems"].values()))

    tables.client.meta.events.register("provide-client-params.dynamodb.BatchGetItem", note, unique_id="note")
    try:
        work()
    finally:
        tables.client.meta.events.unregister("provide-client-params.dynamodb.BatchGetItem", unique_id="note")
    return sizes


def terms_of(watch: Subscription) -> Any:
    return posting_terms(watch.criterion)


def matcher(client: Any) -> SubscriptionIndex:
    return SubscriptionIndex(client, "Subscriptions", PSEUDONYMS, known=KnownTermsTable(client, "Subscriptions"))


def test_what_nobody_watches_is_not_looked_up(tables: Tables) -> None:
    tables.watch_list.add(PEOPLE[0])
    index = matcher(tables.client)
    strangers = [("identifier", "sid", str(number)) for number in range(1_000)]
    found: list[Any] = []
    sizes = reads(tables, lambda: found.append(index.postings_under([*strangers, *terms_of(PEOPLE[0])])))
    assert {posting.key for postings in found[0].values() for posting in postings} == {PEOPLE[0].key}
    assert sizes == [len(found[0])]
    assert reads(tables, lambda: matcher(tables.client).postings_under(strangers)) == []


def test_a_matcher_finds_what_is_watched_after_its_last_batch(tables: Tables) -> None:
    index = matcher(tables.client)
    for watch in PEOPLE:
        assert not index.postings_under(terms_of(watch))
        tables.watch_list.add(watch)
        assert {posting.key for postings in index.postings_under(terms_of(watch)).values() for posting in postings} == {
            watch.key
        }


def test_a_term_that_is_watched_no_more_and_again_is_found(tables: Tables) -> None:
    index, watch = matcher(tables.client), PEOPLE[0]
    tables.watch_list.add(watch)
    over = watch.model_copy(update={"status": Status.CANCELLED, "revision": watch.revision + 1})
    tables.watch_list.replace(watch, over)
    assert not any(index.postings_under(terms_of(watch)).values())
    tables.watch_list.replace(over, watch.model_copy(update={"revision": over.revision + 1}))
    assert any(index.postings_under(terms_of(watch)).values())


class Turns:
    """Lets one of several threads make its next call at a time, by chance."""

    def __init__(self, seed: int) -> None:
        self._by, self._waiting, self._changed = (
            random.Random(seed),
            dict[int, threading.Event](),
            threading.Condition(),
        )
        self._busy = 0

    def run(self, *actors: Callable[[], None]) -> None:
        threads = [threading.Thread(target=self._act, args=[actor]) for actor in actors]
        self._busy = len(threads)
        for thread in threads:
            thread.start()
        while True:
            with self._changed:
                self._changed.wait_for(lambda: not self._busy)
                if not self._waiting:
                    break
                turn = self._waiting.pop(self._by.choice(sorted(self._waiting)))
                self._busy += 1
            turn.set()
        for thread in threads:
            thread.join()

    def wait(self) -> None:
        turn = threading.Event()
        with self._changed:
            self._waiting[threading.get_ident()] = turn
            self._busy -= 1
            self._changed.notify()
        turn.wait()

    def _act(self, actor: Callable[[], None]) -> None:
        try:
            actor()
        finally:
            with self._changed:
                self._busy -= 1
                self._changed.notify()


class InTurns:
    """The client of a thread that waits for its turn before each call."""

    def __init__(self, db: MemoryDynamoDB, turns: Turns) -> None:
        self._db, self._turns, self.exceptions = db, turns, db.exceptions

    def __getattr__(self, name: str) -> Any:
        call = getattr(self._db, name)
        if name not in CALLS:
            return call

        def called(**request: Any) -> Any:
            self._turns.wait()
            return call(**request)

        return called

    def get_paginator(self, _: str) -> Any:
        return self

    def paginate(self, **request: Any) -> Any:
        yield self.query(**request)


def missed(seed: int) -> list[tuple[int, SubscriptionKey]]:
    """Three writers, and a matcher of three batches."""
    db, turns = MemoryDynamoDB({"Subscriptions": ("pk", "sk")}), Turns(seed)
    client: Any = InTurns(db, turns)
    acknowledged: list[Subscription] = []
    misses: list[tuple[int, SubscriptionKey]] = []

    def write(watch: Subscription) -> None:
        SubscriptionIndex(client, "Subscriptions", PSEUDONYMS).add(watch)
        acknowledged.append(watch)

    def match() -> None:
        index = matcher(client)
        for _ in range(3):
            owed = list(acknowledged)
            postings = index.postings_under({term for watch in PEOPLE for term in terms_of(watch)})
            keys = {posting.key for of_term in postings.values() for posting in of_term}
            misses.extend((seed, watch.key) for watch in owed if watch.key not in keys)

    turns.run(*(partial(write, watch) for watch in PEOPLE), match)
    assert len(acknowledged) == len(PEOPLE)
    return misses


@pytest.mark.parametrize("seeds", [range(500), *exhaustive(range(500, 100_000))], ids=str)
def test_an_acknowledged_watch_is_never_missed_however_writers_and_matchers_interleave(seeds: range) -> None:
    assert [miss for seed in seeds for miss in missed(seed)] == []
