"""What is personal stands in encrypted documents and in agreed mail; in no log, queue, key, subject, SMS or receipt."""

import json
import zlib
from typing import Any

from shared.audit.append_chain import export_chain
from tests.e2e.rosters import roster, row
from tests.e2e.scene import Scene, bodies, holding, switched_off, topic_inbox, unused_name
from tests.local.deployed import Deployed, eventually

FUNCTIONS = ("ReceiveFeedFunction", "MatchArrestsFunction", "SendAlertsFunction", "NoteReceiptsFunction",
             "KeepHouseFunction", "OfficeApiFunction", "ChainAuditFunction")  # fmt: skip
# Each said once in the file, or in a request; none is anybody's.
ARREST = {
    "Booking No": "CNY-77001", "Last Name": "Canarywing", "First Name": "Featherine", "Middle Name": "Goldcrest",
    "Also Known As": "Yellowtail Siskin", "Date of Birth": "07/07/1957", "State ID": "77123456Z",
    "FBI No": "770077FB7", "Arrest Street No": "7007", "Arrest Street": "Birdcage Walk", "SSN": "987-65-4320",
    "Inmate Phone": "2125550177", "Charge": "Unlawful Whistling",
}  # fmt: skip
CANARIES = ("Canarywing", "Featherine", "Goldcrest", "Yellowtail", "Siskin", "07/07/1957", "1957-07-07", "19570707",
            "77123456Z", "770077FB7", "Birdcage", "987-65-4320", "987654320", "2125550177", "CNY-77001", "CNY77001",
            "Whistling", "Aviary-42", "Nestbox")  # fmt: skip
WITHHELD = ("987-65-4320", "987654320", "2125550177")  # never stored anywhere
PERSON = {"watch": "person", "surname": "Canarywing", "given": "Featherine", "date_of_birth": "1957-07-07"}
STATE_ID = {"watch": "identifier", "identifier": {"kind": "sid", "value": "77123456Z", "issuer": "NY"}}
BASIS = {"kind": "open case", "case_number": "Aviary-42"}
NUMBER = "+12125550178"


def unpacked(text: bytes) -> str:
    """The last link of a chain lies compressed in its head."""
    return zlib.decompress(text).decode()


def keys_and_facts(items: list[dict[str, Any]]) -> list[str]:
    """Everything of these items but what may name a person: the documents, the criteria that stand in a posting list
    (`s_<subscription>`), and whom a delivery goes to."""
    return [
        json.dumps({
            name: said for name, said in item.items() if name not in ("doc", "address") and not name.startswith("s_")
        })
        for item in items
    ]  # fmt: skip


