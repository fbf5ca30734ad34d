"""P13 at the console: holds are placed, listed and ended; an end of the past takes two people."""

from datetime import UTC, datetime
from typing import Any

import pytest

from shared.offices.users import Right
from tests.browser.world import World, make_world
from tests.conftest import Tables
from tests.console.conftest import Browser, SignIn
from tests.office_api.conftest import ADA, Call
from tests.office_api.governed import a_user_let_in

HOLDS = "/console/holds"
ROB = "rob@da.example.gov"


@pytest.fixture
def world(tables: Tables, console: Any, call: Call) -> World:
    tables.users.add(a_user_let_in(ROB, datetime.now(UTC), rights=frozenset({Right.RECORDS})))
    return make_world(tables, call)


@pytest.fixture
def rob(world: World, sign_in: SignIn) -> Browser:
    return sign_in(ADA | {"email": ROB}, rights=frozenset({Right.RECORDS}))


def tags(browser: Browser, address: str) -> list[str]:
    return browser.get(address).texts("//span[contains(@class,'tag')]")


def test_p13_lgs_1_a_hold_is_placed_on_an_alert_and_its_reason_is_never_markup(world: World, rob: Browser) -> None:
    number = world.states["updated"]["alert_id"]
    written = {"kind": "litigation", "reason": "Example <b>v.</b> City", "reference": "LIT-8", "numbers": number}
    placed = rob.post(f"{HOLDS}/new", written)
    page = rob.get(placed.location)
    assert "Example <b>v.</b> City" in page.texts("//dd")
    assert "1 record" in page.texts("//dd")
    assert tags(rob, placed.location) == ["In force"]


@pytest.mark.parametrize(("field", "text"), [("reason", ""), ("kind", "curiosity"), ("numbers", "NOSUCH")])
def test_p13_lgs_1_a_hold_that_cannot_be_says_what_to_mend(world: World, rob: Browser, field: str, text: str) -> None:
    page = rob.post(f"{HOLDS}/new", {"kind": "case", "reason": "appeal", "reference": "", "numbers": "", field: text})
    assert page.page.xpath("//div[@class='errors']//a/@href") == [f"#{field}"]


def test_p13_lgs_1_an_end_with_an_old_day_waits_for_somebody_else_at_the_console_too(
    world: World, rob: Browser, ada: Browser
) -> None:
    address = f"{HOLDS}/{world.ids['hold']}"
    assert rob.post(f"{address}/end", {"ended_on": "yesterday", "reason": "over"}).status == 200
    rob.post(f"{address}/end", {"ended_on": "1/5/2020", "reason": "over"})
    own = rob.get(address)
    assert own.page.xpath("//button[contains(., 'Take the end back')]")
    assert not own.page.xpath("//button[contains(., 'Confirm')]")
    assert rob.post(f"{address}/end/confirm").status == 303, "and nothing happened"
    assert tags(rob, address) == ["In force"]
    assert "Its end waits for a second person" in tags(rob, HOLDS)
    assert ada.post(f"{address}/end/confirm").status == 303, "a form that says not which end, and nothing happened"
    assert tags(rob, address) == ["In force"]
    etag = ada.get(address).page.xpath("//form[contains(@action, '/end/refuse')]//input[@name='etag']/@value")[0]
    ada.post(f"{address}/end/confirm", {"etag": etag})
    assert tags(rob, address) == ["Over"]
    assert rob.post(f"{address}/end/burn").status == 404


def test_p13_lgs_1_who_does_not_answer_for_records_reads_no_hold(world: World, sign_in: SignIn) -> None:
    bo = sign_in(ADA | {"email": "bo@da.example.gov"})
    assert not bo.get("/console/alerts").page.xpath("//a[@href='/console/holds']")
    assert bo.get(HOLDS).status == 403
    assert bo.get(f"{HOLDS}/{world.ids['hold']}").status == 403
