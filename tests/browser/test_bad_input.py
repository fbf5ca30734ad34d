"""What goes wrong in a browser: sessions that end, forms that are old, records that go away, hostile names."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from shared.alerts.withdraw import WithdrawDeps, withdraw_alerts
from tests.browser.people import MARKUP_NAME
from tests.browser.world import World
from tests.builders import discard
from tests.conftest import Tables
from tests.office_api.conftest import ADA

QUINN = {"token_use": "id", "email": "quinn@queens.example.gov", "custom:office": "queens"}


@pytest.fixture
def adas(signed_in: Any, world: World) -> BrowserContext:
    context: BrowserContext = signed_in()
    return context


@pytest.fixture
def alert(adas: BrowserContext, world: World) -> Page:
    page = adas.new_page()
    page.goto(f"/console/alerts/{world.ids['alert_id']}")
    return page


def heading(page: Page) -> str:
    return page.locator("h1").inner_text()


def end_sessions() -> None:
    """As after half an hour without a click."""
    from functions.console import dependencies  # noqa: PLC0415 - imported as Lambda does, by the fixture
    from functions.console.sessions.model import Session  # noqa: PLC0415

    rows = dependencies.sessions._client.scan(TableName="Sessions")["Items"]
    for row in rows:
        session = Session.model_validate_json(row["doc"]["S"])
        dependencies.sessions.save(session.model_copy(update={"seen_at": datetime.now(UTC) - timedelta(hours=1)}))


def test_kb5_a_form_that_is_sent_after_the_session_ended_changes_nothing_and_says_so(
    alert: Page, world: World, call: Any
) -> None:
    end_sessions()
    alert.get_by_role("button", name="I have it").click()
    assert heading(alert) == "You are signed out"
    assert "nothing was changed" in alert.locator("main").inner_text()
    assert (
        alert.get_by_role("link", name="Sign in").get_attribute("href") == "/console/sign-in?next=%2Fconsole%2Falerts"
    )
    answered = call("GET", f"/v1/alerts/{world.ids['alert_id']}", claims=ADA).body["answers"]
    assert not answered["acknowledged_at"]


def test_kb5_a_double_click_takes_effect_once(alert: Page, world: World, call: Any) -> None:
    alert.get_by_role("button", name="I have it").dblclick()
    expect(alert.get_by_text("You have this alert")).to_be_visible()
    answered = call("GET", f"/v1/alerts/{world.ids['alert_id']}", claims=ADA).body["answers"]
    assert answered["acknowledged_by"] == ADA["email"]
    assert alert.locator("main").get_by_text("problem").count() == 0


def test_kb5_the_same_form_in_two_tabs_is_answered_twice_without_an_error(alert: Page, adas: BrowserContext) -> None:
    second = adas.new_page()
    second.goto(alert.url)
    for page in (alert, second):
        page.get_by_role("button", name="I have it").click()
        assert "You have this alert" in page.locator("main").inner_text()


def test_kb5_the_number_of_another_office_and_an_unknown_one_look_the_same(signed_in: Any, world: World) -> None:
    window: BrowserContext = signed_in(QUINN, office="Queens")
    texts = []
    for number in (world.ids["alert_id"], "0A1B2-C3D4E"):
        page = window.new_page()
        answer = page.goto(f"/console/alerts/{number}")
        assert answer is not None
        assert answer.status == 404
        texts.append(page.locator("main").inner_text())
    assert texts[0] == texts[1]


def test_an_address_that_no_record_can_have_is_not_found(adas: BrowserContext) -> None:
    page = adas.new_page()
    page.goto("/console/alerts/X")
    assert heading(page) == "Page not found"


def test_kb5_an_alert_that_is_withdrawn_while_its_page_is_open_is_not_answered(
    alert: Page, world: World, tables: Tables
) -> None:
    withdraw_alerts(world.ids["arrest_id"], WithdrawDeps(tables.alerts, discard), datetime.now(UTC))
    alert.get_by_role("button", name="I have it").click()
    text = alert.locator("main").inner_text()
    assert "withdrawn" in text.lower()
    assert "Example" not in text
    assert "EXAMPLE" not in text


def test_kb5_a_name_with_markup_is_shown_as_it_was_reported(adas: BrowserContext, world: World) -> None:
    page = adas.new_page()
    page.goto(f"/console/alerts/{world.states['right to left']['alert_id']}")
    assert MARKUP_NAME.casefold() in page.locator("main").inner_text().casefold()
    assert page.locator("main b, main script").count() == 0
