"""Family Court Act 381.3: a juvenile's record is opened by a written order of the family court, and by nothing else.

Asked for, approved by a second person, read by those named in it for a limited time, each look audited; and whoever
tries to get in without.
"""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from shared.arrests.juveniles.opening import Opening, OpeningDecision, decided
from shared.arrests.juveniles.stub import record_key
from shared.arrests.juveniles.table import JuvenilesTable
from shared.arrests.model import Arrest, Flag, Provenance
from shared.aws.optimistic_lock import ConflictError
from shared.offices.agreements import OfficeAgreements
from shared.offices.users import Machine, Right, Scope
from tests.arrests.test_unsealing import ORDER
from tests.builders import NOW, a_user, an_arrest, an_office
from tests.conftest import Tables
from tests.office_api.conftest import ADA, Answer, Call
from tests.offices.test_agreements import an_agreement

OPENINGS = "/v1/juvenile-openings"
PAT = ADA | {"email": "pat@da.example.gov"}  # the second person
RIA = ADA | {"email": "ria@da.example.gov"}  # may be named as a reader
BO = ADA | {"email": "bo@da.example.gov"}  # may look up arrests, and has not the right
QUINN = {"token_use": "id", "email": "quinn@queens.example.gov", "custom:office": "queens"}  # has the right elsewhere
CHILD = an_arrest("J-77", born=date(2012, 5, 6), juvenile=True, surname="Wrenfield", given="Tam")


@pytest.fixture
def child(tables: Tables) -> Arrest:
    tables.arrests.store([CHILD, an_arrest("K-1")], Provenance(drop_id="d", dropped_at=NOW), NOW)
    agreement = an_agreement(ends=date(2999, 12, 31))
    for office_id in ("kings", "queens"):
        agreements = OfficeAgreements(office_id=office_id, agreements=(agreement,), revision=1)
        tables.subscriptions.agreements.save(agreements)
    grant(tables, ADA, Right.JUVENILE, Right.ARRESTS)
    grant(tables, BO, Right.ARRESTS, Right.SUPER_OWNER)
    grant(tables, QUINN, Right.JUVENILE)
    for claims in (PAT, RIA):
        tables.users.add(a_user(claims["email"], rights=frozenset({Right.JUVENILE, Right.ARRESTS})))
    return CHILD


def grant(tables: Tables, claims: dict[str, str], *rights: Right) -> None:
    before = tables.users.find(claims["custom:office"], claims["email"])
    assert before
    after = before.model_copy(update={"rights": frozenset(rights), "revision": before.revision + 1})
    tables.users.change(before, after)


def a_wish(number: str = "J-77", **facts: Any) -> dict[str, Any]:
    order = {"number": "D-04417/26", "court": "Family Court, Kings County", "ordered_on": "2026-11-18"}
    wish = {"agency": "roster", "number": number, "reason": "Discovery, as the order says", "days": 3}
    return wish | {"order": order | facts.pop("order", {})} | facts


def asked(call: Call, number: str = "J-77", **facts: Any) -> str:
    answer = call("POST", OPENINGS, a_wish(number, **facts))
    assert answer.status == 201, answer.body
    assert answer.body["state"] == "waiting"
    return f"{OPENINGS}/{answer.body['opening']['opening_id']}"


def opened(call: Call, number: str = "J-77", **facts: Any) -> str:
    path = asked(call, number, **facts)
    assert call("POST", f"{path}/approve", claims=PAT).body["state"] == "open"
    return path


def told(answer: Answer) -> tuple[int, Any]:
    return answer.status, {name: text for name, text in answer.body.items() if name != "instance"}


def test_fca_381_3_by_an_order_and_a_second_person_the_record_is_read_by_those_named(call: Call, child: Arrest) -> None:
    path = asked(call, readers=[RIA["email"]])
    assert call("GET", f"{path}/record").status == 404, "not approved yet"
    assert call("POST", f"{path}/approve", claims=PAT).body["state"] == "open"
    for claims in (ADA, RIA):
        answer = call("GET", f"{path}/record", claims=claims)
        assert (answer.status, answer.body["record"]["number"]) == (200, "J-77")
        assert answer.body["record"]["person"]["names"][0]["surname"] == "Wrenfield"


