from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from shared.alerts.delivery.model import DeliveryKey
from shared.alerts.match_arrests import BrokenOfficesError, MatchDeps, match_versions
from shared.alerts.table import AlertsTable
from shared.arrests.model import CUSTODY_BEGINS, EventKind
from shared.arrests.table import Version
from tests.alerts.conftest import Desk
from tests.builders import (  # fmt: skip
    ADDRESS_WATCH,
    CHARGE_WATCH,
    NAME_WATCH,
    NOW,
    PRECINCT_WATCH,
    PSEUDONYMS,
    SID_WATCH,
    a_subscription,
    a_user,
    an_arrest,
    an_office,
)

UNASKED = CUSTODY_BEGINS | {EventKind.RELEASE_SCHEDULED}
"""What whoever watches the person is told without an event watch; releases to come: `test_announce_releases.py`."""


class Queue(list[DeliveryKey]):
    """Stands where SQS stands: it keeps what it is given."""

    def __call__(self, keys):
        self.extend(keys)


@pytest.fixture
def queue():
    return Queue()


@pytest.fixture
def alerting(tables, queue):
    tables.offices.enrol(an_office())
    return MatchDeps(tables.watch_list, tables.subscriptions, tables.offices, tables.alerts, PSEUDONYMS, queue)


def a_version(arrest=None, before=None) -> Version:
    return Version(arrest or an_arrest(), before, NOW - timedelta(seconds=3), NOW - timedelta(seconds=1))


def alerts_in(tables):
    return [item for item in tables.everything_in("Alerts") if item["part"]["S"] == "alert"]


def test_every_kind_of_watch_is_united_in_one_alert_with_every_reason(tables, alerting):
    for criterion in (SID_WATCH, NAME_WATCH, CHARGE_WATCH, PRECINCT_WATCH, ADDRESS_WATCH):
        tables.watch_list.add(a_subscription(criterion))
    told = match_versions([a_version()], alerting, NOW)
    assert (told.matches, told.alerts) == (5, 1)
    [item] = alerts_in(tables)
    alert = tables.alerts.find(item["alert_id"]["S"])
    assert len(alert.because) == 5


def test_somebody_watching_by_name_is_told_although_another_watches_by_state_id(tables, alerting):
    tables.watch_list.add(a_subscription(SID_WATCH, recipients=[{"email": "bo@da.example.gov"}]))
    tables.watch_list.add(a_subscription(NAME_WATCH, owner="cy@da.example.gov"))
    assert match_versions([a_version()], alerting, NOW).alerts == 2


def test_nobody_is_told_of_an_arrest_that_nobody_watches(tables, alerting, queue):
    tables.watch_list.add(a_subscription())
    told = match_versions([a_version(an_arrest(sid="55555555X"))], alerting, NOW)
    assert (told.alerts, queue) == (0, [])


def test_the_same_batch_twice_tells_once_and_queues_again(tables, alerting, queue):
    tables.watch_list.add(a_subscription())
    first = match_versions([a_version()], alerting, NOW)
    again = match_versions([a_version()], alerting, NOW)
    assert (first.alerts, again.alerts, again.updates) == (1, 0, 0)
    assert len(alerts_in(tables)) == 1
    assert len(queue) == 2
    assert len(set(queue)) == 1


@pytest.mark.parametrize("kind", [one for one in EventKind if one not in UNASKED])
def test_a_release_a_warrant_and_a_disposition_are_told_only_to_whom_has_named_them(tables, alerting, kind):
    tables.watch_list.add(a_subscription(SID_WATCH))
    named = {"all": [SID_WATCH, {"watch": "event", "kinds": [kind.value]}]}
    tables.watch_list.add(a_subscription(named, recipients=[{"email": "bo@da.example.gov"}]))
    match_versions([a_version(an_arrest(kind=kind))], alerting, NOW)
    [item] = alerts_in(tables)
    assert tables.alerts.find(item["alert_id"]["S"]).recipient.root["email"] == "bo@da.example.gov"


def test_a_juveniles_arrest_is_never_matched(tables, alerting):
    tables.watch_list.add(a_subscription())
    told = match_versions([a_version(an_arrest(juvenile=True))], alerting, NOW)
    assert (told.withheld, told.matches) == (1, 0)


@pytest.mark.parametrize(
    "out_of_force",
    [{"starts": "2026-12-01"}, {"ends": "2026-11-19"}, {"status": "cancelled"}],
)
def test_a_subscription_out_of_force_tells_nobody(tables, alerting, out_of_force):
    tables.watch_list.add(a_subscription(**out_of_force))
    assert match_versions([a_version()], alerting, NOW).alerts == 0


def test_it_still_alerts_on_its_last_day_in_the_offices_own_time_zone(tables, alerting):
    tables.watch_list.add(a_subscription(ends="2026-11-20"))
    almost_midnight_in_new_york = NOW.replace(day=21, hour=4, minute=59)
    assert match_versions([a_version()], alerting, almost_midnight_in_new_york).alerts == 1


def test_a_subscription_whose_document_is_broken_is_reported_and_stops_nobody_else(tables, alerting):
    broken, sound = a_subscription(), a_subscription(NAME_WATCH)
    tables.watch_list.add(broken)
    tables.watch_list.add(sound)
    tables.client.update_item(
        TableName="Subscriptions",
        Key={"pk": {"S": "office#kings"}, "sk": {"S": f"subscription#{broken.subscription_id}"}},
        UpdateExpression="SET doc = :doc",
        ExpressionAttributeValues={":doc": {"S": '{"half": 1'}},
    )
    told = match_versions([a_version()], alerting, NOW)
    assert told.broken == [broken.subscription_id]
    assert told.alerts == 1


