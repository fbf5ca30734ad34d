"""A user is removed: nothing that she holds is left without a reader, and the people it concerns hear of it."""

import importlib
from datetime import UTC, datetime
from typing import Any

import pytest

from shared.alerts.delivery.messages.notice import Notice
from shared.alerts.match_arrests import MatchDeps, match_versions
from shared.arrests.model import Provenance
from shared.arrests.table import Version
from shared.offices.users import Right
from shared.subscriptions.model import Status
from tests.builders import (
    CHARGE_WATCH,
    NAME_WATCH,
    PSEUDONYMS,
    SID_WATCH,
    a_user,
    a_wish,
    an_arrest,
    an_office,
    discard,
)
from tests.office_api.conftest import ADA

SUPER, BO = ADA | {"email": "super@da.example.gov"}, ADA | {"email": "bo@da.example.gov"}
USER = f"/v1/users/{ADA['email']}"
TO_BO = f"hand_over_to={BO['email']}"
CASE = {"case_number": "2026-1", "state": "open", "sid": "01234567A", "sid_state": "NY"}


@pytest.fixture(autouse=True)
def super_owner(tables):
    tables.users.add(a_user(SUPER["email"], rights=frozenset({Right.SUPER_OWNER})))


@pytest.fixture
def notices(tables):
    def notices() -> list[Notice]:
        items = [item for item in tables.everything_in("Alerts") if item["part"]["S"] == "notice"]
        return [Notice.model_validate_json(item["doc"]["S"]) for item in items]

    return notices


def subscribed(call, criterion=SID_WATCH, claims=ADA, **facts):
    answer = call("POST", "/v1/subscriptions", a_wish(criterion, recipients=[]) | facts, claims)
    assert answer.status == 201, answer.body
    return answer.body["subscription_id"]


def owners(tables, status=Status.ACTIVE):
    return {one.subscription_id: one.owner for one in tables.subscriptions.all_of("kings") if one.status is status}


def test_tf1_who_holds_watches_is_not_removed_before_somebody_says_who_takes_them_over(call, tables):
    watch = subscribed(call)
    folder = call("POST", "/v1/folders", {"name": "Gangs"}, SUPER).body["folder"]["folder_id"]
    call("PUT", f"/v1/folders/{folder}/roles/{ADA['email']}", {"role": "owner"}, SUPER)

    refused = call("DELETE", USER, claims=SUPER)

    assert (refused.status, call("GET", "/v1/me").status) == (409, 200)
    listed = [problem["mend"] for problem in refused.body["errors"]]
    assert any(watch in line for line in listed)
    assert any(folder in line for line in listed)
    assert "1 watches, 1 folders and 0 possible matches" in refused.body["detail"]
    held = call("GET", f"{USER}/holdings", claims=SUPER).body
    assert [held["subscriptions"][0]["case_number"], held["folders"][0]["path"]] == ["2026-KN-000123", "Gangs"]


def test_tf1_a_successor_gets_watches_folders_and_the_my_tab_and_is_told_once(call, tables, notices):
    mine = call("POST", "/v1/folders", {"name": "Homicide", "tab": "my"}).body["folder"]["folder_id"]
    call("POST", "/v1/folders", {"name": "Homicide", "tab": "my"}, BO)
    team = call("POST", "/v1/folders", {"name": "Gangs"}, SUPER).body["folder"]["folder_id"]
    call("PUT", f"/v1/folders/{team}/roles/{ADA['email']}", {"role": "owner"}, SUPER)
    watches = {
        subscribed(call),
        subscribed(call, NAME_WATCH, folders=[mine]),
        subscribed(call, CHARGE_WATCH, recipients=[{"email": ADA["email"]}, {"email": "third@da.example.gov"}]),
    }

    removed = call("DELETE", USER, claims=SUPER, query=TO_BO)

    assert (removed.status, removed.body["handed_over"], removed.body["left"]) == (200, 3, 0)
    assert removed.body["deprovisioned_at"]
    assert owners(tables) == dict.fromkeys(watches, BO["email"])
    read = {one.subscription_id: one for one in tables.subscriptions.all_of("kings")}
    told = {recipient.email for one in read.values() for recipient in one.recipients}
    assert told == {BO["email"], "third@da.example.gov"}
    tree = tables.subscriptions.folders.tree("kings", BO["email"])
    assert sorted(folder.name for folder in tree.folders) == ["Homicide", f"Homicide ({ADA['email']})"]
    assert tree.role_of(BO["email"], mine) == "owner"
    assert call("GET", f"/v1/folders/{team}", claims=BO).status == 200
    again = call("DELETE", USER, claims=SUPER, query=TO_BO)
    assert (again.status, again.body["handed_over"]) == (200, 0)
    (notice,) = notices()
    assert (notice.email, notice.title) == (BO["email"], "You take over 3 watches and 1 folder")


