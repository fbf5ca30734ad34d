"""A super-owner switches an agency's feed off for the own office: nobody is told, finds or looks back; what was told
stays."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from shared.alerts.decide_review import ReviewDeps, decide_review
from shared.alerts.match_arrests import MatchDeps, match_versions
from shared.alerts.reviews.model import ReviewVerdict
from shared.arrests.model import Arrest, Provenance
from shared.offices.users import Right
from tests.builders import (
    CHARGE_WATCH,
    NAME_WATCH,
    PSEUDONYMS,
    SID_WATCH,
    a_subscription,
    a_user,
    a_wish,
    an_arrest,
    an_office,
    discard,
)
from tests.conftest import Tables
from tests.feeds.cases import PROFILES
from tests.office_api.conftest import ADA, Call
from tests.offices.test_agreements import an_agreement

HEAD = ADA | {"email": "head@da.example.gov"}
SEARCHER = ADA | {"email": "searcher@da.example.gov"}
QUINN = {"token_use": "id", "email": "quinn@queens.example.gov", "custom:office": "queens"}
SOURCES, ROSTER = "/v1/sources", "/v1/sources/agency/roster"
OFF = {"on": False, "reason": "It doubles what the jail sends"}
ON = {"on": True, "reason": "The jail's feed has ended"}
BASIS = {"kind": "open case", "case_number": "2026-7"}


class Desk:
    """The office's watches, and arrests of the agency that are stored and matched now."""

    def __init__(self, tables: Tables) -> None:
        self.tables = tables
        self.deps = MatchDeps(
            tables.watch_list, tables.subscriptions, tables.offices, tables.alerts, PSEUDONYMS, discard
        )

    def report(self, *arrests: Arrest, before: Arrest | None = None) -> Any:
        now = datetime.now(UTC)
        self.tables.arrests.store(arrests, Provenance(drop_id=now.isoformat(), dropped_at=now), now)
        versions = self.tables.arrests.versions(arrest.arrest_id for arrest in arrests)
        return match_versions([replace(version, before=before) for version in versions], self.deps, now)

    def told(self) -> int:
        return len([item for item in self.tables.everything_in("Alerts") if item["part"]["S"] == "alert"])


@pytest.fixture
def desk(tables: Tables) -> Desk:
    tables.users.add(a_user(HEAD["email"], rights=frozenset({Right.SUPER_OWNER})))
    tables.users.add(a_user(SEARCHER["email"], rights=frozenset({Right.ARRESTS})))
    days: dict[str, Any] = {
        "starts": datetime.now(UTC).date() - timedelta(days=9),
        "ends": datetime.now(UTC).date() + timedelta(days=9),
    }
    table = tables.subscriptions.agreements
    table.save(table.of("kings").model_copy(update={"agreements": (an_agreement(**days),), "revision": 1}))
    tables.watch_list.add(a_subscription())
    tables.watch_list.add(a_subscription(NAME_WATCH))
    return Desk(tables)


@pytest.mark.parametrize("who", [ADA, SEARCHER, QUINN])
def test_only_a_super_owner_switches(call: Call, desk: Desk, who: dict[str, str]) -> None:
    assert call("PUT", ROSTER, OFF, who).status in (403, 404)
    assert call("PUT", ROSTER, OFF, None).status == 401
    assert call("GET", ROSTER.removesuffix("/agency/roster")).body["items"][0]["off"] is None


def test_a_switch_says_what_it_means_to_everybody_in_the_office_and_to_no_other_office(call: Call, desk: Desk) -> None:
    view = call("PUT", ROSTER, OFF, HEAD)
    assert view.status == 200
    assert (view.body["off"]["reason"], view.body["off"]["off_by"]) == (OFF["reason"], HEAD["email"])
    assert "What comes now is not told later either." in view.body["sentence"]
    [mine] = call("GET", SOURCES, claims=ADA).body["items"]
    assert mine == view.body
    assert call("GET", SOURCES, claims=QUINN).body == {"items": [], "past": []}
    on = call("PUT", ROSTER, ON, HEAD).body
    assert on["off"] is None
    [past] = call("GET", SOURCES).body["past"]
    assert (past["reason"], past["reason_on"]) == (OFF["reason"], ON["reason"])


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [(ROSTER, {"on": False}, 422), (ROSTER, {"on": False, "reason": " "}, 422), (ROSTER, {"reason": "Why not"}, 422),
     ("/v1/sources/agency/nobody", OFF, 404), ("/v1/sources/office/queens", OFF, 404),
     ("/v1/sources/list/roster", OFF, 422), ("/v1/sources/agency/Not-A-Slug", OFF, 422),
     (ROSTER, {"on": False, "reason": "for ICE detainers"}, 422)],
)  # fmt: skip
def test_what_cannot_be_switched_is_refused(call: Call, desk: Desk, path: str, body: Any, status: int) -> None:
    answer = call("PUT", path, body, HEAD)
    assert answer.status == status
    assert answer.body["detail"]
    assert call("GET", SOURCES).body["items"][0]["off"] is None


