import re
from datetime import date

import pytest

from shared.offices.model import DateRule
from tests.builders import CHARGE_WATCH, NAME_WATCH, PRECINCT_WATCH, SID_WATCH, a_subscription, a_wish
from tests.office_api.conftest import ADA
from tests.office_api.document import committed

QUINN = {"token_use": "id", "email": "quinn@queens.example.gov", "custom:office": "queens"}
SUBSCRIPTIONS = "/v1/subscriptions"


def mends(answer) -> dict[str, str]:
    assert answer.content_type == "application/problem+json"
    return {error["field"]: error["mend"] for error in answer.body["errors"]}


@pytest.mark.parametrize("criterion", [SID_WATCH, NAME_WATCH, CHARGE_WATCH, PRECINCT_WATCH])
def test_a_subscription_of_each_kind_is_made_and_read_back(call, criterion):
    made = call("POST", SUBSCRIPTIONS, a_wish(criterion, reference="my ref"))
    assert made.status == 201
    assert made.body["owner"] == ADA["email"]
    shown = call("GET", f"{SUBSCRIPTIONS}/{made.body['subscription_id']}")
    assert (shown.status, shown.body | {name: made.body[name] for name in ("past", "tells_of", "notice")}) == (
        200,
        made.body,
    )


def test_watching_the_same_for_the_same_case_again_changes_the_one_subscription(call):
    first = call("POST", SUBSCRIPTIONS, a_wish())
    again = call("POST", SUBSCRIPTIONS, a_wish(ends="2027-01-01"))
    assert (first.status, again.status) == (201, 200)
    assert again.body["subscription_id"] == first.body["subscription_id"]
    assert again.body["ends"] == "2027-01-01"
    assert len(call("GET", SUBSCRIPTIONS).body["items"]) == 1


def test_the_same_person_for_another_case_is_a_second_subscription(call):
    other_case = {"kind": "open case", "case_number": "2026-KN-000999"}
    ids = {call("POST", SUBSCRIPTIONS, wish).body["subscription_id"] for wish in (a_wish(), a_wish(basis=other_case))}
    assert len(ids) == 2


def test_a_cancelled_subscription_stays_readable_and_asking_again_revives_it(call, tables):
    made = call("POST", SUBSCRIPTIONS, a_wish()).body
    path = f"{SUBSCRIPTIONS}/{made['subscription_id']}"
    assert call("DELETE", path).body["status"] == "cancelled"
    assert call("DELETE", path).status == 200
    assert call("GET", path).body["status"] == "cancelled"
    assert not _posted(tables)
    revived = call("POST", SUBSCRIPTIONS, a_wish()).body
    assert (revived["subscription_id"], revived["status"]) == (made["subscription_id"], "active")
    assert _posted(tables)


def test_a_change_moves_the_subscription_to_the_new_person_in_the_index_too(call, tables):
    made = call("POST", SUBSCRIPTIONS, a_wish()).body
    changed = call("PUT", f"{SUBSCRIPTIONS}/{made['subscription_id']}", a_wish(NAME_WATCH))
    assert changed.status == 200
    assert changed.body["criterion"]["watch"] == "person"
    by_name = _posted(tables)
    call("PUT", f"{SUBSCRIPTIONS}/{made['subscription_id']}", a_wish(SID_WATCH))
    [by_state_id] = _posted(tables)
    assert by_state_id not in by_name


def test_a_change_into_what_you_watch_already_is_refused(call):
    call("POST", SUBSCRIPTIONS, a_wish())
    other = call("POST", SUBSCRIPTIONS, a_wish(NAME_WATCH)).body
    assert call("PUT", f"{SUBSCRIPTIONS}/{other['subscription_id']}", a_wish()).status == 409


def test_changing_a_cancelled_subscription_does_not_revive_it(call, tables):
    path = f"{SUBSCRIPTIONS}/{call('POST', SUBSCRIPTIONS, a_wish()).body['subscription_id']}"
    call("DELETE", path)
    assert call("PUT", path, a_wish(NAME_WATCH)).body["status"] == "cancelled"
    assert not _posted(tables)


def test_pages_go_through_everything_once(call):
    for number in range(5):
        call("POST", SUBSCRIPTIONS, a_wish(basis={"kind": "open case", "case_number": f"C-{number}"}))
    seen, after = [], ""
    while after is not None:
        page = call("GET", SUBSCRIPTIONS, query=f"limit=2&after={after}").body
        seen += [one["basis"]["case_number"] for one in page["items"]]
        after = page["next"]
    assert sorted(seen) == [f"C-{number}" for number in range(5)]


def test_another_offices_subscription_does_not_exist_for_you(call):
    made = call("POST", SUBSCRIPTIONS, a_wish()).body
    path = f"{SUBSCRIPTIONS}/{made['subscription_id']}"
    theirs = a_wish(recipients=[{"email": "quinn@queens.example.gov"}])
    unknown = call("GET", f"{SUBSCRIPTIONS}/{'0' * 32}", claims=QUINN)
    for answer in (
        call("GET", path, claims=QUINN),
        call("PUT", path, theirs, QUINN),
        call("DELETE", path, claims=QUINN),
    ):
        assert answer.status == 404
        assert answer.body == unknown.body
    assert call("GET", SUBSCRIPTIONS, claims=QUINN).body["items"] == []
    assert call("GET", path).body | {name: made[name] for name in ("past", "tells_of", "notice")} == made


