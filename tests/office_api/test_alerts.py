from datetime import timedelta

import pytest

from shared.alerting import Alerting, tell
from shared.domain.arrests import Provenance
from shared.tables.arrests import Version
from tests.builders import NOW, PSEUDONYMS, a_subscription, an_arrest
from tests.office_api.conftest import ADA

BO = ADA | {"email": "bo@da.example.gov"}
QUINN = {"token_use": "id", "email": "quinn@queens.example.gov", "custom:office": "queens"}


@pytest.fixture
def alert_ids(tables):
    """Ada's subscription is hit twice; she is its owner and its only recipient."""
    tables.watch_list.add(a_subscription())
    alerting = Alerting(tables.watch_list, tables.subscriptions, tables.offices, tables.alerts, PSEUDONYMS, list)
    for hours, number in enumerate(("K-1", "K-2")):
        arrest = an_arrest(number=number)
        tables.arrests.store([arrest], Provenance(drop_id="d", dropped_at=NOW), NOW)
        tell([Version(arrest, None, NOW, NOW)], alerting, NOW + timedelta(hours=hours))
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
    page = call("GET", "/v1/alerts", claims=QUINN, query=f"after=2099-01-01_{alert_ids[0]}")
    assert page.body["items"] == []
