"""P12: the register of records requests through the API: who gets in, what is covered, held, told and refused."""

import secrets
from datetime import UTC, date, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit
from zoneinfo import ZoneInfo

import boto3
import pytest

from shared.alerts.match_arrests import MatchDeps, match_versions
from shared.arrests.charges import Charge
from shared.arrests.court import ChargeOutcome, Disposition
from shared.arrests.model import Arrest, Provenance
from shared.arrests.seals.table import SealsTable
from shared.arrests.table import Version
from shared.disclosures.model import DisclosureState
from shared.disclosures.table import DisclosuresTable
from shared.offices.agreements import OfficeAgreements, OnwardDisclosure
from shared.offices.users import Right
from shared.records_requests.exports.exports_table import ExportsTable
from shared.records_requests.exports.model import ExportState
from shared.records_requests.model import RequestKind
from shared.records_requests.own_rules import OwnRequestRules
from shared.records_requests.table import RecordsRequestsTable
from shared.retention.holds_table import HoldsTable
from tests.builders import NOW, PSEUDONYMS, a_subscription, a_user, an_arrest, discard
from tests.conftest import Tables
from tests.disclosures.test_decide import a_disclosure
from tests.office_api.conftest import ADA, Call
from tests.offices.test_agreements import an_agreement

REGISTER = "/v1/records-requests"
RITA = ADA | {"email": "rita@da.example.gov"}
ROB = ADA | {"email": "rob@da.example.gov"}
QUINN = {"token_use": "id", "email": "quinn@queens.example.gov", "custom:office": "queens"}
LIAISON = "liaison@roster.example.gov"


def today() -> str:
    return str(datetime.now(ZoneInfo("America/New_York")).date())


@pytest.fixture
def arrest(tables: Tables) -> Arrest:
    """Rita and Rob answer for records, and may look arrests up."""
    arrest = an_arrest()
    tables.arrests.store([arrest], Provenance(drop_id="d", dropped_at=NOW), NOW)
    agreement = an_agreement(ends=date(2999, 12, 31), agency_liaison=LIAISON)
    tables.subscriptions.agreements.save(OfficeAgreements(office_id="kings", agreements=(agreement,), revision=1))
    for person in (RITA, ROB):
        tables.users.add(a_user(person["email"], rights=frozenset({Right.RECORDS, Right.ARRESTS})))
    return arrest


def seal(tables: Tables, arrest: Arrest) -> None:
    provenance = Provenance(drop_id="s", dropped_at=NOW)
    SealsTable(tables.client, "Arrests", "Juveniles").seal(
        arrest.arrest_id, arrest.agency, ("a" * 32,), provenance, NOW
    )


def wish(*arrests: Arrest, kind: str = "foil", **facts: Any) -> dict[str, Any]:
    usual: dict[str, Any] = {
        "kind": kind,
        "received_on": today(),
        "about": "What is held of Dorian Quillfeather",
        "requester": "Rowan Example, Example Gazette",
        "requester_kind": "press",
        "arrest_ids": [arrest.arrest_id for arrest in arrests],
    }
    return usual | {"return_on": today()} | facts if kind == "subpoena" else usual | facts


def enter(call: Call, *arrests: Arrest, **facts: Any) -> Any:
    entered = call("POST", REGISTER, wish(*arrests, **facts), RITA)
    assert entered.status == 201, entered.body
    return entered.body


def path_of(view: Any) -> str:
    return f"{REGISTER}/{view['request']['request_id']}"


def test_p12_a_request_is_entered_listed_and_answered(call: Call, arrest: Arrest, tables: Tables) -> None:
    entered = enter(call, arrest)
    assert (entered["state"], entered["request"]["agencies"]) == ("received", ["roster"])
    assert [clock["name"] for clock in entered["clocks"]] == ["first answer"]
    partly = {"kind": "answered in part", "withheld": [{"what": "an address", "code": "b"}]}
    answered = call("POST", f"{path_of(entered)}/steps", partly, RITA)
    assert (answered.status, answered.body["state"]) == (200, "answered")
    assert call("GET", path_of(entered), claims=ROB).body == answered.body
    assert [view["state"] for view in call("GET", REGISTER, claims=RITA).body["items"]] == ["answered"]
    assert call("GET", REGISTER, claims=RITA, query="closed=true").body["items"] == []