def test_fca_381_3_whoever_approves_does_not_read_and_whoever_reads_does_not_approve(call: Call, child: Arrest) -> None:
    path = asked(call, readers=[RIA["email"]])
    assert [call("POST", f"{path}/approve", claims=claims).status for claims in (ADA, RIA, PAT)] == [403, 403, 200]
    assert call("GET", f"{path}/record", claims=PAT).status == 403
    assert call("POST", f"{path}/approve", claims=PAT).status == 409, "a decision is taken once"


def test_fca_381_3_without_the_right_nobody_asks_lists_decides_or_reads(call: Call, child: Arrest) -> None:
    """A super-owner who may look up every arrest has not this right; a person of another office has it there."""
    path = opened(call)
    assert call("POST", OPENINGS, a_wish(), BO).status == 403
    assert call("GET", OPENINGS, claims=BO).status == 403
    for method, route in (("GET", path), ("GET", f"{path}/record"), ("POST", f"{path}/approve")):
        assert call(method, route, claims=BO).status == 404, route
        assert call(method, route, claims=QUINN).status == 404, route
    assert call("GET", OPENINGS, claims=QUINN).body["items"] == []


@pytest.mark.parametrize(
    "number", ["", "  ", "N/A", "n.a.", "none", "Pending", "TBD", "unknown", "000", "-", "XXXX", "order"]
)
def test_fca_381_3_a_blank_or_placeholder_order_number_is_refused(call: Call, child: Arrest, number: str) -> None:
    refused = call("POST", OPENINGS, a_wish(order={"number": number}))
    assert refused.status == 422
    assert call("GET", OPENINGS).body["items"] == []


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"order": {"court": "N/A"}}, "order.court"),
        ({"order": {"ordered_on": "soon"}}, "order.ordered_on"),
        ({"reason": "tbd"}, "reason"),
        ({"days": 31}, "days"),
        ({"days": 0}, "days"),
        ({"readers": [BO["email"]]}, "readers.0"),
        ({"readers": [QUINN["email"]]}, "readers.0"),
        ({"readers": ["nobody@da.example.gov"]}, "readers.0"),
        ({"reason": "for ICE detainer"}, "reason"),
    ],
)
def test_fca_381_3_what_is_wrong_with_a_request_is_said_field_by_field(
    call: Call, child: Arrest, facts: dict[str, Any], field: str
) -> None:
    refused = call("POST", OPENINGS, a_wish(**facts))
    assert refused.status == 422
    assert field in {problem["field"] for problem in refused.body["errors"]}


def test_fca_381_3_an_order_of_tomorrow_week_opens_nothing(call: Call, child: Arrest) -> None:
    future = (datetime.now(UTC).date() + timedelta(days=7)).isoformat()
    assert call("POST", OPENINGS, a_wish(order={"ordered_on": future})).status == 409


def aged(tables: Tables, path: str, **changes: Any) -> None:
    """The opening as it would be later."""
    juveniles = JuvenilesTable(tables.client, "Juveniles")
    opening = juveniles.opening("kings", path.rpartition("/")[2])
    assert isinstance(opening, Opening)
    juveniles.save(opening.model_copy(update=changes | {"revision": opening.revision + 1}))


def test_fca_381_3_after_its_time_or_closed_early_it_is_read_no_more_and_answers_as_if_there_were_none(
    call: Call, child: Arrest, tables: Tables
) -> None:
    expired, closed, none = opened(call), opened(call), opened(call, "J-99999")
    an_hour_ago = datetime.now(UTC) - timedelta(hours=1)
    aged(tables, expired, ends_at=an_hour_ago)
    assert call("POST", f"{closed}/close").body["state"] == "closed"
    answers = [told(call("GET", f"{path}/record")) for path in (expired, closed, none, asked(call))]
    assert {status for status, _ in answers} == {404}
    assert len({str(answer) for answer in answers}) == 1, "which of them it is, is not said"
    assert call("GET", expired).body["state"] == "expired"


