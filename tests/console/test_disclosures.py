"""P7 at the console: a disclosure is noted from the record of an arrest, and another person decides about it."""

from datetime import UTC, datetime
from typing import Any

import pytest

from shared.offices.users import Right
from tests.browser.world import World, make_world
from tests.conftest import Tables
from tests.console.conftest import Browser, SignIn
from tests.office_api.conftest import ADA, Call
from tests.office_api.governed import a_user_let_in

PAT = "pat@da.example.gov"
LOG = "/console/disclosures"
WRITTEN = {
    "ground": "consent", "facts": "Charges and arrest date", "recipient": "Rowan <b>Example</b>", "means": "print",
    "recipient_kind": "defense", "reference": "Consent of 12 November", "agency_consent": "Letter of 13 November",
}  # fmt: skip


@pytest.fixture
def world(tables: Tables, console: Any, call: Call) -> World:
    return make_world(tables, call)


def test_p7_nypd_2021_what_is_passed_on_is_noted_on_the_record_and_decided_by_somebody_else(
    world: World, ada: Browser, sign_in: SignIn, tables: Tables
) -> None:
    record = ada.get(f"/console/arrests/{world.ids['arrest_id']}")
    (link,) = record.page.xpath("//a[contains(., 'Pass it on')]/@href")
    assert ada.get(link).status == 200
    noted = ada.post(link, WRITTEN)
    page = ada.get(noted.location)
    assert page.texts("//span[contains(@class,'tag')]") == ["Waits for approval: pass nothing on"]
    assert not page.page.xpath("//form[contains(@action,'/approve')]"), "not by whoever asked for it"
    assert "Rowan <b>Example</b> (defense)" in page.texts("//dd")
    tables.users.add(a_user_let_in(PAT, datetime.now(UTC), rights=frozenset({Right.PRIVACY})))
    pat = sign_in(ADA | {"email": PAT}, rights=frozenset({Right.PRIVACY}))
    decided = pat.post(f"{noted.location}/approve", {"reason": "The consent covers it."})
    assert decided.status == 303
    assert ada.get(noted.location).texts("//span[contains(@class,'tag')]") == ["Approved"]


def test_p7_nypd_2021_a_form_that_lacks_something_says_what_beside_the_field_and_keeps_what_was_written(
    world: World, ada: Browser
) -> None:
    path = f"{LOG}/new/{world.ids['arrest_id']}"
    page = ada.post(path, WRITTEN | {"ground": "", "facts": ""})
    assert set(page.page.xpath("//div[@class='errors']//a/@href")) == {"#ground", "#facts"}
    assert page.page.xpath("//input[@id='recipient']/@value") == [WRITTEN["recipient"]]
    page = ada.post(path, WRITTEN | {"reference": ""})
    assert page.page.xpath("//div[@class='errors']//a/@href") == ["#reference"]


def test_28_cfr_20_21_b_the_form_takes_the_law_or_order_by_which_a_recipient_may_have_the_record(
    world: World, ada: Browser
) -> None:
    order = "Order of the Supreme Court of 3 November 2026"
    noted = ada.post(f"{LOG}/new/{world.ids['arrest_id']}", WRITTEN | {"ground": "crime", "authority": order})
    page = ada.get(noted.location)
    assert page.texts("//span[contains(@class,'tag')]") == ["Waits for approval: pass nothing on"]
    assert order in page.texts("//dd")


def test_p7_nypd_2021_a_decision_needs_a_reason_and_is_taken_once(world: World, ada: Browser) -> None:
    path = f"{LOG}/{world.ids['disclosure_id']}"
    assert ada.post(f"{path}/refuse", {"reason": " "}).page.xpath("//div[@class='errors']//a/@href") == ["#reason"]
    assert ada.post(f"{path}/refuse", {"reason": "It is too much."}).status == 303
    again = ada.post(f"{path}/approve", {"reason": "Perhaps not."})
    assert ada.get(again.location).texts("//span[contains(@class,'tag')]") == ["Refused: pass nothing on"]
    assert ada.post(f"{path}/burn", {"reason": "No such thing."}).status == 404


def test_p7_nypd_2021_the_counts_of_a_quarter_can_be_taken_away_without_a_name(world: World, ada: Browser) -> None:
    page = ada.get(LOG)
    assert page.texts("//table//th[@scope='row']") == ["Consent", "Crime"]
    (link,) = page.page.xpath("//a[contains(@href,'counts.csv')]/@href")
    table = ada.get(link)
    assert table.text.splitlines()[1] == "consent,defense,print,0,0,0,1"
    assert ada.get(f"{LOG}?quarter=nonsense").status == 200
