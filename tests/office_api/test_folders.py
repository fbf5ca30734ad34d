import pytest

from shared.offices.users import Right
from tests.builders import a_user, a_wish
from tests.office_api.conftest import ADA

FOLDERS = "/v1/folders"
QUINN = {"token_use": "id", "email": "quinn@queens.example.gov", "custom:office": "queens"}


def claims(name: str) -> dict[str, str]:
    return ADA | {"email": f"{name}@da.example.gov"}


SUPER, OWEN, EDDY, VIC, NEMO = map(claims, ("super", "owen", "eddy", "vic", "nemo"))


@pytest.fixture
def team(tables, call) -> dict[str, str]:
    """A category with an owner, a group in it with an editor and a visitor: name -> id."""
    tables.users.add(a_user(SUPER["email"], rights=frozenset({Right.SUPER_OWNER})))
    for one in (OWEN, EDDY, VIC, NEMO):
        tables.users.add(a_user(one["email"]))
    gangs = call("POST", FOLDERS, {"name": "Gangs"}, SUPER).body["folder"]["folder_id"]
    call("PUT", f"{FOLDERS}/{gangs}/roles/{OWEN['email']}", {"role": "owner"}, SUPER)
    harbor = call("POST", FOLDERS, {"name": "Harbor Ave", "parent": gangs}, OWEN).body["folder"]["folder_id"]
    for one, role in ((EDDY, "editor"), (VIC, "visitor")):
        assert call("PUT", f"{FOLDERS}/{harbor}/roles/{one['email']}", {"role": role}, OWEN).status == 200
    return {"gangs": gangs, "harbor": harbor}


def names(call, who) -> set[str]:
    return {one["path"] for one in call("GET", FOLDERS, claims=who).body["items"]}


def test_s9_everybody_lists_the_folders_they_have_a_role_on_and_no_others(call, team):
    call("POST", FOLDERS, {"name": "Mine", "tab": "my"}, NEMO)
    everything = {"Gangs", "Gangs > Harbor Ave"}
    assert (names(call, SUPER), names(call, OWEN)) == (everything, everything)
    assert (names(call, EDDY), names(call, VIC)) == ({"Gangs > Harbor Ave"}, {"Gangs > Harbor Ave"})
    assert (names(call, NEMO), names(call, QUINN)) == ({"Mine"}, set())


@pytest.mark.parametrize(
    ("who", "may"),
    [(SUPER, (201, 201, 200, 200)), (OWEN, (403, 201, 200, 200)), (EDDY, (403, 403, 403, 403)),
     (VIC, (403, 403, 403, 403)), (NEMO, (403, 404, 404, 404)), (QUINN, (403, 404, 404, 404))],
)  # fmt: skip
def test_s10_who_may_make_share_and_archive_what(call, team, who, may):
    """A category, a group, a role for somebody, the archive."""
    harbor = f"{FOLDERS}/{team['harbor']}"
    got = (
        call("POST", FOLDERS, {"name": "New"}, who),
        call("POST", FOLDERS, {"name": "New", "parent": team["harbor"]}, who),
        call("PUT", f"{harbor}/roles/{NEMO['email']}", {"role": "visitor"}, who),
        call("POST", f"{harbor}/archive", claims=who),
    )  # fmt: skip
    assert tuple(answer.status for answer in got) == may


def test_s10_visitors_read_a_watch_of_the_folder_editors_change_it_and_strangers_do_not_know_of_it(call, team):
    wish = a_wish(folders=[team["harbor"]], recipients=[])
    made = call("POST", "/v1/subscriptions", wish, EDDY)
    assert made.status == 201
    path = f"/v1/subscriptions/{made.body['subscription_id']}"
    got = {who["email"]: call("GET", path, claims=who).status for who in (SUPER, OWEN, EDDY, VIC, NEMO, QUINN)}
    put = {who["email"]: call("PUT", path, wish, who).status for who in (SUPER, OWEN, EDDY, VIC, NEMO)}
    assert list(got.values()) == [200, 200, 200, 200, 404, 404]
    assert list(put.values()) == [200, 200, 200, 403, 404]


def test_s10_nothing_is_put_into_a_folder_by_who_may_only_read_it(call, team):
    wish = a_wish(folders=[team["harbor"]])
    assert call("POST", "/v1/subscriptions", wish, VIC).status == 403
    assert call("POST", "/v1/subscriptions", wish, NEMO).status == 404
    assert call("POST", "/v1/subscriptions", a_wish(folders=["0" * 32]), OWEN).status == 404