def test_14_15_16_w16_who_ends_a_watch_ends_their_own_and_every_other_of_the_same_person_goes_on(call, tables):
    bo = ADA | {"email": "bo@da.example.gov"}
    mine = call("POST", SUBSCRIPTIONS, a_wish()).body["subscription_id"]
    others = {
        call("POST", SUBSCRIPTIONS, a_wish(recipients=[{"email": bo["email"]}]), bo).body["subscription_id"],
        call("POST", SUBSCRIPTIONS, a_wish(recipients=[{"email": QUINN["email"]}]), QUINN).body["subscription_id"],
    }
    everything = tables.everything_in("Subscriptions")
    for one in (*others, "0" * 32):
        assert call("DELETE", f"{SUBSCRIPTIONS}/{one}").status == 404
        assert call("POST", f"{SUBSCRIPTIONS}/{one}/validate").status == 404
    assert tables.everything_in("Subscriptions") == everything
    assert call("DELETE", f"{SUBSCRIPTIONS}/{mine}").body["status"] == "cancelled"
    left = {one["subscription_id"] for who in (bo, QUINN)
            for one in call("GET", SUBSCRIPTIONS, claims=who).body["items"] if one["status"] == "active"}  # fmt: skip
    assert left == others


def test_a_page_cannot_be_turned_into_another_offices_list(call):
    made = call("POST", SUBSCRIPTIONS, a_wish()).body
    assert call("GET", SUBSCRIPTIONS, claims=QUINN, query=f"after={made['subscription_id']}").status == 422


@pytest.mark.parametrize(
    ("claims", "status"),
    [
        (None, 401),
        ({}, 401),
        (ADA | {"token_use": "access"}, 401),
        ({"token_use": "id", "email": "ada.example@da.example.gov"}, 403),
        (ADA | {"custom:office": "nowhere"}, 403),
        (ADA | {"email": "ada.example@elsewhere.example.com"}, 403),
    ],
)
def test_9_without_an_identity_of_an_enrolled_office_nothing_is_answered_or_stored(call, tables, claims, status):
    for answer in (call("POST", SUBSCRIPTIONS, a_wish(), claims), call("GET", SUBSCRIPTIONS, claims=claims)):
        assert answer.status == status
        assert answer.body["detail"]
    assert tables.everything_in("Subscriptions") == []


@pytest.mark.parametrize(
    ("body", "field", "says"),
    [
        (a_wish(basis=None), "basis", "object"),
        ({"criterion": SID_WATCH, "recipients": [{"email": "a@da.example.gov"}]}, "basis", "is missing; add it"),
        (a_wish(basis={"kind": "curiosity", "case_number": "1"}), "basis.kind", "open case"),
        (a_wish(basis={"kind": "open case", "case_number": "  "}), "basis.case_number", "at least 1"),
        (a_wish(colour="red"), "colour", "not a field"),
        (a_wish(starts="2026-05-01", ends="2026-04-01"), "body", "ends lies before starts"),
        (a_wish(starts="first of May"), "starts", "2026-12-31"),
        (a_wish({"watch": "everything"}), "criterion", "identifier"),
        (a_wish({"statute": "PL 120.05"}), "criterion", "needs the field watch"),
        (a_wish({"watch": "charge", "statute": 7}), "criterion.statute", "text"),
        (a_wish({"watch": "charge", "statute": "P"}), "criterion", "whole body of law"),
        (a_wish(NAME_WATCH | {"race": "any"}), "criterion", "protected trait"),
        (a_wish({"watch": "event", "kinds": ["arrest"]}), "criterion", "nearly everybody"),
        (
            a_wish({"all": [PRECINCT_WATCH, {"watch": "charge", "statute": "P"}]}),
            "criterion.all.1",
            "whole body of law",
        ),
        (a_wish({"all": []}), "criterion", "is empty"),
        (a_wish(CHARGE_WATCH | {"statute": "^PL.*$"}), "criterion", "regular expression"),
        (a_wish(NAME_WATCH | {"given": "*", "surname": "%"}), "criterion", "wildcard"),
        ("{not json", "body", "JSON"),
    ],
)
def test_10_70_a_request_that_cannot_be_taken_names_the_field_and_the_mend_and_nothing_is_stored(
    call, tables, body, field, says
):
    answer = call("POST", SUBSCRIPTIONS, body)
    assert answer.status == 422
    found = mends(answer)
    assert [mend for name, mend in found.items() if name.startswith(field) and says in mend], found
    assert tables.everything_in("Subscriptions") == []


