"""The whole life of a record: reported, told, decided, held, released, purged. Then nothing of the person is left."""

import hashlib
import io
import urllib.request
import zlib
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zipfile import ZipFile

from shared.arrests.retention.hold import Hold, HoldKind
from shared.arrests.retention.model import CopyRule, OfficeRetention
from shared.offices.agreements import OfficeAgreements, RecordedAgreement
from shared.offices.users import Right
from shared.retention.holds_table import HoldsTable
from shared.retention.model import SEGMENTS, PurgeArea, PurgeStep
from tests.e2e.rosters import roster, row
from tests.e2e.scene import PROFILES, Scene, bodies, holding, unused_name
from tests.e2e.test_privacy import FUNCTIONS
from tests.local.deployed import Api, Deployed, eventually

DAYS = 30
LOGGING = (*FUNCTIONS, "PurgeRecordsFunction")


def agency_that_reports_dispositions(scene: Scene) -> str:
    """Enrols an agency whose roster has kind, outcome and day of an event in columns that the others seldom fill."""
    name = f"{scene.name}-roster"
    profile = (PROFILES / "roster.yaml").read_text().replace("agency: roster", f"agency: {name}")
    for before, after in (("middle", "event_date"), ("suffix", "event"), ("fbi", "outcome")):
        profile = profile.replace(f"  {before}: ", f"  {after}: ")
    scene.product.agencies.enrol(name, profile)
    return name


def run_purge(scene: Scene, agency: str, day: date) -> None:
    """Queues the steps of a day, as the schedule does, for the arrests, this agency's drops and the office's
    watches."""
    steps = [PurgeStep(day=day, area=PurgeArea.ARRESTS, segment=segment) for segment in range(SEGMENTS)]
    steps.append(PurgeStep(day=day, area=PurgeArea.DROPS, agency=agency))
    steps.append(PurgeStep(day=day, area=PurgeArea.WATCHES, office_id=scene.name))
    for step in steps:
        scene.product.sqs.send_message(
            QueueUrl=scene.product.outputs["PurgesQueue"], MessageBody=step.model_dump_json()
        )
    eventually(lambda: scene.product.waiting("PurgesQueue") == 0, seconds=120)


_ZLIB_OR_GZIP = 32 + zlib.MAX_WBITS


def objects(product: Deployed, bucket: str) -> Iterator[str]:
    """Yields key and text of every version of every object."""
    pages = product.s3.get_paginator("list_object_versions").paginate(Bucket=product.outputs[bucket])
    for page in pages:
        for stored in page.get("Versions", ()):
            options: Any = {} if stored["VersionId"] == "null" else {"VersionId": stored["VersionId"]}
            body = product.s3.get_object(Bucket=product.outputs[bucket], Key=stored["Key"], **options)["Body"].read()
            yield f"{stored['Key']} {_text_of(body)}"


def _text_of(body: bytes) -> str:
    """Unpacked as far as that goes: an agency may have sent a file that breaks off. A ZIP is an export."""
    if body.startswith(b"PK"):
        with ZipFile(io.BytesIO(body)) as packed:
            return "\n".join(packed.read(name).decode() for name in packed.namelist())
    try:
        unpacked = zlib.decompressobj(wbits=_ZLIB_OR_GZIP).decompress(body)
    except zlib.error:
        unpacked = body
    return unpacked.decode(errors="replace")


def left_of(scene: Scene, words: list[str]) -> list[str]:
    """Every place that still has one of these words: tables, buckets, queues, logs. Of the audit, what is locked stays.
    An id in a log names nobody."""
    product = scene.product
    product.settle()
    tables = [name for name in product.outputs if name.endswith("Table") and name not in ("AuditTable", "ChainsTable")]
    texts = {f"{table} {item}" for table in tables for item in map(repr, product.items(table))}
    buckets = [name for name in product.outputs if name.endswith("Bucket") and name != "AuditBucket"]
    texts |= {f"{bucket} {text}" for bucket in buckets for text in objects(product, bucket)}
    queues = [name for name in product.outputs if name.endswith(("Queue", "DeadLetter"))]
    texts |= {f"{queue} {body}" for queue in queues for body in bodies(product, product.outputs[queue])}
    names = [word for word in words if word.isalpha() or "/" in word]
    logs = {f"{function} {line}" for function in LOGGING for line in product.log_lines(function)}
    texts |= {line for _, line in holding(logs, names)}
    return sorted({text[:200] for text in texts for word in words if word.casefold() in text.casefold()})


