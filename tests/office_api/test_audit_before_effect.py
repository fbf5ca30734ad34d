"""Nothing is done that is not recorded before, and an event is about what was reached, not about what was sent."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from itertools import islice, product
from string import ascii_lowercase
from typing import Any
from uuid import uuid4

import pytest
from botocore.exceptions import EndpointConnectionError

from shared.audit.event import AuditEvent, person_subject
from shared.audit.unfinished import close_unfinished
from shared.offices.users import Right
from tests.builders import NAME_WATCH, PSEUDONYMS, a_subscription, a_user, a_wish
from tests.conftest import Tables
from tests.office_api.conftest import ADA, Call
from tests.office_api.document import committed
from tests.office_api.test_audit import OFFICER, events
from tests.office_api.test_bad_input import path_of

CHANGING = [
    (method.upper(), path)
    for path, operations in committed()["paths"].items()
    for method in operations
    if method != "get"
]
CANARY = "Canary-Quillfeather"


@pytest.fixture
def tables(tables: Tables) -> Tables:
    tables.users.add(a_user(OFFICER["email"], "kings", rights=frozenset({Right.AUDIT})))
    return tables


def intents(tables: Tables) -> list[AuditEvent]:
    rows = [item for item in tables.everything_in("Audit") if item["pk"]["S"].startswith("intent#")]
    return [AuditEvent.model_validate_json(row["doc"]["S"]) for row in rows]


@contextmanager
def audit_table_takes_no(operation: str) -> Iterator[None]:
    """The API's own client cannot reach the audit table for this operation; all else goes on."""
    from shared.office_api import dependencies  # noqa: PLC0415 - imported as Lambda does, by the fixture `handler`

    def refuse(params: dict[str, Any], **_: Any) -> None:
        if "'Audit'" in str(params):
            raise EndpointConnectionError(endpoint_url="https://dynamodb.us-east-1.amazonaws.com")

    hooks, name = dependencies.audit._client.meta.events, f"provide-client-params.dynamodb.{operation}"
    hooks.register(name, refuse)
    try:
        yield
    finally:
        hooks.unregister(name, refuse)


def test_tb1_the_intent_is_stored_before_the_route_acts_with_nothing_of_the_body(call: Call, tables: Tables) -> None:
    with audit_table_takes_no("TransactWriteItems"):  # so that only what comes before the act is stored
        call("POST", "/v1/subscriptions", a_wish(NAME_WATCH, reference=CANARY))
    [intent] = intents(tables)
    assert (intent.who, intent.office_id, intent.outcome) == (ADA["email"], "kings", "begun")
    assert (intent.action, intent.purpose, intent.request_id) == ("POST /v1/subscriptions", "investigation", "r-1")
    assert (intent.subjects, intent.denied, intent.status) == ((), (), 0)
    assert not any(word in intent.model_dump_json() for word in (CANARY, "Example", "2026-KN"))


@pytest.mark.parametrize("operation", ["PutItem", "TransactWriteItems"])
def test_cjis_au_5_what_cannot_be_recorded_is_counted(
    call: Call, tables: Tables, operation: str, capsys: pytest.CaptureFixture[str]
) -> None:
    call("GET", "/v1/subscriptions")
    assert "AuditNotRecorded" not in capsys.readouterr().out
    with audit_table_takes_no(operation):
        assert call("GET", "/v1/subscriptions").status == 503
    counted = [line for line in capsys.readouterr().out.splitlines() if '"AuditNotRecorded"' in line and "_aws" in line]
    assert [json.loads(line)["AuditNotRecorded"] for line in counted] == [[1.0]]


@pytest.mark.parametrize(("method", "path"), CHANGING)
def test_tb1_without_an_intent_no_route_does_anything(call: Call, tables: Tables, method: str, path: str) -> None:
    before = tables.everything_in("Subscriptions"), tables.everything_in("Alerts")
    with audit_table_takes_no("PutItem"):
        answer = call(method, path_of(path), a_wish(NAME_WATCH))
    assert (answer.status, "nothing was done" in answer.body["detail"]) == (503, True)
    assert (tables.everything_in("Subscriptions"), tables.everything_in("Alerts")) == before


