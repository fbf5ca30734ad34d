"""Who is who: what a person is told about themselves and about colleagues."""

from typing import Any

import pytest

from shared.offices.purposes import Purpose
from shared.offices.users import Machine, Right, Scope
from tests.builders import NOW, a_user, an_office
from tests.conftest import Tables
from tests.office_api.conftest import ADA, Call

SUPER = ADA | {"email": "super@da.example.gov"}
QUINN = {"token_use": "id", "email": "quinn@queens.example.gov", "custom:office": "queens"}
ZOE: dict[str, Any] = {"email": "zoe@da.example.gov", "name": " Zoë Clerk ", "title": "Paralegal", "rights": ["feeds"]}


@pytest.fixture(autouse=True)
def _super_owner(tables: Tables) -> None:
    tables.users.add(a_user(SUPER["email"], rights=frozenset({Right.SUPER_OWNER})))


def test_kr1_a_person_reads_who_they_are_what_they_may_do_and_which_purposes_they_may_state(
    call: Call, tables: Tables
) -> None:
    tables.offices.enrol(an_office(agencies=("roster",), may_seal=("county",)))
    assert call("POST", "/v1/users", ZOE, SUPER).status == 201
    me = call("GET", "/v1/me", claims=ADA | {"email": ZOE["email"]}, purpose="").body
    assert (me["name"], me["title"], me["rights"]) == ("Zoë Clerk", "Paralegal", ["feeds"])
    assert (me["agencies"], me["may_seal"]) == (["roster"], ["county"])
    assert [choice["purpose"] for choice in me["purposes"]] == list(Purpose)
    assert all(choice["title"] for choice in me["purposes"])
    assert me["possible_matches"] == {"waiting": 0, "oldest": None}


def test_kr2_colleagues_are_the_people_of_the_own_office_by_name_without_machines_and_removed_ones(
    call: Call, tables: Tables
) -> None:
    call("POST", "/v1/users", ZOE, SUPER)
    machine = Machine(client_id="m-1", scopes=frozenset({Scope.FEEDS}), purpose=Purpose.RECORDS)
    tables.users.add(a_user("system@da.example.gov", machine=machine))
    tables.users.add(a_user("gone@da.example.gov", deprovisioned_at=NOW))
    listed = call("GET", "/v1/colleagues", purpose="").body["items"]
    assert [person["email"] for person in listed] == [
        "ada.example@da.example.gov", "bo@da.example.gov", "super@da.example.gov", "zoe@da.example.gov",
    ]  # fmt: skip
    assert listed[-1] == {"email": ZOE["email"], "name": "Zoë Clerk", "title": "Paralegal"}
    theirs = call("GET", "/v1/colleagues", claims=QUINN).body["items"]
    assert [person["email"] for person in theirs] == ["quinn@queens.example.gov"]


def test_kr2_a_super_owner_writes_a_name_and_a_change_of_rights_alone_keeps_it(call: Call) -> None:
    call("POST", "/v1/users", ZOE, SUPER)
    path = f"/v1/users/{ZOE['email']}"
    assert call("PUT", path, {"rights": []}, SUPER).body["name"] == "Zoë Clerk"
    renamed = call("PUT", path, {"rights": [], "name": "Zoë O'Clerk", "title": ""}, SUPER).body
    assert (renamed["name"], renamed["title"], renamed["rights"]) == ("Zoë O'Clerk", "", [])
    assert call("PUT", path, {"rights": [], "name": "Zoë"}).status == 403


@pytest.mark.parametrize("name", ["Zoë\nBcc: x@press.example.com", "Zoë \u202egpj.exe", "Z" * 101, "\u0000"])
def test_kr2_a_name_that_is_no_single_line_or_turns_the_text_around_is_refused(call: Call, name: str) -> None:
    refused = call("POST", "/v1/users", ZOE | {"name": name}, SUPER)
    assert (refused.status, refused.body["errors"][0]["field"]) == (422, "name")


def test_kr2_a_name_in_a_script_that_runs_from_right_to_left_or_with_markup_is_taken_as_it_is(call: Call) -> None:
    for number, name in enumerate(("\u05e2\u05d3\u05d4 \u05dc\u05d1", "<b>Zoë</b>", "Z" * 60)):
        added = call("POST", "/v1/users", ZOE | {"name": name, "email": f"z{number}@da.example.gov"}, SUPER)
        assert (added.status, added.body["name"]) == (201, name)
