"""P9 at the console: the form asks why, the result bears a stamp and names no person."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from shared.arrests.model import Provenance
from shared.offices.users import Right
from tests.browser.world import World, make_world
from tests.builders import an_arrest
from tests.conftest import Tables
from tests.console.conftest import Browser, SignIn
from tests.office_api.conftest import ADA, Call
from tests.office_api.governed import a_user_let_in

PLACES = "/console/places"
PIA = "pia@da.example.gov"
YESTERDAY = datetime.now(UTC).date() - timedelta(days=1)
ASKED = {
    "address": "100 Example St", "city": "Exampleton", "state": "", "since": f"{YESTERDAY}", "until": f"{YESTERDAY}",
    "case_number": "IND-2026-0117", "reason": "",
}  # fmt: skip


@pytest.fixture
def world(tables: Tables, console: Any, call: Call) -> World:
    tables.users.add(a_user_let_in(PIA, datetime.now(UTC), rights=frozenset({Right.PLACES})))
    return make_world(tables, call)


@pytest.fixture
def pia(world: World, sign_in: SignIn) -> Browser:
    return sign_in(ADA | {"email": PIA}, rights=frozenset({Right.PLACES}))


def test_p9_a_history_bears_who_read_it_why_and_the_source_of_each_fact(
    tables: Tables, world: World, pia: Browser
) -> None:
    now = datetime.now(UTC)
    arrest = an_arrest(surname="Quillfeather", arrested_on=YESTERDAY)
    tables.arrests.store([arrest], Provenance(drop_id="d", dropped_at=now), now)
    page = pia.post(PLACES, ASKED)
    text = " ".join(page.texts("//main"))
    assert PIA in text
    assert "Because: IND-2026-0117" in text
    assert "number K-1001" in text
    assert "Quillfeather".casefold() not in text.casefold()
    assert page.texts(f"//a[@href='/console/arrests/{arrest.arrest_id}']")


@pytest.mark.parametrize(
    ("field", "text"),
    [("address", ""), ("address", "Elm Street"), ("city", ""), ("since", "2/30/2026"), ("case_number", "")],
)
def test_p9_a_form_without_an_exact_place_a_day_or_a_reason_says_what_to_mend(
    world: World, pia: Browser, field: str, text: str
) -> None:
    page = pia.post(PLACES, ASKED | {field: text})
    assert page.texts("//*[@class='error' or contains(@class,'summary')]")


def test_p9_whoever_has_not_the_right_sees_no_entry_and_gets_nothing(world: World, sign_in: SignIn) -> None:
    bo = sign_in(ADA | {"email": "bo@da.example.gov"})
    assert not bo.get("/console/alerts").texts(f"//nav//a[@href='{PLACES}']")
    assert "100 EXAMPLE" not in " ".join(bo.post(PLACES, ASKED).texts("//main")).upper()


@pytest.mark.parametrize("address", ["/console/releases", "/console/wanted-in-custody"])
def test_the_lists_of_releases_and_of_the_wanted_open_from_the_reports(
    world: World, sign_in: SignIn, tables: Tables, address: str
) -> None:
    tables.users.add(a_user_let_in("rae@da.example.gov", datetime.now(UTC), rights=frozenset({Right.ARRESTS})))
    rae = sign_in(ADA | {"email": "rae@da.example.gov"}, rights=frozenset({Right.ARRESTS}))
    assert rae.get("/console/reports").texts(f"//main//a[@href='{address}']")
    assert rae.get(address).texts("//h1")
