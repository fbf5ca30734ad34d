"""The office's settings: what a super-owner changes, and what only the operator does."""

from typing import Any

import pytest

from shared.offices.users import Right
from tests.builders import a_user, an_office
from tests.conftest import Tables
from tests.office_api.conftest import ADA, Answer, Call

OFFICE = "/v1/office"
SUPER = ADA | {"email": "super@da.example.gov"}
SECRET = "https://cases.da.example.gov/hooks/a-secret-path"


@pytest.fixture
def settings(call: Call, tables: Tables) -> dict[str, Any]:
    tables.users.add(a_user(SUPER["email"], rights=frozenset({Right.SUPER_OWNER})))
    tables.offices.enrol(an_office(webhooks=(SECRET,), agencies=("roster",)))
    view = call("GET", OFFICE, claims=SUPER)
    assert view.status == 200, view.body
    return dict(view.body["settings"])


def put(call: Call, settings: dict[str, Any], **headers: str) -> Answer:
    return call("PUT", OFFICE, settings, SUPER, **headers)


def fields(answer: Answer) -> set[str]:
    return {problem["field"] for problem in answer.body["errors"]}


def test_kr10_a_super_owner_changes_settings_and_takes_a_domain_away(
    call: Call, settings: dict[str, Any], tables: Tables
) -> None:
    changes = {"time_zone": "America/Chicago", "allowed_domains": ["da.example.gov"], "contact": "Desk@da.example.gov"}
    read = call("GET", OFFICE, claims=SUPER)
    changed = put(call, settings | changes, if_match=read.headers["ETag"])
    assert (changed.status, changed.body["settings"]["contact"]) == (200, "desk@da.example.gov")
    office = tables.offices.office("kings")
    assert office
    assert (office.time_zone, office.allowed_domains, office.agencies) == (
        "America/Chicago", ("da.example.gov",), ("roster",),
    )  # fmt: skip
    assert changed.headers["ETag"] == call("GET", OFFICE, claims=SUPER).headers["ETag"] != read.headers["ETag"]


def test_kr10_a_stale_form_changes_nothing(call: Call, settings: dict[str, Any]) -> None:
    etag = call("GET", OFFICE, claims=SUPER).headers["ETag"]
    assert put(call, settings | {"alerts_an_hour": 7}, if_match=etag).status == 200
    assert put(call, settings | {"alerts_an_hour": 9}, if_match=etag).status == 412
    assert put(call, settings, if_match="").status == 428
    assert call("GET", OFFICE, claims=SUPER).body["settings"]["alerts_an_hour"] == 7


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"allowed_domains": ["da.example.gov", "press.example.com"]}, "allowed_domains"),
        ({"allowed_domains": ["plain.example.gov"], "agreed_domains": []}, "allowed_domains"),
        ({"agreed_domains": ["da.example.gov", "plain.example.gov"]}, "agreed_domains"),
        ({"details_go_to": "anybody at an agreed domain"}, "details_go_to"),
        ({"contact": "x@press.example.com"}, "contact"),
        ({"identity_provider": "evil"}, "identity_provider"),
        ({"agencies": ["roster", "nypd"]}, "agencies"),
        ({"webhooks": ["https://evil.example/"]}, "webhooks"),
    ],
)
def test_kr10_what_opens_a_way_in_or_out_or_locks_out_is_refused_with_the_reason(
    call: Call, settings: dict[str, Any], tables: Tables, change: dict[str, Any], field: str
) -> None:
    before = tables.offices.office("kings")
    refused = put(call, settings | change)
    assert (refused.status, fields(refused)) == (409, {field})
    assert tables.offices.office("kings") == before


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"time_zone": "Mars"}, "time_zone"),
        ({"name": ""}, "name"),
        ({"name": "Kings\nDA"}, "name"),
        ({"allowed_domains": []}, "allowed_domains"),
        ({"alerts_an_hour": 0}, "alerts_an_hour"),
        ({"office_id": "queens"}, "office_id"),
        ({"suspended": False}, "suspended"),
    ],
)
def test_kr10_a_setting_that_cannot_be_is_refused_with_its_field(
    call: Call, settings: dict[str, Any], change: dict[str, Any], field: str
) -> None:
    refused = put(call, settings | change)
    assert refused.status == 422
    assert any(name.startswith(field) for name in fields(refused))


def test_kr10_no_secret_of_a_webhook_is_shown_and_nobody_else_reads_the_settings(
    call: Call, settings: dict[str, Any]
) -> None:
    view = call("GET", OFFICE, claims=SUPER)
    assert view.body["operator"]["webhooks"] == ["cases.da.example.gov"]
    assert "a-secret-path" not in str(view.body)
    assert call("GET", OFFICE).status == call("PUT", OFFICE, settings).status == 403
