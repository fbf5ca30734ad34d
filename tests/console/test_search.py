"""The search of arrests: by number, identifier, person and day; and the page of one arrest."""

from __future__ import annotations

from typing import Any

import pytest

from tests.browser.people import LONG_NAME, MARKUP_NAME
from tests.browser.world import World, make_world
from tests.console.conftest import Browser, SignIn

SEARCH = "/console/search"
BO = {"token_use": "id", "email": "bo@da.example.gov", "custom:office": "kings"}
QUINN = {"token_use": "id", "email": "quinn@queens.example.gov", "custom:office": "queens"}


@pytest.fixture
def world(tables: Any, call: Any) -> World:
    return make_world(tables, call)


@pytest.mark.parametrize(
    "written",
    [
        {"agency": "roster", "number": "K-1001"},
        {"kind": "sid", "value": "01234567A", "issuer": "NY"},
        {"surname": "Example", "given": "Pat", "born": "2/3/1990"},
    ],
)
def test_ka5_an_arrest_is_found_by_each_thing_that_one_may_know(
    ada: Browser, world: World, written: dict[str, str]
) -> None:
    page = ada.post(SEARCH, written)
    assert page.texts("//h3") == ["EXAMPLE, Pat"]
    [link] = page.page.xpath("//h3/a/@href")
    assert link == f"/console/arrests/{world.ids['arrest_id']}"
    assert "?" not in link
    shown = ada.get(link)
    assert shown.texts("//h1") == ["Pat EXAMPLE was arrested"]
    assert "Charge added: PL 160.10" in shown.texts("//li")


def test_ka5_a_search_by_day_finds_that_day_and_nothing_found_says_so(ada: Browser, world: World) -> None:
    [day] = {fact for fact in ada.get(f"/console/arrests/{world.ids['arrest_id']}").texts("//dd") if "2026" in fact}
    everything = ada.post(SEARCH, {"since": "1/1/2020"})
    assert len(everything.texts("//h3")) > 1
    assert day in everything.text
    nothing = ada.post(SEARCH, {"until": "1/1/2020"})
    assert nothing.texts("//h2[@id='found']") == ["Nothing found"]
    assert "Check the spelling" in nothing.text


@pytest.mark.parametrize(
    ("written", "field"),
    [
        ({}, "number"),
        ({"number": "K-1001"}, "agency"),
        ({"kind": "sid", "value": "01234567A"}, "issuer"),
        ({"surname": "Example"}, "given"),
        ({"surname": "Example", "given": "Pat", "born": "2/30/1990"}, "born"),
        ({"since": "yesterday"}, "since"),
        ({"agency": "Roster!", "number": "K-1"}, "agency"),
    ],
)
def test_what_is_wrong_in_a_search_is_said_beside_its_field_and_what_was_written_stays(
    ada: Browser, world: World, written: dict[str, str], field: str
) -> None:
    page = ada.post(SEARCH, written)
    assert page.page.xpath(f"//div[@class='errors']//a[@href='#{field}']"), page.texts("//div[@class='errors']")
    assert page.page.xpath(f"//*[@id='{field}'][@aria-invalid='true']")
    for name in ("surname", "since", "number"):
        assert page.page.xpath(f"//input[@id='{name}']/@value") == [written.get(name, "")]


def test_long_and_hostile_names_are_text_in_a_search(ada: Browser, world: World) -> None:
    page = ada.post(SEARCH, {"since": "1/1/2020"})
    names = " ".join(page.texts("//h3"))
    assert MARKUP_NAME in names
    assert LONG_NAME.upper() in names
    assert "<script>" not in page.text


def test_ka5_who_may_not_look_up_arrests_finds_nothing_of_others(world: World, sign_in: SignIn) -> None:
    for claims in (BO, QUINN):
        nobody = sign_in(claims)
        assert nobody.post(SEARCH, {"agency": "roster", "number": "K-1001"}).texts("//h3") == []
        assert nobody.get(f"/console/arrests/{world.ids['arrest_id']}").status == 404
        assert nobody.get(f"/console/arrests/{'0' * 32}").status == 404
