"""The search of subscriptions, and what a list shows of each."""

from typing import Any

import pytest

from shared.offices.users import Right
from tests.builders import CHARGE_WATCH, NAME_WATCH, PRECINCT_WATCH, SID_WATCH, a_subscription, a_user, a_wish
from tests.conftest import Tables
from tests.office_api.conftest import ADA, Call

SEARCH, SUBSCRIPTIONS = "/v1/subscriptions/search", "/v1/subscriptions"
BO, SUPER = ADA | {"email": "bo@da.example.gov"}, ADA | {"email": "super@da.example.gov"}
QUINN = {"token_use": "id", "email": "quinn@queens.example.gov", "custom:office": "queens"}
NOTE = {"private": "met in Aurora Park", "public": "ask for Bo"}


@pytest.fixture(autouse=True)
def watches(tables: Tables, call: Call) -> dict[str, str]:
    """Ada's watches by name: of a person, of a number, of a charge in a folder that Bo visits, of a place."""
    tables.users.add(a_user(SUPER["email"], rights=frozenset({Right.SUPER_OWNER})))
    gangs = call("POST", "/v1/folders", {"name": "Gangs"}, SUPER).body["folder"]["folder_id"]
    crew = call("POST", "/v1/folders", {"name": "Crew 9", "parent": gangs}, SUPER).body["folder"]["folder_id"]
    assert call("PUT", f"/v1/folders/{crew}/roles/{BO['email']}", {"role": "visitor"}, SUPER).status == 200
    wishes = {
        "person": a_wish(NAME_WATCH, note=NOTE, recipients=[]),
        "number": a_wish(SID_WATCH, basis={"kind": "warrant", "case_number": "WARR-77"}, ends="2999-01-01"),
        "charge": a_wish(CHARGE_WATCH, recipients=[{"email": BO["email"]}]),
        "place": a_wish(PRECINCT_WATCH, reference="Zelda's list"),
    }
    made = {name: call("POST", SUBSCRIPTIONS, wish).body["subscription_id"] for name, wish in wishes.items()}
    filed = tables.subscriptions.find("kings", made["charge"])
    assert filed
    tables.watch_list.replace(filed, filed.model_copy(update={"folders": (crew,), "revision": 2}))
    return made | {"gangs": gangs, "crew": crew}


def found(call: Call, search: dict[str, Any], claims: dict[str, str] = ADA, query: str = "") -> list[str]:
    answer = call("POST", SEARCH, search, claims, query)
    assert answer.status == 200, answer.body
    assert [summary["subscription_id"] for summary in answer.body["summaries"]] == [
        item["subscription_id"] for item in answer.body["items"]
    ]
    return [item["subscription_id"] for item in answer.body["items"]]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("example pat", "person"), ("EXÁMPLE 2/3/1990", "person"), ("aurora", "person"), ("01234567a", "number"),
        ("0123-4567-a", "number"), ("warr-77", "number"), ("PL 120", "charge"), ("pl120", "charge"),
        ("precinct 101", "place"), ("zelda", "place"),
    ],
)  # fmt: skip
def test_kr4_a_subscription_is_found_by_words_of_what_its_reader_may_read(
    call: Call, watches: dict[str, str], text: str, name: str
) -> None:
    assert found(call, {"text": text}) == [watches[name]]


def test_kr4_a_note_that_the_reader_may_not_read_does_not_find_it(call: Call, watches: dict[str, str]) -> None:
    path = f"{SUBSCRIPTIONS}/{watches['person']}/recipients"
    assert call("POST", path, {"add": [{"email": BO["email"]}]}).status == 200
    assert found(call, {"text": "ask for bo"}, BO) == [watches["person"]]
    for reader in (BO, SUPER):
        assert found(call, {"text": "aurora"}, reader) == []


def test_kr4_a_search_is_narrowed_by_folder_state_owner_and_who_is_notified(
    call: Call, watches: dict[str, str], tables: Tables
) -> None:
    everything = {watches[name] for name in ("person", "number", "charge", "place")}
    assert set(found(call, {})) == everything
    assert found(call, {"folder": watches["gangs"]}) == found(call, {"folder": watches["crew"]}) == [watches["charge"]]
    assert found(call, {"folder": "0" * 32}) == []
    assert found(call, {"notified": BO["email"]}) == [watches["charge"]]
    assert found(call, {"mine": True}, BO) == []
    assert found(call, {}, BO) == [watches["charge"]]
    call("DELETE", f"{SUBSCRIPTIONS}/{watches['place']}")
    assert found(call, {"stands": ["cancelled"]}) == [watches["place"]]
    assert found(call, {"text": "xyzzy"}) == []


def test_kr4_nothing_of_another_office_is_found(call: Call, tables: Tables) -> None:
    assert found(call, {}, QUINN) == []
    theirs = a_subscription(NAME_WATCH, office_id="queens", owner="quinn@queens.example.gov", recipients=[])
    tables.watch_list.add(theirs)
    assert found(call, {"text": "example"}, QUINN) == [theirs.subscription_id]
    assert theirs.subscription_id not in found(call, {}, SUPER)


def test_kr4_pages_add_up_in_the_order_that_was_asked_for(call: Call, watches: dict[str, str]) -> None:
    whole = found(call, {"order": "title"})
    titles = [summary["title"] for summary in call("POST", SEARCH, {"order": "title"}).body["summaries"]]
    assert titles == ["Assault, PL 120 and what is below it", "Pat EXAMPLE, born Feb 3, 1990",
                      "Precinct 101 of Roster", "State ID NY 01234567A"]  # fmt: skip
    pages, after = [], ""
    while after is not None:
        page = call("POST", SEARCH, {"order": "title"}, query=f"limit=3&after={after}").body
        assert page["total"] == 4
        pages += [item["subscription_id"] for item in page["items"]]
        after = page["next"]
    assert pages == whole
    by_due_day = [summary["last_day"] for summary in call("POST", SEARCH, {"order": "due"}).body["summaries"]]
    assert by_due_day == sorted(by_due_day)


def test_kr3_a_summary_says_in_words_what_is_watched_where_it_lies_and_whether_it_reaches_anybody(
    call: Call, watches: dict[str, str]
) -> None:
    (charge,) = call("POST", SEARCH, {"text": "PL 120"}, BO).body["summaries"]
    assert charge["folder_paths"] == ["Gangs > Crew 9"]
    assert (charge["reaches_anybody"], charge["may_change"], charge["stands"]) == (True, False, "active")
    assert charge["due"] == "validation"
    summary = f"{SUBSCRIPTIONS}/{watches['charge']}/summary"
    assert call("GET", summary, claims=BO).body == charge
    assert call("GET", summary).body["folder_paths"] == []  # Ada has no role on the folder
    assert call("GET", summary, claims=QUINN).status == 404
    call("DELETE", f"/v1/users/{BO['email']}", claims=SUPER, query="end_watches=true")
    after = call("GET", summary).body
    assert (after["reaches_anybody"], after["unreached_because"]) == (False, "everybody is refused")


def test_kr4_a_search_names_nobody_in_its_address_and_refuses_what_it_does_not_know(call: Call) -> None:
    assert call("POST", SEARCH, {"surname": "Example"}).status == 422
    assert call("POST", SEARCH, {}, query="text=Example").status == 422
    assert call("POST", SEARCH, {"text": "x" * 201}).status == 422
    assert call("POST", SEARCH, {}, query="after=AAAA").status == 422
