"""P1: an office's own systems ask by themselves, with an access token of their own. What they may do at most, route by
route, stands in `test_matrix.py`."""

from datetime import timedelta

import pytest

from shared.alerts.match_arrests import MatchDeps, match_versions
from shared.arrests.model import Provenance
from shared.arrests.table import Version
from shared.offices.purposes import Purpose
from shared.offices.users import Machine, Right, Scope
from tests.builders import NOW, PSEUDONYMS, a_subscription, a_user, a_wish, an_arrest, an_office, discard
from tests.office_api.conftest import ADA
from tests.office_api.document import committed

ADDRESS = "case-system@da.example.gov"
EVERY_SCOPE = " ".join(one.in_token for one in Scope)
SYSTEM = {"token_use": "access", "sub": "client-1", "client_id": "client-1", "scope": EVERY_SCOPE}
WEBHOOK = "https://cases.da.example.gov/alerts"
SUPER = ADA | {"email": "super@da.example.gov"}
CASE = {"case_number": "2026-1", "prosecutor": ADA["email"], "state": "open", "sid": "01234567A", "sid_state": "NY"}
SUBSCRIPTIONS, CASES = "/v1/subscriptions", "/v1/lists/cases"


def a_machine(**facts):
    usual = {"client_id": "client-1", "scopes": frozenset(Scope), "purpose": Purpose.INVESTIGATION}
    return Machine(**usual | facts)


@pytest.fixture(autouse=True)
def case_system(tables):
    tables.users.add(a_user(SUPER["email"], rights=frozenset({Right.SUPER_OWNER})))
    tables.users.add(a_user(ADDRESS, machine=a_machine()))
    tables.users.bind_machine("client-1", "kings", ADDRESS)


@pytest.fixture
def narrowed(tables):
    def narrow(**facts):
        before = tables.users.find("kings", ADDRESS)
        after = before.model_copy(update={"machine": a_machine(**facts), "revision": before.revision + 1})
        tables.users.change(before, after)

    return narrow


def test_s13_p1_a_case_system_keeps_the_case_list_and_the_assigned_prosecutors_watch_is_there(call):
    kept = call("POST", CASES, {"rows": [CASE]}, SYSTEM)
    assert (kept.status, kept.body["counts"]) == (200, {"made": 1})
    [watch] = call("GET", SUBSCRIPTIONS).body["items"]
    assert (watch["owner"], watch["basis"]["case_number"]) == (ADA["email"], "2026-1")
    path = f"{SUBSCRIPTIONS}/{watch['subscription_id']}"
    assert call("GET", path, claims=SYSTEM).status == 404, "what a list made is the prosecutor's"
    assert call("GET", SUBSCRIPTIONS, claims=SYSTEM).body["items"] == []


def test_p1_a_machine_makes_subscriptions_and_reads_changes_and_cancels_those_alone(call):
    call("POST", SUBSCRIPTIONS, a_wish(), ADA)
    made = call("POST", SUBSCRIPTIONS, a_wish(), SYSTEM)
    assert (made.status, made.body["owner"]) == (201, ADDRESS)
    path = f"{SUBSCRIPTIONS}/{made.body['subscription_id']}"
    assert [one["owner"] for one in call("GET", SUBSCRIPTIONS, claims=SYSTEM).body["items"]] == [ADDRESS]
    assert call("PUT", path, a_wish(reference="7"), SYSTEM).body["reference"] == "7"
    assert call("GET", f"{path}/others", claims=SYSTEM).status == 403
    assert call("DELETE", path, claims=SYSTEM).body["status"] == "cancelled"
    assert call("POST", SUBSCRIPTIONS, a_wish(), SYSTEM).body["status"] == "active", "the case is open again"


