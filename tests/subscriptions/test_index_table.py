"""Postings of one watch: as many as a transaction has room for, and more of them to be moved than that."""

from collections import Counter

import pytest

from shared.aws.optimistic_lock import ConflictError
from shared.matching.rules import selective_terms
from shared.matching.rules.index_terms import MOST_POSTINGS
from shared.subscriptions.index.table import SubscriptionIndex
from shared.subscriptions.model import Status
from tests.builders import a_subscription


def everywhere(street, longitude):
    """A watch of as many places as it may have: wide circles, and as many addresses as are left."""
    places = [{"watch": "place", "near": {"latitude": north, "longitude": longitude, "metres": 5_000}}
              for north in (40, 41, 42)]  # fmt: skip
    rest = MOST_POSTINGS - len(selective_terms(a_subscription({"any": places}).criterion))
    return {"any": places + [{"watch": "place", "address": f"{number} {street}"} for number in range(1, rest + 1)]}


def postings(tables):
    """Subscription id -> number of its postings. The size that each shard claims must be the one it has."""
    counts = Counter[str]()
    for page in tables.client.get_paginator("scan").paginate(TableName="Subscriptions"):
        for item in page["Items"]:
            if item["sk"]["S"] == "posting":
                ids = [name.removeprefix("s_") for name in item if name.startswith("s_")]
                assert int(item.get("size", {"N": "0"})["N"]) == len(ids)
                counts.update(ids)
    return counts


@pytest.fixture
def full(tables):
    subscription = a_subscription(everywhere("Elm Street", -74))
    tables.watch_list.add(subscription)
    return subscription


def elsewhere(subscription, **facts):
    criterion = a_subscription(everywhere("Oak Avenue", -80)).criterion
    return subscription.model_copy(update={"criterion": criterion, "revision": subscription.revision + 1} | facts)


def test_a_watch_that_goes_from_as_many_places_to_as_many_others_lies_in_these_alone(tables, full):
    assert postings(tables) == {full.subscription_id: MOST_POSTINGS}
    after = elsewhere(full)
    tables.watch_list.replace(full, after)
    assert postings(tables) == {full.subscription_id: MOST_POSTINGS}
    assert tables.watch_list.is_indexed(after)
    assert not any(tables.watch_list.postings_under(selective_terms(full.criterion)).values())
    assert tables.subscriptions.find("kings", full.subscription_id) == after


@pytest.fixture
def halfway(tables, full, monkeypatch):
    """A subscription whose writer died between its two transactions: it has obsolete postings too."""

    def die(self, subscription):
        raise KeyboardInterrupt

    after = elsewhere(full)
    monkeypatch.setattr(SubscriptionIndex, "_remove_overflow", die)
    with pytest.raises(KeyboardInterrupt):
        tables.watch_list.replace(full, after)
    monkeypatch.undo()
    assert postings(tables)[full.subscription_id] > MOST_POSTINGS
    assert not tables.watch_list.is_indexed(after)
    return after


def test_what_was_left_on_the_way_is_taken_along_by_whoever_writes_the_watch_next(tables, halfway):
    tables.watch_list.replace(halfway, halfway)
    assert postings(tables) == {halfway.subscription_id: MOST_POSTINGS}


def test_what_was_left_on_the_way_goes_with_a_watch_that_is_cancelled(tables, halfway):
    over = halfway.model_copy(update={"status": Status.CANCELLED, "revision": halfway.revision + 1})
    tables.watch_list.replace(halfway, over)
    assert postings(tables) == {}
    assert tables.subscriptions.find("kings", halfway.subscription_id) == over


def test_what_was_left_on_the_way_goes_with_a_watch_that_lapses(tables, halfway):
    over = halfway.model_copy(update={"status": Status.CANCELLED, "revision": halfway.revision + 1})
    assert tables.subscriptions.deactivate(halfway, over)
    assert postings(tables) == {}


def test_who_read_an_older_revision_changes_nothing(tables, full):
    tables.watch_list.replace(full, elsewhere(full))
    with pytest.raises(ConflictError):
        tables.watch_list.replace(full, elsewhere(full, reference="mine"))
    assert not tables.subscriptions.deactivate(full, elsewhere(full, status=Status.CANCELLED))
    assert postings(tables) == {full.subscription_id: MOST_POSTINGS}