def person_watch(name: str, ends: date) -> tuple[dict[str, Any], dict[str, Any]]:
    """A watch for the person on suspicion, which names her in each text that a watch has."""
    criterion = {"watch": "person", "surname": name, "given": "Pat", "date_of_birth": "1990-02-03"}
    texts = {"reference": f"ref {name}", "note": {"private": f"{name} moves", "public": f"ask about {name}"}}
    basis = {"kind": "documented suspicion", "case_number": "MEMO-9"}
    return criterion, texts | {"basis": basis, "ends": str(ends), "starts": "2026-01-01"}


def test_p5_p13_28_cfr_23_20_h_a_record_and_its_watch_are_held_released_and_purged_and_nothing_of_the_person_is_left(
    scene: Scene,
) -> None:
    ada = scene.prosecutor()
    agency = agency_that_reports_dispositions(scene)
    rule = OfficeRetention(copy_rule=CopyRule(days=DAYS, source="memo 7"))
    office = scene.office.model_copy(update={"agencies": (agency,), "retention": rule})
    scene.product.offices.enrol(office)
    ada.watch({"watch": "place", "agency": agency, "precinct": "101"})
    name = unused_name()  # of the arrested, and in the number: nothing else in the cloud has it
    criterion, facts = person_watch(name, datetime.now(UTC).date() + timedelta(days=2))
    watch = ada.watch(criterion, **facts)["subscription_id"]
    number, person = f"BK-{name}", {"Last_Name": name, "First_Name": "Pat", "Date_of_Birth": "02/03/1990"}
    decided = {"Suffix": "disposition", "FBI_No": "dismissed", "Middle_Name": "11/25/2026"}
    scene.take_in(agency, "day.csv", roster(row(number, **person)))
    scene.take_in(agency, "court.csv", roster(row(number, **person, **decided)))
    eventually(lambda: len(scene.mails(ada.email)) == 1, seconds=60)
    (alert,) = scene.alerts()
    assert watch in {reason.subscription_id for reason in alert.because}
    words = [name, alert.alert_id]

    table = HoldsTable(scene.product.dynamodb, scene.product.outputs["SubscriptionsTable"])
    hold = Hold(
        hold_id="h1",
        office_id=scene.name,
        kind=HoldKind.CASE,
        reason="appeal pending",
        arrest_ids=(alert.arrest_id,),
        placed_by=ada.email,
        placed_at=datetime.now(UTC),
    )
    table.store(hold)
    today = datetime.now(UTC).date()
    due = today + timedelta(days=DAYS)
    run_purge(scene, agency, due)
    assert [kept.alert_id for kept in scene.alerts()] == [alert.alert_id]
    assert [arrest.kind.value for arrest in scene.arrests(agency)] == ["booking"], "its disposition was told to nobody"
    assert scene.product.subscriptions.find(scene.name, watch), "it led to an arrest that is held"
    assert any(text.startswith("SubscriptionsTable") for text in left_of(scene, [name])), "the search finds the watch"

    table.store(hold.model_copy(update={"ended_on": today, "ended_by": ada.email, "revision": 2}))
    run_purge(scene, agency, due + timedelta(days=1))
    assert scene.alerts() == []
    assert scene.arrests(agency) == []
    assert left_of(scene, words) == []

    certificates = [text for text in objects(scene.product, "AuditBucket") if text.startswith("purges/")]
    assert any(alert.arrest_id in text and alert.alert_id in text for text in certificates)
    assert any(watch in text for text in certificates)
    assert not [word for text in certificates for word in (name, scene.name) if word in text]
    again = scene.take_in(agency, "again.csv", roster(row(number, **person)))
    assert again.skipped == {"the time of the arrest is over": 1}
    assert len(scene.mails(ada.email)) == 1


BORN = {"Date_of_Birth": "07/29/1953"}
"""Nobody else in the cloud was born on that day."""


def keeper(scene: Scene, name: str, *rights: Right) -> Api:
    """Somebody who answers for the records of the scene's office."""
    email = f"{name}@{scene.domain}"
    signed_in = scene.product.enrol(email, scene.office, frozenset({Right.RECORDS, Right.ARRESTS, *rights}))
    return scene.product.api(signed_in.id_token())


def agreed_with(scene: Scene, agency: str) -> None:
    agreement = RecordedAgreement(
        agency=agency, reference="MOU-7", starts=date(2026, 1, 1), ends=date(2099, 12, 31), recorded_by="set-up",
        recorded_at=datetime.now(UTC),
    )  # fmt: skip
    agreements = OfficeAgreements(office_id=scene.name, agreements=(agreement,), revision=1)
    scene.product.subscriptions.agreements.save(agreements)


