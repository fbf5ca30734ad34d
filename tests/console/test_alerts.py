"""Alerts as their readers see them."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

import pytest

from infra.bundle import ROOT
from shared.alerts.match_arrests import MatchDeps, match_versions
from shared.alerts.responses import respond
from shared.alerts.view import ShownAlert
from shared.arrests.model import Provenance
from tests.browser.people import LONG_NAME, MARKUP_NAME, RIGHT_TO_LEFT_NAME
from tests.browser.world import World, make_world
from tests.builders import PSEUDONYMS, an_arrest, discard
from tests.console.conftest import Browser, SignIn

BO = {"token_use": "id", "email": "bo@da.example.gov", "custom:office": "kings"}


@pytest.fixture
def world(tables: Any, call: Any) -> World:
    return make_world(tables, call)


def test_ka1_what_waits_stands_first_and_an_alert_begins_with_what_to_press(ada: Browser, world: World) -> None:
    page = ada.get("/console/alerts")
    assert page.texts("//h2")[:2] == ["Not answered", "Answered and older"]
    tags = page.texts("//h2[.='Not answered']/following-sibling::ul[1]//span[contains(@class,'tag')]")
    assert tags[0].startswith("Urgent: answer by ")
    assert "Answered" not in tags
    alert = ada.get(f"/console/alerts/{world.ids['alert_id']}")
    order = [
        alert.text.index(part)
        for part in ("Check before you act", "I have it", "What happened", "Why you get this alert")
    ]
    assert order == sorted(order)
    assert alert.texts("//h1") == ["Pat EXAMPLE was arrested"]
    assert "Arrested by Roster, arrest number K-1001" in alert.texts("//dd")


def test_ka3_the_deadline_names_who_is_told_otherwise(ada: Browser, world: World, call: Any) -> None:
    path = f"/console/alerts/{world.ids['alert_id']}"
    assert "You have no deputy: nobody else is told." in ada.get(path).text
    call("PUT", "/v1/me/preferences", {"deputy": BO["email"]})
    assert f"If you do not, {BO['email']} is told." in ada.get(path).text


def test_an_alert_that_a_colleague_has_says_so_and_stays_theirs(
    ada: Browser, world: World, sign_in: SignIn, tables: Any
) -> None:
    path = f"/console/alerts/{world.ids['alert_id']}"
    _answered_by_bo(tables, world)
    page = ada.get(ada.post(f"{path}/acknowledgement").location)
    assert "A colleague has this alert already" in page.text
    assert f"{BO['email']} has had this alert since" in page.text
    assert not page.page.xpath("//button[.='I have it']")


def _answered_by_bo(tables: Any, world: World) -> None:
    """As after a press on another desk."""
    from functions.console import dependencies as _  # noqa: F401, PLC0415 - imported as Lambda does
    from shared.office_api import dependencies  # noqa: PLC0415

    alert = tables.alerts.numbered("kings", world.ids["alert_id"].partition("-")[0])[0]
    respond.acknowledge(ShownAlert(alert), BO["email"], dependencies.response_deps, datetime.now(UTC))


def test_an_answer_is_given_once_more_and_the_last_one_stands(ada: Browser, world: World, call: Any) -> None:
    path = f"/console/alerts/{world.ids['alert_id']}"
    ada.post(f"{path}/acknowledgement")
    assert "You have had this alert since" in ada.get(path).text
    ada.post(f"{path}/verdict", {"right_person": "yes", "useful": "no", "outcome": "bail asked"})
    ada.post(f"{path}/verdict", {"useful": "yes"})
    answers = call("GET", f"/v1/alerts/{world.ids['alert_id']}").body["answers"]
    assert (answers["right_person"], answers["useful"], answers["outcome"]) == (True, True, "bail asked")
    assert ada.post(f"{path}/verdict").page.xpath("//div[@class='errors']//a[@href='#right_person']")


def test_a_withdrawn_alert_names_nobody_and_asks_for_nothing(ada: Browser, world: World) -> None:
    page = ada.get(f"/console/alerts/{world.states['sealed']['alert_id']}")
    number = world.states["sealed"]["alert_id"]
    assert page.texts("//h1") == [f"Alert {number.partition('-')[0]} is withdrawn. Do not act on it."]
    assert not page.page.xpath("//main//form")
    assert "OTHER" not in page.text.upper().replace("ANOTHER", "")


def test_an_alert_that_is_withdrawn_while_it_is_open_is_not_acknowledged(ada: Browser, world: World) -> None:
    path = f"/console/alerts/{world.ids['alert_id']}"
    assert ada.get(f"{path}/withdraw").texts("//h1")[0].startswith("Withdraw alert")
    ada.post(f"{path}/withdraw")
    answer = ada.get(ada.post(f"{path}/acknowledgement").location)
    assert "was withdrawn while its page was open" in answer.text
    assert "do not act on it" in ada.get("/console/alerts").text.casefold()
    assert "Do not act on it." in ada.get(f"{path}/print").text


def test_hostile_and_long_names_are_text(ada: Browser, world: World) -> None:
    for state in ("long", "right to left"):
        page = ada.get(f"/console/alerts/{world.states[state]['alert_id']}")
        assert "<script>" not in page.text
    assert MARKUP_NAME in " ".join(ada.get("/console/alerts").texts("//main"))
    assert LONG_NAME.upper() in ada.get("/console/alerts").text.upper()


@pytest.mark.parametrize(
    ("query", "field"),
    [("since=2/30/2026", "since"), ("until=tomorrow", "until"), ("since=1/2/2026&until=1/1/2026", "")],
)
def test_a_day_that_cannot_be_is_said(ada: Browser, query: str, field: str) -> None:
    page = ada.get(f"/console/alerts?{query}")
    assert page.page.xpath("//div[@class='errors']"), page.text
    assert not field or page.page.xpath(f"//div[@class='errors']//a[@href='#{field}']")


def test_an_alert_is_found_by_its_number_and_a_wrong_number_is_said(ada: Browser, world: World) -> None:
    number = world.ids["alert_id"]
    assert ada.post("/console/alerts/find", {"number": number.lower().replace("-", " ")}).location.endswith(number)
    assert ada.post("/console/alerts/find", {"number": "??"}).page.xpath("//div[@class='errors']//a[@href='#number']")


def test_another_offices_number_and_no_number_look_the_same(world: World, sign_in: SignIn) -> None:
    quinn = sign_in({"token_use": "id", "email": "quinn@queens.example.gov", "custom:office": "queens"})
    for path, id_ in (("alerts", world.ids["alert_id"]), ("possible-matches", world.ids["review_id"])):
        real, none = quinn.get(f"/console/{path}/{id_}"), quinn.get(f"/console/{path}/{'0' * 32}")
        assert real.status == none.status == 404
        assert real.texts("//main") == none.texts("//main")


def test_who_may_not_withdraw_is_not_offered_it_and_does_not_do_it(world: World, sign_in: SignIn) -> None:
    bo = sign_in(BO)
    assert bo.post(f"/console/alerts/{world.ids['alert_id']}/withdraw").status in {403, 404}


def test_filters_leave_what_was_chosen_and_an_empty_list_says_so(ada: Browser, world: World) -> None:
    offered = ada.get("/console/alerts")
    assert {"All folders", "Gangs"} <= set(offered.texts("//select[@id='folder']/option"))
    assert offered.texts("//select[@id='agency']/option") == ["All agencies", "Roster"]
    in_folder = ada.get("/console/alerts?folder=Gangs&agency=roster")
    assert in_folder.texts("//li[contains(@class,'card')]//h3") == ["EXAMPLE, Pat"]
    assert in_folder.texts("//select[@id='folder']/option[@selected]") == ["Gangs"]
    assert "Show all alerts" in in_folder.text
    assert "No alert fits your filter." in ada.get("/console/alerts?agency=testville").text
    only_waiting = ada.get("/console/alerts?unanswered=true")
    assert only_waiting.texts("//h2") == ["Not answered"]
    assert "Withdrawn" not in only_waiting.text


def test_who_has_no_alerts_is_told_what_to_do(world: World, sign_in: SignIn) -> None:
    page = sign_in(BO | {"email": "chief@da.example.gov"}).get("/console/alerts")
    assert "You have no alerts yet." in page.text
    assert page.page.xpath("//main//a[@href='/console/watches/new']")


def test_the_last_fourteen_days_are_a_picture_and_a_table(ada: Browser, world: World) -> None:
    page = ada.get("/console/alerts")
    alerts = page.texts("//table[contains(caption,'Alerts by day')]/tbody/tr/td[1]")
    drawn = [float(bar.get("height")) for bar in page.page.xpath("//figure//*[local-name()='rect']")]
    assert len(alerts) == len(drawn) == 14
    assert sum(height > 0 for height in drawn) == sum(number != "0" for number in alerts) > 0


def test_ka3_a_print_is_stamped_and_recorded_as_one(ada: Browser, world: World, tables: Any) -> None:
    page = ada.get(f"/console/alerts/{world.ids['alert_id']}/print")
    [stamp] = page.texts("//p[@class='stamp']")
    assert "Printed by ada.example@da.example.gov, Kings County District Attorney" in stamp
    assert "Purpose: investigation" in stamp
    assert not page.page.xpath("//main//form")
    events = [item["doc"]["S"] for item in tables.everything_in("Audit") if "doc" in item]
    assert any('/print"' in event or "/print" in event for event in events)


def test_cjis_au_8_a_page_that_is_printed_says_who_read_it_when_and_why(ada: Browser, world: World) -> None:
    for path in ("/console/alerts", f"/console/alerts/{world.ids['alert_id']}", "/console/search"):
        [stamp] = ada.get(path).texts("//p[contains(@class,'printed')]")
        assert re.search(r"Read by ada.example@da.example.gov, Kings .*\d\d:\d\d:\d\d\.\d\d -0\d:00", stamp)
        assert "Purpose: investigation." in stamp
    assert not ada.get(f"/console/alerts/{world.ids['alert_id']}/print").texts("//p[contains(@class,'printed')]")
    sheet = (ROOT / "functions/console/static/console.css").read_text()
    assert ".printed{display:none}" in sheet
    assert "@media print{.printed{display:block}" in sheet


def test_a_right_to_left_name_keeps_its_own_direction(ada: Browser, world: World) -> None:
    page = ada.get(f"/console/alerts/{world.states['right to left']['alert_id']}")
    assert page.page.xpath("//h1/@dir") == ["auto"]
    assert RIGHT_TO_LEFT_NAME in page.texts("//h1")[0]


def test_f15_a_custody_that_two_agencies_report_is_one_number_and_each_page_names_the_other(
    ada: Browser, world: World, tables: Any
) -> None:
    jail, now = an_arrest("B-7", agency="county-jail"), datetime.now(UTC)
    tables.arrests.store([jail], Provenance(drop_id="j", dropped_at=now), now)
    deps = MatchDeps(
        tables.watch_list, tables.subscriptions, tables.offices, tables.alerts, PSEUDONYMS, discard,
        arrests=tables.arrests,
    )  # fmt: skip
    match_versions(tables.arrests.versions([jail.arrest_id]), deps, now)
    page = ada.get(f"/console/alerts/{world.ids['alert_id']}")
    heading = "//h2[.='Who else reports this arrest']/following-sibling::ul[1]//a"
    assert page.texts(heading) == ["The record of County Jail"]
    [address] = page.page.xpath(f"{heading}/@href")
    assert ada.get(address).texts(heading) == ["The record of Roster"]
