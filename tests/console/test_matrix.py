"""Every page and form of the console with every kind of caller who has no business there: nothing leaks or changes.

The pages and the forms are derived: each page of `tests/browser/registry.py` is opened by Ada, who may do everything in
her office. Every form that she sees is then sent by the others, with all its fields, under their own sessions.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any, NamedTuple

import pytest

from shared.offices.users import Right
from tests.browser.registry import PAGES, WITHOUT_A_FORM
from tests.browser.world import SECRETS, World, make_world
from tests.builders import a_user
from tests.conftest import Tables
from tests.console.conftest import Answer, Browser, SignIn
from tests.office_api.conftest import ADA, Call

QUINN = {"token_use": "id", "email": "quinn@queens.example.gov", "custom:office": "queens"}
BO = ADA | {"email": "bo@da.example.gov"}
SIGN_OUT = "/console/sign-out"  # on every page, and for everybody
TABLES = ("Subscriptions", "Alerts", "Arrests", "Agencies", "Offices")


class SeenForm(NamedTuple):
    """A form as a page shows it to whoever may use it. `fields` are as they come, without those of the session."""

    path: str
    fields: dict[str, str | list[str]]


@pytest.fixture
def world(tables: Tables, console: Any, call: Call) -> World:
    return make_world(tables, call)


@pytest.fixture
def routes(console: Any) -> list[tuple[str, str]]:
    from functions.console.handler import dispatcher  # noqa: PLC0415 - imported as Lambda does, by the fixture

    return [(route.method, route.path) for route in dispatcher.routes if route.signed_in]


@pytest.fixture
def forms(world: World, sign_in: SignIn) -> list[SeenForm]:
    ada = sign_in(rights=frozenset(Right))
    seen = {form.path: form for row in PAGES if not row.signed_out for form in _forms(ada.get(row.address(world)))}
    return [form for form in seen.values() if form.path != SIGN_OUT]


def _forms(answer: Answer) -> Iterator[SeenForm]:
    for form in answer.page.xpath("//form[@method='post']"):
        fields: dict[str, str | list[str]] = {}
        for name, value in form.form_values():
            fields.setdefault(name, [])
            fields[name] += [value]  # type: ignore[operator]
        own = {name: values for name, values in fields.items() if name not in ("csrf", "form-key")}
        yield SeenForm(form.get("action"), own)


def test_every_form_of_the_console_is_seen_on_a_page(routes: list[tuple[str, str]], forms: list[SeenForm]) -> None:
    posts = {path for method, path in routes if method == "POST"} - WITHOUT_A_FORM - {SIGN_OUT}
    unseen = [path for path in posts if not any(_is_at(path, form.path) for form in forms)]
    assert not unseen, "give tests/browser/registry.py a page that shows this form, or name it in WITHOUT_A_FORM"


def _is_at(pattern: str, path: str) -> bool:
    return re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", pattern), path) is not None


def test_kb2_without_a_session_every_page_and_form_leads_to_the_sign_in(
    routes: list[tuple[str, str]], world: World, forms: list[SeenForm], tables: Tables, console: Any
) -> None:
    before, nobody = _stored(tables), Browser(console)
    answers = [nobody.get(row.address(world)) for row in PAGES if ("GET", row.path) in routes]
    answers += [nobody.post(form.path, form.fields) for form in forms]
    assert {(answer.status, answer.location.partition("?")[0]) for answer in answers} == {(303, "/console/sign-in")}
    assert not any(answer.text for answer in answers)
    assert _stored(tables) == before


@pytest.mark.parametrize("claims", [BO, QUINN], ids=["no right", "other office"])
def test_kb2_who_may_not_sees_nothing_and_changes_nothing(
    claims: dict[str, str], world: World, forms: list[SeenForm], tables: Tables, sign_in: SignIn
) -> None:
    before, stranger = _stored(tables), sign_in(claims, office="an office")
    for row in PAGES:
        if row.signed_out:
            continue
        answer = stranger.get(row.address(world))
        assert answer.status < 500, (row, answer.text)
        assert not _leaks(answer), (row, _leaks(answer))
    for form in forms:
        answer = stranger.post(form.path, form.fields)
        assert answer.status < 500, (form, answer.text)
        assert not _leaks(answer), (form, _leaks(answer))
        _assert_unchanged(before, _stored(tables), claims, form)


def test_the_greatest_rights_of_another_office_open_nothing_here(
    world: World, forms: list[SeenForm], tables: Tables, sign_in: SignIn
) -> None:
    from shared.offices.users import Right  # noqa: PLC0415 - beside the fixture's imports

    chief = QUINN | {"email": "chief@queens.example.gov"}
    tables.users.add(a_user(chief["email"], "queens", rights=frozenset(Right)))
    test_kb2_who_may_not_sees_nothing_and_changes_nothing(chief, world, forms, tables, sign_in)


def _leaks(answer: Answer) -> list[str]:
    return [secret for secret in SECRETS if secret in answer.text or secret in answer.location]


def _stored(tables: Tables) -> dict[str, str]:
    items = [(table, item) for table in TABLES for item in tables.everything_in(table)]
    return {f"{table} {_key(item)}": json.dumps(item, sort_keys=True, default=str) for table, item in items}


def _key(item: dict[str, Any]) -> str:
    names = ("pk", "sk", "office_id", "subscription_id", "alert_id", "part", "arrest_id", "agency", "drop_id", "topic")
    return " ".join(str(item[name]) for name in names if name in item)


def _assert_unchanged(before: dict[str, str], after: dict[str, str], claims: dict[str, str], form: SeenForm) -> None:
    """What is new names the stranger, or the key of his request; what was there is there."""
    changed = [key for key, item in before.items() if after.get(key) != item]
    assert not changed, (form, changed)
    names = (claims["email"], claims["custom:office"])
    added = [key for key, item in after.items() if key not in before and not any(name in item for name in names)]
    assert not added, (form, added)
