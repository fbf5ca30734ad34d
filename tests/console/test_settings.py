"""The settings of the office: a super-owner changes them; what opens a way out is the operator's."""

from __future__ import annotations

from typing import Any

import pytest

from shared.offices.users import Right
from tests.builders import a_user
from tests.console.conftest import Browser, SignIn
from tests.office_api.conftest import ADA

CHIEF = "chief@da.example.gov"
SETTINGS = "/console/office/settings"


@pytest.fixture
def chief(sign_in: SignIn, tables: Any) -> Browser:
    tables.users.add(a_user(CHIEF, rights=frozenset({Right.SUPER_OWNER})))
    return sign_in(ADA | {"email": CHIEF}, rights=frozenset({Right.SUPER_OWNER}))


def _fields(page: Any) -> dict[str, str]:
    form = page.page.xpath(f"//form[@action='{SETTINGS}']")[0]
    return dict(form.form_values())


def test_a_super_owner_changes_what_is_the_offices_own(chief: Browser, tables: Any) -> None:
    written = _fields(chief.get(SETTINGS)) | {"contact": "help@da.example.gov", "alerts_an_hour": "250"}
    answer = chief.post(SETTINGS, written)
    assert (answer.status, answer.location) == (303, SETTINGS), answer.text
    stored = tables.offices.office("kings")
    assert (stored.contact, stored.alerts_an_hour) == ("help@da.example.gov", 250)
    assert "help@da.example.gov" in chief.get("/console/help").text


@pytest.mark.parametrize(
    ("field", "text"),
    [
        ("allowed_domains", "da.example.gov\nelsewhere.example"),
        ("agreed_domains", "elsewhere.example"),
        ("contact", "help@elsewhere.example"),
        ("alerts_an_hour", "many"),
        ("alerts_an_hour", "0"),
        ("name", ""),
    ],
)
def test_what_cannot_be_stands_beside_its_field_and_nothing_is_changed(
    chief: Browser, tables: Any, field: str, text: str
) -> None:
    before = tables.offices.office("kings")
    page = chief.post(SETTINGS, _fields(chief.get(SETTINGS)) | {field: text})
    assert page.page.xpath(f"//div[@class='errors']//a[@href='#{field}']"), page.text
    assert tables.offices.office("kings") == before


def test_a_form_that_is_out_of_date_changes_nothing_and_keeps_what_was_written(chief: Browser, tables: Any) -> None:
    first, second = _fields(chief.get(SETTINGS)), _fields(chief.get(SETTINGS))
    chief.post(SETTINGS, first | {"alerts_an_hour": "250"})
    page = chief.post(SETTINGS, second | {"alerts_an_hour": "9"})
    assert page.page.xpath("//div[@class='errors']"), page.text
    assert page.page.xpath("//input[@id='alerts_an_hour']/@value") == ["9"]
    assert tables.offices.office("kings").alerts_an_hour == 250


def test_who_is_no_super_owner_has_no_settings(sign_in: SignIn, tables: Any) -> None:
    assert sign_in(ADA | {"email": "bo@da.example.gov"}).get(SETTINGS).status == 403
