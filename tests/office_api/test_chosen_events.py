"""A watch and a folder say which events they want; the answer says so in a sentence; look back and backtest obey."""

from base64 import b64encode
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from shared.arrests.model import Arrest, EventKind, Provenance
from tests.builders import SID_WATCH, a_wish, an_arrest, an_office
from tests.conftest import Tables
from tests.office_api.conftest import Call
from tests.office_api.test_folders import EDDY, NEMO, OWEN, VIC, team

__all__ = ["team"]  # a fixture
NOW = datetime.now(UTC)
YESTERDAY = NOW.astimezone(an_office().zone).date() - timedelta(days=1)
SUBSCRIPTIONS, FOLDERS = "/v1/subscriptions", "/v1/folders"
BASIS = {"kind": "open case", "case_number": "2026-KN-000123"}


@pytest.fixture
def released(tables: Tables) -> Arrest:
    """A release and an arrest of the same person, stored before anybody watched."""
    release = an_arrest("R-1", kind=EventKind.RELEASE, arrested_on=YESTERDAY)
    stored = [release, an_arrest("K-1", arrested_on=YESTERDAY)]
    tables.arrests.store(stored, Provenance(drop_id="d", dropped_at=NOW), NOW)
    return release


def numbers(answer: dict[str, Any]) -> set[str]:
    return {hit["number"] for hit in answer["hits"]}


def without_first_day(**facts: Any) -> dict[str, Any]:
    return {name: value for name, value in a_wish(**facts).items() if name != "starts"}


def test_s19_what_is_saved_is_answered_with_what_will_be_told(call: Call) -> None:
    saved = call("POST", SUBSCRIPTIONS, a_wish())
    assert saved.body["tells_of"].startswith("This watch tells of arrests, of custody that begins and of releases to")
    id_ = saved.body["subscription_id"]
    changed = call("PUT", f"{SUBSCRIPTIONS}/{id_}", a_wish(events=["releases"]))
    assert (changed.status, changed.body["events"]) == (200, ["releases"])
    assert changed.body["tells_of"].startswith("This watch tells of releases. It does not tell of arrests, of custody")
    summary = call("GET", f"{SUBSCRIPTIONS}/{id_}/summary").body
    assert summary["tells_of"] == changed.body["tells_of"]


@pytest.mark.parametrize(
    ("events", "field", "mend"),
    [(["detainers"], "events.0", "write"), ("releases", "events", "list"), (["releases"] * 20, "events", "at most 9"),
     ([7], "events.0", "write")],
)  # fmt: skip
def test_a_choice_that_cannot_be_taken_is_refused_with_field_and_mend(
    call: Call, team: dict[str, str], events: Any, field: str, mend: str
) -> None:
    for answer in (
        call("POST", SUBSCRIPTIONS, a_wish(events=events)),
        call("PUT", f"{FOLDERS}/{team['gangs']}", {"name": "Gangs", "events": events}, OWEN),
        call("POST", "/v1/backtest", {"basis": BASIS, "criterion": SID_WATCH, "events": events}),
    ):
        assert answer.status == 422
        assert answer.body["errors"][0]["field"] == field
        assert mend in answer.body["errors"][0]["mend"]


def test_a_watch_whose_criterion_rules_out_every_event_that_is_chosen_is_refused(call: Call) -> None:
    criterion = {"all": [SID_WATCH], "none": [{"watch": "event", "kinds": ["release"]}]}
    answer = call("POST", SUBSCRIPTIONS, a_wish(criterion, events=["releases"]))
    assert (answer.status, answer.body["errors"][0]["field"]) == (422, "events")
    assert "choose one that they allow" in answer.body["errors"][0]["mend"]


def test_a_folder_that_is_changed_counts_for_each_watch_in_it_and_says_so(call: Call, team: dict[str, str]) -> None:
    wish = a_wish(folders=[team["harbor"]], recipients=[])
    saved = call("POST", SUBSCRIPTIONS, wish, EDDY).body
    gangs = f"{FOLDERS}/{team['gangs']}"
    view = call("PUT", gangs, {"name": "Gangs", "events": ["releases", "arrests"]}, OWEN).body
    assert view["folder"]["events"] == ["arrests", "releases"]
    assert view["tells_of"].startswith("Watches in this folder tell of arrests and of releases, unless")
    below = call("GET", f"{FOLDERS}/{team['harbor']}", claims=VIC).body
    assert below["tells_of"] == view["tells_of"]
    summary = call("GET", f"{SUBSCRIPTIONS}/{saved['subscription_id']}/summary", claims=EDDY).body
    assert summary["tells_of"].startswith("This watch tells of arrests and of releases.")
    read = call("GET", f"{SUBSCRIPTIONS}/{saved['subscription_id']}", claims=EDDY).body
    assert read["revision"] == saved["revision"], "no watch is written anew"
    assert call("PUT", gangs, {"name": "Gang unit"}, OWEN).body["folder"]["events"] == ["arrests", "releases"]
    assert "events" not in call("PUT", gangs, {"name": "Gangs", "events": []}, OWEN).body["folder"]


