"""P12: an export holds everything that the office may give of its records, and anybody can check it."""

import hashlib
import io
import json
import subprocess
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import boto3
import pytest

from shared.alerts.match_arrests import MatchDeps, match_versions
from shared.alerts.responses.model import TwoAnswers, Verdict
from shared.alerts.responses.table import ResponsesTable
from shared.arrests.charges import Charge
from shared.arrests.court import ChargeOutcome, Disposition
from shared.arrests.model import Arrest, Provenance
from shared.arrests.seals.seal import keys_of_arrest
from shared.arrests.seals.table import SealsTable
from shared.arrests.table import Version
from shared.audit.event import AuditEvent, AuditOutcome
from shared.audit.table import AuditTable
from shared.disclosures.model import DisclosureState
from shared.disclosures.table import DisclosuresTable
from shared.feeds.copies.bucket import CopiesBucket, export_key
from shared.offices.agreements import OfficeAgreements, OnwardDisclosure
from shared.offices.purposes import Purpose
from shared.records_requests.default_rules import default_rules
from shared.records_requests.exports import archive
from shared.records_requests.exports.archive import MANIFEST, ExportTooLargeError, faults_in, manifest_of, pack
from shared.records_requests.exports.contents import NOTE_WITHHELD
from shared.records_requests.exports.dependencies import ExportDeps
from shared.records_requests.exports.export_records import CHANGED, NOT_ALLOWED, NOTHING_LEFT, export_records
from shared.records_requests.exports.exports_table import ExportsTable
from shared.records_requests.exports.model import MOST_BYTES, Export, ExportState, ExportTask, LeftOut
from shared.records_requests.model import ExportContent, OwnerNotice, RecordsRequest, RequestStep, StepKind
from shared.records_requests.table import RecordsRequestsTable
from tests.builders import NAME_WATCH, NOW, PSEUDONYMS, a_subscription, an_arrest, an_office, discard
from tests.conftest import Tables
from tests.disclosures.test_decide import a_disclosure
from tests.offices.test_agreements import an_agreement
from tests.records_requests.test_decide import a_request

EXPORT_ID = "20261102160000" + "e" * 18
RITA = "rita@da.example.gov"
DROP = Provenance(drop_id="d", dropped_at=NOW)
PRIVATE = "ask her sister first"


