"""The whole life of a record: reported, told, decided, held, released, purged. Then nothing of the person is left."""

import zlib
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

from shared.arrests.retention.hold import Hold, HoldKind
from shared.arrests.retention.model import CopyRule, OfficeRetention
from shared.retention.holds_table import HoldsTable
from shared.retention.model import SEGMENTS, PurgeArea, PurgeStep
from tests.e2e.rosters import roster, row
from tests.e2e.scene import PROFILES, Scene, unused_name
from tests.local.deployed import Deployed, eventually

DAYS = 30


def agency_that_reports_dispositions(scene: Scene) -> str:
    """Enrols an agency whose roster has kind, outcome and day of an event in columns that the others seldom fill."""
    name = f"{scene.name}-roster"
    profile = (PROFILES / "roster.yaml").read_text().replace("agency: roster", f"agency: {name}")
    for before, after in (("middle", "event_date"), ("suffix", "event"), ("fbi", "outcome")):
        profile = profile.replace(f"  {before}: ", f"  {after}: ")
    scene.product.agencies.enrol(name, profile)
    return name


def run_purge(scene: Scene, agency: str, day: date) -> None:
    """Queues the steps of a day, as the schedule does, for the arrests and for this agency's drops."""
    steps = [PurgeStep(day=day, area=PurgeArea.ARRESTS, segment=segment) for segment in range(SEGMENTS)]
    steps.append(PurgeStep(day=day, area=PurgeArea.DROPS, agency=agency))
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
    """Unpacked as far as that goes: an agency may have sent a file that breaks off."""
    try:
        unpacked = zlib.decompressobj(wbits=_ZLIB_OR_GZIP).decompress(body)
    except zlib.error:
        unpacked = body
    return unpacked.decode(errors="replace")


def left_of(scene: Scene, words: list[str]) -> list[str]:
    """Every place that still has one of these words: tables, buckets, queues. Of the audit, what is locked stays."""
    product = scene.product
    tables = [name for name in product.outputs if name.endswith("Table") and name not in ("AuditTable", "ChainsTable")]
    texts = {f"{table} {item}" for table in tables for item in map(repr, product.items(table))}
    texts |= {f"{bucket} {text}" for bucket in ("FeedsBucket", "CopiesBucket") for text in objects(product, bucket)}
    return sorted({text[:200] for text in texts for word in words if word.casefold() in text.casefold()})


def test_p5_p13_a_record_is_held_released_and_purged_and_nothing_of_the_person_is_left(scene: Scene) -> None:
    ada = scene.prosecutor()
    agency = agency_that_reports_dispositions(scene)
    rule = OfficeRetention(copy_rule=CopyRule(days=DAYS, source="memo 7"))
    office = scene.office.model_copy(update={"agencies": (agency,), "retention": rule})
    scene.product.offices.enrol(office)
    ada.watch({"watch": "place", "agency": agency, "precinct": "101"})
    name = unused_name()  # of the arrested, and in the number: nothing else in the cloud has it
    number, person = f"BK-{name}", {"Last_Name": name, "First_Name": "Pat", "Date_of_Birth": "02/03/1990"}
    decided = {"Suffix": "disposition", "FBI_No": "dismissed", "Middle_Name": "11/25/2026"}
    scene.take_in(agency, "day.csv", roster(row(number, **person)))
    scene.take_in(agency, "court.csv", roster(row(number, **person, **decided)))
    eventually(lambda: len(scene.mails(ada.email)) == 1, seconds=60)
    (alert,) = scene.alerts()
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

    table.store(hold.model_copy(update={"ended_on": today, "ended_by": ada.email, "revision": 2}))
    run_purge(scene, agency, due + timedelta(days=1))
    assert scene.alerts() == []
    assert scene.arrests(agency) == []
    assert left_of(scene, words) == []

    certificates = [text for text in objects(scene.product, "AuditBucket") if text.startswith("purges/")]
    assert any(alert.arrest_id in text and alert.alert_id in text for text in certificates)
    assert not [word for text in certificates for word in (name, scene.name) if word in text]
    again = scene.take_in(agency, "again.csv", roster(row(number, **person)))
    assert again.skipped == {"the time of the arrest is over": 1}
    assert len(scene.mails(ada.email)) == 1