def test_p12_p13_lgs_1_what_was_exported_before_its_purge_is_nowhere_afterwards(scene: Scene) -> None:
    ada = scene.prosecutor()
    agency = agency_that_reports_dispositions(scene)
    rule = OfficeRetention(copy_rule=CopyRule(days=DAYS, source="memo 7"))
    scene.product.offices.enrol(scene.office.model_copy(update={"agencies": (agency,), "retention": rule}))
    agreed_with(scene, agency)
    rita, rob = keeper(scene, "rita"), keeper(scene, "rob", Right.PRIVACY)
    ada.watch({"watch": "place", "agency": agency, "precinct": "101"})
    name = unused_name()
    number, person = f"BK-{name}", {"Last_Name": name, "First_Name": "Pat"} | BORN
    decided = {"Suffix": "disposition", "FBI_No": "dismissed", "Middle_Name": "11/25/2026"}
    scene.take_in(agency, "day.csv", roster(row(number, **person)))
    scene.take_in(agency, "court.csv", roster(row(number, **person, **decided)))
    eventually(lambda: len(scene.mails(ada.email)) == 1, seconds=60)
    (alert,) = scene.alerts()
    words = [name, number, alert.alert_id, "07/29/1953", "1953-07-29"]

    today = datetime.now(scene.office.zone).date()
    held = rita("POST", "/v1/holds", {"kind": "case", "reason": "appeal pending", "numbers": [alert.arrest_number]})
    asked = {
        "kind": "foil", "received_on": str(today), "about": f"What is held of Pat {name}", "requester": f"Lee {name}",
        "requester_kind": "press", "numbers": [alert.arrest_number],
    }  # fmt: skip
    entered = rita("POST", "/v1/records-requests", asked)
    assert (held.status, entered.status) == (201, 201), (held.body, entered.body)
    request = f"/v1/records-requests/{entered.body['request']['request_id']}"
    content = exported(rita, rob, request, alert.arrest_id)
    with ZipFile(io.BytesIO(content)) as packed:
        files = {file: packed.read(file).decode() for file in packed.namelist()}
    assert [word for word in (name, number) if word.upper() not in files["records/01/arrest.json"].upper()] == []
    assert alert.alert_id in files["records/01/alerts.json"]
    assert "be told" in files["records/01/tellings.json"]
    assert "/v1/records-requests" in files["records/01/audit.json"]
    for line in files.pop("manifest.sha256").splitlines():
        digest, _, file = line.partition("  ")
        assert hashlib.sha256(files[file].encode()).hexdigest() == digest, file

    run_purge(scene, agency, today + timedelta(days=DAYS))
    assert [kept.alert_id for kept in scene.alerts()] == [alert.alert_id], "both holds keep it"
    ended = rita("POST", f"/v1/holds/{held.body['hold']['hold_id']}/end", {"ended_on": str(today), "reason": "over"})
    withdrawn = rita("POST", f"{request}/steps", {"kind": "withdrawn", "reason": f"{name} was answered elsewhere"})
    assert (ended.body["in_force"], withdrawn.body["state"]) == (True, "closed")
    assert any(name.casefold() in text.casefold() for text in objects(scene.product, "CopiesBucket"))
    run_purge(scene, agency, today + timedelta(days=DAYS + 31))
    assert scene.alerts() == []
    assert left_of(scene, words) == []
    certificates = [text for text in objects(scene.product, "AuditBucket") if text.startswith("purges/")]
    assert any(alert.arrest_id in text for text in certificates)
    assert rita("GET", request).body["state"] == "closed", "that somebody asked stays on record"


def exported(rita: Api, rob: Api, request: str, arrest_id: str) -> bytes:
    """What Rita fetches by her link, on a disclosure that Rob has approved."""
    wish = {
        "ground": "mission", "arrest_ids": [arrest_id], "facts": "everything held", "recipient": "Example Gazette",
        "recipient_kind": "press", "means": "export", "agency_consent": "letter of today",
    }  # fmt: skip
    disclosure = rita("POST", "/v1/disclosures", wish).body["disclosure_id"]
    wanted = {"disclosure_id": disclosure}
    assert rita("POST", f"{request}/exports", wanted).status == 422, "it waits for approval"
    assert rita("POST", f"/v1/disclosures/{disclosure}/approve", {"reason": "fine"}).status == 403, "her own"
    assert rob("POST", f"/v1/disclosures/{disclosure}/approve", {"reason": "It is public."}).status == 200
    export = rita("POST", f"{request}/exports", wanted)
    assert export.status == 202, export.body
    link = f"/v1/records-exports/{export.body['export_id']}"
    assert rob("GET", link).status == 404
    url = eventually(lambda: rita("GET", link).body["url"], seconds=60, what="the export")
    with urllib.request.urlopen(url) as answer:  # noqa: S310 - of our own loopback
        return bytes(answer.read())
