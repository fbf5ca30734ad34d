from datetime import timedelta

import pytest

from shared.alerts.match_arrests import MatchDeps, match_versions
from shared.alerts.withdraw import WithdrawDeps, withdraw_alerts
from shared.arrests.model import Provenance
from shared.arrests.table import Version
from tests.builders import NOW, PSEUDONYMS, a_subscription, an_arrest, discard
from tests.office_api.conftest import ADA

BO = ADA | {"email": "bo@da.example.gov"}
QUINN = {"token_use": "id", "email": "quinn@queens.example.gov", "custom:office": "queens"}


@pytest.fixture
def alert_ids(tables):
    """Ada's subscription is hit twice; she is its owner and its only recipient."""
    tables.watch_list.add(a_subscription())
    alerting = MatchDeps(tables.watch_list, tables.subscriptions, tables.offices, tables.alerts, PSEUDONYMS, discard)
    for hours, number in enumerate(("K-1", "K-2")):
        arrest = an_arrest(number=number)
        tables.arrests.store([arrest], Provenance(drop_id="d", dropped_at=NOW), NOW)
        match_versions([Version(arrest, None, NOW, NOW)], alerting, NOW + timedelta(hours=hours))
    return [item["alert_id"]["S"] for item in tables.everything_in("Alerts") if item["part"]["S"] == "alert"]


def test_a_recipient_reads_her_alert_with_the_arrest_the_reasons_and_the_deliveries(call, alert_ids):
    answer = call("GET", f"/v1/alerts/{alert_ids[0]}")
    assert answer.status == 200
    assert answer.body["arrest"]["person"]["names"][0]["surname"] == "Example"
    assert answer.body["alert"]["because"][0]["grade"] == "identifier"
    assert [delivery["state"] for delivery in answer.body["deliveries"]] == ["queued"]


def test_alerts_are_listed_newest_first_page_by_page(call, alert_ids):
    seen, after = [], ""
    while after is not None:
        page = call("GET", "/v1/alerts", query=f"limit=1&after={after}").body
        seen += [alert["created_at"] for alert in page["items"]]
        after = page["next"]
    assert len(seen) == 2
    assert seen == sorted(seen, reverse=True)


@pytest.mark.parametrize("stranger", [BO, QUINN])
def test_nobody_else_reads_an_alert_not_even_in_the_same_office(call, alert_ids, stranger):
    unknown = call("GET", f"/v1/alerts/{'0' * 32}", claims=stranger)
    theirs = call("GET", f"/v1/alerts/{alert_ids[0]}", claims=stranger)
    assert (theirs.status, theirs.body) == (404, unknown.body)
    assert call("GET", "/v1/alerts", claims=stranger).body["items"] == []


def test_a_made_up_place_in_the_list_opens_nobody_elses(call, alert_ids):
    assert call("GET", "/v1/alerts", claims=QUINN, query=f"after=2099-01-01_{alert_ids[0]}").status == 422


def test_a_reader_acknowledges_and_the_first_one_stands(call, alert_ids):
    path = f"/v1/alerts/{alert_ids[0]}/acknowledgement"
    first = call("PUT", path).body
    assert first["acknowledged_by"] == ADA["email"]
    assert call("PUT", path).body == first
    assert call("GET", f"/v1/alerts/{alert_ids[0]}").body["answers"] | {"opened_at": None} == first


@pytest.mark.parametrize("stranger", [BO, QUINN])
def test_nobody_else_acknowledges_or_judges(call, alert_ids, stranger):
    assert call("PUT", f"/v1/alerts/{alert_ids[0]}/acknowledgement", claims=stranger).status == 404
    verdict = {"verdict": "useful"}
    assert call("PUT", f"/v1/alerts/{alert_ids[0]}/verdict", verdict, claims=stranger).status == 404


def test_a_verdict_counts_in_the_noise_report(call, alert_ids, tables):
    assert call("PUT", f"/v1/alerts/{alert_ids[0]}/verdict", {"verdict": "wrong person"}).status == 200
    assert call("PUT", f"/v1/alerts/{alert_ids[0]}/verdict", {"verdict": "splendid"}).status == 422
    [noisy] = call("GET", "/v1/reports/noise", query="days=90").body["subscriptions"]
    assert (noisy["alerts"], noisy["verdicts"], noisy["noise"]) == (2, {"wrong person": 1}, 1.0)


def test_a_withdrawn_alert_says_so_and_nothing_else(call, alert_ids, tables):
    arrest_id = tables.alerts.find(alert_ids[0]).arrest_id
    withdraw_alerts(arrest_id, WithdrawDeps(tables.alerts, discard), NOW)
    body = call("GET", f"/v1/alerts/{alert_ids[0]}").body
    assert (body["withdrawn"], body["arrest"]) == (True, None)
    assert "01234567A" not in str(body)


def test_how_one_wants_to_be_told_is_kept_and_the_deputy_is_of_the_office(call):
    wanted = {"time_zone": "America/Chicago", "quiet": {"start": "21:00:00", "until": "07:00:00"}}
    assert call("GET", "/v1/me/preferences").body["quiet"] is None
    assert call("PUT", "/v1/me/preferences", wanted).status == 200
    assert call("GET", "/v1/me/preferences").body["quiet"] == wanted["quiet"]
    assert call("PUT", "/v1/me/preferences", {"deputy": "eve@press.example.com"}).status == 403
    assert call("PUT", "/v1/me/preferences", {"deputy": "bo@da.example.gov"}).status == 200


def test_the_first_time_its_recipient_reads_an_alert_is_noted(call, alert_ids):
    first = call("GET", f"/v1/alerts/{alert_ids[0]}").body["answers"]["opened_at"]
    assert first
    assert call("GET", f"/v1/alerts/{alert_ids[0]}").body["answers"]["opened_at"] == first
    days = call("GET", "/v1/reports/delivery-times", query="days=90").body["days"]
    assert not days or "opened" in days[0]


def test_an_owner_takes_an_alert_back_and_everyone_reads_that_it_is_withdrawn(call, alert_ids):
    assert call("POST", f"/v1/alerts/{alert_ids[0]}/recall", claims=BO).status == 404
    assert call("POST", f"/v1/alerts/{alert_ids[0]}/recall").body["alerts"] == [alert_ids[0]]
    assert call("GET", f"/v1/alerts/{alert_ids[0]}").body["withdrawn"] is True
    assert call("GET", f"/v1/alerts/{alert_ids[1]}").body["withdrawn"] is False
