"""What is kept of an answer is its ids. A repeated request is answered with what may be read at that moment."""

import hashlib
import json
import re
from base64 import b64encode
from datetime import UTC, date, datetime, timedelta
from typing import Any, NamedTuple

import boto3
import pytest

from shared.alerts.match_arrests import MatchDeps, match_versions
from shared.arrests.disputed import ArrestFact
from shared.arrests.model import Provenance
from shared.arrests.retention.case_entry import CaseEntry, CaseEntryKind
from shared.arrests.retention.hold import Hold, HoldKind, ProposedEnd
from shared.arrests.seals.lock import SealLock
from shared.arrests.seals.locks_table import LocksTable
from shared.arrests.seals.unsealing import UnsealingRequest
from shared.arrests.seals.unsealings_table import UnsealingsTable
from shared.arrests.table import Version
from shared.aws.idempotency_table import IdempotencyTable
from shared.breaches.table import BreachesTable
from shared.disclosures.table import DisclosuresTable
from shared.disputes.decide import correction_notices
from shared.feeds.drops.model import Drop
from shared.feeds.drops.receipt import Receipt
from shared.offices.agreements import OfficeAgreements
from shared.offices.users import Right
from shared.records_requests.table import RecordsRequestsTable
from shared.retention.case_entries_table import CaseEntriesTable
from shared.retention.holds_table import HoldsTable
from shared.subscriptions.bulk.upload import content_hash_of
from tests.arrests.test_unsealing import an_unsealing
from tests.breaches.cases import a_breach, a_breach_request, a_step
from tests.builders import NOW, PSEUDONYMS, a_subscription, a_user, a_wish, an_arrest, an_office, discard
from tests.conftest import Tables
from tests.disclosures.test_decide import a_disclosure, a_request
from tests.disputes.cases import a_dispute, a_dispute_request, no_disputes
from tests.feeds.small_drops import PROFILE
from tests.office_api.conftest import ADA, Answer, Call
from tests.office_api.test_endpoints import POSTS_THAT_READ
from tests.offices.test_agreements import an_agreement
from tests.records_requests.test_decide import a_request as a_stored_request_of

SURNAME, GIVEN, NOTE, CASE, FOLDER = "Canaryfeather", "Dorianna", "canary note", "CANARY-CASE-7", "Canary folder"
CANARIES = (SURNAME, GIVEN, NOTE, CASE, FOLDER, "1988-03-14", "ada.example", "cleo", "@")
PERSON = {"watch": "person", "surname": SURNAME, "given": GIVEN, "date_of_birth": "1988-03-14"}
BASIS = {"kind": "open case", "case_number": CASE}
IDS_AND_WORDS = re.compile(r"[0-9a-f]{32}|[a-z]+( [a-z]+)?")
RIA = ADA | {"email": "ria@da.example.gov"}
LAST_WEEK = "{}-W{:02}".format(*(datetime.now(UTC) - timedelta(days=7)).isocalendar())


class Request(NamedTuple):
    path: str
    body: Any = None
    if_match: str = ""


def a_case_entry(tables: Tables) -> dict[str, Any]:
    number = next(item["number"]["S"] for item in tables.everything_in("Alerts") if item["part"]["S"] == "number")
    return {"number": number, "kind": "appeals exhausted", "day": "2026-11-02", "source": NOTE}


def an_entered_case_entry(tables: Tables) -> str:
    """The path at which it is taken back."""
    entry = CaseEntry(
        entry_id="5" * 32, office_id="kings", arrest_ids=("6" * 32,), kind=CaseEntryKind.SETTLED, day=date(2026, 11, 2),
        source=NOTE, entered_by=ADA["email"], entered_at=NOW,
    )  # fmt: skip
    CaseEntriesTable(tables.client, "Subscriptions").store(entry)
    return f"/v1/case-entries/{entry.entry_id}/take-back"


def a_hold(tables: Tables, number: int = 7, proposed_by: str = "") -> str:
    """The path at which an own hold ends, or an end that somebody has proposed waits."""
    end = {"ended_on": date(2026, 11, 2), "reason": NOTE, "proposed_by": proposed_by, "proposed_at": NOW}
    hold = Hold(
        hold_id=f"{number:032x}", office_id="kings", kind=HoldKind.CASE, reason=NOTE, placed_by=ADA["email"],
        placed_at=NOW, proposed_end=ProposedEnd.model_validate(end) if proposed_by else None,
    )  # fmt: skip
    HoldsTable(tables.client, "Subscriptions").store(hold)
    return f"/v1/holds/{hold.hold_id}/end"