class Office:
    """The office kings, which was alerted of an arrest, and the worker that makes its exports."""

    def __init__(self, tables: Tables) -> None:
        self.tables = tables
        self.s3 = boto3.client("s3")
        self.s3.create_bucket(Bucket="copies")
        tables.offices.enrol(an_office())
        agreement = an_agreement(ends=date(2999, 12, 31))
        tables.subscriptions.agreements.save(OfficeAgreements(office_id="kings", agreements=(agreement,), revision=1))
        tables.watch_list.add(a_subscription(note={"private": PRIVATE, "public": "call me"}))
        self.disclosures = DisclosuresTable(tables.client, "Subscriptions")
        self.exports = ExportsTable(tables.client, "Subscriptions")
        self.deps = ExportDeps(
            rules=default_rules(),
            offices=tables.offices,
            requests=RecordsRequestsTable(tables.client, "Subscriptions"),
            exports=self.exports,
            disclosures=self.disclosures,
            arrests=tables.arrests,
            alerts=tables.alerts,
            responses=ResponsesTable(tables.client, "Alerts"),
            subscriptions=tables.subscriptions,
            audit=AuditTable(tables.client, "Audit"),
            copies=CopiesBucket(self.s3, "copies"),
            pseudonyms=lambda: PSEUDONYMS,
        )

    def take_in(self, *arrests: Arrest) -> None:
        self.tables.arrests.store(arrests, DROP, NOW)
        deps = MatchDeps(
            self.tables.watch_list, self.tables.subscriptions, self.tables.offices, self.tables.alerts, PSEUDONYMS,
            discard, arrests=self.tables.arrests,
        )  # fmt: skip
        match_versions([Version(arrest, None, NOW, NOW) for arrest in arrests], deps, NOW)

    def ask(
        self,
        *arrests: Arrest,
        kind: str = "foil",
        requester: str | None = None,
        authority: str | None = None,
        left_out: tuple[LeftOut, ...] = (),
        **facts: Any,
    ) -> Export:
        """An export of a request, on a disclosure that is allowed."""
        ids = tuple(arrest.arrest_id for arrest in arrests)
        facts_of_asker: dict[str, Any] = {"requester_kind": requester} if requester else {}
        asked = a_request(kind, **facts_of_asker)
        request: RecordsRequest = asked.model_copy(update={"arrest_ids": ids} | facts)
        self.deps.requests.save(request)
        recipient = request.facts.requester_kind
        about: dict[str, Any] = {"arrest_ids": list(ids), "recipient_kind": recipient, "authority": authority}
        disclosure = a_disclosure("crime", means="export", **about)
        if disclosure.state is DisclosureState.WAITING:
            disclosure = disclosure.model_copy(update={"state": DisclosureState.APPROVED})
        self.disclosures.save(disclosure)
        export = Export(
            export_id=EXPORT_ID, request_id=request.request_id, office_id="kings", left_out=left_out, arrest_ids=ids,
            disclosure_id=disclosure.disclosure_id, purpose=Purpose.INVESTIGATION, asked_by=RITA, asked_at=NOW,
        )  # fmt: skip
        self.exports.save(export)
        return export

    def make(self, deps: ExportDeps | None = None) -> Export:
        made = export_records(ExportTask(office_id="kings", export_id=EXPORT_ID), deps or self.deps, NOW)
        assert made
        return made

    def content(self) -> bytes:
        return self.s3.get_object(Bucket="copies", Key=export_key("kings", EXPORT_ID))["Body"].read()

    def files(self) -> dict[str, Any]:
        with ZipFile(io.BytesIO(self.content())) as packed:
            texts = {name: packed.read(name).decode() for name in packed.namelist()}
        return {name: json.loads(text) if name.endswith(".json") else text for name, text in texts.items()}

    def left(self) -> list[str]:
        return [stored["Key"] for stored in self.s3.list_objects_v2(Bucket="copies").get("Contents", [])]


@pytest.fixture
def office(tables: Tables) -> Office:
    return Office(tables)


