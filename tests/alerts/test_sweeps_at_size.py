"""Sweeps over a million subscriptions: no run takes more than half of the function's time, and a round is done in time.

The documents are made when they are read, page by page as DynamoDB reads them (1 MB or the limit); everything else is
moto's. Each call takes 5 ms, as one to AWS does, beside what the computation takes.
"""

import time
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from shared.alerts.delivery.messages.notices_table import NoticesTable
from shared.alerts.expiry_reminders import ExpiryDeps, send_expiry_reminders
from shared.alerts.incidents.sweep import IncidentDeps, tell_of_watches
from shared.alerts.incidents.unreached_table import UnreachedTable
from shared.alerts.table import AlertsTable
from shared.aws import throttling
from shared.aws.rounds import RoundsTable
from shared.offices.preferences_table import PreferencesTable
from shared.offices.table import OfficesTable
from shared.subscriptions.index.items import DUE_SHARDS, document_key, due_attributes
from shared.subscriptions.model import SubscriptionKey
from shared.subscriptions.table import SubscriptionsTable
from tests.builders import NOW, a_subscription, a_user, an_office, discard
from tests.conftest import Tables
from tests.widths import exhaustive, thorough

CALL_SECONDS, PAGE_BYTES = 0.005, 1_000_000
TIME_OUT, OWNERS, LAST_DAYS = 120, 50, 365
Item = dict[str, Any]