def a_records_request(tables: Tables) -> dict[str, Any]:
    arrests = [an_arrest(number, sid=None) for number in ("K-ASKED", "K-ADDED")]
    tables.arrests.store(arrests, Provenance(drop_id="d", dropped_at=NOW), NOW)
    words = {"about": NOTE, "requester": f"{GIVEN} {SURNAME}", "requester_kind": "press", "reference": CASE}
    return words | {"kind": "foil", "received_on": "2026-11-02", "arrest_ids": [arrests[0].arrest_id]}


def a_stored_request(tables: Tables, number: int) -> str:
    """The path of a request that was entered before."""
    facts = {"request_id": f"20261102150000{number:018x}", "arrest_ids": (an_arrest("K-ASKED").arrest_id,)}
    request = a_stored_request_of().model_copy(update=facts)
    RecordsRequestsTable(tables.client, "Subscriptions").save(request)
    return f"/v1/records-requests/{request.request_id}"


def an_export_request(tables: Tables) -> Request:
    path, about = a_stored_request(tables, 4), [an_arrest("K-ASKED").arrest_id]
    facts: dict[str, Any] = {"arrest_ids": about, "means": "export", "recipient_kind": "press"}
    disclosure = a_disclosure("crime", ADA["email"], NOW, f"{4:018x}", **facts)
    DisclosuresTable(tables.client, "Subscriptions").save(disclosure)
    return Request(f"{path}/exports", {"disclosure_id": disclosure.disclosure_id})


def a_disclosure_request(tables: Tables) -> dict[str, Any]:
    """For an arrest that Ada may look up, under an agreement."""
    arrest = an_arrest("K-DISCLOSED", sid=None)
    tables.arrests.store([arrest], Provenance(drop_id="d", dropped_at=NOW), NOW)
    agreement = an_agreement(ends=date(2999, 12, 31))
    tables.subscriptions.agreements.save(OfficeAgreements(office_id="kings", agreements=(agreement,), revision=1))
    return a_request(arrest_ids=[arrest.arrest_id], recipient=SURNAME).model_dump(mode="json")


def a_decision(tables: Tables, decision: str, number: int) -> Request:
    arrest = an_arrest(f"K-PASSED-ON-{number}", sid=None)
    tables.arrests.store([arrest], Provenance(drop_id="d", dropped_at=NOW), NOW)
    facts: dict[str, Any] = {"arrest_ids": [arrest.arrest_id], "recipient": SURNAME}
    disclosure = a_disclosure(requested_by="cleo@da.example.gov", token=f"{number:018x}", **facts)
    DisclosuresTable(tables.client, "Subscriptions").save(disclosure)
    return Request(f"/v1/disclosures/{disclosure.disclosure_id}/{decision}", {"reason": NOTE})


def a_dispute_body(tables: Tables) -> dict[str, Any]:
    """For an arrest that Ada may look up."""
    arrest = an_arrest("K-DISPUTED", sid=None)
    tables.arrests.store([arrest], Provenance(drop_id="d", dropped_at=NOW), NOW)
    texts = {"claim": NOTE, "claimant_name": SURNAME, "identity_proof": NOTE}
    return a_dispute_request(arrest_id=arrest.arrest_id, **texts).model_dump(mode="json")


def a_dispute_decision(tables: Tables) -> Request:
    arrest = an_arrest("K-DECIDED", sid=None)
    tables.arrests.store([arrest], Provenance(drop_id="d", dropped_at=NOW), NOW)
    empty = no_disputes(arrest.arrest_id)
    dispute = a_dispute("cleo@da.example.gov", stored=empty, arrest_id=arrest.arrest_id)
    tables.subscriptions.disputes.save(empty.with_dispute(dispute))
    return Request(f"/v1/disputes/{dispute.dispute_id}/decision", {"decision": "refused", "reason": NOTE})


