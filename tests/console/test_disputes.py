"""P10 in the console: a disputed fact is recorded, seen, decided, and the recipients are told."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.browser.world import World, make_world
from tests.conftest import Tables
from tests.console.conftest import Browser
from tests.office_api.conftest import Call

LIST = "/console/disputes"
WRITTEN = {
    "fact": "place",
    "claim": "It was in Sample Road.",
    "claimant": "counsel",
    "claimant_name": "Rowan Example, Example Legal Aid",
    "identity_proof": "letter of authority",
    "received_on": str(datetime.now(UTC).date()),
}


@pytest.fixture
def world(tables: Tables, console: object, call: Call) -> World:
    return make_world(tables, call)


def test_p10_whoever_opens_the_record_or_the_alert_sees_that_a_fact_is_disputed(world: World, ada: Browser) -> None:
    for path in (f"/console/arrests/{world.ids['arrest_id']}", f"/console/alerts/{world.ids['alert_id']}"):
        assert "Disputed: the date of birth. Somebody says that it is wrong" in ada.get(path).text
    assert "A fact is disputed" in ada.get("/console/alerts").text


def test_p10_a_dispute_is_recorded_on_the_record_and_decided_on_its_page_by_somebody_else(
    world: World, ada: Browser
) -> None:
    record = f"/console/arrests/{world.ids['arrest_id']}"
    (link,) = ada.get(record).page.xpath("//a[contains(., 'says it is wrong')]/@href")
    missing = ada.post(link, WRITTEN | {"claim": "", "received_on": "soon"})
    assert set(missing.page.xpath("//div[@class='errors']//a/@href")) == {"#claim", "#received_on"}
    recorded = ada.post(link, WRITTEN)
    assert recorded.status == 303
    assert not ada.get(recorded.location).page.xpath("//form[contains(@action,'/decision')]"), "not by who recorded it"
    again = ada.post(link, WRITTEN)
    assert again.page.xpath("//div[@class='errors']//a/@href") == ["#fact"]


def test_p10_a_decision_asks_for_its_reason_and_for_the_agency(world: World, ada: Browser) -> None:
    path = f"{LIST}/{world.ids['dispute_id']}"
    missing = ada.post(f"{path}/decision")
    assert set(missing.page.xpath("//div[@class='errors']//a/@href")) == {"#decision", "#reason"}
    upheld = {"decision": "upheld", "reason": "The certificate says so."}
    assert ada.post(f"{path}/decision", upheld).page.xpath("//div[@class='errors']//a/@href") == ["#agency_asked"]
    assert ada.post(f"{path}/decision", upheld | {"agency_asked": "Mail of today"}).status == 303
    assert ada.get(path).texts("//span[contains(@class,'tag')]") == ["Upheld: waits for the agency's correction"]
    assert "The certificate says so." in ada.get(f"{path}/statement").text


def test_pa_9114_a_recipient_is_ticked_off_in_the_list_with_a_day(world: World, ada: Browser) -> None:
    page = ada.get(LIST)
    (action,) = page.page.xpath("//form[contains(@action,'/corrections/')]/@action")
    assert "Tell them by" in page.text
    wrong = ada.post(action, {"means": "mail", "told_on": "never"})
    assert wrong.page.xpath("//input[@aria-invalid='true']")
    told = {"means": "mail", "told_on": str(datetime.now(UTC).date() - timedelta(days=1))}
    assert ada.post(action, told).status == 303
    assert "Told" in ada.get(LIST).texts("//span[contains(@class,'tag')]")
    assert ada.post(action, told).location == LIST