def test_cjis_au_2_a_switch_is_in_the_audit_with_its_reason(call: Call, desk: Desk, tables: Tables) -> None:
    officer = ADA | {"email": "officer@da.example.gov"}
    tables.users.add(a_user(officer["email"], rights=frozenset({Right.AUDIT})))
    call("PUT", ROSTER, OFF, HEAD)
    query = f"user={HEAD['email']}"
    events = call("GET", "/v1/audit", claims=officer, purpose="audit", query=query).body["items"]
    assert [event["action"] for event in events] == ["PUT /v1/sources/agency/roster"]
    assert events[0]["because"] == f"agency roster off: {OFF['reason']}"


def test_p14_while_a_feed_is_off_nobody_is_told_and_nothing_waits_for_a_verdict(call: Call, desk: Desk) -> None:
    call("PUT", ROSTER, OFF, HEAD)
    summary = desk.report(an_arrest(), an_arrest("K-2", sid=None, born=an_arrest().arrested_on))
    assert (summary.alerts, summary.waiting, desk.told()) == (0, 0, 0)
    assert call("GET", "/v1/alerts").body["items"] == []


def test_another_office_goes_on_hearing_of_the_agency(call: Call, desk: Desk, tables: Tables) -> None:
    tables.watch_list.add(
        a_subscription(office_id="queens", owner=QUINN["email"], recipients=[{"email": QUINN["email"]}])
    )
    call("PUT", ROSTER, OFF, HEAD)
    assert desk.report(an_arrest()).alerts == 1


def test_p14_while_a_feed_is_off_nobody_finds_or_looks_back_on_what_it_reports(call: Call, desk: Desk) -> None:
    question = {"criterion": CHARGE_WATCH, "days": 7, "basis": BASIS}
    watch = {name: value for name, value in a_wish(CHARGE_WATCH).items() if name != "starts"}
    desk.report(arrest := an_arrest(sid="55555555X", surname="Other"))
    by_number = {"agency": "roster", "number": arrest.number}
    assert call("POST", "/v1/backtest", question).body["alerts"] == 1
    assert len(call("POST", "/v1/arrests/search", by_number, SEARCHER).body["items"]) == 1
    call("PUT", ROSTER, OFF, HEAD)
    assert call("POST", "/v1/backtest", question).body["alerts"] == 0
    assert call("POST", "/v1/subscriptions", watch).body["past"]["alerts"] == 0
    assert call("POST", "/v1/arrests/search", by_number, SEARCHER).body["items"] == []
    assert call("GET", f"/v1/arrests/{arrest.arrest_id}", claims=SEARCHER).status in (403, 404)
    call("PUT", ROSTER, ON, HEAD)
    assert call("GET", f"/v1/arrests/{arrest.arrest_id}", claims=SEARCHER).status == 200


def test_p14_what_was_told_before_stays_readable_as_it_is_now(call: Call, desk: Desk) -> None:
    desk.report(arrest := an_arrest())
    call("PUT", ROSTER, OFF, HEAD)
    [alert] = call("GET", "/v1/alerts").body["items"]
    path = f"/v1/alerts/{alert['alert_id']}"
    assert call("GET", path).status == 200
    assert call("GET", f"/v1/arrests/{arrest.arrest_id}").status == 200
    assert call("PUT", f"{path}/acknowledgement").status in (200, 204)
    desk.report(an_arrest(statutes=["PL 120.05", "PL 160.10"]), before=arrest)
    shown = call("GET", path).body
    assert shown["alert"]["withdrawn_at"] is None, "the agency took nothing back"
    assert [charge["statute"] for charge in shown["arrest"]["charges"]] == ["PL 120.05", "PL 160.10"]
    assert desk.told() == 1


def test_what_the_agency_takes_back_is_withdrawn_although_its_feed_is_off(call: Call, desk: Desk) -> None:
    desk.report(before := an_arrest())
    call("PUT", ROSTER, OFF, HEAD)
    assert desk.report(an_arrest(sid="55555555X", surname="Other"), before=before).withdrawn == 1


def test_p14_what_came_while_it_was_off_is_not_told_later(call: Call, desk: Desk, tables: Tables) -> None:
    call("PUT", ROSTER, OFF, HEAD)
    desk.report(arrest := an_arrest())
    call("PUT", ROSTER, ON, HEAD)
    match_versions(tables.arrests.versions([arrest.arrest_id]), desk.deps, datetime.now(UTC))
    past = a_wish(CHARGE_WATCH, alert_past=True)
    saved = call("POST", "/v1/subscriptions", {name: value for name, value in past.items() if name != "starts"})
    assert saved.body["past"]["alerts"] == 0, "it would have alerted nobody"
    assert desk.told() == 0
    assert desk.report(an_arrest("K-2")).alerts == 1, "what comes now is told"