def a_told_recipient(tables: Tables) -> Request:
    disclosure = a_disclosure("crime", requested_by="cleo@da.example.gov", token=f"{3:018x}", recipient=SURNAME)
    DisclosuresTable(tables.client, "Subscriptions").save(disclosure)
    arrest_id, now = disclosure.request.arrest_ids[0], datetime.now(UTC)
    [notice] = correction_notices([disclosure], arrest_id, "content", {ArrestFact.NAME}, now.date(), now)
    tables.subscriptions.disputes.add_notice(notice)
    path = f"/v1/disclosures/{disclosure.disclosure_id}/corrections/{notice.notice_id}/told"
    return Request(path, {"means": "mail", "told_on": str(an_office().local_day(now))})


def a_recorded_breach(tables: Tables, number: int) -> str:
    breach = a_breach(new_id=f"{number:032x}", summary=NOTE)
    BreachesTable(tables.client, "Subscriptions").save(breach)
    return f"/v1/breaches/{breach.breach_id}"


def a_lock(tables: Tables) -> str:
    lock = SealLock(lock_id="a" * 32, agency="testville", keys=("b" * 32,), drop_id="d", locked_at=NOW)
    LocksTable(tables.client, "Agencies").store(lock)
    return lock.lock_id


def an_order(tables: Tables, number: int) -> dict[str, Any]:
    """A court's order about an arrest that is marked."""
    arrest = an_arrest(f"K-MARKED-{number}", agency="testville", sid=None)
    marks = {arrest.arrest_id: "CPL 160.57"}
    tables.arrests.store([arrest], Provenance(drop_id="d", dropped_at=NOW), NOW, marks)
    request = an_unsealing().request.model_copy(update={"number": arrest.number, "subparagraph": "160.57"})
    return request.model_dump(mode="json")


def a_decided_order(tables: Tables, decision: str, number: int) -> Request:
    order = UnsealingRequest.model_validate(an_order(tables, number))
    unsealing = an_unsealing(
        unsealing_id=f"{number:032x}", request=order, requested_by="cleo@da.example.gov", agency="testville"
    )
    UnsealingsTable(tables.client, "Agencies").save(unsealing)
    return Request(f"/v1/unsealings/{unsealing.unsealing_id}/{decision}", {"reason": NOTE})


def a_watch(**facts: Any) -> dict[str, Any]:
    return a_wish(PERSON, basis=BASIS, note={"private": NOTE, "public": NOTE}, reference=NOTE, **facts)


@pytest.fixture
def tables(tables: Tables) -> Tables:
    """Ada may do everything, and keeps and seals an agency."""
    ada = tables.users.find("kings", ADA["email"])
    assert ada
    tables.users.change(ada, ada.model_copy(update={"rights": frozenset(Right), "revision": ada.revision + 1}))
    tables.offices.enrol(an_office(agencies=("testville",), may_seal=("testville",)))
    tables.agencies.enrol("testville", PROFILE)
    for bucket in ("feeds", "copies"):
        boto3.client("s3").create_bucket(Bucket=bucket)
    boto3.client("s3").put_bucket_versioning(Bucket="feeds", VersioningConfiguration={"Status": "Enabled"})
    return tables


def openings_of_juveniles(call: Call, tables: Tables) -> dict[str, Request]:
    """Two that wait for Ada, and one of hers that is open."""
    tables.users.add(a_user(RIA["email"], rights=frozenset({Right.JUVENILE, Right.ARRESTS})))
    path = "/v1/juvenile-openings"

    def wish(number: str) -> dict[str, Any]:
        order = {"number": f"D-{number}/26", "court": "Family Court, Kings County", "ordered_on": "2026-11-18"}
        return {"agency": "roster", "number": number, "reason": NOTE, "days": 3, "order": order}

    def asked(number: str, claims: dict[str, str]) -> str:
        return str(call("POST", path, wish(number), claims).body["opening"]["opening_id"])

    mine = asked("J-3", ADA)
    assert call("POST", f"{path}/{mine}/approve", claims=RIA).status == 200
    return {
        f"POST {path}": Request(path, wish("J-4")),
        f"POST {path}/{{opening_id}}/approve": Request(f"{path}/{asked('J-1', RIA)}/approve"),
        f"POST {path}/{{opening_id}}/refuse": Request(f"{path}/{asked('J-2', RIA)}/refuse"),
        f"POST {path}/{{opening_id}}/close": Request(f"{path}/{mine}/close"),
    }


