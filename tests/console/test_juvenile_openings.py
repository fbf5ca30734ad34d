"""Family Court Act 381.3 at the console: a court's order opens a juvenile's record, with two people."""

from datetime import date
from typing import Any

import pytest

from shared.arrests.model import Provenance
from shared.offices.users import Right
from tests.builders import NOW, a_user, an_arrest
from tests.conftest import Tables
from tests.console.conftest import Browser, SignIn
from tests.office_api.conftest import ADA

LIST = "/console/juvenile-openings"
PAT = "pat@da.example.gov"
CHILD = an_arrest("J-77", born=date(2012, 5, 6), juvenile=True, surname="Wrenfield", given="Tam")
WRITTEN = {
    "agency": "roster", "number": "J-77", "order_number": "D-04417/26", "court": "Family Court, Kings County",
    "ordered_on": "2026-11-18", "reason": "Discovery, as the order says", "days": "3", "readers": "",
}  # fmt: skip


@pytest.fixture
def two_people(tables: Tables, console: Any, sign_in: SignIn) -> tuple[Browser, Browser]:
    tables.arrests.store([CHILD], Provenance(drop_id="d", dropped_at=NOW), NOW)
    rights = frozenset({Right.JUVENILE})
    tables.users.add(a_user(PAT, rights=rights))
    before = tables.users.find("kings", ADA["email"])
    assert before
    tables.users.change(before, before.model_copy(update={"rights": rights, "revision": before.revision + 1}))
    return sign_in(ADA, rights=rights), sign_in(ADA | {"email": PAT}, rights=rights)


def test_fca_381_3_it_is_asked_for_approved_by_another_person_and_read(two_people: tuple[Browser, Browser]) -> None:
    ada, pat = two_people
    asked = ada.post(f"{LIST}/new", WRITTEN)
    assert asked.status == 303, asked.text
    assert "Waits for a second person" in ada.get(asked.location).text
    assert "Approve" not in ada.get(asked.location).text
    assert ada.get(f"{asked.location}/record").status == 404
    assert pat.post(f"{asked.location}/approve", {}).status == 303
    assert "WRENFIELD" in ada.get(f"{asked.location}/record").text.upper()
    assert pat.get(f"{asked.location}/record").status in (403, 404)
    assert ada.post(f"{asked.location}/close", {}).status == 303
    assert ada.get(f"{asked.location}/record").status == 404


@pytest.mark.parametrize(
    ("field", "text"),
    [
        ("order_number", ""),
        ("order_number", "N/A"),
        ("ordered_on", "soon"),
        ("days", "all"),
        ("readers", "bo@da.example.gov"),
    ],
)
def test_fca_381_3_what_is_missing_or_a_placeholder_is_said_beside_its_field(
    two_people: tuple[Browser, Browser], field: str, text: str
) -> None:
    ada, _ = two_people
    page = ada.post(f"{LIST}/new", WRITTEN | {field: text})
    assert page.status in (200, 422), page.status
    assert f"{field}-error" in page.text
