"""P12 at the console: a request is entered, answered by its clocks and exported; and the report of two years."""

from datetime import UTC, datetime
from typing import Any

import pytest

from shared.disclosures.table import DisclosuresTable
from shared.offices.users import Right
from shared.records_requests.exports.exports_table import ExportsTable
from shared.records_requests.exports.model import ExportState
from tests.browser.world import World, make_world
from tests.builders import NOW
from tests.conftest import Tables
from tests.console.conftest import Browser, SignIn
from tests.disclosures.test_decide import a_disclosure
from tests.office_api.conftest import ADA, Call
from tests.office_api.governed import a_user_let_in

REGISTER = "/console/records-requests"
ROB = "rob@da.example.gov"


@pytest.fixture
def world(tables: Tables, console: Any, call: Call) -> World:
    tables.users.add(a_user_let_in(ROB, datetime.now(UTC), rights=frozenset({Right.RECORDS, Right.ARRESTS})))
    return make_world(tables, call)


@pytest.fixture
def rob(world: World, sign_in: SignIn) -> Browser:
    return sign_in(ADA | {"email": ROB}, rights=frozenset({Right.RECORDS, Right.ARRESTS}))


def written(world: World, **facts: str) -> dict[str, str]:
    usual = {
        "kind": "foil", "received_on": f"{datetime.now(UTC):%m/%d/%Y}", "requester": "Rowan <b>Example</b>",
        "requester_kind": "press", "about": "What is held", "numbers": world.states["updated"]["alert_id"],
    }  # fmt: skip
    return usual | {"received_on": "1/5/2026"} | facts


def test_p12_a_request_is_entered_and_denied_with_a_code_of_the_law(world: World, rob: Browser) -> None:
    entered = rob.post(f"{REGISTER}/new", written(world))
    page = rob.get(entered.location)
    assert "Rowan <b>Example</b> (press)" in page.texts("//dd")
    assert page.texts("//span[contains(@class,'tag')]")[0] == "Overdue"
    assert rob.get(REGISTER).texts("//span[contains(@class,'tag')]")[0] == "Overdue"
    acknowledged = {"kind": "acknowledged", "promised_on": "sometime"}
    assert rob.post(f"{entered.location}/steps", acknowledged).page.xpath("//div[@class='errors']//a/@href") == [
        "#promised_on"
    ]
    early = rob.post(f"{entered.location}/steps", {"kind": "denied", "reason": "privacy", "document": "letter"})
    assert "#what" in early.page.xpath("//div[@class='errors']//a/@href")
    assert "#kind" in early.page.xpath("//div[@class='errors']//a/@href"), "the five days are over: acknowledge first"


@pytest.mark.parametrize("field", ["kind", "received_on", "requester", "about", "numbers"])
def test_p12_a_form_that_lacks_something_says_what_and_keeps_the_rest(world: World, rob: Browser, field: str) -> None:
    page = rob.post(f"{REGISTER}/new", written(world, **{field: ""}))
    assert page.page.xpath("//div[@class='errors']//a/@href") == [f"#{field}"]
    assert page.page.xpath("//select[@id='requester_kind']/option[@selected]/@value") == ["press"]


def test_p7_p12_an_export_is_asked_for_on_a_disclosure_and_its_link_is_for_whoever_asked(
    world: World, rob: Browser, ada: Browser, tables: Tables
) -> None:
    address = f"{REGISTER}/{world.ids['request']}"
    refused = rob.post(f"{address}/exports", {"disclosure": world.ids["disclosure_id"]})
    assert refused.page.xpath("//div[@class='errors']//a/@href") == ["#disclosure"], "it waits for approval"
    about = [world.ids["arrest_id"]]
    facts: dict[str, Any] = {"arrest_ids": about, "means": "export", "recipient_kind": "press"}
    allowed = a_disclosure("crime", ROB, NOW, "a" * 18, **facts)
    DisclosuresTable(tables.client, "Subscriptions").save(allowed)
    disclosure = f"https://console.example.gov/console/disclosures/{allowed.disclosure_id}"
    assert rob.post(f"{address}/exports", {"disclosure": disclosure}).status == 303
    table = ExportsTable(tables.client, "Subscriptions")
    export = table.of_request("kings", world.ids["request"])[0]
    link = f"{address}/exports/{export.export_id}"
    assert rob.get(link).location == address, "it is not made yet"
    table.save(export.model_copy(update={"state": ExportState.READY, "ready_at": datetime.now(UTC), "revision": 2}))
    assert f"exports/kings/{export.export_id}/export.zip" in rob.get(link).location
    assert rob.get(address).page.xpath(f"//a[@href='{link}']")
    assert not ada.get(address).page.xpath(f"//a[@href='{link}']")
    assert ada.get(link).status == 404


def test_p12_whether_private_notes_are_given_is_decided_by_name(world: World, rob: Browser) -> None:
    address = f"{REGISTER}/{world.ids['request']}"
    assert "Nobody has decided" in rob.get(address).text
    rob.post(f"{address}/notes", {"release": "false"})
    assert f"{ROB} decided that private notes are not given" in rob.get(address).text


def test_p12_whoever_entered_a_request_is_told_that_another_person_decides_about_its_notes(
    world: World, rob: Browser, ada: Browser
) -> None:
    entered = rob.post(f"{REGISTER}/new", written(world)).location
    own = rob.post(f"{entered}/notes", {"release": "true"})
    assert own.page.xpath("//div[@class='errors']//a/@href") == ["#release"]
    assert "another person" in own.text
    unsaid = ada.post(f"{entered}/notes", {"release": "perhaps"})
    assert "Choose whether they are given." in unsaid.text
    assert ada.post(f"{entered}/notes", {"release": "true"}).status == 303


def test_nyc_23_1205_the_report_of_two_years_is_a_page_and_a_table_without_a_name(world: World, ada: Browser) -> None:
    page = ada.get("/console/disclosures/two-years?year=2026")
    assert "Fri, Jul 31, 2026" in page.text
    assert page.texts("//td[@data-label='Reason'][contains(., 'records request: foil')]")
    (link,) = page.page.xpath("//a[contains(@href,'two-years.csv')]/@href")
    table = ada.get(link)
    assert table.text.splitlines()[0] == "item,name,reason,count"
    assert "requester,press,records request: foil,1" in table.text
    for strange in ("soon", "99999999999999999999", "-1", "２０２６"):
        assert ada.get(f"/console/disclosures/two-years?year={strange}").status == 200