@pytest.fixture
def requests(call: Call, tables: Tables) -> dict[str, Request]:
    """One request that succeeds for each POST, in the order in which they can be sent."""
    folder = call("POST", "/v1/folders", {"name": FOLDER, "tab": "my"}).body["folder"]["folder_id"]
    ids = [alerting_subscription(tables, **criterion) for criterion in ({}, {"surname": "Umbrella"})]
    alert_id, (confirmed, dismissed, *_) = an_alert_and_reviews(call, tables)
    drops = [a_drop(tables, number, held=number < 2) for number in range(3)]
    csv = f"surname,given,date_of_birth,basis,case_number\n{SURNAME},{GIVEN},1988-03-14,open case,{CASE}\n".encode()
    file = {"format": "csv", "content": b64encode(csv).decode()}
    row = {"case_number": CASE, "prosecutor": ADA["email"], "state": "open", "surname": SURNAME, "given": GIVEN}
    entry = {"number": "T-1", "arrested": "2026-11-20", "surname": SURNAME, "given": GIVEN, "born": "1988-03-14"}
    profile, today = {"text": PROFILE}, str(datetime.now(UTC).date())
    a_place = {"address": "14 Elm St", "city": "Testville", "since": today, "until": today, "case_number": CASE}
    seen = call("GET", f"/v1/audit/weeks/{LAST_WEEK}").body["seen"]
    one, drop = "/v1/subscriptions/{subscription_id}", "/v1/agencies/{agency_id}/drops/{drop_id}"
    mine, testville = f"/v1/subscriptions/{ids[0]}", "/v1/agencies/testville"
    return openings_of_juveniles(call, tables) | {
        "POST /v1/subscriptions": Request("/v1/subscriptions", a_watch()),
        "POST /v1/holds": Request("/v1/holds", {"kind": "case", "reason": NOTE, "reference": CASE}),
        "POST /v1/holds/{hold}/end": Request(a_hold(tables), {"ended_on": "2026-11-02", "reason": NOTE}),
        "POST /v1/holds/{hold}/end/confirm": Request(f"{a_hold(tables, 8, 'bo@da.example.gov')}/confirm", if_match="*"),
        "POST /v1/holds/{hold}/end/refuse": Request(f"{a_hold(tables, 9, 'bo@da.example.gov')}/refuse"),
        "POST /v1/case-entries": Request("/v1/case-entries", a_case_entry(tables)),
        "POST /v1/case-entries/{entry}/take-back": Request(an_entered_case_entry(tables)),
        "POST /v1/records-requests": Request("/v1/records-requests", a_records_request(tables)),
        "POST /v1/records-requests/{request}/records": Request(
            f"{a_stored_request(tables, 1)}/records", {"arrest_ids": [an_arrest("K-ADDED").arrest_id]}
        ),
        "POST /v1/records-requests/{request}/steps": Request(
            f"{a_stored_request(tables, 2)}/steps", {"kind": "withdrawn", "reason": NOTE}
        ),
        "POST /v1/records-requests/{request}/notes": Request(f"{a_stored_request(tables, 3)}/notes", {"release": True}),
        "POST /v1/records-requests/{request}/exports": an_export_request(tables),
        "POST /v1/disclosures": Request("/v1/disclosures", a_disclosure_request(tables)),
        "POST /v1/disclosures/{disclosure_id}/approve": a_decision(tables, "approve", 1),
        "POST /v1/disclosures/{disclosure_id}/refuse": a_decision(tables, "refuse", 2),
        "POST /v1/reports/beliefs": Request(
            "/v1/reports/beliefs", {"subject_id": "a" * 32, "field": "name", "text_hash": "b" * 32}
        ),
        "POST /v1/breaches": Request("/v1/breaches", a_breach_request(summary=NOTE).model_dump(mode="json")),
        "POST /v1/breaches/{breach_id}/confirm": Request(
            f"{a_recorded_breach(tables, 1)}/confirm", {"people": 3, "risk": True}
        ),
        "POST /v1/breaches/{breach_id}/steps": Request(
            f"{a_recorded_breach(tables, 2)}/steps", a_step(how=NOTE).model_dump(mode="json")
        ),
        "POST /v1/breaches/{breach_id}/close": Request(
            f"{a_recorded_breach(tables, 3)}/close",
            {"finding": NOTE, "left_out": [{"step": step, "reason": NOTE} for step in ("inside", "privacy chief")]},
        ),
        "POST /v1/disputes": Request("/v1/disputes", a_dispute_body(tables)),
        "POST /v1/disputes/{dispute_id}/decision": a_dispute_decision(tables),
        "POST /v1/disclosures/{disclosure_id}/corrections/{notice}/told": a_told_recipient(tables),
        f"POST {one}/recipients": Request(f"{mine}/recipients", {"add": [{"email": "bo@da.example.gov"}]}),
        f"POST {one}/validate": Request(f"{mine}/validate"),
        f"POST {one}/renew": Request(f"{mine}/renew", {"ends": "2027-06-30"}),
        "POST /v1/subscriptions/validations": Request("/v1/subscriptions/validations", {"ids": ids}),
        "POST /v1/subscriptions/cancellations": Request("/v1/subscriptions/cancellations", {"ids": ids}),
        f"POST {one}/uncancel": Request(f"{mine}/uncancel"),
        "POST /v1/uploads": Request("/v1/uploads", file | {"seen": content_hash_of(csv)}),
        "POST /v1/lists/{kind}": Request("/v1/lists/cases", {"rows": [row | {"date_of_birth": "1988-03-14"}]}),
        "POST /v1/folders": Request("/v1/folders", {"name": f"{FOLDER} 2", "tab": "my"}),
        "POST /v1/folders/{folder_id}/archive": Request(f"/v1/folders/{folder}/archive"),
        "POST /v1/users": Request("/v1/users", {"email": "cleo@da.example.gov"}),
        "POST /v1/users/{email}/invitation": Request("/v1/users/bo@da.example.gov/invitation"),
        "POST /v1/users/{email}/recertification": Request("/v1/users/bo@da.example.gov/recertification"),
        "POST /v1/users/{email}/trainings": Request(
            "/v1/users/bo@da.example.gov/trainings", {"kind": "CJIS security awareness", "completed_on": "2026-10-01"}
        ),
        "POST /v1/users/{email}/opening": Request("/v1/users/bo@da.example.gov/opening"),
        "POST /v1/audit/reviews/{week}": Request(
            f"/v1/audit/reviews/{LAST_WEEK}",
            {"note": NOTE, "seen": seen},
        ),
        "POST /v1/reviews/{review_id}/confirm": Request(f"/v1/reviews/{confirmed}/confirm"),
        "POST /v1/reviews/{review_id}/dismiss": Request(f"/v1/reviews/{dismissed}/dismiss"),
        f"POST {drop}/release": Request(f"{testville}/drops/{drops[0]}/release"),
        f"POST {drop}/discard": Request(f"{testville}/drops/{drops[1]}/discard"),
        f"POST {drop}/replay": Request(f"{testville}/drops/{drops[2]}/replay", {"notify": False}),
        "POST /v1/agencies/{agency_id}/profile/confirmation": Request(f"{testville}/profile/confirmation", profile),
        "POST /v1/agencies/{agency_id}/arrests": Request(f"{testville}/arrests", entry),
        "POST /v1/agencies/{agency_id}/files": Request(
            f"{testville}/files", {"file": "day.csv", "content": file["content"]}
        ),
        "POST /v1/agencies/{agency_id}/seals": Request(f"{testville}/seals", {"number": "T-1"}),
        "POST /v1/agencies/{agency_id}/seals/{lock}/answer": Request(
            f"{testville}/seals/{a_lock(tables)}/answer", {"statute": "CPL 160.59", "reason": NOTE}
        ),
        "POST /v1/agencies/{agency_id}/unsealings": Request(f"{testville}/unsealings", an_order(tables, 1)),
        "POST /v1/unsealings/{unsealing_id}/approve": a_decided_order(tables, "approve", 2),
        "POST /v1/unsealings/{unsealing_id}/refuse": a_decided_order(tables, "refuse", 3),
        "POST /v1/alerts/{alert_id}/recall": Request(f"/v1/alerts/{alert_id}/recall"),
        "POST /v1/subscriptions/search": Request("/v1/subscriptions/search", {"text": SURNAME}),
        "POST /v1/places/history": Request("/v1/places/history", a_place),
        "POST /v1/arrests/search": Request("/v1/arrests/search", {"agency": "testville", "number": "T-1"}),
        "POST /v1/audit/search": Request("/v1/audit/search", {"person": {"surname": SURNAME, "given": GIVEN}}),
        "POST /v1/backtest": Request(
            "/v1/backtest", {"criterion": PERSON, "basis": {"kind": "warrant", "case_number": "W-7"}}
        ),
        "POST /v1/uploads/preview": Request("/v1/uploads/preview", file),
        "POST /v1/agencies/{agency_id}/uploads": Request(f"{testville}/uploads", {"file": "day.csv"}),
        "POST /v1/agencies/{agency_id}/dry-run": Request(f"{testville}/dry-run", {"content": file["content"]}),
        "POST /v1/agencies/{agency_id}/suggest": Request(f"{testville}/suggest", {"content": file["content"]}),
    }


