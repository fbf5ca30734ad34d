"""What one alert says of people, its print for the file, and lists that look through many alerts for few."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from shared.alerts.match_arrests import MatchDeps, match_versions
from shared.arrests.model import Provenance
from shared.arrests.table import Version
from shared.offices.preferences import Urgency
from tests.builders import PRECINCT_WATCH, PSEUDONYMS, a_subscription, a_user, an_arrest, discard
from tests.conftest import Tables
from tests.office_api.conftest import ADA, Call

NOW = datetime.now(UTC)
BO = ADA | {"email": "bo@da.example.gov"}


def tell(tables: Tables, *numbers: str, at: datetime = NOW) -> None:
    """Arrests that came at this instant, of which everybody is told who watches."""
    deps = MatchDeps(tables.watch_list, tables.subscriptions, tables.offices, tables.alerts, PSEUDONYMS, discard)
    arrests = [an_arrest(number=number) for number in numbers]
    tables.arrests.store(arrests, Provenance(drop_id="d", dropped_at=at), at)
    match_versions([Version(arrest, None, at, at) for arrest in arrests], deps, at)


@pytest.fixture
def urgent(call: Call, tables: Tables) -> str:
    tables.watch_list.add(a_subscription(urgency=Urgency.URGENT, recipients=[{"email": ADA["email"]}]))
    tell(tables, "K-1")
    return str(call("GET", "/v1/alerts").body["items"][0]["alert_id"])


def test_ka3_an_urgent_alert_says_by_name_who_is_told_if_nobody_answers(
    call: Call, tables: Tables, urgent: str
) -> None:
    call("PUT", "/v1/me/preferences", {"deputy": BO["email"]})
    bo = a_user(BO["email"])
    tables.users.change(bo, bo.model_copy(update={"name": "Bo Example", "revision": 2}))
    view = call("GET", f"/v1/alerts/{urgent}").body
    assert (view["stand_ins"], view["names"][BO["email"]]) == ([BO["email"]], "Bo Example")
    call("PUT", f"/v1/alerts/{urgent}/acknowledgement")
    assert call("GET", f"/v1/alerts/{urgent}").body["stand_ins"] == []


def test_ka3_printing_is_an_action_of_its_own_in_the_audit_and_shows_what_reading_shows(
    call: Call, tables: Tables, urgent: str
) -> None:
    read, printed = call("GET", f"/v1/alerts/{urgent}"), call("GET", f"/v1/alerts/{urgent}/print")
    assert printed.body == read.body
    assert call("GET", f"/v1/alerts/{urgent}/print", claims=BO).status == 404
    events: list[dict[str, Any]] = [item for item in tables.everything_in("Audit") if "doc" in item]
    assert any("/print" in event["doc"]["S"] and urgent in event["doc"]["S"] for event in events)


def test_ka4_one_alert_that_waits_is_found_behind_hundreds_that_were_answered(call: Call, tables: Tables) -> None:
    tables.watch_list.add(a_subscription())
    tell(tables, "K-0", "K-00", at=NOW - timedelta(days=2))
    old = {item["alert_id"] for item in call("GET", "/v1/alerts").body["items"]}
    tell(tables, *(f"K-{number}" for number in range(1, 131)))
    for item in call("GET", "/v1/alerts", query="limit=100").body["items"]:
        call("PUT", f"/v1/alerts/{item['alert_id']}/acknowledgement")
    waiting, after = [], ""
    for _ in range(40):
        page = call("GET", "/v1/alerts", query=f"unanswered=true&limit=1&after={after}").body
        waiting += [item["alert_id"] for item in page["items"]]
        after = page["next"] or ""
        if not after:
            break
    assert len(waiting) == len(set(waiting)) == 32
    assert old < set(waiting)


def test_ka4_what_waits_is_listed_beside_the_newest_the_most_urgent_first(call: Call, tables: Tables) -> None:
    tables.watch_list.add(a_subscription(recipients=[{"email": ADA["email"]}]))
    tell(tables, "K-0", at=NOW - timedelta(days=3))
    urgent = {"urgency": Urgency.URGENT, "recipients": [{"email": ADA["email"]}]}
    tables.watch_list.add(a_subscription(PRECINCT_WATCH, **urgent))
    tell(tables, "K-1", at=NOW - timedelta(days=2))
    for number, days in (("K-2", 1), ("K-3", 0)):
        tell(tables, number, at=NOW - timedelta(days=days))
    listed = call("GET", "/v1/alerts", query="counts=true").body
    call("PUT", f"/v1/alerts/{listed['items'][0]['alert_id']}/acknowledgement")
    page = call("GET", "/v1/alerts", query="counts=true&limit=2").body
    assert [item["escalates_at"] for item in page["waiting"]] == sorted(
        item["escalates_at"] for item in page["waiting"]
    )
    assert page["waiting"][0]["alert_id"] == listed["items"][2]["alert_id"]
    assert page["waiting"][0]["number"].startswith(page["waiting"][0]["short_number"])
    assert call("GET", "/v1/alerts", query=f"counts=true&until={NOW.date() - timedelta(days=30)}").body["waiting"] == []
    assert call("GET", "/v1/alerts").body["waiting"] is None


def test_the_counts_say_which_agencies_and_folders_a_filter_may_offer(call: Call, urgent: str) -> None:
    counts = call("GET", "/v1/alerts", query="counts=true").body["counts"]
    assert (counts["agencies"], counts["folders"]) == (["roster"], [])


def test_possible_matches_are_listed_the_oldest_first(call: Call, tables: Tables) -> None:
    assert call("GET", "/v1/reviews", query="oldest_first=true").status == 200
