"""P2: who was told of which arrest is asked by day, by recipient, by alert and by arrest."""

from datetime import UTC, datetime, timedelta

import pytest

from shared.alerts.delivery.model import DeliveryState
from shared.alerts.match_arrests import MatchDeps, match_versions
from shared.arrests.table import Version
from shared.offices.users import Right
from tests.builders import PSEUDONYMS, a_subscription, a_user, an_arrest, discard
from tests.office_api.conftest import ADA

TELLINGS = "/v1/audit/tellings"
OFFICER = ADA | {"email": "olga.officer@da.example.gov"}
NOW = datetime.now(UTC)
BO = "bo@da.example.gov"


@pytest.fixture
def arrest(tables):
    """Of which Ada and Bo were told today, and Queens too."""
    tables.users.add(a_user(OFFICER["email"], "kings", rights=frozenset({Right.AUDIT})))
    tables.watch_list.add(a_subscription(recipients=[{"email": ADA["email"]}, {"email": BO}]))
    quinn = "quinn@queens.example.gov"
    tables.watch_list.add(a_subscription(office_id="queens", owner=quinn, recipients=[{"email": quinn}]))
    alerting = MatchDeps(tables.watch_list, tables.subscriptions, tables.offices, tables.alerts, PSEUDONYMS, discard)
    one = an_arrest()
    match_versions([Version(one, None, NOW, NOW)], alerting, NOW)
    return one


@pytest.fixture
def told(call, arrest):
    def ask(query: str = "") -> list[str]:
        answer = call("GET", TELLINGS, claims=OFFICER, query=query)
        assert answer.status == 200
        return sorted(one["who"] for one in answer.body["items"])

    return ask


def test_p2_who_was_told_is_found_by_day_recipient_and_arrest_in_the_own_office_alone(told, arrest):
    assert told() == told(f"day={NOW.date()}") == told(f"subject=arrest:{arrest.arrest_id}") == [ADA["email"], BO]
    assert told(f"user={BO.upper()}") == [BO]
    assert told(f"day={NOW.date() - timedelta(days=1)}") == []


def test_p2_an_alert_says_what_came_of_each_of_its_messages(call, tables, arrest):
    id_ = tables.alerts.ids_of_arrest(arrest.arrest_id)[0]
    (delivery,) = tables.alerts.deliveries.of_alert(id_)
    key = delivery.key
    tables.alerts.deliveries.claim(key, NOW, timedelta(minutes=15))
    tables.alerts.deliveries.advance(key, DeliveryState.SUPPRESSED, NOW + timedelta(seconds=5), why="not any more")
    items = call("GET", TELLINGS, claims=OFFICER, query=f"subject=alert:{id_}").body["items"]
    assert [(one["action"], one["outcome"]) for one in items] == [("send alert", "denied"), ("be told", "allowed")]


def test_p2_a_list_of_tellings_goes_on_where_it_stopped(call, arrest):
    first = call("GET", TELLINGS, claims=OFFICER, query="limit=1").body
    second = call("GET", TELLINGS, claims=OFFICER, query=f"limit=1&after={first['next']}").body
    assert {one["who"] for page in (first, second) for one in page["items"]} == {ADA["email"], BO}


def test_p2_who_was_told_is_for_those_who_watch_over_the_use(call, arrest):
    assert call("GET", TELLINGS).status == 403
    assert call("GET", TELLINGS, claims=OFFICER, query="subject=person:1").status == 422