def alerting_subscription(tables: Tables, **criterion: str) -> str:
    subscription = a_subscription(PERSON | criterion, basis=BASIS, note={"private": NOTE, "public": NOTE})
    tables.watch_list.add(subscription)
    return subscription.subscription_id


def an_alert_and_reviews(call: Call, tables: Tables) -> tuple[str, list[str]]:
    """An arrest of the canary, and two of people who are perhaps her."""
    deps = MatchDeps(tables.watch_list, tables.subscriptions, tables.offices, tables.alerts, PSEUDONYMS, discard)
    born = {"K-1": date(1988, 3, 14), "K-2": date(1981, 9, 28), "K-3": date(1965, 1, 2)}
    arrests = [an_arrest(key, sid=None, surname=SURNAME, given=GIVEN, born=day) for key, day in born.items()]
    tables.arrests.store(arrests, Provenance(drop_id="d", dropped_at=NOW), NOW)
    match_versions([Version(arrest, None, NOW, NOW) for arrest in arrests], deps, NOW)
    [alert] = call("GET", "/v1/alerts").body["items"]
    return alert["alert_id"], [review["review_id"] for review in call("GET", "/v1/reviews").body["items"]]


def a_drop(tables: Tables, number: int, *, held: bool) -> str:
    key = f"testville/in/{number}.csv"
    version = boto3.client("s3").put_object(Bucket="feeds", Key=key, Body=b"x")["VersionId"]
    drop = Drop(key=key, size=1, dropped_at=NOW, version_id=version)
    tables.drops.begin(drop, drop_id := f"{number:032x}")
    usual = {"agency": "testville", "drop_id": drop_id, "key": key, "size": 1}
    tables.drops.record_receipt(Receipt(**usual, dropped_at=NOW, finished_at=NOW))
    if held:
        tables.drops.hold("testville", drop_id, "far more than usual")
    return drop_id


