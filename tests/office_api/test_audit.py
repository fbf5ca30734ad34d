"""P2: every request is written down before it is answered. P3: it says its purpose, and immigration is none."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from shared.audit.event import AuditEvent
from shared.offices.purposes import Purpose
from shared.offices.users import Right
from tests.audit.test_chain import an_event
from tests.builders import NAME_WATCH, a_user, a_wish
from tests.office_api.conftest import ADA
from tests.office_api.document import committed

QUINN = {"token_use": "id", "email": "quinn@queens.example.gov", "custom:office": "queens"}
OFFICER = ADA | {"email": "olga.officer@da.example.gov"}
TODAY = datetime.now(UTC).date()


@pytest.fixture
def tables(tables):
    tables.users.add(a_user(OFFICER["email"], "kings", rights=frozenset({Right.AUDIT})))
    return tables


def events(tables) -> list[AuditEvent]:
    items = [item for item in tables.everything_in("Audit") if item["pk"]["S"].startswith("office#")]
    return sorted(
        (AuditEvent.model_validate_json(item["doc"]["S"]) for item in items), key=lambda event: event.occurred_at
    )


def test_p2_w18_a_read_a_write_and_a_denial_are_each_written_down_under_who_did_it(call, tables):
    made = call("POST", "/v1/subscriptions", a_wish(NAME_WATCH)).body
    path = f"/v1/subscriptions/{made['subscription_id']}"
    call("GET", path)
    call("GET", path, claims=QUINN)
    wrote, read, denied = events(tables)
    subject = f"subscription:{made['subscription_id']}"
    assert (wrote.who, wrote.office_id, wrote.outcome, wrote.status) == (ADA["email"], "kings", "allowed", 201)
    assert (read.action, read.purpose, read.request_id) == (f"GET {path}", "investigation", "r-1")
    assert (denied.who, denied.office_id, denied.outcome, denied.status) == (QUINN["email"], "queens", "denied", 404)
    assert all(subject in event.subjects for event in (wrote, read))
    assert (denied.subjects, denied.denied) == ((), (subject,))
    assert "Example" not in json.dumps([event.model_dump(mode="json") for event in (wrote, read, denied)])


@pytest.mark.parametrize("claims", [None, {}, ADA | {"custom:office": "nowhere"}, ADA | {"custom:office": "#x"}])
def test_p2_whoever_belongs_to_no_office_is_written_down_too(call, tables, claims):
    call("GET", "/v1/subscriptions", claims=claims)
    [event] = events(tables)
    assert event.outcome == "denied"
    assert event.office_id in ("-", "nowhere")


def test_p2_a_malformed_request_is_written_down_without_its_values(call, tables):
    call("POST", "/v1/subscriptions", a_wish(NAME_WATCH | {"date_of_birth": "Canary-1"}))
    [event] = events(tables)
    assert (event.outcome, event.status) == ("refused", 422)
    assert "Canary" not in event.model_dump_json()


def test_p2_no_audit_no_data(call, tables):
    made = call("POST", "/v1/subscriptions", a_wish()).body
    tables.client.delete_table(TableName="Audit")
    answer = call("GET", f"/v1/subscriptions/{made['subscription_id']}")
    assert (answer.status, answer.content_type) == (503, "application/problem+json")
    assert made["subscription_id"] not in json.dumps(answer.body)


def test_p2_a_fault_of_ours_is_written_down_and_still_a_fault(call, tables):
    tables.client.delete_table(TableName="Subscriptions")
    with pytest.raises(Exception, match="ResourceNotFound"):
        call("GET", "/v1/subscriptions")
    [event] = events(tables)
    assert (event.outcome, event.status) == ("failed", 500)


@pytest.mark.parametrize("purpose", [one.value for one in Purpose])
def test_p3_every_purpose_of_the_list_is_taken_and_written_down(call, tables, purpose):
    assert call("GET", "/v1/subscriptions", purpose=purpose).status == 200
    assert [event.purpose for event in events(tables)] == [purpose]


@pytest.mark.parametrize("purpose", ["", "curiosity"])
def test_p3_without_a_purpose_of_the_list_nothing_is_shown_and_the_list_is_named(call, purpose):
    answer = call("GET", "/v1/subscriptions", purpose=purpose)
    assert answer.status == 422
    [error] = answer.body["errors"]
    assert error["field"] == "Purpose"
    assert "prosecution" in error["mend"]


@pytest.mark.parametrize("purpose", ["immigration", "civil immigration", "ICE"])
def test_p3_immigration_enforcement_is_refused_written_down_and_told(call, tables, capsys, purpose):
    answer = call("GET", "/v1/subscriptions", purpose=purpose)
    assert answer.status == 403
    [event] = events(tables)
    assert (event.outcome, event.purpose) == ("denied", "immigration")
    assert '"ImmigrationPurpose":[1' in capsys.readouterr().out.replace(" ", "")


def test_p3_who_one_is_needs_no_purpose(call):
    assert call("GET", "/v1/me", purpose="").status == 200
    assert call("GET", "/v1/me", purpose="immigration").status == 403


def test_p2_only_the_right_audit_opens_the_record(call):
    assert call("GET", "/v1/audit").status == 403
    assert call("POST", "/v1/audit/search", {"person": {"surname": "Example"}}).status == 403
    assert call("GET", "/v1/audit", claims=OFFICER, purpose="audit").status == 200


def test_p2_the_record_answers_by_day_by_user_and_by_subject_page_by_page(call):
    made = call("POST", "/v1/subscriptions", a_wish(NAME_WATCH)).body
    for _ in range(4):
        call("GET", f"/v1/subscriptions/{made['subscription_id']}")
    call("GET", "/v1/me")
    subject = f"subscription:{made['subscription_id']}"
    for query, count in ((f"user={ADA['email']}", 6), (f"subject={subject}", 5), (f"day={TODAY}", 6)):
        seen, after = [], ""
        while after is not None:
            page = call("GET", "/v1/audit", claims=OFFICER, query=f"{query}&limit=2&after={after}").body
            seen += [one["event_id"] for one in page["items"] if one["who"] == ADA["email"]]
            after = page["next"]
        assert len(set(seen)) == len(seen) == count


def test_p2_the_record_of_another_office_is_not_there(call, tables):
    tables.users.add(a_user("quentin@queens.example.gov", "queens", rights=frozenset({Right.AUDIT})))
    call("GET", "/v1/subscriptions")
    quentin = QUINN | {"email": "quentin@queens.example.gov"}
    found = call("GET", "/v1/audit", claims=quentin, query=f"user={ADA['email']}")
    assert (found.status, found.body["items"]) == (200, [])


@pytest.mark.parametrize(
    "wanted",
    [
        {"person": {"surname": "EXAMPLE", "given": "pat", "date_of_birth": "1990-02-03"}},
        {"person": {"surname": "Example", "given": "Pat"}},
    ],
)
def test_p2_who_looked_at_a_person_is_found_by_name(call, wanted):
    call("POST", "/v1/subscriptions", a_wish(NAME_WATCH))
    [found] = call("POST", "/v1/audit/search", wanted, claims=OFFICER).body["items"]
    assert found["who"] == ADA["email"]
    other = {"person": {"surname": "Someone", "given": "Else"}}
    assert call("POST", "/v1/audit/search", other, claims=OFFICER).body["items"] == []
    assert call("POST", "/v1/audit/search", {}, claims=OFFICER).status == 422


def test_p9_who_looked_at_a_place_is_found_by_its_address_however_it_is_written(call, tables):
    looker = tables.users.find("kings", ADA["email"])
    rights = {"rights": frozenset({Right.PLACES}), "revision": looker.revision + 1}
    tables.users.change(looker, looker.model_copy(update=rights))
    asked = {
        "address": "14 Elm St Apt 2B", "city": "Exampleton", "since": str(TODAY), "until": str(TODAY),
        "case_number": "IND-2026-0117",
    }  # fmt: skip
    assert call("POST", "/v1/places/history", asked).status == 200
    place = {"address": "14 ELM STREET", "city": "exampleton"}
    (found,) = call("POST", "/v1/audit/search", {"place": place}, claims=OFFICER).body["items"]
    assert (found["who"], found["because"]) == (ADA["email"], "IND-2026-0117")
    elsewhere = {"place": place | {"address": "16 Elm Street"}}
    assert call("POST", "/v1/audit/search", elsewhere, claims=OFFICER).body["items"] == []
    nowhere = call("POST", "/v1/audit/search", {"place": place | {"address": "the park"}}, claims=OFFICER)
    assert (nowhere.status, "house number" in str(nowhere.body)) == (422, True)
    both = {"place": place, "person": {"surname": "Example"}}
    assert call("POST", "/v1/audit/search", both, claims=OFFICER).status == 422
    assert call("POST", "/v1/audit/search", {"place": place}).status == 403


def test_p2_a_week_that_is_over_is_signed_off_once(call):
    last_week = "{}-W{:02}".format(*(TODAY - timedelta(days=7)).isocalendar())
    this_week = "{}-W{:02}".format(*TODAY.isocalendar())
    path = f"/v1/audit/reviews/{last_week}"
    unseen = call("POST", path, {"note": "nothing odd"}, claims=OFFICER)
    assert (unseen.status, unseen.body["errors"][0]["field"]) == (422, "seen"), "only what was looked at is signed"
    assert call("GET", "/v1/audit/weeks", claims=OFFICER).body["unsigned"][-1] == last_week
    seen = call("GET", f"/v1/audit/weeks/{last_week}", claims=OFFICER).body["seen"]
    other = call("GET", f"/v1/audit/weeks/{this_week}", claims=OFFICER).body["seen"]
    assert call("POST", path, {"seen": other}, claims=OFFICER).status == 422, "another week was looked at"
    signed = call("POST", path, {"note": "nothing odd", "seen": seen}, claims=OFFICER)
    assert (signed.status, signed.body["signed_by"], signed.body["events"]) == (201, OFFICER["email"], 0)
    assert call("POST", f"/v1/audit/reviews/{last_week}", {}, claims=OFFICER).status == 409
    assert call("POST", f"/v1/audit/reviews/{this_week}", {}, claims=OFFICER).status == 422
    assert call("POST", "/v1/audit/reviews/2025-W53", {}, claims=OFFICER).status == 422
    assert call("GET", "/v1/audit/reviews", claims=OFFICER).body["items"] == [signed.body]
    assert last_week not in call("GET", "/v1/audit/weeks", claims=OFFICER).body["unsigned"]


def test_cjis_au_6_a_week_that_has_other_events_than_were_looked_at_is_looked_at_again(call, tables):
    monday = TODAY - timedelta(days=7 + TODAY.weekday())
    week = "{}-W{:02}".format(*monday.isocalendar())
    seen = call("GET", f"/v1/audit/weeks/{week}", claims=OFFICER).body["seen"]
    late = datetime(monday.year, monday.month, monday.day, 12, tzinfo=UTC)
    tables.audit.write(an_event(1, at=late))
    answer = call("POST", f"/v1/audit/reviews/{week}", {"seen": seen}, claims=OFFICER)
    assert (answer.status, "Look at it again" in answer.body["detail"]) == (409, True)


def test_p2_a_supervisor_sees_who_used_which_purpose_in_which_days(call):
    call("GET", "/v1/alerts", purpose="prosecution")
    call("GET", "/v1/alerts", purpose="prosecution")
    call("GET", "/v1/alerts", purpose="immigration")
    query = f"since={TODAY}&until={TODAY}"
    rows = call("GET", "/v1/reports/uses", claims=OFFICER, query=query).body["rows"]
    mine = [(row["purpose"], row["requests"], row["denied"]) for row in rows if row["who"] == ADA["email"]]
    assert mine == [("immigration", 1, 1), ("prosecution", 2, 0)]
    table = call("GET", "/v1/reports/uses", claims=OFFICER, query=query, accept="text/csv").body
    assert table.splitlines()[0] == "who,purpose,requests,denied,records,first,last"
    too_long = f"since={TODAY - timedelta(days=31)}&until={TODAY}"
    for wrong in (too_long, f"since={TODAY}&until={TODAY - timedelta(days=1)}"):
        assert call("GET", "/v1/reports/uses", claims=OFFICER, query=wrong).status == 422
    assert call("GET", "/v1/reports/uses", query=query).status == 403


def test_every_route_writes_an_audit_event(call, tables):
    """P2, whatever routes there will be: each of the document is called, and each has its event."""
    document = committed()
    routes = [(method, path) for path, methods in document["paths"].items() for method in methods]
    for nth, (method, path) in enumerate(routes, len(events(tables)) + 1):
        call(method.upper(), path.replace("{week}", "2026-W01").replace("{", "").replace("}", ""), {}, claims=OFFICER)
        assert len(events(tables)) == nth, (method, path)


def test_cjis_au_6_who_saw_a_person_since_a_day_is_asked_in_one_request_and_page_by_page(call, tables):
    call("POST", "/v1/subscriptions", a_wish(NAME_WATCH))
    person = {"person": {"surname": "Example", "given": "Pat"}}  # a search is an event about the person, too
    [today_event] = call("POST", "/v1/audit/search", person, claims=OFFICER).body["items"]
    event = AuditEvent.model_validate(today_event)
    for number in range(4):
        moment = datetime(2026, 6, 1 + number, 23 * (number % 2), 59 * (number % 2), tzinfo=UTC)
        tables.audit.write(event.model_copy(update={"event_id": f"{number:032x}", "occurred_at": moment}))

    def days(**period):
        answer = call("POST", "/v1/audit/search", person | period, claims=OFFICER)
        assert answer.status == 200, answer.body
        events = map(AuditEvent.model_validate, answer.body["items"])
        return [str(event.occurred_at.date()) for event in events if event.who == ADA["email"]]

    assert days() == [str(TODAY), "2026-06-04", "2026-06-03", "2026-06-02", "2026-06-01"]
    assert days(since="2026-06-03") == [str(TODAY), "2026-06-04", "2026-06-03"], "from the day's first moment on"
    assert days(since="2026-06-02", until="2026-06-03") == ["2026-06-03", "2026-06-02"], "until its last moment"
    assert days(until="2026-05-31") == []
    wanted, seen, after = person | {"since": "2026-06-02", "until": "2026-06-30", "limit": 2}, [], ""
    while after is not None:
        page = call("POST", "/v1/audit/search", wanted | {"after": after}, claims=OFFICER).body
        seen += [str(AuditEvent.model_validate(item).occurred_at.date()) for item in page["items"]]
        after = page["next"]
    assert seen == ["2026-06-04", "2026-06-03", "2026-06-02"]
    backwards = person | {"since": "2026-06-03", "until": "2026-06-02"}
    refused = call("POST", "/v1/audit/search", backwards, claims=OFFICER)
    assert (refused.status, refused.body["errors"][0]["field"]) == (422, "until")
    first = call("POST", "/v1/audit/search", wanted, claims=OFFICER).body["next"]
    assert call("POST", "/v1/audit/search", person | {"after": first}, claims=OFFICER).status == 422, "of another list"
