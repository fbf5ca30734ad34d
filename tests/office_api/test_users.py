from datetime import timedelta

import pytest

from shared.offices.users import Right
from tests.builders import NOW, a_user, an_office
from tests.office_api.conftest import ADA

USERS = "/v1/users"
SUPER, CY = ADA | {"email": "super@da.example.gov"}, ADA | {"email": "cy@da.example.gov"}
QUINN = {"token_use": "id", "email": "quinn@queens.example.gov", "custom:office": "queens"}


@pytest.fixture(autouse=True)
def super_owner(tables):
    tables.users.add(a_user(SUPER["email"], rights=frozenset({Right.SUPER_OWNER})))


def test_p1_a_user_is_let_in_and_is_out_again_at_the_next_request(call):
    assert call("GET", "/v1/me", claims=CY).status == 403
    assert call("POST", USERS, {"email": CY["email"]}, SUPER).status == 201
    assert call("GET", "/v1/me", claims=CY).status == 200
    assert call("DELETE", f"{USERS}/{CY['email']}", claims=SUPER).status == 200
    assert call("GET", "/v1/me", claims=CY).status == 403
    assert call("POST", USERS, {"email": CY["email"]}, SUPER).status == 201
    assert call("GET", "/v1/me", claims=CY).status == 200


def test_p1_what_the_user_pool_cannot_do_undoes_no_removal_and_removing_twice_is_removing_once(call, caplog):
    first = call("DELETE", f"{USERS}/{ADA['email']}", claims=SUPER)  # there is no such user pool here
    assert (first.status, "does not follow" in caplog.text) == (200, True)
    again = call("DELETE", f"{USERS}/{ADA['email']}", claims=SUPER)
    assert (again.status, again.body) == (200, first.body)
    assert call("GET", "/v1/me").status == 403
    assert ADA["email"] not in caplog.text


def test_p1_only_a_super_owner_keeps_users_and_only_of_the_own_office(call, tables):
    for who in (ADA, QUINN):
        assert call("GET", USERS, claims=who).status == 403
        assert call("POST", USERS, {"email": "x@da.example.gov"}, who).status == 403
        assert call("DELETE", f"{USERS}/bo@da.example.gov", claims=who).status == 403
    assert call("DELETE", f"{USERS}/quinn@queens.example.gov", claims=SUPER).status == 404
    assert {one["office_id"] for one in call("GET", USERS, claims=SUPER).body["items"]} == {"kings"}


def test_p1_a_user_belongs_to_the_offices_domains_and_is_added_once(call):
    outside = call("POST", USERS, {"email": "x@press.example.com"}, SUPER)
    assert (outside.status, outside.body["errors"][0]["field"]) == (403, "email")
    assert call("POST", USERS, {"email": ADA["email"]}, SUPER).status == 409


def test_p1_nobody_changes_their_own_rights(call):
    assert call("PUT", f"{USERS}/{SUPER['email']}", {"rights": ["juvenile"]}, SUPER).status == 409
    assert call("DELETE", f"{USERS}/{SUPER['email']}", claims=SUPER).status == 409
    changed = call("PUT", f"{USERS}/{ADA['email']}", {"rights": ["review"]}, SUPER)
    assert (changed.status, changed.body["rights"]) == (200, ["review"])


def test_p1_who_was_removed_has_no_role_left_when_they_come_back(call):
    made = call("POST", "/v1/folders", {"name": "Gangs"}, SUPER).body["folder"]["folder_id"]
    call("PUT", f"/v1/folders/{made}/roles/{ADA['email']}", {"role": "owner"}, SUPER)
    assert call("GET", f"/v1/folders/{made}").status == 200
    call("DELETE", f"{USERS}/{ADA['email']}", claims=SUPER, query="end_watches=true")
    call("POST", USERS, {"email": ADA["email"]}, SUPER)
    assert call("GET", f"/v1/folders/{made}").status == 404


def test_p1_yearly_recertification_is_a_report_until_somebody_vouches(call, tables):
    tables.users.add(a_user("old@da.example.gov", recertified_at=NOW - timedelta(days=500)))
    report = "/v1/reports/recertification"
    assert [one["email"] for one in call("GET", report, claims=SUPER).body["items"]] == ["old@da.example.gov"]
    assert call("POST", f"{USERS}/old@da.example.gov/recertification", claims=SUPER).status == 200
    assert call("GET", report, claims=SUPER).body["items"] == []


def test_users_are_listed_page_by_page_and_a_place_that_was_not_given_out_is_refused(call, tables):
    seen, after = [], ""
    while after is not None:
        page = call("GET", USERS, claims=SUPER, query=f"limit=1&after={after}").body
        seen += [user["email"] for user in page["items"]]
        after = page["next"]
    assert seen == sorted({SUPER["email"], ADA["email"], "bo@da.example.gov"})
    for made_up in (ADA["email"], "user", call("GET", "/v1/subscriptions", query="limit=1").body["next"] or "x"):
        assert call("GET", USERS, claims=SUPER, query=f"after={made_up}").status == 422


def test_kd13_people_of_an_office_with_its_own_sign_in_get_a_mail_of_ours_and_no_account(call, tables):
    tables.offices.enrol(an_office(identity_provider="Kings-IdP"))
    claims = SUPER | {"identities": "[map[providerName:Kings-IdP]]", "custom:mfa": "true"}
    added = call("POST", USERS, {"email": CY["email"]}, claims)
    assert (added.status, added.body["account"]) == (201, "office")
    [notice] = [item for item in tables.everything_in("Alerts") if item["part"]["S"] == "notice"]
    assert CY["email"] in notice["doc"]["S"]
    assert "your office's own account" in notice["doc"]["S"]


def test_kd13_an_account_that_could_not_be_made_is_said_in_the_answer_and_in_every_later_one(call, caplog):
    added = call("POST", USERS, {"email": CY["email"]}, SUPER)  # there is no such user pool here
    assert (added.status, added.body["account"]) == (201, "missing")
    [listed] = [user for user in call("GET", USERS, claims=SUPER).body["items"] if user["email"] == CY["email"]]
    assert listed["account"] == "missing"
    again = call("POST", f"{USERS}/{CY['email']}/invitation", claims=SUPER)
    assert (again.status, again.body["account"]) == (200, "missing")
    assert CY["email"] not in caplog.text