def test_p12_an_export_holds_everything_of_a_record_and_the_real_sha256sum_agrees(
    office: Office, tmp_path: Path
) -> None:
    arrest = an_arrest()
    office.take_in(arrest)
    [alert_id] = office.tables.alerts.ids_of_arrest(arrest.arrest_id)
    office.deps.responses.record_verdict(alert_id, Verdict.WRONG_PERSON, TwoAnswers(right_person=False), RITA)
    subjects = (f"arrest:{arrest.arrest_id}", f"arrest:{'b' * 32}")
    office.deps.audit.write(
        AuditEvent(
            event_id="c" * 32, occurred_at=NOW, office_id="kings", who="bo@da.example.gov", action="read arrest",
            subjects=subjects, outcome=AuditOutcome.ALLOWED,
        )
    )  # fmt: skip
    office.ask(arrest, kind="discovery", notes_released=True)
    made = office.make()
    assert (made.state, made.notes_to_review) == (ExportState.READY, 0)
    assert (made.sha256, made.size) == (hashlib.sha256(office.content()).hexdigest(), len(office.content()))
    files = office.files()
    assert files["records/01/arrest.json"]["number"] == arrest.number
    assert files["stamp.txt"].startswith(f"Read by {RITA}, Kings County District Attorney (invented), 2026-11-20 10:30")
    assert "Purpose: investigation." in files["stamp.txt"], "reader, time and purpose (CJIS AU-3, law.md)"
    assert [set(revision) for revision in files["records/01/history.json"]] == [
        {"version", "differences", "reported_at"}
    ]
    [alert] = files["records/01/alerts.json"]
    assert alert["because"][0]["note"] == PRIVATE
    assert "be told" in {event["action"] for event in files["records/01/tellings.json"]}
    assert files["records/01/answers.json"][alert_id]["verdict"] == "wrong person"
    assert files["favorable.json"] == [{"record": 1, "alert": alert_id, "verdict": "wrong person"}]
    assert files["records/01/disclosures.json"][0]["request"]["means"] == "export"
    [event] = files["records/01/audit.json"]
    assert event["subjects"] == [f"arrest:{arrest.arrest_id}"], "an event may name others, who are not asked about"
    with ZipFile(io.BytesIO(office.content())) as packed:
        packed.extractall(tmp_path)
    checked = subprocess.run(["sha256sum", "-c", MANIFEST], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (checked.returncode, checked.stderr) == (0, "")
    assert len(checked.stdout.splitlines()) == len(files) - 1, "every file but the manifest itself"
    (tmp_path / "records/01/arrest.json").write_text("{}")
    assert subprocess.run(["sha256sum", "-c", MANIFEST], cwd=tmp_path, capture_output=True, check=False).returncode == 1


def test_p12_private_notes_are_listed_and_withheld_until_somebody_has_decided(office: Office) -> None:
    arrest = an_arrest()
    office.take_in(arrest)
    office.ask(arrest)
    assert office.make().notes_to_review == 1
    files = office.files()
    assert PRIVATE not in str(files)
    assert files["records/01/alerts.json"][0]["because"][0]["note"] == NOTE_WITHHELD
    assert [note["record"] for note in files["notes-to-review.json"]] == [1]
    assert "1 private notes" in files["withheld.txt"]


def test_28_cfr_20_21_b_an_export_for_an_ineligible_purpose_tells_of_no_charge_that_was_dismissed(
    office: Office,
) -> None:
    charges = Charge(statute="PL 120.05"), Charge(statute="PL 120.00")
    outcomes = ChargeOutcome.DISMISSED, ChargeOutcome.CONVICTED
    office.take_in(an_arrest(charges=charges))
    decided = [
        charge.model_copy(update={"disposition": Disposition(outcome=outcome)})
        for charge, outcome in zip(charges, outcomes, strict=True)
    ]
    arrest, later = an_arrest(charges=decided), NOW + timedelta(hours=1)
    office.tables.arrests.store([arrest], Provenance(drop_id="e", dropped_at=later), later)
    asked = office.ask(arrest, requester="law enforcement")
    office.exports.save(asked.model_copy(update={"purpose": Purpose.ADMINISTRATION, "revision": 2}))
    assert office.make().state is ExportState.READY
    files = office.files()
    assert "PL 120.00" in str(files["records/01/arrest.json"])
    assert "outcome of PL 120.00" in str(files["records/01/history.json"])
    assert "120.05" not in str(files)


def test_28_cfr_20_21_b_an_export_tells_the_ineligible_of_no_alert_that_rests_on_a_dismissed_charge(
    office: Office,
) -> None:
    office.tables.watch_list.add(
        a_subscription({"watch": "charge", "statute": "PL 120.05"}, recipients=[{"email": RITA}], owner=RITA)
    )
    pending = tuple(Charge(statute=statute) for statute in ("PL 120.05", "PL 120.00"))
    office.take_in(an_arrest(charges=pending))
    dismissed = pending[0].model_copy(update={"disposition": Disposition(outcome=ChargeOutcome.DISMISSED)})
    arrest, later = an_arrest(charges=(dismissed, pending[1])), NOW + timedelta(hours=1)
    office.tables.arrests.store([arrest], Provenance(drop_id="e", dropped_at=later), later)
    asked = office.ask(arrest, kind="discovery", authority="CPL 245.20(1)(e)")
    office.make()
    assert RITA in str(office.files()["records/01/tellings.json"])
    office.exports.save(asked.model_copy(update={"purpose": Purpose.ADMINISTRATION, "revision": 3}))
    office.make()
    assert "120.05" not in str(office.files())
    assert RITA not in str(office.files()["records/01/tellings.json"]), "that she was told, and when"


def test_28_cfr_20_21_c_2_a_possible_match_in_an_export_names_no_other_arrest_of_the_person(office: Office) -> None:
    office.tables.watch_list.add(a_subscription(NAME_WATCH))
    arrests = [an_arrest(number, sid=None, born=date(1981, 9, 28)) for number in ("K-1", "K-2")]
    office.take_in(*arrests)
    office.ask(arrests[0], kind="discovery")
    office.make()
    (review,) = office.files()["records/01/reviews.json"]
    assert review["arrests"] == [arrests[0].arrest_id]
    assert arrests[1].arrest_id not in str(office.files())


def test_an_export_reads_the_offices_disputes_once_whatever_its_records(office: Office) -> None:
    arrests = [an_arrest(f"K-{number}") for number in range(5)]
    office.take_in(*arrests)
    office.ask(*arrests)
    queries: list[dict[str, Any]] = []
    events = office.tables.client.meta.events
    events.register("before-parameter-build.dynamodb.Query", lambda params, **_: queries.append(params))
    office.make()
    assert sum("marked" in params.get("FilterExpression", "") for params in queries) == 1


def test_p12_whoever_asks_for_an_export_does_not_get_notes_by_his_own_word(office: Office) -> None:
    arrest = an_arrest()
    office.take_in(arrest)
    office.ask(arrest, notes_released=True, notes_decided_by=RITA)
    assert office.make().notes_to_review == 1
    assert PRIVATE not in str(office.files())


@pytest.mark.parametrize("ended", ["forbidden", "closed", "an agency to be heard"])
def test_p12_an_export_is_not_made_when_its_approval_holds_no_more(office: Office, tables: Tables, ended: str) -> None:
    arrest = an_arrest()
    office.take_in(arrest)
    facts: dict[str, Any] = {}
    if ended == "an agency to be heard":
        facts["owner_notices"] = (OwnerNotice(agency="roster", liaison="", notified_at=NOW),)
    if ended == "closed":
        day = NOW.date()
        facts["steps"] = (RequestStep(kind=StepKind.WITHDRAWN, by=RITA, at=NOW, day=day, reason="settled"),)
    office.ask(arrest, **facts)
    if ended == "forbidden":
        agreement = an_agreement(ends=date(2999, 12, 31), onward_disclosure=OnwardDisclosure.FORBIDDEN)
        before = tables.subscriptions.agreements.of("kings")
        changes = {"agreements": (agreement,), "revision": before.revision + 1}
        tables.subscriptions.agreements.save(before.model_copy(update=changes))
    made = office.make()
    assert (made.state, made.failure, office.left()) == (ExportState.FAILED, NOT_ALLOWED, [])


def test_28_cfr_20_21_g_whoever_asks_for_their_own_record_gets_no_watch_reason_or_note(office: Office) -> None:
    arrest = an_arrest()
    office.take_in(arrest)
    office.ask(arrest, kind="subject access")
    office.make()
    files = office.files()
    assert set(files) == {
        "records/01/arrest.json",
        "records/01/history.json",
        "records/01/recipients.json",
        "stamp.txt",
        "withheld.txt",
        MANIFEST,
    }
    [alert_id] = office.tables.alerts.ids_of_arrest(arrest.arrest_id)
    [watch] = office.tables.alerts.read([alert_id])[alert_id].because
    assert not [word for word in (alert_id, watch.subscription_id, watch.case_number, PRIVATE) if word in str(files)]


def test_28_cfr_20_21_g_4_the_recipients_outside_of_criminal_justice_are_named(office: Office) -> None:
    arrest = an_arrest()
    office.take_in(arrest)
    about: dict[str, Any] = {"arrest_ids": [arrest.arrest_id, "b" * 32]}
    for number, kind in enumerate(("law enforcement", "court", "other"), start=1):
        office.disclosures.save(
            a_disclosure("crime", token=f"{number:018x}", recipient=f"Recipient {number}", recipient_kind=kind, **about)
        )
    waiting = a_disclosure(token="f" * 18, recipient="Nobody yet", recipient_kind="other", **about)
    assert waiting.state is DisclosureState.WAITING
    office.disclosures.save(waiting)
    office.ask(arrest, kind="subject access")
    office.make()
    recipients = [entry["recipient"] for entry in office.files()["records/01/recipients.json"]]
    assert "Recipient 3" in recipients
    assert not {"Recipient 1", "Recipient 2", "Nobody yet"} & set(recipients)


@pytest.mark.parametrize("why", ["sealed", "a minor's", "without an agreement", "of another purpose"])
def test_28_cfr_20_21_c_of_a_record_that_may_not_be_given_nothing_is_said(
    office: Office, tables: Tables, why: str
) -> None:
    given, other = an_arrest(), an_arrest("K-OTHER", surname="Otherwise", agency="roster", sid=None)
    if why == "without an agreement":
        other = an_arrest("K-OTHER", surname="Otherwise", agency="nypd", sid=None)
    if why == "a minor's":
        other = an_arrest("K-OTHER", surname="Otherwise", sid=None, juvenile=True)
    office.take_in(given)
    tables.arrests.store([other], DROP, NOW)
    office.ask(given, other)
    if why == "sealed":
        SealsTable(tables.client, "Arrests", "Juveniles").seal(other.arrest_id, other.agency, ("k" * 32,), DROP, NOW)
    if why == "of another purpose":
        agreement = an_agreement(ends=date(2999, 12, 31), purposes=frozenset({Purpose.WARRANT}))
        before = tables.subscriptions.agreements.of("kings")
        tables.subscriptions.agreements.save(
            before.model_copy(update={"agreements": (agreement,), "revision": before.revision + 1})
        )
        assert (office.make().state, office.left()) == (ExportState.FAILED, [])
        return
    made = office.make()
    assert made.arrest_ids == (given.arrest_id,)
    files = office.files()
    assert not [name for name in files if name.startswith("records/02")]
    texts = str({name: text for name, text in files.items() if not name.endswith("disclosures.json")})
    assert not [word for word in (other.arrest_id, "Otherwise", "K-OTHER") if word in texts]
    assert other.arrest_id not in str(files["records/01/disclosures.json"]), "the disclosure named both"
    assert "nothing" in files["withheld.txt"] or "notes" in files["withheld.txt"]


@pytest.mark.parametrize(("kind", "is_given"), [("foil", False), ("subpoena", False), ("discovery", True),
                                                ("subject access", True)])  # fmt: skip
def test_cpl_160_57_a_marked_record_goes_to_the_defendant_and_the_parties_alone(
    office: Office, tables: Tables, kind: str, is_given: bool
) -> None:
    arrest = an_arrest()
    office.take_in(arrest)
    tables.mark(arrest)
    office.ask(arrest, kind=kind)
    made = office.make()
    assert (made.state, made.failure) == ((ExportState.READY, "") if is_given else (ExportState.FAILED, NOTHING_LEFT))


def a_mixed_arrest(number: str = "K-1001") -> Arrest:
    """One charge was dismissed, of the other there is a conviction."""
    outcomes = {"PL 120.05": ChargeOutcome.DISMISSED, "PL 120.00": ChargeOutcome.CONVICTED}
    return an_arrest(
        number,
        charges=tuple(
            Charge(statute=statute, disposition=Disposition(outcome=outcome)) for statute, outcome in outcomes.items()
        ),
    )


@pytest.mark.parametrize(
    ("requester", "authority", "is_told"),
    [
        ("press", None, False),
        ("other", None, False),
        ("city agency", None, False),
        ("press", "Order of the Supreme Court of 3 November 2026", True),
        ("law enforcement", None, True),
        ("court", None, True),
        ("the person", None, True),
    ],
)
def test_28_cfr_20_21_b_an_export_has_dismissed_charges_only_for_those_who_may_have_them(
    office: Office, requester: str, authority: str | None, is_told: bool
) -> None:
    arrest = a_mixed_arrest()
    office.take_in(arrest)
    office.ask(arrest, requester=requester, authority=authority)
    assert office.make().state is ExportState.READY, "the conviction goes to each of them"
    assert "120.00" in str(office.files()["records/01/arrest.json"])
    assert ("120.05" in str(office.files())) is is_told


@pytest.mark.parametrize(("requester", "is_given"), [("press", False), ("law enforcement", True)])
def test_28_cfr_20_21_c_2_an_export_says_nothing_of_a_dismissed_case_to_those_who_may_not_have_it(
    office: Office, requester: str, is_given: bool
) -> None:
    dismissed = Charge(statute="PL 120.05", disposition=Disposition(outcome=ChargeOutcome.DISMISSED))
    gone, arrest = an_arrest("K-1", charges=(dismissed,)), an_arrest("K-2")
    office.take_in(gone, arrest)
    office.ask(gone, arrest, requester=requester)
    made = office.make()
    assert (gone.arrest_id in made.arrest_ids) is is_given
    assert (gone.arrest_id in str(office.files())) is is_given
    assert office.files()["withheld.txt"].count("nothing") == 0, "private notes are named"


@pytest.mark.parametrize(("requester", "is_given"), [("press", False), ("city agency", False), ("defense", True)])
def test_cpl_160_57_an_export_of_discovery_has_a_marked_record_for_the_parties_alone(
    office: Office, tables: Tables, requester: str, is_given: bool
) -> None:
    arrest = an_arrest()
    office.take_in(arrest)
    tables.mark(arrest)
    office.ask(arrest, kind="discovery", requester=requester)
    assert (office.make().state is ExportState.READY) is is_given


def test_pol_87_2_what_is_left_out_is_told_in_writing_with_its_code(office: Office) -> None:
    arrest = an_arrest()
    office.take_in(arrest)
    office.ask(arrest, left_out=(LeftOut(content=ExportContent.REVIEWS, code="g"),), notes_released=True)
    office.make()
    files = office.files()
    assert "records/01/reviews.json" not in files
    assert "reviews: It is inter-agency or intra-agency material (POL 87(2)(g))" in files["withheld.txt"]


def test_p4_p13_an_export_goes_whole_with_the_first_of_its_records_that_a_seal_or_a_purge_takes(
    office: Office,
) -> None:
    arrests = [an_arrest(), an_arrest("K-1002", surname="Umbrella", sid=None)]
    office.take_in(*arrests)
    office.ask(*arrests)
    office.make()
    assert len(office.left()) == 2
    copies = office.deps.copies
    copies.erase("roster", {"f" * 64})
    assert len(office.left()) == 2, "keys of nothing in it"
    copies.erase("roster", keys_of_arrest(arrests[1], PSEUDONYMS))
    assert office.left() == []


def test_p12_a_purge_takes_the_exports_of_its_very_records_and_of_no_other_arrest_of_the_person(
    office: Office,
) -> None:
    arrest = an_arrest()
    office.take_in(arrest)
    office.ask(arrest)
    office.make()
    copies = office.deps.copies
    copies.erase_records("roster", {arrest.arrest_id}, keys_of_arrest(arrest, PSEUDONYMS))
    copies.delete_exports({"0" * 32})
    assert len(office.left()) == 2, "another report of the person is gone, this one is held"
    copies.delete_exports({arrest.arrest_id})
    assert office.left() == []


def test_p4_an_export_whose_record_is_sealed_while_it_is_made_leaves_nothing(office: Office, tables: Tables) -> None:
    arrest = an_arrest()
    office.take_in(arrest)
    office.ask(arrest)

    class SealedMeanwhile(CopiesBucket):
        def put_export(self, *words: Any) -> None:
            SealsTable(tables.client, "Arrests", "Juveniles").seal(arrest.arrest_id, "roster", ("k" * 32,), DROP, NOW)
            super().put_export(*words)

    made = office.make(replace(office.deps, copies=SealedMeanwhile(office.s3, "copies")))
    assert (made.state, made.failure, office.left()) == (ExportState.FAILED, CHANGED, [])


def test_p7_an_export_whose_disclosure_is_refused_before_it_is_made_fails_with_what_to_do(office: Office) -> None:
    arrest = an_arrest()
    office.take_in(arrest)
    export = office.ask(arrest)
    disclosure = office.disclosures.find("kings", export.disclosure_id)
    assert disclosure
    office.disclosures.save(disclosure.model_copy(update={"state": DisclosureState.REFUSED, "revision": 2}))
    made = office.make()
    assert (made.state, made.failure, office.left()) == (ExportState.FAILED, NOT_ALLOWED, [])


def test_p12_a_message_that_comes_twice_or_for_nothing_makes_one_export(office: Office) -> None:
    arrest = an_arrest()
    office.take_in(arrest)
    office.ask(arrest)
    office.make()
    task = ExportTask(office_id="kings", export_id=EXPORT_ID)
    assert export_records(task, office.deps, NOW + timedelta(hours=1)) is None
    assert export_records(task.model_copy(update={"export_id": "2" * 14 + "0" * 18}), office.deps, NOW) is None


@pytest.mark.parametrize(
    "name",
    ["../arrest.json", "/etc/passwd.txt", "records/01/../../x.json", "records\\01\\x.json", "Arrest.json", "a.exe"],
)
def test_p12_a_zip_has_no_name_that_leads_out_of_its_folder(name: str) -> None:
    with pytest.raises(ValueError, match="names that no export has"):
        pack({name: b"x"})


def test_p12_the_same_files_make_the_same_bytes_whatever_the_day() -> None:
    files = {"records/01/arrest.json": b"{}", "withheld.txt": "Ñandú\n".encode()}
    assert pack(files) == pack(dict(reversed(files.items())))
    with ZipFile(io.BytesIO(pack(files))) as packed:
        assert packed.testzip() is None
        assert packed.read(MANIFEST) == manifest_of(files)
        assert all((info.external_attr >> 16) & 0o777 == 0o644 for info in packed.infolist())


def test_p12_an_export_that_would_be_too_large_is_refused(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ExportTooLargeError):
        pack({"records/01/arrest.json": b"x" * (MOST_BYTES + 1)})
    arrest = an_arrest()
    office.take_in(arrest)
    office.ask(arrest)
    monkeypatch.setattr(archive, "MOST_BYTES", 100)
    made = office.make()
    assert (made.state, "20 MB" in made.failure, office.left()) == (ExportState.FAILED, True, [])


def test_p12_a_changed_a_missing_and_an_added_file_are_each_named() -> None:
    files = {"records/01/arrest.json": b"{}", "withheld.txt": b"nothing"}
    assert faults_in(pack(files)) == []

    def rewritten(change: dict[str, bytes]) -> bytes:
        packed = io.BytesIO()
        with ZipFile(packed, "w") as archive:
            for name, content in ({**files, MANIFEST: manifest_of(files)} | change).items():
                if content:
                    archive.writestr(name, content)
        return packed.getvalue()

    assert faults_in(rewritten({"withheld.txt": b"all"})) == ["withheld.txt is not what the manifest says"]
    assert faults_in(rewritten({"withheld.txt": b""})) == ["withheld.txt is missing"]
    assert faults_in(rewritten({"more.txt": b"x"})) == ["more.txt is not what the manifest says"]
    assert "it has no manifest" in faults_in(rewritten({MANIFEST: b""}))