def test_pol_89_3_the_clocks_of_an_office_are_those_of_its_counsel_and_of_no_other_office(
    call: Call, arrest: Arrest, tables: Tables
) -> None:
    table, clock = RecordsRequestsTable(tables.client, "Subscriptions"), {"days": 30, "unit": "days", "source": "memo"}
    own = OwnRequestRules.model_validate({"clocks": {"foil": {"first answer": clock}}})
    table.save_rules("queens", own)
    shipped = enter(call, arrest)["next_due"]
    table.save_rules("kings", own)
    entered = enter(call, arrest)
    assert entered["next_due"] == str(datetime.fromisoformat(today()).date() + timedelta(days=30)) > shipped
    assert {view["next_due"] for view in call("GET", REGISTER, claims=RITA).body["items"]} == {entered["next_due"]}
    rules = call("GET", "/v1/records-request-rules", claims=RITA).body
    assert rules["kinds"]["foil"]["clocks"][0]["source"].startswith("memo; POL 89(3)")


def test_pol_89_3_what_an_open_request_covers_is_held_and_nobody_ends_that_hold_by_hand(
    call: Call, arrest: Arrest, tables: Tables
) -> None:
    entered = enter(call, arrest)
    [held] = call("GET", "/v1/holds", claims=RITA).body["items"]
    assert (held["hold"]["kind"], held["hold"]["arrest_ids"], held["in_force"]) == ("foil", [arrest.arrest_id], True)
    end = {"ended_on": today(), "reason": "it is answered"}
    by_hand = call("POST", f"/v1/holds/{held['hold']['hold_id']}/end", end, RITA)
    assert (by_hand.status, "ends with its request" in by_hand.body["detail"]) == (409, True)
    call("POST", f"{path_of(entered)}/steps", {"kind": "answered"}, RITA)
    [held] = call("GET", "/v1/holds", claims=RITA).body["items"]
    last_day = datetime.fromisoformat(today()).date() + timedelta(days=30)
    assert held["last_day"] == str(last_day), "thirty days in which the answer may be appealed"


def test_pol_89_3_a_hold_that_a_crash_left_without_its_request_can_be_ended(
    call: Call, arrest: Arrest, tables: Tables
) -> None:
    entered = enter(call, arrest)
    key = {"pk": {"S": "records-requests#kings"}, "sk": {"S": entered["request"]["request_id"]}}
    tables.client.delete_item(TableName="Subscriptions", Key=key)
    end = {"ended_on": today(), "reason": "never entered"}
    assert call("POST", f"/v1/holds/{entered['request']['hold_id']}/end", end, RITA).status == 200


def test_p12_what_is_overdue_is_listed_first(call: Call, arrest: Arrest) -> None:
    on_time = enter(call, arrest)
    late = enter(call, arrest, received_on="2026-01-05")
    listed = call("GET", REGISTER, claims=RITA).body["items"]
    assert [view["request"]["request_id"] for view in listed] == [
        late["request"]["request_id"],
        on_time["request"]["request_id"],
    ]
    assert [view["is_overdue"] for view in listed] == [True, False]


@pytest.mark.parametrize("named", ["nobody's", "sealed", "a minor's", "another agency's", "without the right"])
def test_28_cfr_20_21_c_a_record_that_may_not_be_given_answers_like_none(
    call: Call, arrest: Arrest, tables: Tables, named: str
) -> None:
    others = {
        "nobody's": "f" * 32,
        "sealed": arrest.arrest_id,
        "a minor's": an_arrest("K-MINOR", juvenile=True).arrest_id,
        "another agency's": an_arrest("K-OTHER", agency="nypd").arrest_id,
        "without the right": arrest.arrest_id,
    }
    strangers = [an_arrest("K-MINOR", juvenile=True), an_arrest("K-OTHER", agency="nypd")]
    tables.arrests.store(strangers, Provenance(drop_id="d", dropped_at=NOW), NOW)
    if named == "sealed":
        seal(tables, arrest)
    claims = RITA
    if named == "without the right":
        tables.users.add(a_user("rae@da.example.gov", rights=frozenset({Right.RECORDS})))
        claims = ADA | {"email": "rae@da.example.gov"}
    refused = call("POST", REGISTER, wish() | {"arrest_ids": [others[named]]}, claims)
    nobodys = call("POST", REGISTER, wish() | {"arrest_ids": ["e" * 32]}, claims)
    assert (refused.status, refused.body) == (422, nobodys.body)
    assert call("GET", "/v1/holds", claims=RITA).body["items"] == [], "nothing is held either"


