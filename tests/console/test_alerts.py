"""Alerts and possible matches as their readers see them."""

from __future__ import annotations

from typing import Any

import pytest

from tests.browser.people import LONG_NAME, MARKUP_NAME
from tests.browser.world import World, make_world
from tests.console.conftest import Browser, SignIn

BO = {"token_use": "id", "email": "bo@da.example.gov", "custom:office": "kings"}


@pytest.fixture
def world(tables: Any, call: Any) -> World:
    return make_world(tables, call)


def test_ka1_what_waits_stands_first_and_an_alert_begins_with_what_to_press(ada: Browser, world: World) -> None:
    page = ada.get("/console/alerts")
    assert page.texts("//h2")[:2] == ["Not answered", "Answered and older"]
    tags = page.texts("//h2[.='Not answered']/following-sibling::ul[1]//span[contains(@class,'tag')]")
    assert "Answered" not in tags
    alert = ada.get(f"/console/alerts/{world.ids['alert_id']}")
    order = [
        alert.text.index(part) for part in ("I have it", "Check before you act", "What was reported", "Why you are")
    ]
    assert order == sorted(order)


def test_an_answer_is_given_once_more_and_the_last_one_stands(ada: Browser, world: World, call: Any) -> None:
    path = f"/console/alerts/{world.ids['alert_id']}"
    ada.post(f"{path}/acknowledgement")
    assert "has had this alert since" in ada.get(path).text
    ada.post(f"{path}/verdict", {"right_person": "yes", "useful": "no", "outcome": "bail asked"})
    ada.post(f"{path}/verdict", {"useful": "yes"})
    answers = call("GET", f"/v1/alerts/{world.ids['alert_id']}").body["answers"]
    assert (answers["right_person"], answers["useful"], answers["outcome"]) == (True, True, "bail asked")
    assert ada.post(f"{path}/verdict").page.xpath("//div[@class='errors']//a[@href='#right_person']")


def test_a_withdrawn_alert_names_nobody_and_asks_for_nothing(ada: Browser, world: World) -> None:
    page = ada.get(f"/console/alerts/{world.states['sealed']['alert_id']}")
    assert page.texts("//h1")[0].endswith("is withdrawn. Do not act on it.")
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


def test_ka2_a_possible_match_is_decided_once(ada: Browser, world: World) -> None:
    listed = ada.get("/console/possible-matches")
    assert len(listed.texts("//li[@class='card']")) >= 2
    path = f"/console/possible-matches/{world.ids['review_id']}"
    page = ada.get(path)
    assert page.texts("//h2") == ["You watch", "Was reported"]
    assert any("reported" in line for line in page.texts("//div[@class='warning']//li"))
    etag = page.page.xpath("//input[@name='etag']/@value")[0]
    following = ada.post(f"{path}/somebody-else", {"etag": etag})
    assert following.location not in {path, "/console/possible-matches"}, "the next one that waits"
    second = ada.post(f"{path}/same-person", {"etag": etag})
    assert second.location == path
    decided = ada.get(path)
    assert "Somebody decided this in the meantime" in decided.text
    assert "decided that it is somebody else" in decided.text


def test_another_offices_number_and_no_number_look_the_same(world: World, sign_in: SignIn) -> None:
    quinn = sign_in({"token_use": "id", "email": "quinn@queens.example.gov", "custom:office": "queens"})
    for kind, id_ in (("alerts", world.ids["alert_id"]), ("possible-matches", world.ids["review_id"])):
        real, none = quinn.get(f"/console/{kind}/{id_}"), quinn.get(f"/console/{kind}/{'0' * 32}")
        assert real.status == none.status == 404
        assert real.texts("//main") == none.texts("//main")


def test_who_may_not_withdraw_is_not_offered_it_and_does_not_do_it(world: World, sign_in: SignIn) -> None:
    bo = sign_in(BO)
    assert bo.post(f"/console/alerts/{world.ids['alert_id']}/withdraw").status in {403, 404}