def test_s9_a_folder_with_active_watches_is_not_deleted_and_an_empty_one_is(call, team):
    made = call("POST", "/v1/subscriptions", a_wish(folders=[team["harbor"]]), EDDY).body
    refused = call("DELETE", f"{FOLDERS}/{team['harbor']}", claims=OWEN)
    assert (refused.status, refused.content_type) == (409, "application/problem+json")
    assert "Move or cancel" in refused.body["detail"]
    assert call("DELETE", f"{FOLDERS}/{team['gangs']}", claims=OWEN).status == 409
    call("DELETE", f"/v1/subscriptions/{made['subscription_id']}", claims=EDDY)
    assert call("DELETE", f"{FOLDERS}/{team['harbor']}", claims=OWEN).status == 204
    assert call("GET", f"{FOLDERS}/{team['harbor']}", claims=OWEN).status == 404


def test_s9_an_archived_folder_is_read_and_nothing_more_is_put_into_it_until_it_is_taken_back(call, team):
    harbor = f"{FOLDERS}/{team['harbor']}"
    call("POST", f"{harbor}/archive", claims=OWEN)
    assert call("GET", harbor, claims=VIC).body["archived"]
    assert call("POST", "/v1/subscriptions", a_wish(folders=[team["harbor"]]), EDDY).status == 403
    assert not call("DELETE", f"{harbor}/archive", claims=OWEN).body["archived"]
    assert call("POST", "/v1/subscriptions", a_wish(folders=[team["harbor"]]), EDDY).status == 201


def test_s10_a_role_goes_to_users_of_the_office_alone_and_ends_when_it_is_withdrawn(call, team):
    harbor = f"{FOLDERS}/{team['harbor']}"
    stranger = call("PUT", f"{harbor}/roles/who@da.example.gov", {"role": "visitor"}, OWEN)
    assert (stranger.status, "no user" in stranger.body["detail"]) == (409, True)
    assert call("DELETE", f"{harbor}/roles/{VIC['email']}", claims=OWEN).status == 200
    assert call("GET", harbor, claims=VIC).status == 404


def test_s9_my_folders_are_mine_and_are_not_shared(call, team):
    mine = call("POST", FOLDERS, {"name": "Mine", "tab": "my"}, NEMO).body["folder"]["folder_id"]
    assert call("PUT", f"{FOLDERS}/{mine}/roles/{VIC['email']}", {"role": "visitor"}, NEMO).status == 409
    assert [call("GET", f"{FOLDERS}/{mine}", claims=who).status for who in (NEMO, SUPER, VIC)] == [200, 404, 404]
    assert call("POST", "/v1/subscriptions", a_wish(folders=[mine], recipients=[]), NEMO).status == 201


def test_s9_a_group_is_moved_with_its_watches_by_an_owner_of_both_places(call, team):
    other = call("POST", FOLDERS, {"name": "Task force"}, SUPER).body["folder"]["folder_id"]
    move = {"name": "Harbor Ave", "parent": other}
    assert call("PUT", f"{FOLDERS}/{team['harbor']}", move, OWEN).status == 404
    moved = call("PUT", f"{FOLDERS}/{team['harbor']}", move, SUPER)
    assert (moved.status, moved.body["path"]) == (200, "Task force > Harbor Ave")
    assert call("GET", f"{FOLDERS}/{team['harbor']}", claims=OWEN).status == 404


def test_s12_owners_of_the_folder_read_and_write_the_private_text_and_nobody_else_does(call, team):
    note = {"private": "informant Q", "public": "call first"}
    wish = a_wish(folders=[team["harbor"]], recipients=[], note=note)
    path = f"/v1/subscriptions/{call('POST', '/v1/subscriptions', wish, EDDY).body['subscription_id']}"
    read = {who["email"]: call("GET", path, claims=who).body["note"]["private"] for who in (EDDY, OWEN, VIC, SUPER)}
    assert list(read.values()) == ["informant Q", "informant Q", "", ""]
    listed = {who["email"]: call("GET", "/v1/subscriptions", claims=who).body["items"][0]["note"]["private"]
              for who in (OWEN, VIC)}  # fmt: skip
    assert list(listed.values()) == ["informant Q", ""]
    call("PUT", path, wish | {"note": {"private": "wiped?", "public": "by somebody else"}}, SUPER)
    assert call("GET", path, claims=EDDY).body["note"] == {"private": "informant Q", "public": "by somebody else"}
    call("PUT", path, wish | {"note": {"private": "informant R"}}, OWEN)
    assert call("GET", path, claims=EDDY).body["note"]["private"] == "informant R"


SECRET = "he is our informant"


@pytest.fixture
def private_watch(call, team) -> str:
    """Owen's, in his folder, with a private note. Returns its id."""
    wish = a_wish(folders=[team["harbor"]], recipients=[], note={"private": SECRET, "public": ""})
    made = call("POST", "/v1/subscriptions", wish, OWEN)
    assert made.status == 201, made.body
    return made.body["subscription_id"]


