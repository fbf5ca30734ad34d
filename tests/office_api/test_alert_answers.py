"""What a reader answers to an alert: two questions, and what they did. And the days of the list of alerts."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from shared.alerts.match_arrests import MatchDeps, match_versions
from shared.arrests.model import Provenance
from shared.arrests.table import Version
from tests.builders import NOW, PSEUDONYMS, a_subscription, an_arrest, an_office, discard
from tests.conftest import Tables
from tests.office_api.conftest import ADA, Answer, Call

BO = ADA | {"email": "bo@da.example.gov"}


def tell(tables: Tables, number: str, came_at: datetime = NOW) -> None:
    """An arrest that came at this instant, of which Ada is told."""
    deps = MatchDeps(tables.watch_list, tables.subscriptions, tables.offices, tables.alerts, PSEUDONYMS, discard)
    arrest = an_arrest(number=number)
    tables.arrests.store([arrest], Provenance(drop_id="d", dropped_at=came_at), came_at)
    match_versions([Version(arrest, None, came_at, came_at)], deps, came_at)


@pytest.fixture
def alert_id(call: Call, tables: Tables) -> str:
    tables.watch_list.add(a_subscription())
    tell(tables, "K-1")
    [alert] = call("GET", "/v1/alerts").body["items"]
    return str(alert["alert_id"])


def answer(call: Call, alert_id: str, body: dict[str, Any]) -> Answer:
    return call("PUT", f"/v1/alerts/{alert_id}/verdict", body)


def folder_row(call: Call) -> dict[str, Any]:
    [row] = call("GET", "/v1/reports/folders", query="days=90").body["rows"]
    return dict(row)


def test_kr8_the_two_questions_are_answered_apart_and_the_last_answer_to_each_stands(call: Call, alert_id: str) -> None:
    first = answer(call, alert_id, {"right_person": True}).body
    assert (first["right_person"], first["useful"], first["verdict"]) == (True, None, "right person")
    second = answer(call, alert_id, {"useful": False}).body
    assert (second["right_person"], second["useful"], second["verdict"]) == (True, False, "not useful")
    last = answer(call, alert_id, {"right_person": False, "useful": True}).body
    assert (last["right_person"], last["useful"], last["verdict"]) == (False, True, "wrong person")
    assert last["verdict_by"] == ADA["email"]


def test_kr8_one_verdict_as_before_is_taken_and_answers_one_question(call: Call, alert_id: str) -> None:
    answer(call, alert_id, {"right_person": True})
    said = answer(call, alert_id, {"verdict": "not useful"}).body
    assert (said["verdict"], said["right_person"], said["useful"]) == ("not useful", True, False)


@pytest.mark.parametrize(
    "body", [{}, {"verdict": "useful", "useful": True}, {"right_person": "perhaps"}, {"use": True}]
)
def test_kr8_no_answer_or_two_ways_of_one_are_refused(call: Call, alert_id: str, body: dict[str, Any]) -> None:
    assert answer(call, alert_id, body).status == 422


def test_kr8_what_was_done_is_one_of_a_closed_list_and_is_counted(call: Call, alert_id: str, tables: Tables) -> None:
    path = f"/v1/alerts/{alert_id}/outcome"
    assert call("PUT", path, {"outcome": "nothing"}).status == 200
    done = call("PUT", path, {"outcome": "bail asked"}).body
    assert (done["outcome"], done["outcome_by"]) == ("bail asked", ADA["email"])
    assert call("PUT", path, {"outcome": "celebrated"}).status == 422
    assert call("PUT", path, {"outcome": "nothing"}, BO).status == 404
    answer(call, alert_id, {"right_person": True, "useful": True})
    row = folder_row(call)
    counted = {name: row[name] for name in ("right_person", "wrong_person", "useful", "bail_asked", "nothing_done")}
    assert counted == {"right_person": 1, "wrong_person": 0, "useful": 1, "bail_asked": 1, "nothing_done": 0}


def test_kr9_the_list_of_alerts_counts_the_last_fourteen_days_for_its_bars(call: Call, tables: Tables) -> None:
    tables.watch_list.add(a_subscription())
    now, zone = datetime.now(UTC), an_office().zone
    for number, days_ago in enumerate((20, 3, 3, 0)):
        tell(tables, f"K-{number}", now - timedelta(days=days_ago))
    counts = call("GET", "/v1/alerts", query="counts=true&limit=1").body["counts"]
    days = [day["day"] for day in counts["days"]]
    assert (len(days), days) == (14, sorted(days))
    by_day = {day["day"]: day["alerts"] for day in counts["days"] if day["alerts"]}
    three_days_ago, today = (str((now - timedelta(days=days)).astimezone(zone).date()) for days in (3, 0))
    assert by_day == {three_days_ago: 2, today: 1}
    assert (counts["days_complete"], counts["unanswered"]) == (True, 4)