def test_28_cfr_20_21_g_of_a_person_half_of_whose_arrests_are_sealed_the_others_alone_are_there(
    call: Call, arrest: Arrest, tables: Tables
) -> None:
    sealed = an_arrest("K-SEALED")
    tables.arrests.store([sealed], Provenance(drop_id="d", dropped_at=NOW), NOW)
    seal(tables, sealed)
    identity = {"kind": "subject access", "requester_kind": "the person", "identity_document": "driver's license"}
    entered = enter(call, arrest, sealed, **identity)
    assert entered["request"]["arrest_ids"] == [arrest.arrest_id]
    assert sealed.arrest_id not in str(entered)


def test_p12_the_records_of_a_person_are_found_and_the_name_is_not_stored(
    call: Call, arrest: Arrest, tables: Tables
) -> None:
    reported = an_arrest("K-PERSON", surname="Quillfeather", given="Dorian")
    tables.arrests.store([reported], Provenance(drop_id="d", dropped_at=NOW), NOW)
    born = str(reported.person.date_of_birth)
    person = {"surname": "Quillfeather", "given": "Dorian", "date_of_birth": born}
    nobody = call("POST", REGISTER, wish(about="one person", requester="Rowan Writer") | {"person": person}, RITA)
    assert nobody.status == 422, "no alert of the office is about the person"
    tables.watch_list.add(a_subscription())
    deps = MatchDeps(tables.watch_list, tables.subscriptions, tables.offices, tables.alerts, PSEUDONYMS, discard)
    match_versions([Version(reported, None, NOW, NOW)], deps, NOW)
    entered = enter(call, about="one person", requester="Rowan Writer", person=person)
    assert entered["request"]["arrest_ids"] == [reported.arrest_id]
    stored = [item for item in tables.everything_in("Subscriptions") if "records-requests" in item["pk"]["S"]]
    assert "Quillfeather" not in str(stored)
    assert born not in str(stored)