def test_a_possible_match_waits_unseen_while_the_feed_is_off(call: Call, desk: Desk, tables: Tables) -> None:
    born = an_arrest().person.date_of_birth
    assert born is not None
    desk.report(an_arrest("K-2", sid=None, born=born.replace(year=1981, month=9, day=28)))
    [review] = call("GET", "/v1/reviews").body["items"]
    call("PUT", ROSTER, OFF, HEAD)
    assert call("GET", "/v1/reviews").body["items"] == []
    assert call("POST", f"/v1/reviews/{review['review_id']}/confirm").status == 404
    call("PUT", ROSTER, ON, HEAD)
    assert len(call("GET", "/v1/reviews").body["items"]) == 1
    stored = tables.alerts.reviews.find(review["review_id"])
    assert stored is not None
    deps = ReviewDeps(desk.deps, tables.arrests)
    decide_review(stored, ReviewVerdict.CONFIRMED, ADA["email"], deps, datetime.now(UTC))
    assert desk.told() == 1, "it came before the switch"


def test_a_form_does_not_offer_the_agency_while_its_feed_is_off(call: Call, desk: Desk) -> None:
    def offered() -> list[str]:
        return [choice["value"] for choice in call("GET", "/v1/vocabulary", purpose="").body["agencies"]]

    assert "roster" in offered()
    call("PUT", ROSTER, OFF, HEAD)
    assert "roster" not in offered()
    [relation] = [each for each in call("GET", "/v1/agencies").body["items"] if each["agency"] == "roster"]
    assert (relation["open"], relation["switched_off"]) == (False, True)


def test_an_agency_that_is_open_and_has_sent_little_yet_can_be_switched_off_too(
    call: Call, desk: Desk, tables: Tables
) -> None:
    tables.agencies.enrol("testville", (PROFILES / "roster.yaml").read_text().replace("roster", "testville", 1))
    path = "/v1/sources/agency/testville"
    assert call("PUT", path, OFF, HEAD).body["off"]["reason"] == OFF["reason"]
    assert "testville" in {view["source"] for view in call("GET", SOURCES).body["items"]}
    assert call("PUT", path, ON, HEAD).body["off"] is None
    tables.offices.enrol(an_office(only_by_agreement=True))
    assert call("PUT", path, OFF, HEAD).status == 404, "no agreement: nothing of it reaches the office"


@pytest.fixture
def neighbours(tables: Tables, desk: Desk) -> Desk:
    """Two offices that show that they watch somebody, and both watch the same person."""
    tables.offices.enrol(an_office(shows_watches=True, contact="desk@da.example.gov"))
    tables.offices.enrol(
        an_office("queens", name="Queens (invented)", allowed_domains=("queens.example.gov",), agreed_domains=(),
                  topics=(), shows_watches=True, contact="desk@queens.example.gov")
    )  # fmt: skip
    tables.watch_list.add(
        a_subscription(office_id="queens", owner=QUINN["email"], recipients=[{"email": QUINN["email"]}])
    )
    return desk


def test_what_another_office_shows_of_its_watches_is_switched_off_for_both(
    call: Call, neighbours: Desk, tables: Tables
) -> None:
    others = f"/v1/subscriptions/{call('POST', '/v1/subscriptions', a_wish(SID_WATCH)).body['subscription_id']}/others"
    theirs = next(iter(tables.subscriptions.all_of("queens"))).subscription_id
    shown = [
        *call("GET", others).body["others"],
        *call("GET", f"/v1/subscriptions/{theirs}/others", claims=QUINN).body["others"],
    ]
    assert any("Queens" in text for text in shown)
    assert any("Kings" in text for text in shown)
    queens = call("PUT", "/v1/sources/office/queens", OFF, HEAD)
    assert queens.status == 200
    assert "do not see that the other watches" in queens.body["sentence"]
    assert not any("Queens" in text for text in call("GET", others).body["others"])
    assert call("GET", f"/v1/subscriptions/{theirs}/others", claims=QUINN).body["others"] == []
    neighbours.report(an_arrest())
    stored = [item["doc"]["S"] for item in tables.everything_in("Alerts") if item["part"]["S"] == "alert"]
    assert stored
    assert not any("Queens (invented)" in document or "Kings County" in document for document in stored)
    assert call("GET", SOURCES, claims=QUINN).body["past"] == [], "the other office is not told who switched it off"
