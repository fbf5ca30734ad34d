"""P6: whoever tries to read without an agreement in force: alerts, their arrests, reviews, backtests."""

from datetime import UTC, date, datetime, timedelta

import pytest

from shared.alerts.match_arrests import MatchDeps, match_versions
from shared.arrests.minimisation import WithheldField
from shared.arrests.model import Provenance
from shared.arrests.table import Version
from shared.offices.purposes import Purpose
from tests.builders import CHARGE_WATCH, NAME_WATCH, PSEUDONYMS, SID_WATCH, a_subscription, an_arrest, discard
from tests.offices.test_agreements import an_agreement

NOW = datetime.now(UTC)
BASIS = {"kind": "open case", "case_number": "2026-7"}
OVER = an_agreement(starts=date(2020, 1, 1), ends=date(2020, 12, 31))
IN_FORCE = an_agreement(starts=date(2020, 1, 1), ends=date(2999, 12, 31))


@pytest.fixture
def agree(tables):
    def record(*made):
        table = tables.subscriptions.agreements
        before = table.of("kings")
        table.save(before.model_copy(update={"agreements": made, "revision": before.revision + 1}))

    return record


@pytest.fixture
def told(tables):
    """Ada was told of an arrest, and another waits for her word, before anything was agreed."""
    tables.watch_list.add(a_subscription())
    tables.watch_list.add(a_subscription(NAME_WATCH))
    alerting = MatchDeps(tables.watch_list, tables.subscriptions, tables.offices, tables.alerts, PSEUDONYMS, discard)
    arrests = [an_arrest(), an_arrest("K-2", sid=None, born=date(1981, 9, 28))]
    tables.arrests.store(arrests, Provenance(drop_id="d", dropped_at=NOW), NOW)
    done = match_versions([Version(arrest, None, NOW, NOW) for arrest in arrests], alerting, NOW)
    assert (done.alerts, done.waiting) == (1, 1)
    items = [item["alert_id"]["S"] for item in tables.everything_in("Alerts") if item["part"]["S"] == "alert"]
    return items[0]


def seen(call, **said):
    """How many alerts, reviews and backtested arrests are shown."""
    question = {"criterion": CHARGE_WATCH, "days": 7, "basis": BASIS}
    alerts, reviews = (call("GET", path, **said).body["items"] for path in ("/v1/alerts", "/v1/reviews"))
    return len(alerts), len(reviews), call("POST", "/v1/backtest", question, **said).body["alerts"]


def test_p6_cjis_ca_3_what_is_open_without_a_record_is_open_under_one_and_shut_when_it_is_over(call, told, agree):
    assert seen(call) == (1, 1, 2)
    agree(IN_FORCE)
    assert seen(call) == (1, 1, 2)
    agree(OVER)
    assert seen(call) == (0, 0, 0)


def test_p6_cjis_ca_3_over_its_alert_and_its_review_are_as_if_they_did_not_exist(call, told, agree, tables):
    review = call("GET", "/v1/reviews").body["items"][0]["review_id"]
    agree(OVER)
    unknown = call("GET", f"/v1/alerts/{'0' * 32}")
    for method, path in (
        ("GET", f"/v1/alerts/{told}"), ("PUT", f"/v1/alerts/{told}/acknowledgement"), ("GET", f"/v1/reviews/{review}"),
        ("POST", f"/v1/reviews/{review}/confirm"),
    ):  # fmt: skip
        assert call(method, path).status == 404, path
    assert call("GET", f"/v1/alerts/{told}").body == unknown.body


def test_p6_cjis_ca_3_another_purpose_than_the_agreed_ones_opens_nothing(call, told, agree):
    agree(IN_FORCE.model_copy(update={"purposes": frozenset({Purpose.PROSECUTION})}))
    assert seen(call, purpose="investigation") == (0, 0, 0)
    assert seen(call, purpose="prosecution") == (1, 1, 2)


def test_p6_cjis_ca_3_the_office_sees_what_is_agreed_until_when_and_who_has_fallen_silent(call, agree):
    today = datetime.now(UTC).date()
    soon = an_agreement("nypd", reference="MOU-2", starts=date(2020, 1, 1), ends=today + timedelta(days=400))
    agree(OVER, soon)
    body = call("GET", "/v1/agreements").body
    rows = [(one["agreement"]["agency"], one["state"], one["days_left"]) for one in body["items"]]
    assert rows[0] == ("roster", "expired", 0)
    assert rows[1][:2] == ("nypd", "in force")
    assert rows[1][2] in (401, 402), "the office's day may be the one before"
    assert (body["silent"], body["others"]) == (["roster"], True)


def test_p6_cjis_ca_3_no_route_gives_an_office_access(call):
    for method in ("POST", "PUT", "DELETE"):
        assert call(method, "/v1/agreements", {"agency": "roster"}).status == 404


def everything_shown(call, alert_id, arrest_id) -> str:
    """Whatever a reader is shown of the arrest and of the possible match, on every route that shows one."""
    reviews = call("GET", "/v1/reviews").body["items"]
    asked = [
        call("GET", "/v1/alerts"), call("GET", f"/v1/alerts/{alert_id}"), call("GET", f"/v1/arrests/{arrest_id}"),
        call("GET", f"/v1/arrests/{arrest_id}/history"), call("GET", f"/v1/reviews/{reviews[0]['review_id']}"),
        call("POST", "/v1/arrests/search", {"agency": "roster", "number": "K-1001"}),
        call("GET", "/v1/reports/areas"),
        call("POST", "/v1/backtest", {"criterion": SID_WATCH, "days": 7, "basis": BASIS}),
    ]  # fmt: skip
    assert {one.status for one in asked} == {200}
    assert "01234567A" in str([one.body for one in asked])
    for one in asked[4].body, asked[1].body:
        one.pop("subscription", None)  # what the office watches is its own
    return str([reviews, *(one.body for one in asked)])


def test_p6_cjis_ca_3_what_an_agreement_does_not_share_is_shown_on_no_route(call, told, agree, tables):
    (arrest_id,) = {one["arrest_id"] for one in call("GET", "/v1/alerts").body["items"]}
    changed = an_arrest(statutes=("PL 120.05", "PL 160.10"))
    tables.arrests.store([changed], Provenance(drop_id="e", dropped_at=NOW), NOW)
    agree(IN_FORCE)
    shown = everything_shown(call, told, arrest_id)
    marks = ("PAT", "Pat", "1981-", "1990-", "PL 160.10", "100 Example Street", "'precinct': '101'")
    assert [mark for mark in marks if mark not in shown] == []
    agree(IN_FORCE.model_copy(update={"fields": frozenset({WithheldField.IDENTIFIERS})}))
    shown = everything_shown(call, told, arrest_id)
    assert [mark for mark in marks if mark in shown] == []


def test_p6_cjis_ca_3_nothing_is_found_by_what_is_not_shared(call, told, agree):
    by_name = {"person": {"surname": "Example", "given": "Pat", "date_of_birth": "1990-02-03"}}
    by_number = {"identifier": {"kind": "sid", "value": "01234567A"}}
    agree(IN_FORCE)
    assert [len(call("POST", "/v1/arrests/search", one).body["items"]) for one in (by_name, by_number)] == [1, 1]
    agree(IN_FORCE.model_copy(update={"fields": frozenset({WithheldField.IDENTIFIERS})}))
    assert [len(call("POST", "/v1/arrests/search", one).body["items"]) for one in (by_name, by_number)] == [0, 1]
    assert call("POST", "/v1/backtest", {"criterion": CHARGE_WATCH, "days": 7, "basis": BASIS}).body["alerts"] == 0