def kept(tables: Tables) -> list[str]:
    """What is kept of answers, with what stands beside it."""
    rows = [row for row in tables.everything_in("Subscriptions") if row["sk"]["S"].startswith("repeat#")]
    return [json.dumps(row, default=str) for row in rows]


def words_in(value: Any) -> list[str]:
    """Every text in a JSON document."""
    children = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return [value] if isinstance(value, str) else [word for child in children for word in words_in(child)]


def send_twice(call: Call, request: Request, key: str) -> tuple[Answer, Answer]:
    headers = {"idempotency_key": key, "if_match": request.if_match}
    first, again = (call("POST", request.path, request.body, **headers) for _ in range(2))
    return first, again


def test_ta4_what_is_kept_of_every_answer_names_nobody(
    call: Call, tables: Tables, handler: Any, requests: dict[str, Request]
) -> None:
    posts = {endpoint.key for endpoint in handler.app.endpoints.all if endpoint.method == "POST"}
    assert posts - {"POST /v1/links/{token}"} == set(requests), "write a request of the new route that succeeds"
    for key, request in requests.items():
        first, again = send_twice(call, request, key.replace(" ", ":"))
        assert first.status < 300, (key, first.body)
        replayed = again.headers.get("Idempotent-Replayed") == "true"
        assert replayed == (key not in POSTS_THAT_READ), key
        if replayed:
            assert (again.status, again.body) == (first.status, first.body), key
    records = kept(tables)
    assert len(records) == len(posts) - 1 - len(POSTS_THAT_READ)
    for record in records:
        assert not any(canary.casefold() in record.casefold() for canary in CANARIES), record
        for word in words_in(json.loads(json.loads(record)["doc"]["S"])):
            assert IDS_AND_WORDS.fullmatch(word) or word == "", record


