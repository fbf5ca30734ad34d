"""28 CFR 23.20(b) at the console: texts that may speak of beliefs wait for a person."""

from typing import Any

import pytest

from shared.offices.users import Right
from tests.browser.world import CORNER, World, make_world
from tests.conftest import Tables
from tests.console.conftest import SignIn
from tests.office_api.conftest import ADA, Call

HERE = "/console/beliefs"


@pytest.fixture
def world(tables: Tables, console: Any, call: Call) -> World:
    return make_world(tables, call)


def test_28_cfr_23_20_b_a_text_waits_with_its_watch_until_a_person_finds_it_fine(world: World, sign_in: SignIn) -> None:
    ada = sign_in(rights=frozenset(Right))
    assert ada.get("/console/reports").page.xpath(f"//a[@href='{HERE}']")
    page = ada.get(HERE)
    assert CORNER in page.texts("//li//p")
    (watch,) = page.page.xpath("//li[contains(@class,'card')]//h2/a/@href")
    assert CORNER in ada.get(watch).text
    (form,) = page.page.xpath("//form[@action='/console/beliefs/fine']")
    wording = {name: value for name, value in form.form_values() if name in ("subject_id", "field", "text_hash")}
    done = ada.post(f"{HERE}/fine", wording)
    assert (done.status, done.location) == (303, HERE)
    assert "No text waits for you." in ada.get(HERE).text
    assert ada.post(f"{HERE}/fine", wording).status == 303, "twice"
    assert ada.post(f"{HERE}/fine", {"subject_id": "x"}).status == 422


def test_28_cfr_23_20_b_who_does_not_watch_over_the_use_reads_no_such_text(world: World, sign_in: SignIn) -> None:
    bo = sign_in(ADA | {"email": "bo@da.example.gov"}, rights=frozenset({Right.ARRESTS}))
    assert not bo.get("/console/reports").page.xpath(f"//a[@href='{HERE}']")
    assert bo.get(HERE).status == 403
    assert bo.post(f"{HERE}/fine", {"subject_id": "a" * 32, "field": "name", "text_hash": "b" * 32}).status == 403