def test_w25_what_a_machine_sends_every_night_is_not_validated_by_that_and_what_a_person_cancelled_stays_so(
    call, tables
):
    made = call("POST", SUBSCRIPTIONS, a_wish(), SYSTEM).body
    path = f"{SUBSCRIPTIONS}/{made['subscription_id']}"
    before = tables.subscriptions.find("kings", made["subscription_id"])
    long_ago = (NOW - timedelta(days=400)).date()
    due = {"validated_on": long_ago, "validation_due": long_ago + timedelta(days=365)}
    after = before.model_copy(update={**due, "revision": before.revision + 1})
    tables.watch_list.replace(before, after)
    assert call("POST", SUBSCRIPTIONS, a_wish(), SYSTEM).body["validation_due"] == str(due["validation_due"])
    assert call("POST", f"{path}/validate", claims=SYSTEM).status == 403
    assert call("POST", f"{path}/validate", claims=SUPER).status == 200
    call("DELETE", path, claims=SUPER)
    assert call("POST", SUBSCRIPTIONS, a_wish(), SYSTEM).body["status"] == "cancelled"


def test_p1_a_records_system_sends_its_agencys_feed_and_reads_what_became_of_it(call, tables):
    tables.offices.enrol(an_office(agencies=("testville",)))
    here = "/v1/agencies/testville"
    leave = call("POST", f"{here}/uploads", {"file": "week.csv"}, SYSTEM)
    assert (leave.status, leave.body["key"].startswith("testville/in/")) == (200, True)
    assert call("GET", f"{here}/drops", claims=SYSTEM).body["items"] == []
    assert call("PUT", f"{here}/profile", {"text": "agency: testville"}, SYSTEM).status == 403
    assert call("POST", f"{here}/seals", {"number": "1"}, SYSTEM).status == 403
    assert call("GET", "/v1/agencies/nypd", claims=SYSTEM).status == 404


def test_tf6_what_a_webhook_named_is_read_and_acknowledged_by_its_receiver_and_ends_the_escalation(
    call, tables, narrowed
):
    narrowed(scopes=frozenset({Scope.ALERTS}), receives=(WEBHOOK,))
    recipients = [{"webhook": WEBHOOK}, {"email": ADA["email"]}]
    tables.watch_list.add(a_subscription(recipients=recipients, urgency="urgent"))
    arrest = an_arrest()
    tables.arrests.store([arrest], Provenance(drop_id="d", dropped_at=NOW), NOW)
    deps = MatchDeps(tables.watch_list, tables.subscriptions, tables.offices, tables.alerts, PSEUDONYMS, discard)
    match_versions([Version(arrest, None, NOW, NOW)], deps, NOW)
    alerts = tables.alerts.read(tables.alerts.ids_of_arrest(arrest.arrest_id)).values()
    [named] = [alert for alert in alerts if "webhook" in alert.recipient.root]
    [adas] = [alert for alert in alerts if alert.recipient.email]
    for said in (named.alert_id, named.number):
        shown = call("GET", f"/v1/alerts/{said}", claims=SYSTEM)
        assert (shown.status, shown.body["alert"]["alert_id"]) == (200, named.alert_id)
    assert call("GET", f"/v1/alerts/{adas.alert_id}", claims=SYSTEM).status == 404
    assert call("GET", "/v1/alerts", claims=SYSTEM).status == 403
    assert call("PUT", f"/v1/alerts/{named.alert_id}/verdict", {"verdict": "useful"}, SYSTEM).status == 403
    answer = call("PUT", f"/v1/alerts/{named.number}/acknowledgement", claims=SYSTEM)
    assert answer.body["acknowledged_by"] == ADDRESS
    assert tables.alerts.escalations_due([named.alert_id, adas.alert_id]) == {}


def test_a_machine_names_who_is_told_because_it_is_told_nothing_itself(call):
    refused = call("POST", SUBSCRIPTIONS, a_wish(recipients=[]), SYSTEM)
    assert (refused.status, refused.body["errors"][0]["field"]) == (422, "recipients")


def test_p1_a_machine_that_is_removed_is_out_at_the_next_request_and_let_in_again_has_its_scopes(call):
    assert call("POST", CASES, {"rows": [CASE]}, SYSTEM).status == 200
    assert call("DELETE", f"/v1/users/{ADDRESS}", claims=SUPER).status == 200
    assert call("POST", CASES, {"rows": [CASE]}, SYSTEM).status == 403
    assert call("POST", "/v1/users", {"email": ADDRESS}, SUPER).status == 201
    assert call("POST", CASES, {"rows": [CASE]}, SYSTEM).status == 200


