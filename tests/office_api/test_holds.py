"""Holds through the API: who may place and end them, what is refused, and what the record says of it."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from shared.alerts.match_arrests import MatchDeps, match_versions
from shared.arrests.model import Provenance
from shared.arrests.table import Version
from shared.offices.users import Right
from tests.builders import NOW, PSEUDONYMS, a_subscription, a_user, an_arrest, discard
from tests.office_api.conftest import ADA

REGISTRAR, OTHER_REGISTRAR = ADA | {"email": "rita@da.example.gov"}, ADA | {"email": "rob@da.example.gov"}
TIME_ZONE = ZoneInfo("America/New_York")
LITIGATION = {"kind": "litigation", "reason": "Example v. City", "reference": "LIT-7"}


def report(arrest, tables):
    """Stores it and alerts whoever watches, as the matchers do."""
    alerting = MatchDeps(
        tables.watch_list,
        tables.subscriptions,
        tables.offices,
        tables.alerts,
        PSEUDONYMS,
        discard,
        arrests=tables.arrests,
    )
    tables.arrests.store([arrest], Provenance(drop_id=arrest.agency, dropped_at=NOW), NOW)
    match_versions([Version(arrest, None, NOW, NOW)], alerting, NOW)


@pytest.fixture
def number(tables):
    """The number of an alert of the office kings."""
    for registrar in (REGISTRAR, OTHER_REGISTRAR):
        tables.users.add(a_user(registrar["email"], rights={Right.RECORDS}))
    tables.watch_list.add(a_subscription())
    report(an_arrest(), tables)
    [row] = [item for item in tables.everything_in("Alerts") if item["part"]["S"] == "number"]
    return row["number"]["S"]


def test_p13_lgs_1_a_hold_is_placed_listed_and_ended_with_its_reason(call, number):
    placed = call("POST", "/v1/holds", LITIGATION | {"numbers": [number]}, claims=REGISTRAR)
    assert placed.status == 201
    hold = placed.body["hold"]
    assert hold["arrest_ids"] == [an_arrest().arrest_id]
    assert (hold["placed_by"], placed.body["in_force"], placed.body["last_day"]) == ("rita@da.example.gov", True, None)
    today = datetime.now(TIME_ZONE).date()
    end = {"ended_on": today.isoformat(), "reason": "discontinued"}
    ended = call("POST", f"/v1/holds/{hold['hold_id']}/end", end, claims=REGISTRAR)
    assert ended.body["in_force"], "a year longer than the litigation"
    assert ended.body["last_day"] > (today + timedelta(days=360)).isoformat()
    [listed] = call("GET", "/v1/holds", claims=REGISTRAR).body["items"]
    assert (listed["hold"]["end_reason"], listed["hold"]["ended_by"]) == ("discontinued", "rita@da.example.gov")


def test_p13_pol_89_an_answered_foil_request_holds_until_its_appeal_is_decided(call, number):
    hold = call("POST", "/v1/holds", {"kind": "foil", "reason": "request 12"}, claims=REGISTRAR).body["hold"]
    path = f"/v1/holds/{hold['hold_id']}/end"
    today = datetime.now(TIME_ZONE).date()
    answered = {"ended_on": str(today), "reason": "answered"}
    assert call("POST", path, answered, claims=REGISTRAR).body["last_day"] == str(today + timedelta(days=30))
    appealed = answered | {"appealed_on": str(today)}
    assert call("POST", path, appealed, claims=REGISTRAR).body["last_day"] is None
    decided = call("POST", path, appealed | {"appeal_decided_on": str(today)}, claims=REGISTRAR).body
    assert (decided["last_day"], decided["in_force"]) == (None, True), "earlier than thirty days: one person alone"
    assert call("POST", f"{path}/confirm", claims=OTHER_REGISTRAR, if_match="*").body["last_day"] == str(today)


def test_p13_lgs_1_one_person_alone_ends_no_hold_with_a_day_of_the_past(call, number):
    hold = call("POST", "/v1/holds", LITIGATION | {"kind": "case"}, claims=REGISTRAR).body["hold"]
    path = f"/v1/holds/{hold['hold_id']}"
    past = {"ended_on": "2020-01-05", "reason": "ended long ago"}
    proposed = call("POST", f"{path}/end", past, claims=REGISTRAR)
    assert (proposed.body["in_force"], proposed.body["last_day"]) == (True, None)
    assert proposed.body["hold"]["proposed_end"]["proposed_by"] == "rita@da.example.gov"
    own = call("POST", f"{path}/end/confirm", claims=REGISTRAR, if_match="*")
    assert (own.status, "yourself" in own.body["detail"]) == (409, True)
    assert call("POST", f"{path}/end/refuse", claims=OTHER_REGISTRAR).body["hold"]["proposed_end"] is None
    assert call("POST", f"{path}/end/confirm", claims=OTHER_REGISTRAR, if_match="*").status == 409, (
        "nothing waits any more"
    )
    call("POST", f"{path}/end", past, claims=REGISTRAR)
    confirmed = call("POST", f"{path}/end/confirm", claims=OTHER_REGISTRAR, if_match="*").body
    assert (confirmed["in_force"], confirmed["last_day"]) == (False, "2020-01-05")
    people = {name: confirmed["hold"][name] for name in ("ended_by", "confirmed_by")}
    assert people == {"ended_by": "rita@da.example.gov", "confirmed_by": "rob@da.example.gov"}
    assert call("GET", path, claims=REGISTRAR).body == confirmed


def test_p13_lgs_1_whoever_confirms_an_end_confirms_the_one_that_was_read(call, number):
    hold = call("POST", "/v1/holds", LITIGATION | {"kind": "case"}, claims=REGISTRAR).body["hold"]
    path = f"/v1/holds/{hold['hold_id']}"
    call("POST", f"{path}/end", {"ended_on": "2020-01-05", "reason": "dismissed"}, claims=REGISTRAR)
    read = call("GET", path, claims=OTHER_REGISTRAR).headers["ETag"]
    call("POST", f"{path}/end", {"ended_on": "2010-01-05", "reason": "ended long ago"}, claims=REGISTRAR)
    assert call("POST", f"{path}/end/confirm", claims=OTHER_REGISTRAR).status == 428
    stale = call("POST", f"{path}/end/confirm", claims=OTHER_REGISTRAR, if_match=read)
    assert (stale.status, "ETag" in stale.body["detail"]) == (412, True)
    assert call("POST", f"{path}/end/refuse", claims=OTHER_REGISTRAR, if_match=read).status == 412
    assert call("GET", path, claims=REGISTRAR).body["in_force"]
    read = call("GET", path, claims=OTHER_REGISTRAR).headers["ETag"]
    confirmed = call("POST", f"{path}/end/confirm", claims=OTHER_REGISTRAR, if_match=read)
    assert confirmed.body["last_day"] == "2010-01-05"


@pytest.mark.parametrize(
    ("end", "field"),
    [
        ({"ended_on": "2999-01-01"}, "ended_on"),
        ({"ended_on": "2026-01-05", "appealed_on": "2026-01-01"}, "appealed_on"),
        ({"ended_on": "2026-01-05", "appeal_decided_on": "2026-01-09"}, "appeal_decided_on"),
    ],
)
def test_p13_lgs_1_an_end_that_cannot_be_says_which_day_to_mend(call, number, end, field):
    hold = call("POST", "/v1/holds", {"kind": "foil", "reason": "request 12"}, claims=REGISTRAR).body["hold"]
    refused = call("POST", f"/v1/holds/{hold['hold_id']}/end", end | {"reason": "answered"}, claims=REGISTRAR)
    assert refused.status == 422
    assert refused.body["errors"][0]["field"] == field


@pytest.mark.parametrize(
    "hold", [{"numbers": ["AAAAA"]}, {"numbers": ["0" * 32]}, {"reason": ""}, {"reason": "ICE detainer"}, {"kind": "x"}]
)
def test_p13_lgs_1_a_hold_that_names_nothing_gives_no_reason_or_is_for_immigration_is_refused(call, number, hold):
    assert call("POST", "/v1/holds", LITIGATION | hold, claims=REGISTRAR).status == 422
    assert call("GET", "/v1/holds", claims=REGISTRAR).body == {"items": []}


def test_p13_lgs_1_another_office_neither_sees_nor_ends_a_hold(call, number, tables):
    hold = call("POST", "/v1/holds", LITIGATION, claims=REGISTRAR).body["hold"]
    queens = {"token_use": "id", "email": "quinn@queens.example.gov", "custom:office": "queens"}
    quinn = tables.users.find("queens", "quinn@queens.example.gov")
    tables.users.change(quinn, quinn.model_copy(update={"rights": frozenset({Right.RECORDS}), "revision": 2}))
    assert call("GET", "/v1/holds", claims=queens).body.get("items", []) == []
    end = {"ended_on": "2026-01-05", "reason": "over"}
    assert call("POST", f"/v1/holds/{hold['hold_id']}/end", end, claims=queens).status in (403, 404)
    assert call("GET", "/v1/holds", claims=ADA).status == 403


def test_p13_lgs_1_the_placing_of_a_hold_is_in_the_audit_without_its_reason(call, number, tables):
    call("POST", "/v1/holds", LITIGATION | {"numbers": [number]}, claims=REGISTRAR)
    events = [item for item in tables.everything_in("Audit") if "/v1/holds" in repr(item)]
    assert events
    assert "Example v. City" not in repr(events)
    assert an_arrest().arrest_id in repr(events)


def test_p5_nypd_2021_an_office_reads_by_which_rules_its_copies_go(call, number):
    rules = call("GET", "/v1/retention", claims=REGISTRAR).body
    fixed = [rule["name"] for rule in rules["classes"] if not rule["changeable"]]
    assert fixed == ["audit", "training"], "the stores keep these, whatever a file says"
    assert (rules["copy_rule"]["status"], rules["copy_rule"]["days"]) == ("convenience", 400)
    keeps = {row["name"]: row["keeps"] for row in rules["classes"]}
    assert keeps["misdemeanor"] == ["5 years after case closed"]
    assert keeps["homicide"] == ["permanently"]
    assert all(row["source"] for row in rules["classes"])