def test_te7_a_person_is_named_in_documents_and_agreed_mail_only(product: Deployed, scene: Scene) -> None:
    agency, ada, bob = scene.agency(), scene.prosecutor(), scene.prosecutor("bob", plain=True)
    inbox = topic_inbox(product, scene.name)
    told = ({"email": ada.email, "sms": NUMBER}, {"email": bob.email}, {"topic": "cases"})
    for criterion in (PERSON, STATE_ID, {"watch": "place", "address": "7007 Birdcage Walk"}):
        ada.watch(criterion, *told, basis=BASIS, reference="Nestbox")
    ada.api("POST", "/v1/subscriptions", {"criterion": PERSON | {"surname": 7}, "basis": "Aviary-42"})
    ada.api("POST", "/v1/subscriptions", b'{"surname": "Canarywing", ')
    ada.api("GET", "/v1/subscriptions/Canarywing")
    undated = {"Booking No": "CNY-3", "Last Name": "Canarywing", "Arrest Date": "07/07/1957x"}
    rows = [row("CNY-1"), row("CNY-2"), undated]
    unnamed = "Canarywing Featherine.csv"
    for name in (unnamed, "day.csv"):
        with switched_off(product, "SendAlertsFunction"), switched_off(product, "NoteReceiptsFunction"):
            receipt = product.receipt(product.drop(agency, name, roster(rows[0] | ARREST, *rows[1:])))
            if name == unnamed:
                eventually(lambda: product.waiting("AlertsQueue") == 4, what="four deliveries")
            assert not holding(bodies(product, product.outputs["AlertsQueue"]), CANARIES)
    product.settle()

    mails, pings = scene.mails(ada.email), scene.mails(bob.email)
    assert "Featherine Goldcrest CANARYWING" in mails[0]["BodyText"]
    assert not holding([mail["BodyText"] + mail["BodyHtml"] for mail in mails], WITHHELD)
    assert not holding([mail["BodyText"] + mail["BodyHtml"] for mail in pings], CANARIES)
    outside = [json.dumps({name: mail[name] for name in ("Subject", "EmailTags", "Headers")}) for mail in mails + pings]
    published = bodies(product, inbox)
    assert [len(mails), len(pings), len(scene.texts(NUMBER)), len(published)] == [1, 1, 1, 1]
    assert not holding([*outside, *scene.texts(NUMBER), *published], CANARIES)
    assert not holding([receipt.model_dump_json()], CANARIES)
    for table in ("ArrestsTable", "SubscriptionsTable", "AlertsTable"):
        items = product.items(table)
        assert not holding(keys_and_facts(items), CANARIES), table
        assert not holding([json.dumps(items)], WITHHELD), table
    for table in ("AuditTable", "ChainsTable"):  # not even in a document
        assert not holding([json.dumps(product.items(table), default=unpacked)], CANARIES), table
    trail = eventually(lambda: list(export_chain(scene.name, product.chaining)), what="the audit trail")
    assert not holding([event.model_dump_json() for event in trail], CANARIES)
    for function in FUNCTIONS:
        assert not holding(product.log_lines(function), CANARIES), function
    for queue in ("Feeds", "Alerts", "ProviderEvents", "Purges", "Exports", "Unmatched", "Unchained", "Housekeeping"):
        assert not holding(bodies(product, product.outputs[f"{queue}DeadLetter"]), CANARIES), queue


def test_te7_objects_are_named_after_the_agencys_own_drop_alone(product: Deployed, scene: Scene) -> None:
    agency = scene.agency()
    rows = [row("CNY-1") | ARREST, {"Booking No": "CNY-3", "Last Name": "Canarywing", "Arrest Date": "no day"}]
    receipt = product.receipt(product.drop(agency, "day.csv", roster(*rows)))

    listed = product.s3.list_objects_v2(Bucket=product.bucket, Prefix=f"{agency}/")["Contents"]
    buckets = [bucket["Name"] for bucket in product.s3.list_buckets()["Buckets"]]
    keys = [
        entry["Key"]
        for name in buckets
        for entry in product.s3.list_objects_v2(Bucket=name).get("Contents", [])
        if agency in entry["Key"]
    ]

    assert not holding(keys, CANARIES)
    assert receipt.rejects_key
    assert len(listed) == 2, "the receipt and the rejects; the drop itself lies in the bucket of copies"
    assert len(keys) > len(listed)
    assert not holding([product.read(receipt.rejects_key).decode()], WITHHELD)
    assert all(one["Key"].split("/")[2].startswith("day.csv") for one in listed)


def test_the_providers_events_carry_no_person(product: Deployed, scene: Scene) -> None:
    agency, ada = scene.agency(), scene.prosecutor()
    ada.watch(PERSON, basis=BASIS, reference="Nestbox")
    with switched_off(product, "NoteReceiptsFunction"):
        product.drop(agency, "day.csv", roster(row("CNY-1") | ARREST))
        eventually(lambda: product.waiting("ProviderEventsQueue") == 2, what="sent and delivered")
        events = bodies(product, product.outputs["ProviderEventsQueue"])
        assert len(events) == 2
    assert not holding(events, CANARIES)
    product.settle()


def test_te7_a_file_named_after_a_person_is_named_in_no_log(product: Deployed) -> None:
    scene = Scene(product, unused_name())
    product.receipt(product.drop(scene.agency(), "Canarywing Featherine 1957-07-07.csv", roster(row("CNY-9"))))
    product.settle()
    assert not holding(product.log_lines("ReceiveFeedFunction"), CANARIES)