def test_p12_a_request_whose_record_is_purged_before_the_hold_is_refused(
    call: Call, arrest: Arrest, tables: Tables, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The purge comes between the look at the record and the hold: here as the hold is stored."""
    store = HoldsTable.store

    def purged_meanwhile(self: HoldsTable, hold: Any) -> None:
        tables.client.delete_item(TableName="Arrests", Key={"arrest_id": {"S": arrest.arrest_id}})
        store(self, hold)

    monkeypatch.setattr(HoldsTable, "store", purged_meanwhile)
    refused = call("POST", REGISTER, wish(arrest), RITA)
    assert (refused.status, "gone" in refused.body["errors"][0]["mend"]) == (422, True)
    assert call("GET", REGISTER, claims=RITA).body["items"] == []


def test_s3_the_agency_hears_of_a_subpoena_and_is_heard_before_anything_leaves(
    call: Call, arrest: Arrest, tables: Tables
) -> None:
    entered = enter(call, arrest, kind="subpoena", requester_kind="court")
    assert entered["unanswered_owners"] == ["roster"]
    [notice] = [item for item in tables.everything_in("Alerts") if item["part"]["S"] == "notice"]
    assert LIAISON in notice["doc"]["S"]
    assert not [word for word in ("Quillfeather", "Rowan", arrest.number) if word in notice["doc"]["S"]]
    assert call("POST", f"{path_of(entered)}/steps", {"kind": "answered"}, RITA).status == 422
    told = {"kind": "owner answered", "agency": "roster", "document": "mail of today"}
    assert call("POST", f"{path_of(entered)}/steps", told, RITA).body["unanswered_owners"] == []
    assert call("POST", f"{path_of(entered)}/steps", {"kind": "answered"}, RITA).status == 200


def test_s3_an_agency_that_a_subpoena_reaches_by_added_records_is_told_and_heard_as_well(
    call: Call, arrest: Arrest, tables: Tables
) -> None:
    quiet = an_arrest("Q-1", agency="nypd", sid=None, surname="Other")
    tables.arrests.store([quiet], Provenance(drop_id="d", dropped_at=NOW), NOW)
    before = tables.subscriptions.agreements.of("kings")
    without_notice = an_agreement("nypd", ends=date(2999, 12, 31), subpoena_notice=False, reference="MOU nypd")
    agreements = {"agreements": (*before.agreements, without_notice), "revision": before.revision + 1}
    tables.subscriptions.agreements.save(before.model_copy(update=agreements))
    entered = enter(call, quiet, kind="subpoena", requester_kind="court")
    assert entered["unanswered_owners"] == []
    more = {"arrest_ids": [arrest.arrest_id]}
    added = call("POST", f"{path_of(entered)}/records", more, RITA)
    assert (added.status, added.body["unanswered_owners"]) == (200, ["roster"])
    [notice] = [item for item in tables.everything_in("Alerts") if item["part"]["S"] == "notice"]
    assert LIAISON in notice["doc"]["S"]
    refused = ask(call, entered, an_allowed_disclosure(tables, arrest))
    assert (refused.status, refused.body["errors"][0]["field"]) == (422, "request")
    assert call("POST", f"{path_of(entered)}/steps", {"kind": "answered"}, RITA).status == 422
    told = {"kind": "owner answered", "agency": "roster", "document": "mail of today"}
    assert call("POST", f"{path_of(entered)}/steps", told, RITA).body["unanswered_owners"] == []
    again = call("POST", f"{path_of(entered)}/records", more, RITA, idempotency_key="once-more")
    assert again.body["unanswered_owners"] == [], "it is asked once"
    assert call("POST", f"{path_of(entered)}/steps", {"kind": "answered"}, RITA, idempotency_key="b").status == 200


def test_s3_an_agency_whose_agreement_asks_for_no_notice_is_not_told(
    call: Call, arrest: Arrest, tables: Tables
) -> None:
    agreement = an_agreement(ends=date(2999, 12, 31), subpoena_notice=False)
    before = tables.subscriptions.agreements.of("kings")
    tables.subscriptions.agreements.save(
        before.model_copy(update={"agreements": (agreement,), "revision": before.revision + 1})
    )
    assert enter(call, arrest, kind="subpoena")["unanswered_owners"] == []


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"kind": "curiosity"}, "kind"),
        ({"received_on": "2999-01-01"}, "received_on"),
        ({"kind": "discovery"}, "arraigned_on"),
        ({"requester": "ICE detainer office"}, "requester"),
        ({"arrest_ids": ["../../etc"]}, "arrest_ids.0"),
        ({"arrest_ids": []}, "numbers"),
    ],
)
def test_p12_a_request_that_cannot_be_names_the_field(
    call: Call, arrest: Arrest, change: dict[str, Any], field: str
) -> None:
    refused = call("POST", REGISTER, wish(arrest) | change, RITA)
    assert (refused.status, refused.body["errors"][0]["field"]) == (422, field)


def test_p12_who_does_not_answer_for_records_and_another_office_get_in_nowhere(
    call: Call, arrest: Arrest, tables: Tables
) -> None:
    entered = enter(call, arrest)
    quinn = tables.users.find("queens", QUINN["email"])
    assert quinn
    tables.users.change(quinn, quinn.model_copy(update={"rights": frozenset({Right.RECORDS}), "revision": 2}))
    for path in (REGISTER, path_of(entered), f"{path_of(entered)}/exports"):
        assert call("GET", path, claims=ADA).status == 403
    assert call("GET", path_of(entered), claims=QUINN).status == 404
    assert call("POST", f"{path_of(entered)}/steps", {"kind": "answered"}, QUINN).status == 404
    assert call("GET", REGISTER, claims=QUINN).body["items"] == []


def test_p12_what_somebody_writes_of_a_request_is_in_no_log_and_no_audit_event(
    call: Call, arrest: Arrest, tables: Tables, capsys: pytest.CaptureFixture[str]
) -> None:
    entered = enter(call, arrest)
    withheld = [{"what": "where Quillfeather lives", "code": "b"}]
    denial = {"kind": "denied", "reason": "Quillfeather", "document": "letter to Rowan", "withheld": withheld}
    call("POST", f"{path_of(entered)}/steps", denial, RITA)
    written = capsys.readouterr().out + repr(tables.everything_in("Audit"))
    assert not [word for word in ("Quillfeather", "Rowan", "Gazette") if word in written]
    assert f"records request:{entered['request']['request_id']}" in written


# Exports


def an_allowed_disclosure(tables: Tables, *arrests: Arrest, state: DisclosureState | None = None, **facts: Any) -> str:
    ids = [arrest.arrest_id for arrest in arrests]
    usual: dict[str, Any] = {"arrest_ids": ids, "means": "export", "recipient_kind": "press"}
    disclosure = a_disclosure("crime", RITA["email"], NOW, secrets.token_hex(9), **usual | facts)
    if state:
        disclosure = disclosure.model_copy(update={"state": state})
    DisclosuresTable(tables.client, "Subscriptions").save(disclosure)
    return disclosure.disclosure_id


def ask(call: Call, view: Any, disclosure_id: str, claims: dict[str, str] = RITA, **words: Any) -> Any:
    return call("POST", f"{path_of(view)}/exports", {"disclosure_id": disclosure_id, **words}, claims)


def test_p7_p12_an_export_needs_an_allowed_disclosure_of_the_same_records(
    call: Call, arrest: Arrest, tables: Tables
) -> None:
    entered = enter(call, arrest)
    stranger = an_arrest("K-STRANGER")
    wrong = {
        "waiting": an_allowed_disclosure(tables, arrest, state=DisclosureState.WAITING),
        "refused": an_allowed_disclosure(tables, arrest, state=DisclosureState.REFUSED, facts="some facts"),
        "by telephone": an_allowed_disclosure(tables, arrest, means="telephone", facts="others"),
        "of others": an_allowed_disclosure(tables, arrest, stranger, facts="all", recipient="Rowan", reference="No 3"),
        "none": "20261102150000" + "f" * 18,
    }
    for name, disclosure_id in wrong.items():
        refused = ask(call, entered, disclosure_id)
        assert (refused.status, refused.body["errors"][0]["field"]) == (422, "disclosure_id"), name
    assert boto3.client("sqs").receive_message(QueueUrl=exports_queue()).get("Messages", []) == []


def exports_queue() -> str:
    return boto3.client("sqs").get_queue_url(QueueName="exports")["QueueUrl"]


def test_p12_an_export_is_queued_without_a_name_and_fetched_by_whoever_asked_alone(
    call: Call, arrest: Arrest, tables: Tables
) -> None:
    entered = enter(call, arrest)
    allowed = an_allowed_disclosure(tables, arrest)
    asked = ask(call, entered, allowed, left_out=[{"content": "reviews", "code": "g"}])
    assert (asked.status, asked.body["state"]) == (202, "queued")
    [message] = boto3.client("sqs").receive_message(QueueUrl=exports_queue())["Messages"]
    assert message["Body"] == f'{{"office_id":"kings","export_id":"{asked.body["export_id"]}"}}'
    path = f"/v1/records-exports/{asked.body['export_id']}"
    assert call("GET", path, claims=RITA).body["url"] is None
    exports = ExportsTable(tables.client, "Subscriptions")
    export = exports.find("kings", asked.body["export_id"])
    assert export
    exports.save(export.model_copy(update={"state": ExportState.READY, "ready_at": datetime.now(UTC), "revision": 2}))
    link = call("GET", path, claims=RITA).body
    assert f"exports/kings/{asked.body['export_id']}/export.zip" in link["url"]
    assert link["seconds"] == 60
    signed = parse_qs(urlsplit(link["url"]).query)
    assert (signed["X-Amz-Algorithm"], signed["X-Amz-Expires"]) == (["AWS4-HMAC-SHA256"], ["60"])
    assert call("GET", path, claims=ROB).status == 404, "his right does not reach what she asked for"
    assert call("GET", path, claims=QUINN).status == 404
    rita = tables.users.find("kings", RITA["email"])
    assert rita
    tables.users.change(rita, rita.model_copy(update={"rights": frozenset({Right.ARRESTS}), "revision": 2}))
    assert call("GET", path, claims=RITA).status == 404, "nor does having asked once"


def test_28_cfr_20_21_b_an_export_for_one_kind_of_recipient_is_not_given_to_another(
    call: Call, arrest: Arrest, tables: Tables
) -> None:
    entered = enter(call, arrest)
    refused = ask(call, entered, an_allowed_disclosure(tables, arrest, recipient_kind="court"))
    assert refused.status == 422
    assert refused.body["errors"][0]["mend"].endswith("record one for `press`")


@pytest.mark.parametrize(
    "ended", ["sealed", "old", "a minor's", "marked", "declined", "agreement gone", "forbidden", "closed"]
)
def test_p4_p12_there_is_no_link_to_an_export_whose_record_may_not_be_given_any_more(
    call: Call, arrest: Arrest, tables: Tables, ended: str
) -> None:
    entered = enter(call, arrest)
    asked = ask(call, entered, an_allowed_disclosure(tables, arrest)).body
    exports = ExportsTable(tables.client, "Subscriptions")
    export = exports.find("kings", asked["export_id"])
    assert export
    ready_at = datetime.now(UTC) - timedelta(days=8 if ended == "old" else 0)
    exports.save(export.model_copy(update={"state": ExportState.READY, "ready_at": ready_at, "revision": 2}))
    if ended == "sealed":
        seal(tables, arrest)
    if ended == "a minor's":
        later = Provenance(drop_id="e", dropped_at=NOW + timedelta(hours=1))
        tables.arrests.store([an_arrest(juvenile=True)], later, NOW)
    if ended == "marked":
        tables.mark(arrest)
    if ended == "declined":  # 28 CFR 20.21(b): the press may have it no more
        declined = Charge(statute="PL 120.05", disposition=Disposition(outcome=ChargeOutcome.DECLINED))
        later = Provenance(drop_id="e", dropped_at=NOW + timedelta(hours=1))
        tables.arrests.store([an_arrest(charges=(declined,))], later, NOW)
    if ended in ("agreement gone", "forbidden"):
        before = tables.subscriptions.agreements.of("kings")
        forbids = an_agreement(ends=date(2999, 12, 31), onward_disclosure=OnwardDisclosure.FORBIDDEN)
        agreements = {"agreements": (forbids,) if ended == "forbidden" else (), "revision": before.revision + 1}
        tables.subscriptions.agreements.save(before.model_copy(update=agreements))
    if ended == "closed":
        call("POST", f"{path_of(entered)}/steps", {"kind": "withdrawn", "reason": "settled"}, RITA)
    assert call("GET", f"/v1/records-exports/{asked['export_id']}", claims=RITA).status == 410


def test_p12_private_notes_are_released_by_another_person_than_who_entered_the_request_or_asked(
    call: Call, arrest: Arrest, tables: Tables
) -> None:
    entered = enter(call, arrest)
    path = f"{path_of(entered)}/notes"
    assert call("POST", path, {"release": True}, RITA).status == 422, "she entered it"
    assert call("POST", path, {"release": True}, ROB).body["request"]["notes_decided_by"] == ROB["email"]
    assert ask(call, entered, an_allowed_disclosure(tables, arrest), ROB).status == 202
    assert call("POST", path, {"release": False}, ROB, idempotency_key="asked-since").status == 422


def test_pol_87_2_what_an_export_leaves_out_is_named_by_a_code_of_the_law(
    call: Call, arrest: Arrest, tables: Tables
) -> None:
    entered = enter(call, arrest)
    wrong = ask(call, entered, an_allowed_disclosure(tables, arrest), left_out=[{"content": "audit", "code": "245.70"}])
    assert (wrong.status, wrong.body["errors"][0]["field"]) == (422, "left_out.0.code")


@pytest.mark.parametrize("kind", [kind.value for kind in RequestKind])
def test_p12_the_rules_of_every_kind_are_there_to_be_read(call: Call, arrest: Arrest, kind: str) -> None:
    rules = call("GET", "/v1/records-request-rules", claims=RITA).body
    assert rules["kinds"][kind]["source"]
    assert rules["holidays"]["source"].startswith("GCL 24")


def test_p12_a_closed_request_expires_and_an_open_one_does_not(call: Call, arrest: Arrest, tables: Tables) -> None:
    entered = enter(call, arrest)
    assert RecordsRequestsTable(tables.client, "Subscriptions").find("kings", entered["request"]["request_id"])

    def expires() -> list[bool]:
        items = tables.everything_in("Subscriptions")
        return ["expires" in item for item in items if item["pk"]["S"] == "records-requests#kings"]

    assert expires() == [False]
    withdrawn = {"kind": "withdrawn", "reason": "settled"}
    assert call("POST", f"{path_of(entered)}/steps", withdrawn, RITA).body["state"] == "closed"
    assert expires() == [True]