def test_p1_a_machine_has_no_more_scopes_than_its_office_and_its_token_both_say(call, narrowed):
    token = SYSTEM | {"scope": "arrest-alert/subscriptions arrest-alert/listsx other/lists"}
    assert call("POST", CASES, {"rows": [CASE]}, token).status == 403
    assert call("POST", SUBSCRIPTIONS, a_wish(), SYSTEM | {"scope": ""}).status == 403
    narrowed(scopes=frozenset({Scope.SUBSCRIPTIONS}))
    assert call("POST", CASES, {"rows": [CASE]}, SYSTEM).status == 403
    assert call("POST", SUBSCRIPTIONS, a_wish(), SYSTEM).status == 201


def test_p3_a_machine_asks_for_the_purpose_that_it_was_let_in_for_and_for_no_other(call):
    assert call("POST", CASES, {"rows": [CASE]}, SYSTEM, purpose="prosecution").status == 403
    assert call("POST", CASES, {"rows": [CASE]}, SYSTEM, purpose="").status == 422
    assert call("POST", CASES, {"rows": [CASE]}, SYSTEM, purpose="investigation").status == 200


@pytest.mark.parametrize(
    ("claims", "status"),
    [
        (SYSTEM | {"username": "ada"}, 401),  # a person's access token, which says nothing of a second factor
        (SYSTEM | {"username": ""}, 401),
        (SYSTEM | {"token_use": "refresh"}, 401),
        (SYSTEM | {"token_use": "id"}, 401),
        ({name: said for name, said in SYSTEM.items() if name != "client_id"}, 401),
        (SYSTEM | {"client_id": "client-2"}, 403),  # of no office
        (SYSTEM | {"client_id": "client-2", "sub": "client-1", "custom:office": "kings", "email": ADDRESS}, 403),
        (ADA | {"email": ADDRESS}, 403),  # a person who signs in with the machine's address
    ],
)
def test_p1_what_is_not_the_token_of_a_machine_opens_nothing(call, claims, status):
    assert call("POST", CASES, {"rows": [CASE]}, claims).status == status


def test_p1_a_client_that_another_user_was_bound_to_since_is_not_the_old_machine_any_more(call, tables):
    tables.users.bind_machine("client-1", "queens", "cases@queens.example.gov")
    assert call("POST", CASES, {"rows": [CASE]}, SYSTEM).status == 403
    other = a_machine(client_id="client-9")
    tables.users.add(a_user("cases@queens.example.gov", "queens", machine=other))
    assert call("POST", CASES, {"rows": [CASE]}, SYSTEM).status == 403, "its row names another client"


def test_p1_a_machine_of_a_suspended_office_or_outside_its_domains_is_out(call, tables):
    for facts in ({"suspended": True}, {"allowed_domains": ("elsewhere.example.gov",)}, {"ori": "NY000000Z"}):
        tables.offices.enrol(an_office(**facts))
        assert call("POST", CASES, {"rows": [CASE]}, SYSTEM).status == 403


def test_p2_what_a_machine_does_and_is_refused_is_written_down_under_its_name(call, tables):
    call("POST", CASES, {"rows": [CASE]}, SYSTEM)
    call("GET", "/v1/alerts", claims=SYSTEM)
    call("GET", "/v1/alerts", claims=SYSTEM | {"client_id": "client-2"})
    items = [item for item in tables.everything_in("Audit") if item["pk"]["S"].startswith("office#")]
    said = "\n".join(item["doc"]["S"] for item in items)
    assert said.count(f'"who":"{ADDRESS}"') == 2
    assert '"who":"machine client-2"' in said


def test_p1_nobody_gives_a_machine_the_rights_of_a_person(call):
    assert call("PUT", f"/v1/users/{ADDRESS}", {"rights": ["arrests"]}, SUPER).status == 409


def test_the_document_says_which_routes_a_machine_may_ask_and_with_which_scope(call):
    document = committed()
    flow = document["components"]["securitySchemes"]["machine"]["flows"]["clientCredentials"]
    assert set(flow["scopes"]) == {one.in_token for one in Scope}
    operation = document["paths"]["/v1/lists/{kind}"]["post"]
    assert operation["security"] == [{"id token": []}, {"machine": ["arrest-alert/lists"]}]
    assert "security" not in document["paths"]["/v1/arrests/search"]["post"]