def test_an_office_whose_rules_are_broken_holds_up_nobody_else_and_its_arrest_is_matched_again(tables, alerting):
    tables.watch_list.add(a_subscription())
    tables.watch_list.add(a_subscription(office_id="queens", recipients=[{"email": "quinn@queens.example.gov"}]))
    pk = {"pk": {"S": "office#queens"}}
    tables.client.put_item(TableName="Offices", Item=pk | {"doc": {"S": '{"office_id": 7}'}})
    with pytest.raises(BrokenOfficesError, match="queens"):
        match_versions([a_version()], alerting, NOW)
    assert len(alerts_in(tables)) == 1
    tables.offices.enrol(an_office("queens"))
    assert match_versions([a_version()], alerting, NOW).alerts == 1
    assert len(alerts_in(tables)) == 2


def test_a_state_id_that_comes_later_tells_its_watcher_and_updates_whoever_knew_the_arrest(tables, alerting):
    tables.watch_list.add(a_subscription(SID_WATCH, recipients=[{"email": "bo@da.example.gov"}]))
    tables.watch_list.add(a_subscription(CHARGE_WATCH, recipients=[{"email": "cy@da.example.gov"}]))
    before, after = an_arrest(sid=None), an_arrest()
    assert match_versions([a_version(before)], alerting, NOW).alerts == 1
    told = match_versions([a_version(after, before)], alerting, NOW)
    assert (told.alerts, told.updates) == (1, 1)


def test_a_thousand_watchers_of_one_term_cost_no_more_look_ups(tables, alerting, monkeypatch):
    """Reads follow the arrest's terms and the hits, not the number of subscriptions."""
    calls = []
    tables.client.meta.events.register("before-call.dynamodb.*", lambda model, **_: calls.append(model.name))
    for place in range(30):
        tables.watch_list.add(a_subscription(SID_WATCH | {"identifier": {"kind": "sid", "value": f"9{place:07d}"}}))
    calls.clear()
    match_versions([a_version(an_arrest(number=f"K-{number}")) for number in range(50)], alerting, NOW)
    assert set(calls) == {"BatchGetItem"}
    assert len(calls) / 50 <= 0.2


class Recorder:
    """Stands where the audit table, the queue and the circuit breaker stand, and notes what happens when."""

    def __init__(self, tables):
        self.tables, self.events = tables, []

    def write(self, event):
        self.events.append(f"audit {event.who}")

    def hold_over_limit(self, reaches):
        reviews = [item for item in self.tables.everything_in("Alerts") if item["part"]["S"] == "review"]
        self.events.append(f"breaker after {len(reviews)} reviews")
        return {reach.version.arrest.arrest_id for reach in reaches if reach.version.arrest.number == "K-HELD"}

    def __call__(self, keys):
        self.events.append(f"{len(list(keys))} queued after {len(alerts_in(self.tables))} alerts")


def test_refusals_and_reviews_are_stored_before_the_breaker_is_asked_and_nobody_is_notified_before(tables, alerting):
    tables.users.add(a_user("gone@da.example.gov", deprovisioned_at=NOW))
    tables.watch_list.add(
        a_subscription(recipients=[{"email": "ada@da.example.gov"}, {"email": "gone@da.example.gov"}])
    )
    tables.watch_list.add(a_subscription(NAME_WATCH))
    similar = an_arrest("K-2", sid=None, born=date(1981, 9, 28))
    recorder = Recorder(tables)
    deps = replace(alerting, audit=recorder, circuit_breaker=recorder, enqueue=recorder)
    summary = match_versions([a_version(an_arrest("K-HELD")), a_version(an_arrest()), a_version(similar)], deps, NOW)
    assert recorder.events == ["audit gone@da.example.gov", "breaker after 1 reviews", "2 queued after 2 alerts"]
    assert (summary.refused, summary.waiting, summary.held, summary.alerts) == (2, 1, 1, 2)


def test_deliveries_are_queued_ten_a_call_as_soon_as_ten_are_stored(tables, alerting):
    """A large batch does not wait for its last alert."""
    for number in range(12):
        reader = f"reader{number}@da.example.gov"
        tables.watch_list.add(a_subscription(owner=reader, recipients=[{"email": reader}]))
    recorder = Recorder(tables)
    match_versions([a_version()], replace(alerting, enqueue=recorder), NOW)
    assert recorder.events == ["10 queued after 10 alerts", "2 queued after 12 alerts"]


class LaggingIndex:
    """DynamoDB whose index by arrest has nothing yet of what was just stored."""

    def __init__(self, client: Any) -> None:
        self._client = client

    def __getattr__(self, name: str) -> Any:
        return getattr(self._client, name)

    def get_paginator(self, operation: str) -> Any:
        return self

    def paginate(self, **request: Any) -> Any:
        if request.get("IndexName") == "by_arrest":
            return iter([{"Items": []}])
        return self._client.get_paginator("query").paginate(**request)


@pytest.mark.parametrize(("age", "withdrawn"), [(timedelta(seconds=1), 1), (timedelta(hours=1), 0)])
def test_ta1_an_alert_that_the_index_does_not_have_yet_is_taken_back_all_the_same(
    desk: Desk, age: timedelta, withdrawn: int
) -> None:
    desk.watch(NAME_WATCH)
    pat, sam = an_arrest(sid=None), an_arrest(sid=None, surname="Otter", given="Sam")
    desk.match(pat)
    lagging = replace(desk.deps, alerts=AlertsTable(LaggingIndex(desk.tables.client), "Alerts"))  # type: ignore[arg-type]
    version = Version(sam, pat, NOW, NOW, before_stored_at=NOW - age)
    assert match_versions([version], lagging, NOW).withdrawn == withdrawn