class Crowd:
    """A client of DynamoDB beside whose table stand so many subscriptions: four tenths in one office, the rest in 99.

    Each ends on one of the next 365 days. Of the large office every hundredth names a reader who is gone.
    """

    def __init__(self, client: Any, size: int) -> None:
        self._client, self.calls = client, 0
        self.exceptions = client.exceptions
        self.sizes = {"o-00": size * 4 // 10} | {f"o-{number:02}": size * 6 // 990 for number in range(1, 100)}
        usual = a_subscription(owner="u-OWNER@da.example.gov", recipients=[{"email": "u-READER@da.example.gov"}])
        last = date(2027, 1, 1)
        model = usual.model_copy(update={"validation_due": last, "validated_on": date(2026, 1, 1)})
        text = model.model_dump_json(by_alias=True)
        for fact, name in ((model.subscription_id, "ID"), (model.office_id, "OFFICE"), (last.isoformat(), "LAST-DAY")):
            text = text.replace(f'"{fact}"', f'"{name}"')
        self._text = text

    def __getattr__(self, name: str) -> Any:
        call = getattr(self._client, name)

        def metered(**arguments: Any) -> Any:
            self._meter()
            return call(**arguments)

        return metered

    def _meter(self) -> None:
        self.calls += 1
        time.sleep(CALL_SECONDS)

    def item(self, office_id: str, number: int) -> Item:
        owner, gone = number % OWNERS, office_id == "o-00" and number % 100 == 0  # those of one owner
        day = (NOW.date() + timedelta(days=number % LAST_DAYS)).isoformat()
        text = self._text.replace("ID", f"{number:08}").replace("OFFICE", office_id).replace("LAST-DAY", day)
        text = text.replace("OWNER", f"{owner:02}").replace("READER", "gone" if gone else f"{owner:02}")
        return document_key(SubscriptionKey(office_id, f"{number:08}")) | {"doc": {"S": text}}

    def query(self, **arguments: Any) -> Any:
        if arguments.get("IndexName") == "by_last_day":
            return self._due(arguments["ExpressionAttributeValues"])
        if arguments["ExpressionAttributeValues"].get(":kind") != {"S": "subscription#"}:
            self._meter()
            return self._client.query(**arguments)
        self._meter()
        office_id = arguments["ExpressionAttributeValues"][":office"]["S"].partition("#")[2]
        start = arguments.get("ExclusiveStartKey", {"sk": {"S": "subscription#-1"}})
        first = int(start["sk"]["S"].partition("#")[2]) + 1
        items, read = list[Item](), 0
        for number in range(first, min(first + arguments["Limit"], self.sizes[office_id])):
            items.append(self.item(office_id, number))
            read += len(items[-1]["doc"]["S"])
            if read > PAGE_BYTES:
                break
        is_last = first + len(items) >= self.sizes[office_id]
        return {"Items": items} | ({} if is_last else {"LastEvaluatedKey": _key_of(items[-1])})

    def _due(self, values: Item) -> Any:
        """A page of keys has at most 1 MB, some 8,000; nobody of these sweeps reads more on a day and shard."""
        self._meter()
        first, last = (date.fromisoformat(values[name]["S"]) for name in (":first", ":last"))
        days = {(NOW.date() + timedelta(days=day)) for day in range(LAST_DAYS)}
        wanted = sorted(day for day in days if first <= day <= last)
        keys = [
            document_key(SubscriptionKey(office_id, f"{number:08}"))
            for day in wanted
            for office_id, size in self.sizes.items()
            for number in range((day - NOW.date()).days, size, LAST_DAYS)
            if self._shards[office_id, number % OWNERS] == values[":shard"]["S"]
        ]
        return {"Items": keys}

    @property
    def _shards(self) -> dict[tuple[str, int], str]:
        if not hasattr(self, "_made"):
            self._made = {
                (office_id, owner): due_attributes(
                    a_subscription(owner=f"u-{owner:02}@da.example.gov", ends=date(2027, 1, 1)).model_copy(
                        update={"office_id": office_id}
                    )
                )["due_shard"]["S"]
                for office_id in self.sizes
                for owner in range(OWNERS)
            }
        return self._made

    def batch_get_item(self, *, RequestItems: Item) -> Any:  # noqa: N803 - DynamoDB's own name
        [(table, batch)] = RequestItems.items()
        if not batch["Keys"][0].get("sk", {"S": ""})["S"].startswith("subscription#"):
            self._meter()
            return self._client.batch_get_item(RequestItems=RequestItems)
        self._meter()
        places = [(key["pk"]["S"].partition("#")[2], key["sk"]["S"].partition("#")[2]) for key in batch["Keys"]]
        return {"Responses": {table: [self.item(office_id, int(number)) for office_id, number in places]}}

    def get_paginator(self, _: str) -> Any:
        return SimpleNamespace(paginate=self._pages)

    def _pages(self, **arguments: Any) -> Iterator[Any]:
        answer = self.query(**arguments)
        yield answer
        while last := answer.get("LastEvaluatedKey"):
            answer = self.query(**arguments, ExclusiveStartKey=last)
            yield answer


def _key_of(item: Item) -> Item:
    return {name: item[name] for name in ("pk", "sk")}


@pytest.fixture(params=[*thorough(20_000), *exhaustive(1_000_000)], ids=lambda size: f"{size:,}")
def crowd(tables: Tables, request: pytest.FixtureRequest) -> Crowd:
    crowd = Crowd(tables.client, request.param)
    for office_id in crowd.sizes:
        tables.offices.enrol(an_office(office_id))
        for owner in range(OWNERS):
            tables.users.add(a_user(f"u-{owner:02}@da.example.gov", office_id))
    tables.users.add(a_user("u-gone@da.example.gov", "o-00", deprovisioned_at=NOW))
    return crowd


def rounds_of(name: str, sweep: Callable[[], int], crowd: Crowd, is_complete: Callable[[], bool]) -> tuple[int, int]:
    """Runs the sweep until its round is complete. Returns how many runs it took, and what they found."""
    seconds, found = list[float](), 0
    while not is_complete():
        throttling.begin_invocation(SimpleNamespace(get_remaining_time_in_millis=lambda: TIME_OUT * 1_000))
        began = time.monotonic()
        try:
            found += sweep()
        finally:
            throttling.begin_invocation(None)
        seconds.append(time.monotonic() - began)
        assert seconds[-1] < TIME_OUT / 2
    size = sum(crowd.sizes.values())
    print(
        f"{name}: {size:,} subscriptions, {len(seconds)} runs, longest {max(seconds):.0f} s, all {sum(seconds):.0f} s"
    )
    print(f"{size / sum(seconds):,.0f} a second, {crowd.calls:,} calls, {found:,} told")
    return len(seconds), found


def test_watches_that_reach_nobody_are_told_in_runs_of_less_than_half_their_time(tables: Tables, crowd: Crowd) -> None:
    client: Any = crowd
    rounds = RoundsTable(tables.client, "Subscriptions")
    deps = IncidentDeps(
        OfficesTable(client, "Offices"), SubscriptionsTable(client, "Subscriptions"),
        PreferencesTable(client, "Subscriptions"), AlertsTable(client, "Alerts"), discard, lambda _: (), lambda _: (),
        lambda: (), UnreachedTable(client, "Subscriptions"), RoundsTable(client, "Subscriptions"),
    )  # fmt: skip

    def is_complete() -> bool:
        stored = rounds.find("unreached")
        return stored is not None and stored.is_complete

    runs, told = rounds_of("unreached", lambda: tell_of_watches(deps, NOW), crowd, is_complete)

    assert len(deps.unreached.of("o-00", NOW)) == crowd.sizes["o-00"] // 100
    assert told == 1, "the owner of all of them"
    assert runs * 60 < timedelta(hours=6).total_seconds(), "a run a minute"


def test_owners_are_reminded_in_runs_of_less_than_half_their_time(tables: Tables, crowd: Crowd) -> None:
    client: Any = crowd
    rounds = RoundsTable(tables.client, "Subscriptions")
    deps = ExpiryDeps(
        OfficesTable(client, "Offices"), SubscriptionsTable(client, "Subscriptions"), NoticesTable(client, "Alerts"),
        discard, RoundsTable(client, "Subscriptions"),
    )  # fmt: skip

    def is_complete() -> bool:
        stored = rounds.find("validations")
        return stored is not None and stored.is_complete

    runs, told = rounds_of("validations", lambda: send_expiry_reminders(deps, NOW), crowd, is_complete)

    assert 0 < told <= len(crowd.sizes) * OWNERS
    assert runs <= DUE_SHARDS