def test_tb1_a_change_without_its_intent_is_not_made(call: Call) -> None:
    with audit_table_takes_no("PutItem"):
        assert call("POST", "/v1/subscriptions", a_wish()).status == 503
    assert call("GET", "/v1/subscriptions").body["items"] == []


BODIES = {
    "half a letter": '{"alert_id": "\\ud800"}',
    "deep": "[" * 100_000,
    "a long id": json.dumps({"alert_id": "a" * 3_000, "folder_id": "../" * 1_000}),
    "ids": json.dumps([{"alert_id": uuid4().hex} for _ in range(2_500)]),
}


@pytest.mark.parametrize("name", BODIES)
@pytest.mark.parametrize(("method", "path"), [pair for pair in CHANGING if "links" not in pair[1]])
def test_tb1_whatever_the_body_holds_a_changing_request_has_one_event(
    call: Call, tables: Tables, method: str, path: str, name: str
) -> None:
    answer = call(method, path_of(path), BODIES[name])
    assert answer.status < 500
    [event], [intent] = events(tables), intents(tables)
    assert (event.event_id, event.occurred_at) == (intent.event_id, intent.occurred_at)
    assert (event.status, event.action) == (answer.status, f"{method} {path_of(path)}")


def test_tb1_odd_headers_and_claims_are_refused_and_have_their_event(call: Call, tables: Tables) -> None:
    for header in ("purpose", "idempotency_key"):
        assert call("POST", "/v1/subscriptions", a_wish(), **{header: "\ud800"}).status == 422, header
    assert call("GET", "/v1/" + "\ud800" * 9).status == 404
    assert call("GET", "/v1/me", claims=ADA | {"custom:ori": "\ud800" * 9}).status == 200
    assert call("GET", "/v1/me", claims=ADA | {"email": "\ud800" * 3_000}).status == 403
    assert len(events(tables)) == len(intents(tables)) == 5


def test_tb1_whoever_reads_the_trail_sees_one_event_a_request(call: Call) -> None:
    made = call("POST", "/v1/subscriptions", a_wish()).body["subscription_id"]
    for query in (f"user={ADA['email']}", f"subject=subscription:{made}", ""):
        [event] = [
            item
            for item in call("GET", "/v1/audit", claims=OFFICER, query=query).body["items"]
            if item["who"] == ADA["email"]
        ]
        assert event["outcome"] == "allowed"


def test_tb1_a_change_whose_outcome_is_lost_is_not_answered_and_is_found_and_shown(call: Call, tables: Tables) -> None:
    with audit_table_takes_no("TransactWriteItems"):
        answer = call("POST", "/v1/subscriptions", a_wish(), idempotency_key="k-1")
    assert (answer.status, "may have been carried out" in answer.body["detail"]) == (503, True)
    assert events(tables) == []

    later = datetime.now(UTC) + timedelta(minutes=6)
    [unknown] = close_unfinished(tables.audit, later)
    assert list(close_unfinished(tables.audit, later)) == [], "it is closed once"
    assert (unknown.who, unknown.action, unknown.outcome) == (ADA["email"], "POST /v1/subscriptions", "unknown")
    items = call("GET", "/v1/audit", claims=OFFICER, query=f"user={ADA['email']}").body["items"]
    assert [item["outcome"] for item in items] == ["unknown"]

    repeated = call("POST", "/v1/subscriptions", a_wish(), idempotency_key="k-1")
    assert (repeated.status, repeated.headers["Idempotent-Replayed"]) == (201, "true")