def test_fca_381_3_a_request_that_nobody_decided_lapses(call: Call, child: Arrest, tables: Tables) -> None:
    path = asked(call)
    aged(tables, path, requested_at=datetime.now(UTC) - timedelta(days=31))
    assert call("POST", f"{path}/approve", claims=PAT).status == 409
    assert call("GET", path).body["state"] == "lapsed"


def test_fca_381_3_a_request_says_nothing_of_whether_there_is_a_record(call: Call, child: Arrest) -> None:
    """The same answers, and the table of juveniles is asked for no record, before an order has opened one."""
    there, nowhere, adult = (call("POST", OPENINGS, a_wish(number)).body for number in ("J-77", "J-99999", "K-1"))
    for body in (there, nowhere, adult):
        for name in ("opening_id", "requested_at", "request"):
            body["opening"].pop(name)
    assert there == nowhere == adult


def test_fca_381_3_an_adults_arrest_is_not_read_by_this_way(call: Call, child: Arrest) -> None:
    assert call("GET", f"{opened(call, 'K-1')}/record").status == 404


def test_fca_381_3_who_loses_the_right_reads_no_more(call: Call, child: Arrest, tables: Tables) -> None:
    path = opened(call)
    grant(tables, ADA, Right.ARRESTS)
    assert call("GET", f"{path}/record").status == 404


def test_fca_381_3_no_machine_gets_in_whatever_its_scopes(call: Call, child: Arrest, tables: Tables) -> None:
    """Somebody has given a system of the office the right, too."""
    path = opened(call)
    machine = Machine(client_id="robot", scopes=frozenset(Scope), purpose="investigation")
    rights = frozenset({Right.JUVENILE})
    tables.users.add(a_user("robot@da.example.gov", rights=rights).model_copy(update={"machine": machine}))
    tables.users.bind_machine("robot", "kings", "robot@da.example.gov")
    claims = {"token_use": "access", "client_id": "robot", "scope": " ".join(scope.in_token for scope in Scope)}
    asks = (
        ("GET", OPENINGS),
        ("POST", OPENINGS),
        ("GET", path),
        ("GET", f"{path}/record"),
        ("POST", f"{path}/approve"),
    )
    statuses = [call(method, route, a_wish() if route == OPENINGS else None, claims).status for method, route in asks]
    assert set(statuses) <= {403, 404}, statuses


@pytest.mark.parametrize(
    "guess", ["0" * 14 + "0" * 18, "20261120090000" + "a" * 18, "1", "x' or 1", "openings%23kings"]
)
def test_fca_381_3_a_guessed_id_opens_nothing(call: Call, child: Arrest, guess: str) -> None:
    opened(call)
    assert call("GET", f"{OPENINGS}/{guess}/record").status in (404, 422)
    assert call("GET", f"{OPENINGS}/{child.arrest_id}/record").status in (404, 422)


def test_28_cfr_20_21_d_no_search_list_or_look_up_finds_the_record_not_even_with_the_right(
    call: Call, child: Arrest
) -> None:
    """The right `juvenile` opened them before; it only lets its holder ask now."""
    opened(call)
    answers = [
        call("GET", f"/v1/arrests/{child.arrest_id}"),
        call("GET", f"/v1/arrests/{child.arrest_id}/history"),
        call("POST", "/v1/arrests/search", {"number": "J-77", "agency": "roster"}),
        call("GET", "/v1/alerts"),
        call("GET", "/v1/reviews"),
        call("GET", OPENINGS),
        call("POST", "/v1/backtest", {"criterion": {"watch": "person", "surname": "Wrenfield", "given": "Tam"},
                                      "basis": {"kind": "investigation", "case_number": "2026-1"}}),
    ]  # fmt: skip
    assert [answer.status for answer in answers[:2]] == [404, 404]
    for answer in answers:
        assert "wrenfield" not in str(answer.body).casefold(), answer.body