def test_tc4_a_super_owner_makes_himself_no_owner_of_a_folder_by_any_way(call, tables, team, private_watch):
    """Each way that there is, by the super-owner alone; then a second person, for whom the same is done."""
    harbor, watch = f"{FOLDERS}/{team['harbor']}", f"/v1/subscriptions/{private_watch}"
    mine = call("POST", FOLDERS, {"name": "Mine", "tab": "my"}, SUPER).body["folder"]["folder_id"]
    base = call("POST", FOLDERS, {"name": "Base"}, SUPER).body["folder"]["folder_id"]
    tables.users.add(a_user("second@da.example.gov", rights=frozenset({Right.SUPER_OWNER})))
    second = claims("second")
    assert call("PUT", f"{FOLDERS}/{base}/roles/{SUPER['email']}", {"role": "owner"}, second).status == 200
    wish = a_wish(folders=[team["harbor"]], recipients=[])
    ways = {
        "a role": ("PUT", f"{harbor}/roles/{SUPER['email']}", {"role": "owner"}),
        "a role in capitals": ("PUT", f"{harbor}/roles/{SUPER['email'].upper()}", {"role": "owner"}),
        "the least role": ("PUT", f"{harbor}/roles/{SUPER['email']}", {"role": "visitor"}),
        "a role above": ("PUT", f"{FOLDERS}/{team['gangs']}/roles/{SUPER['email']}", {"role": "editor"}),
        "a move into a folder of his": ("PUT", harbor, {"name": "Harbor Ave", "parent": base}),
        "a move of all of it": ("PUT", f"{FOLDERS}/{team['gangs']}", {"name": "Gangs", "parent": base}),
        "filing into a folder of his": ("PUT", watch, wish | {"folders": [team["harbor"], base]}),
        "filing into his My tab": ("PUT", watch, wish | {"folders": [mine]}),
        "himself as recipient": ("PUT", watch, wish | {"recipients": [{"email": SUPER["email"]}]}),
        "himself among recipients": ("POST", f"{watch}/recipients", {"add": [{"email": SUPER["email"]}]}),
    }
    got = {way: call(*words, SUPER) for way, words in ways.items()}
    assert {way: answer.status for way, answer in got.items() if answer.status != 409} == {}
    assert all("Another super-owner" in answer.body["detail"] for answer in got.values())
    assert SECRET not in str(call("GET", watch, claims=SUPER).body)
    assert SUPER["email"] not in str(tables.subscriptions.folders.tree("kings").find(team["harbor"]).roles)
    assert call("PUT", f"{harbor}/roles/{SUPER['email']}", {"role": "owner"}, second).status == 200
    assert call("GET", watch, claims=SUPER).body["note"]["private"] == SECRET


def test_tc4_an_editor_does_not_make_himself_owner_by_filing_and_nobody_is_kept_from_less(call, team, private_watch):
    watch, wish = f"/v1/subscriptions/{private_watch}", a_wish(recipients=[])
    mine = call("POST", FOLDERS, {"name": "Mine", "tab": "my"}, EDDY).body["folder"]["folder_id"]
    assert call("PUT", watch, wish | {"folders": [team["harbor"], mine]}, EDDY).status == 409
    assert call("POST", f"{watch}/recipients", {"add": [{"email": EDDY["email"]}]}, EDDY).status == 200
    inner = call("POST", FOLDERS, {"name": "Crew 9", "parent": team["harbor"]}, OWEN).body["folder"]["folder_id"]
    assert call("PUT", f"{FOLDERS}/{inner}/roles/{OWEN['email']}", {"role": "visitor"}, OWEN).status == 200
    assert call("PUT", f"{FOLDERS}/{team['harbor']}", {"name": "Harbor", "parent": team["gangs"]}, SUPER).status == 200


def test_tc4_whoever_sends_a_case_list_takes_over_nobodys_subscription(call, tables, team):
    row = {"case_number": "2026-7", "state": "open", "prosecutor": OWEN["email"], "sid": "01234567A", "sid_state": "NY"}
    assert call("POST", "/v1/lists/cases", {"rows": [row]}, SUPER).body["counts"] == {"made": 1}
    to_himself = call("POST", "/v1/lists/cases", {"rows": [row | {"prosecutor": SUPER["email"]}]}, SUPER).body
    assert to_himself["counts"] == {"rejected": 1}
    assert "Another super-owner" in to_himself["lines"][0]["fix"]
    assert call("POST", "/v1/lists/cases", {"rows": [row | {"prosecutor": EDDY["email"]}]}, SUPER).body["counts"] == {
        "reassigned": 1
    }