def test_7_every_recipient_outside_the_allowed_domains_is_named_and_nothing_is_stored(call, tables):
    outsiders = [{"email": "ok@da.example.gov"}, {"email": "x@press.example.com"}, {"email": "y@example.org"}]
    answer = call("POST", SUBSCRIPTIONS, a_wish(recipients=outsiders))
    assert answer.status == 403
    assert set(mends(answer)) == {"recipients.1.email", "recipients.2.email"}
    assert "da.example.gov" in mends(answer)["recipients.1.email"]
    assert tables.everything_in("Subscriptions") == []


@pytest.mark.parametrize(
    ("recipient", "says"),
    [
        ({"email": "not an address"}, "not an e-mail address"),
        ({"email": "a@da.example.gov.evil.example.com"}, "outside the domains"),
        ({"email": "a@da.example.gov", "sms": "555-0100"}, "country code"),
        ({"sms": "+12125550100"}, "e-mail address beside it"),
        ({"topic": "someone-elses"}, "not a topic of this office"),
        ({"pigeon": "loft 3"}, "there is no channel"),
    ],
)
def test_an_address_that_a_channel_cannot_take_is_an_error_when_saved_not_silence_later(call, recipient, says):
    answer = call("POST", SUBSCRIPTIONS, a_wish(recipients=[recipient]))
    assert answer.status == 403
    assert [mend for mend in mends(answer).values() if says in mend]


def test_values_that_were_sent_are_not_repeated_in_an_answer_about_them(call):
    answer = call("POST", SUBSCRIPTIONS, a_wish(NAME_WATCH | {"surname": 12, "date_of_birth": "Canary-4711"}))
    assert "Canary-4711" not in str(answer.body)


def test_a_subscription_without_a_start_begins_some_days_ago(call):
    wish = a_wish()
    del wish["starts"]
    assert call("POST", SUBSCRIPTIONS, wish).body["starts"]


def test_the_document_describes_every_route_and_the_page_shows_it(call, template):
    """And the API's door opens for just these routes."""
    document = committed()
    assert document["openapi"].startswith("3.1")
    described = {f"{method.upper()} {path}" for path, methods in document["paths"].items() for method in methods}
    routes = [one for one in template["Resources"].values() if one["Type"] == "AWS::ApiGatewayV2::Route"]
    opened = {one["Properties"]["RouteKey"] for one in routes if " /v1/" in one["Properties"]["RouteKey"]} - {
        "GET /v1/openapi.json",
        "GET /v1/swagger",
    }
    assert {re.sub(r"{\w+}", "{}", key) for key in described} == {re.sub(r"{\w+}", "{}", key) for key in opened}
    page = call("GET", "/v1/swagger", claims=None)
    assert page.status == 200
    assert "swagger" in page.body.lower()


def test_you_are_who_your_token_says(call):
    me = call("GET", "/v1/me").body
    assert (me["email"], me["office_id"]) == (ADA["email"], "kings")


def _posted(tables):
    postings = (item for item in tables.everything_in("Subscriptions") if item["sk"]["S"] == "posting")
    return [item["pk"]["S"] for item in postings if any(name.startswith("s_") for name in item)]


@pytest.mark.parametrize("kind", ["open case", "supervision", "investigation", "warrant", "documented suspicion"])
def test_s7_a_watch_has_a_basis_with_its_case_number_and_is_refused_without(call, tables, kind):
    basis = {"kind": kind, "case_number": "2026-1"}
    assert call("POST", "/v1/subscriptions", a_wish(SID_WATCH, basis=basis)).body["basis"] == basis
    for wrong in (
        None,
        {},
        {"kind": kind},
        {"kind": kind, "case_number": " "},
        {"kind": "curiosity", "case_number": "1"},
    ):
        body = a_wish(SID_WATCH | {"identifier": {"kind": "sid", "value": "2B", "issuer": "NY"}}, basis=wrong)
        refused = call("POST", "/v1/subscriptions", body)
        assert refused.status == 422
        assert refused.body["errors"][0]["field"].startswith("basis")
    assert len(call("GET", "/v1/subscriptions").body["items"]) == 1


def test_p3_a_protected_trait_is_never_a_criterion(call):
    refused = call("POST", "/v1/subscriptions", a_wish({"watch": "religion", "religion": "any"}))
    assert refused.status == 422
    assert "protected trait" in refused.body["errors"][0]["mend"]


def test_td11_a_last_day_at_the_end_of_time_stops_nobodys_matching(tables):
    """An office that goes by the day of the arrest adds days to the last one."""
    watch = a_subscription(ends=date.max)
    assert watch.in_force(date(2026, 11, 20), DateRule.ARREST)
    assert not a_subscription(ends=date(2026, 1, 1)).in_force(date(2026, 11, 20), DateRule.ARREST)


def test_td11_more_recipients_than_a_subscription_may_have_are_refused(call, tables):
    names = [{"email": f"p{number}@da.example.gov"} for number in range(60)]
    watch = a_subscription(recipients=names[:30])
    tables.watch_list.add(watch)
    refused = call("POST", f"/v1/subscriptions/{watch.subscription_id}/recipients", {"add": names[30:]})
    assert (refused.status, refused.body["errors"][0]["field"]) == (403, "add")
    assert call("GET", f"/v1/subscriptions/{watch.subscription_id}").status == 200