def test_only_who_may_change_a_folder_chooses_its_events(call: Call, team: dict[str, str]) -> None:
    change = {"name": "Harbor Ave", "parent": team["gangs"], "events": ["deaths"]}
    statuses = [call("PUT", f"{FOLDERS}/{team['harbor']}", change, who).status for who in (EDDY, VIC, NEMO, OWEN)]
    assert statuses == [403, 403, 404, 200]


def test_s19_look_back_is_for_the_events_that_the_watch_asks_for(
    call: Call, released: Arrest, tables: Tables, team: dict[str, str]
) -> None:
    assert numbers(call("POST", SUBSCRIPTIONS, without_first_day()).body["past"]) == {"K-1"}
    own = without_first_day(events=["releases"], basis=BASIS | {"case_number": "C-2"}, alert_past=True)
    assert numbers(call("POST", SUBSCRIPTIONS, own).body["past"]) == {released.number}
    [alert] = [item for item in tables.everything_in("Alerts") if item["part"]["S"] == "alert"]
    assert released.arrest_id in alert["doc"]["S"], "what is alerted of the past obeys as well"
    call(
        "PUT",
        f"{FOLDERS}/{team['harbor']}",
        {"name": "Harbor", "parent": team["gangs"], "events": ["arrests", "releases"]},
        OWEN,
    )
    filed = without_first_day(folders=[team["harbor"]], recipients=[])
    assert numbers(call("POST", SUBSCRIPTIONS, filed, EDDY).body["past"]) == {"K-1", "R-1"}


def test_s19_a_backtest_is_for_the_events_of_the_watch_that_it_would_be(
    call: Call, released: Arrest, team: dict[str, str]
) -> None:
    question = {"basis": BASIS, "criterion": SID_WATCH, "days": 7}
    assert numbers(call("POST", "/v1/backtest", question).body) == {"K-1"}
    assert numbers(call("POST", "/v1/backtest", question | {"events": ["releases"]}).body) == {released.number}
    call(
        "PUT", f"{FOLDERS}/{team['harbor']}", {"name": "Harbor", "parent": team["gangs"], "events": ["releases"]}, OWEN
    )
    filed = question | {"folders": [team["harbor"]]}
    assert numbers(call("POST", "/v1/backtest", filed, EDDY).body) == {released.number}
    assert call("POST", "/v1/backtest", filed, NEMO).status == 404, "a folder that you may not read does not exist"


def test_somebody_elses_office_learns_nothing_by_a_folders_id(call: Call, team: dict[str, str]) -> None:
    other = {"token_use": "id", "email": "quinn@queens.example.gov", "custom:office": "queens"}
    question = {"basis": BASIS, "criterion": SID_WATCH, "folders": [team["harbor"]]}
    answers = [call("POST", "/v1/backtest", question | {"folders": [id_]}, other) for id_ in (team["harbor"], "0" * 32)]
    assert [answer.status for answer in answers] == [404, 404]
    assert answers[0].body == answers[1].body


def test_a_list_says_the_events_of_each_row(call: Call) -> None:
    rows = (
        "basis,case_number,sid,sid_state,events\n"
        "open case,C-1,01234567A,NY,Releases; court\n"
        "open case,C-2,01234567A,NY,detainers\n"
    )
    file = {"format": "csv", "content": b64encode(rows.encode()).decode()}
    seen = call("POST", "/v1/uploads/preview", file).body["seen"]
    made, refused = call("POST", "/v1/uploads", file | {"seen": seen}).body["lines"]
    assert call("GET", f"{SUBSCRIPTIONS}/{made['subscription_id']}").body["events"] == ["releases", "court"]
    assert (refused["became"], refused["code"]) == ("rejected", "events")
    assert "'arrests', 'custody begins'" in refused["fix"] or "arrests" in refused["fix"]