def test_ta4_a_replay_shows_what_may_be_read_now(call: Call, tables: Tables) -> None:
    first = call("POST", "/v1/subscriptions", a_watch(), idempotency_key="k-1")
    call("DELETE", f"/v1/subscriptions/{first.body['subscription_id']}")
    again = call("POST", "/v1/subscriptions", a_watch(), idempotency_key="k-1")
    assert (again.status, again.headers["Idempotent-Replayed"]) == (201, "true")
    assert (first.body["status"], again.body["status"]) == ("active", "cancelled")
    assert again.headers["ETag"] == '"2"'


def test_ta4_whoever_may_not_read_the_record_any_more_gets_no_replay(call: Call, tables: Tables) -> None:
    first = call("POST", "/v1/subscriptions", a_watch(), idempotency_key="k-1")
    stored = tables.subscriptions.find("kings", first.body["subscription_id"])
    assert stored
    handed_over = {"owner": "bo@da.example.gov", "recipients": stored.recipients[:0], "revision": 2}
    tables.watch_list.replace(stored, stored.model_copy(update=handed_over))
    ada = tables.users.find("kings", ADA["email"])
    assert ada
    tables.users.change(ada, ada.model_copy(update={"rights": frozenset(), "revision": ada.revision + 1}))
    again = call("POST", "/v1/subscriptions", a_watch(), idempotency_key="k-1")
    assert (again.status, SURNAME in json.dumps(again.body)) == (404, False)


def test_ta4_of_several_the_replay_says_which_were_done(call: Call, tables: Tables) -> None:
    request = Request("/v1/subscriptions/cancellations", {"ids": [alerting_subscription(tables), "f" * 32]})
    _, again = send_twice(call, request, "k-1")
    assert [(item["done"], bool(item["problem"])) for item in again.body["items"]] == [(True, False), (False, True)]


def test_ta4_a_review_is_not_replayed_after_its_arrest_was_sealed(call: Call, tables: Tables) -> None:
    alerting_subscription(tables)
    _, (review_id, *_) = an_alert_and_reviews(call, tables)
    assert call("POST", f"/v1/reviews/{review_id}/dismiss", idempotency_key="k-1").status == 200
    review = tables.alerts.reviews.find(review_id)
    assert review
    by = Provenance(drop_id="e", dropped_at=NOW + timedelta(hours=1))
    for arrest_id in review.arrests:
        seals = tables.seals
        seals.seal(arrest_id, "roster", ["a" * 32], by, NOW + timedelta(hours=1))
    again = call("POST", f"/v1/reviews/{review_id}/dismiss", idempotency_key="k-1")
    assert "1981-09-28" not in json.dumps(again.body)
    assert "1965" not in json.dumps(again.body)


def test_ta4_a_key_belongs_to_its_purpose(call: Call, tables: Tables) -> None:
    """422 and no second record: a client that repeats a key means the same request, and it must not be done twice."""
    assert call("POST", "/v1/subscriptions", a_watch(), idempotency_key="k-1").status == 201
    other = call("POST", "/v1/subscriptions", a_watch(), idempotency_key="k-1", purpose="prosecution")
    assert (other.status, "another purpose" in other.body["errors"][0]["mend"]) == (422, True)
    assert len(kept(tables)) == 1


def test_ta4_an_answer_that_release_0_1_kept_is_replayed_by_its_ids(call: Call, tables: Tables) -> None:
    first = call("POST", "/v1/subscriptions", a_watch())
    body = json.dumps(a_watch())
    whole = {"status_code": 201, "content_type": "application/json", "body": json.dumps(first.body)}
    key = PSEUDONYMS.of("repeat", ADA["email"], "/v1/subscriptions", "k-1")
    table, now = IdempotencyTable(tables.client, "Subscriptions"), datetime.now(UTC)
    table.finish("kings", key, hashlib.sha256(body.encode()).hexdigest(), json.dumps(whole), now)
    call("DELETE", f"/v1/subscriptions/{first.body['subscription_id']}")
    again = call("POST", "/v1/subscriptions", body, idempotency_key="k-1")
    assert (again.status, again.body["status"]) == (201, "cancelled")