def test_28_cfr_20_21_d_each_look_is_an_audit_event_with_the_opening_and_names_nobody(
    call: Call, child: Arrest, tables: Tables
) -> None:
    path = opened(call)
    for _ in range(2):
        call("GET", f"{path}/record")
    call("GET", f"{path}/record", claims=QUINN)
    events = [item for item in tables.everything_in("Audit") if "/record" in str(item)]
    assert len([item for item in events if path.rpartition("/")[2] in str(item)]) >= 2
    for word in ("wrenfield", "j-77", "d-04417", "2012-05-06"):
        assert word not in str(tables.everything_in("Audit")).casefold(), word


def test_28_cfr_20_21_d_the_answer_that_comes_again_holds_an_id_and_nothing_else(
    call: Call, child: Arrest, tables: Tables
) -> None:
    first = call("POST", OPENINGS, a_wish(), idempotency_key="k-1")
    again = call("POST", OPENINGS, a_wish(), idempotency_key="k-1")
    assert again.body["opening"]["opening_id"] == first.body["opening"]["opening_id"]
    assert "J-77" not in str(tables.everything_in("Subscriptions"))


def test_fca_381_3_of_two_who_decide_at_once_the_slower_changes_nothing(
    call: Call, child: Arrest, tables: Tables
) -> None:
    """Both read the request while it waited; one refuses, the other approves."""
    path, now = asked(call), datetime.now(UTC)
    juveniles = JuvenilesTable(tables.client, "Juveniles")
    waiting = juveniles.opening("kings", path.rpartition("/")[2])
    assert waiting
    juveniles.save(decided(waiting, OpeningDecision.REFUSE, RIA["email"], now))
    with pytest.raises(ConflictError):
        juveniles.save(decided(waiting, OpeningDecision.APPROVE, PAT["email"], now))
    assert call("GET", path).body["state"] == "refused"
    assert call("GET", f"{path}/record").status == 404


def test_fca_381_3_an_approval_that_is_stored_again_does_not_open_what_was_closed(
    call: Call, child: Arrest, tables: Tables
) -> None:
    path = opened(call)
    juveniles = JuvenilesTable(tables.client, "Juveniles")
    approved = juveniles.opening("kings", path.rpartition("/")[2])
    assert approved
    assert call("POST", f"{path}/close").body["state"] == "closed"
    with pytest.raises(ConflictError):
        juveniles.save(approved)
    assert call("GET", path).body["state"] == "closed"


@pytest.mark.parametrize("purpose", ["administration", "audit", "records"])
def test_cpl_720_35_a_record_that_bears_a_mark_is_not_open_for_a_purpose_that_marks_do_not_permit(
    call: Call, child: Arrest, tables: Tables, purpose: str
) -> None:
    path, nowhere = opened(call), opened(call, "J-99999")
    assert call("GET", f"{path}/record", purpose=purpose).status == 200, "without a mark the order opens it"
    tables.client.update_item(
        TableName="Juveniles",
        Key=record_key(child.arrest_id),
        UpdateExpression="SET mark = :statute",
        ExpressionAttributeValues={":statute": {"S": "CPL 720.35"}},
    )
    read = call("GET", f"{path}/record", purpose="investigation")
    assert (read.status, read.body["record"]["flags"]) == (200, [Flag.SEALED_AND_OPEN, Flag.NO_CONVICTION])
    assert told(call("GET", f"{path}/record", purpose=purpose)) == told(
        call("GET", f"{nowhere}/record", purpose=purpose)
    )


def test_fca_381_3_who_enters_a_courts_order_that_unseals_is_not_told_whether_a_child_has_a_record(
    call: Call, child: Arrest, tables: Tables
) -> None:
    tables.offices.enrol(an_office(agencies=("roster",)))
    grant(tables, BO, Right.SEAL)
    answers = [
        call("POST", "/v1/agencies/roster/unsealings", ORDER | {"number": number}, BO) for number in ("J-77", "J-99999")
    ]
    assert [answer.status for answer in answers] == [422, 422]
    assert answers[0].body["errors"] == answers[1].body["errors"]
