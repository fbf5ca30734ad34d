"""Possible matches: both sides, what differs, one after the other, decided once."""

from __future__ import annotations

from typing import Any

import pytest

from tests.browser.world import World, make_world
from tests.console.conftest import Answer, Browser, SignIn

LIST = "/console/possible-matches"
KIT = {"token_use": "id", "email": "kit@da.example.gov", "custom:office": "kings"}


@pytest.fixture
def world(tables: Any, call: Any) -> World:
    return make_world(tables, call)


def fields(page: Answer) -> dict[str, str]:
    """The hidden fields of the form "Same person"."""
    [form] = page.page.xpath("//form[contains(@action,'/same-person')]")
    return {name: value for name, value in form.form_values() if name not in ("csrf", "form-key")}


def test_ka2_both_sides_stand_beside_each_other_and_say_in_words_what_differs(ada: Browser, world: World) -> None:
    page = ada.get(f"{LIST}/{world.ids['review_id']}")
    assert page.texts("//thead//th")[1:] == ["You watch", "Reported"]
    [differing] = page.texts("//tr[@class='differs']/th")
    assert differing == "Born Differs"
    watched, reported = page.texts("//tr[@class='differs']/td")
    assert watched == "Feb 3, 1990"
    assert watched != reported
    assert any("reported" in line for line in page.texts("//div[@class='warning']//li"))
    assert page.texts("//h1") == ["Is this the same person?"]


def test_the_oldest_stands_first_with_its_age_and_how_many_wait(ada: Browser, world: World, call: Any) -> None:
    oldest = call("GET", "/v1/reviews", query="oldest_first=true").body
    page = ada.get(LIST)
    [start] = page.page.xpath("//a[@class='button']/@href")
    assert start == f"{LIST}/{oldest['items'][0]['review_id']}"
    assert page.texts("//p[@class='lead']")[0].startswith(f"{oldest['yours']['waiting']} wait for you")
    assert f"{oldest['yours']['waiting']} possible matches wait for you" in ada.get("/console/alerts").text
    assert f"One of {oldest['yours']['waiting']} that wait for you" in ada.get(start).text


def test_each_leads_to_the_next_and_the_last_one_to_a_page_that_says_so(ada: Browser, world: World, call: Any) -> None:
    waiting = [item["review_id"] for item in call("GET", "/v1/reviews", query="oldest_first=true").body["items"]]
    skipped = ada.get(f"{LIST}/{waiting[0]}").page.xpath("//a[.='Decide later, go to the next']/@href")
    assert skipped == [f"{LIST}/{waiting[1]}"]
    path, seen = f"{LIST}/{waiting[0]}", []
    while path != LIST:
        seen.append(path.rpartition("/")[2])
        path = ada.post(f"{path}/somebody-else", fields(ada.get(path))).location
    assert seen == waiting
    assert "None waits for you." in ada.get(LIST).text


def test_ka2_a_possible_match_is_decided_once_and_the_second_is_told_by_whom(ada: Browser, world: World) -> None:
    path = f"{LIST}/{world.ids['review_id']}"
    page = ada.get(path)
    assert ada.post(f"{path}/somebody-else", fields(page)).location != path
    assert ada.post(f"{path}/same-person", fields(page)).location == path
    decided = ada.get(path)
    assert "Somebody decided this in the meantime" in decided.text
    assert "ada.example@da.example.gov decided that it is somebody else" in decided.text
    assert not decided.page.xpath("//main//form")


def test_a_double_click_decides_once_and_ends_on_the_same_page(ada: Browser, world: World, call: Any) -> None:
    path = f"{LIST}/{world.ids['review_id']}"
    sent = fields(ada.get(path)) | {"form-key": "the-same-form"}
    first, second = (ada.post(f"{path}/same-person", sent) for _ in range(2))
    assert (first.status, first.location) == (second.status, second.location)
    assert first.location != path
    assert call("GET", f"/v1/reviews/{world.ids['review_id']}").body["review"]["verdict"] == "confirmed"


def test_a_page_that_the_form_names_is_one_of_ours(ada: Browser, world: World) -> None:
    path = f"{LIST}/{world.ids['review_id']}"
    sent = fields(ada.get(path)) | {"following": "../../sign-out?next=//evil.example"}
    assert ada.post(f"{path}/somebody-else", sent).location == LIST


def test_a_visitor_of_the_folder_reads_none_and_decides_none(world: World, sign_in: SignIn, call: Any) -> None:
    kit, path = sign_in(KIT), f"{LIST}/{world.ids['review_id']}"
    assert "None waits for you." in kit.get(LIST).text
    assert kit.get(path).status == kit.post(f"{path}/same-person").status == 404
    assert call("GET", f"/v1/reviews/{world.ids['review_id']}").body["review"]["verdict"] == "waiting"