def test_tb1_a_request_that_is_being_handled_is_not_reported(call: Call, tables: Tables) -> None:
    with audit_table_takes_no("TransactWriteItems"):
        call("GET", "/v1/me")
    assert list(close_unfinished(tables.audit, datetime.now(UTC) + timedelta(minutes=3))) == []


def test_tb2_ids_that_were_merely_sent_are_no_subjects(call: Call, tables: Tables) -> None:
    made = call("POST", "/v1/subscriptions", a_wish(NAME_WATCH)).body["subscription_id"]
    sent = [{"alert_id": uuid4().hex, "surname": CANARY, "given": "Dorian"} for _ in range(2_500)]
    assert call("DELETE", f"/v1/subscriptions/{made}", {"items": sent}).status == 200
    cancelled = events(tables)[-1]
    assert f"subscription:{made}" in cancelled.subjects
    assert not any(subject.startswith("alert:") for subject in cancelled.subjects)
    kinds = {subject.partition(":")[0] for subject in cancelled.subjects}
    assert kinds == {"subscription", "person"}, "the person is the subscription's own"


def test_tb2_a_body_that_is_not_valid_has_no_subjects(call: Call, tables: Tables) -> None:
    call("POST", "/v1/subscriptions", a_wish(NAME_WATCH, alert_id="a" * 32, urgency="at once"))
    [event] = events(tables)
    assert (event.status, event.subjects, event.denied) == (422, (), ())


def test_tb2_an_id_that_is_denied_is_marked_as_denied(call: Call, tables: Tables) -> None:
    made = call("POST", "/v1/subscriptions", a_wish()).body["subscription_id"]
    absent = "f" * 32
    call("GET", f"/v1/alerts/{absent}")
    call("POST", "/v1/subscriptions/validations", {"ids": [made, absent]})
    denied, several = events(tables)[-2:]
    assert (denied.outcome, denied.subjects, denied.denied) == ("denied", (), (f"alert:{absent}",))
    assert several.outcome == "allowed"
    assert f"subscription:{made}" in several.subjects
    assert several.denied == (f"subscription:{absent}",)
    for subject in (denied.denied[0], several.denied[0]):
        assert len(call("GET", "/v1/audit", claims=OFFICER, query=f"subject={subject}").body["items"]) == 1


def test_tb2_an_answer_about_more_than_fits_has_several_linked_events_and_loses_nobody(
    call: Call, tables: Tables
) -> None:
    given = ["Pat" + "".join(letters) for letters in islice(product(ascii_lowercase, repeat=3), 1_200)]
    for start in range(0, len(given), 15):
        persons = [NAME_WATCH | {"given": name} for name in given[start : start + 15]]
        tables.watch_list.add(a_subscription({"any": persons}))
    assert len(call("GET", "/v1/subscriptions", query="limit=100").body["items"]) == 80
    first, *further = sorted(events(tables), key=lambda event: event.continues)
    assert [event.continues for event in further] == [first.event_id]
    subjects = {subject for event in (first, *further) for subject in event.subjects}
    persons_read = {person_subject(PSEUDONYMS, "Example", name, "1990-02-03") for name in given}
    assert len(subjects) == 80 + 2 * len(persons_read)
    assert persons_read <= subjects
    for subject in (min(subjects), max(subjects)):
        assert call("GET", "/v1/audit", claims=OFFICER, query=f"subject={subject}").body["items"]


@pytest.mark.parametrize(("method", "path"), CHANGING)
def test_tb2_no_event_holds_free_text_of_a_body(call: Call, tables: Tables, method: str, path: str) -> None:
    texts = {"surname": CANARY, "given": CANARY, "note": CANARY, "reference": CANARY, "name": CANARY}
    call(method, path_of(path), a_wish(NAME_WATCH | {"surname": CANARY, "given": CANARY}, reference=CANARY))
    call(method, path_of(path), texts | {"user_id": CANARY, "arrests": [CANARY]})
    assert CANARY.casefold() not in json.dumps(tables.everything_in("Audit"), default=str).casefold()