def test_tf1_what_the_successor_watches_already_takes_over_whom_the_other_one_notified(call, tables):
    hers = subscribed(call, recipients=[{"email": ADA["email"]}, {"email": "third@da.example.gov"}])
    his = subscribed(call, claims=BO)

    assert call("DELETE", USER, claims=SUPER, query=TO_BO).body["handed_over"] == 1

    assert owners(tables) == {his: BO["email"]}
    assert owners(tables, Status.CANCELLED) == {hers: ADA["email"]}
    joined = tables.subscriptions.find("kings", his)
    assert {recipient.email for recipient in joined.recipients} == {BO["email"], "third@da.example.gov"}


def test_tf1_a_case_list_that_still_names_who_left_goes_to_the_successor_or_says_the_row(call, tables):
    row = CASE | {"prosecutor": ADA["email"]}
    call("POST", "/v1/lists/cases", {"rows": [row]}, SUPER)
    call("DELETE", USER, claims=SUPER, query=TO_BO)

    listed = call("POST", "/v1/lists/cases", {"rows": [row]}, SUPER).body["lines"][0]
    assert (listed["became"], set(owners(tables).values())) == ("unchanged", {BO["email"]})

    tables.users.add(a_user("cy@da.example.gov"))
    call("DELETE", "/v1/users/cy@da.example.gov", claims=SUPER)
    row = row | {"case_number": "2026-2", "prosecutor": "cy@da.example.gov"}
    listed = call("POST", "/v1/lists/cases", {"rows": [row]}, SUPER).body["lines"][0]
    assert (listed["became"], listed["fix"]) == ("rejected", "Name who has the case now.")


def test_tf1_ended_on_purpose_the_contact_of_the_office_hears_that_it_alerts_nobody(call, tables, notices):
    tables.offices.enrol(an_office(contact="desk@da.example.gov"))
    watch = subscribed(call)

    removed = call("DELETE", USER, claims=SUPER, query="end_watches=true")

    assert (removed.body["ended"], owners(tables, Status.CANCELLED)) == (1, {watch: ADA["email"]})
    (notice,) = notices()
    assert (notice.email, notice.title) == ("desk@da.example.gov", "A person was removed: 1 watch and 0 folders")


@pytest.mark.parametrize(
    "successor", [SUPER["email"], ADA["email"], "nobody@da.example.gov", "quinn@queens.example.gov"]
)
def test_tf1_nobody_takes_over_who_removes_who_leaves_or_who_is_no_user(call, tables, successor):
    subscribed(call)
    refused = call("DELETE", USER, claims=SUPER, query=f"hand_over_to={successor}")
    assert (refused.status, refused.body["errors"][0]["field"]) == (422, "hand_over_to")
    assert call("GET", "/v1/me").status == 200


def test_tf1_a_removal_that_broke_off_is_finished_by_the_same_request(call, tables, monkeypatch):
    removals: Any = importlib.import_module("shared.office_api.routes.office.removals")
    watches = {subscribed(call), subscribed(call, NAME_WATCH)}
    monkeypatch.setattr(removals, "SECONDS", -1)
    assert call("DELETE", USER, claims=SUPER, query=TO_BO).body["left"] == 2
    assert call("GET", "/v1/me").status == 403, "whoever leaves is out at once"
    assert call("DELETE", USER, claims=SUPER).status == 409, "what is left is still asked for"
    monkeypatch.setattr(removals, "SECONDS", 20)
    assert call("DELETE", USER, claims=SUPER, query=TO_BO).body["left"] == 0
    assert owners(tables) == dict.fromkeys(watches, BO["email"])


@pytest.mark.parametrize("answered", [True, False])
def test_tf1_what_was_on_its_way_to_the_leaver_reaches_the_successor(call, tables, answered):
    subscribed(call, NAME_WATCH, urgency="urgent")
    now = datetime.now(UTC)
    arrest = an_arrest(sid=None, arrested_on=now.date())
    tables.arrests.store([arrest], Provenance(drop_id="d", dropped_at=now), now)
    deps = MatchDeps(tables.watch_list, tables.subscriptions, tables.offices, tables.alerts, PSEUDONYMS, discard)
    match_versions([Version(arrest, None, now, now)], deps, now)
    [alert] = call("GET", "/v1/alerts").body["items"]
    if answered:
        call("PUT", f"/v1/alerts/{alert['alert_id']}/acknowledgement")
    assert call("DELETE", USER, claims=SUPER, query=TO_BO).body["handed_over"] == 1
    addressed = [item for item in tables.everything_in("Alerts") if item.get("address") == {"S": BO["email"]}]
    alerted = [item for item in addressed if tables.alerts.find(item["alert_id"]["S"])]  # the others are notices
    assert bool(alerted) is not answered
