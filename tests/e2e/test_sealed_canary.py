"""One invented person is fed through everything, and her arrest is then sealed under CPL 160.50.

A search of every table, bucket, queue, log, unsent mail and kept answer finds her only where the law keeps her.
"""

import gzip
import json
import time
import zlib
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from shared.alerts.delivery.model import DeliveryKey, DeliveryState
from shared.offices.users import Right
from tests.e2e.rosters import roster, row
from tests.e2e.scene import Prosecutor, Scene, bodies, holding
from tests.e2e.test_privacy import ARREST, FUNCTIONS
from tests.local.cloud import PATIENCE
from tests.local.deployed import Deployed, eventually

NUMBER = "CNY-99001"
HER = ARREST | {
    "Booking No": NUMBER, "Last Name": "Sealwing", "First Name": "Larkspur", "Middle Name": "Goldfinch",
    "Also Known As": "Bunting Wren", "Date of Birth": "03/09/1961", "State ID": "88123456Z", "FBI No": "880088FB8",
    "SSN": "987-65-4329", "Inmate Phone": "2125550188",
}  # fmt: skip
MARKS = ("Sealwing", "Larkspur", "Goldfinch", "Bunting Wren", "03/09/1961", "1961-03-09", "88123456Z", "880088FB8",
         "987-65-4329", "987654329", NUMBER)  # fmt: skip
PERSON = {"watch": "person", "surname": "Sealwing", "given": "Larkspur", "date_of_birth": "1961-03-09"}
LIKE_HER = PERSON | {"date_of_birth": "1969-12-30"}  # the name and another birthday: a possible match

LAWFUL = {
    "SubscriptionsTable": "what an office watches, written by the office itself and validated by it",
    "mails that were sent": "they lie with their recipients, who are told to delete every copy",
}


@pytest.fixture
def ada(scene: Scene) -> Iterator[Prosecutor]:
    """May look up arrests and seal those of the scene's agency. Afterwards no digest waits for noon any more."""
    agency, ada = scene.agency(), scene.prosecutor()
    scene.product.offices.enrol(scene.office.model_copy(update={"agencies": (agency,), "may_seal": (agency,)}))
    user = scene.product.users.find(scene.name, ada.email)
    assert user
    rights = frozenset({Right.ARRESTS, Right.FEEDS, Right.SEAL, Right.REVIEW})
    scene.product.users.change(user, user.model_copy(update={"rights": rights, "revision": user.revision + 1}))
    yield ada
    for delivery in scene.deliveries():
        if "open" in delivery:
            revision, channel = delivery["part"].split("#")[1:]
            key = DeliveryKey(delivery["alert_id"], int(revision), channel, scene.name)
            scene.product.alerts.deliveries.advance(key, DeliveryState.SUPPRESSED, datetime.now(UTC), why="test over")


def feed_her_through_everything(scene: Scene, ada: Prosecutor) -> None:
    """Alerts of each urgency, an update, a review, a digest that waits, searches, kept answers and a dry run."""
    agency, keys = f"{scene.name}-roster", iter(range(1_000))

    def keep(path: str, body: Any) -> Any:
        answer = ada.api("POST", path, body, idempotency_key=f"{scene.name}-{next(keys)}")
        assert answer.status < 300, (path, answer.body)
        return answer.body

    for urgency, case in (("normal", "N-1"), ("urgent", "U-1"), ("digest", "D-1")):
        basis = {"kind": "open case", "case_number": case}
        request = {"criterion": PERSON, "basis": basis, "urgency": urgency, "starts": "2026-01-01"}
        recipient = {"email": f"{urgency}@{scene.domain}"}
        scene.prosecutor(urgency)
        scene.product.offices.enrol(scene.office.model_copy(update={"agencies": (agency,), "may_seal": (agency,)}))
        keep("/v1/subscriptions", request | {"recipients": [recipient]})
    keep("/v1/subscriptions", {"criterion": LIKE_HER, "basis": {"kind": "warrant", "case_number": "W-1"},
                               "starts": "2026-01-01"})  # fmt: skip
    # A digest waits until noon, so the product does not come to rest.
    scene.product.receipt(scene.product.drop(agency, "day.csv", roster(HER, row("CNY-2"))))
    eventually(lambda: len(scene.mails()) >= 2, what="the normal and the urgent mail")
    scene.product.receipt(scene.product.drop(agency, "later.csv", roster(HER | {"Charge": "Another Whistling"})))
    eventually(lambda: any("Update" in mail["Subject"] for mail in scene.mails()), what="the update")
    found = keep("/v1/arrests/search", {"agency": agency, "number": NUMBER})
    assert len(found["items"]) in (0, 1)
    [review] = ada.api("GET", "/v1/reviews").body["items"]
    assert "SEALWING" in str(review)
    keep(f"/v1/reviews/{review['review_id']}/confirm", None)
    for alert in ada.api("GET", "/v1/alerts").body["items"]:
        ada.api("GET", f"/v1/alerts/{alert['alert_id']}")


def test_ta4_tg1_after_a_seal_nothing_readable_of_the_person_is_left_but_what_the_law_keeps(
    product: Deployed, scene: Scene, ada: Prosecutor
) -> None:
    agency = f"{scene.name}-roster"
    feed_her_through_everything(scene, ada)
    assert "Larkspur Goldfinch SEALWING" in "".join(mail["BodyText"] for mail in scene.mails())
    assert {"AlertsTable", "ArrestsTable"} <= set(found_in(product, scene)), "the search finds her where she is"

    sealed = ada.api("POST", f"/v1/agencies/{agency}/seals", {"number": NUMBER, "seal_statute": "CPL 160.50"})
    assert sealed.status == 202, sealed.body
    eventually(lambda: all(alert.withdrawn_at for alert in scene.alerts()), what="the withdrawal of every alert")
    eventually(lambda: sum("WITHDRAWN" in mail["Subject"] for mail in scene.mails()) >= 2, what="the withdrawals")

    places = found_at_last(product, scene)
    assert set(places) <= set(LAWFUL), {place: lines[:2] for place, lines in places.items() if place not in LAWFUL}
    key = product.drop(agency, "again.csv", roster(HER | {"Charge": "A third"}))
    again = product.receipt(key)
    assert again.arrests.accepted == 0
    replayed = found_in(product, scene)
    assert set(replayed) <= {*LAWFUL, "feeds bucket"}, "her number is dropped again, and is refused"


def found_at_last(product: Deployed, scene: Scene) -> dict[str, list[tuple[str, str]]]:
    """A seal searches the drops in the background: what is found at first may be gone in a moment."""
    deadline = time.monotonic() + PATIENCE / 3
    while set(places := found_in(product, scene)) - set(LAWFUL) and time.monotonic() < deadline:
        time.sleep(2)
    return places


def found_in(product: Deployed, scene: Scene) -> dict[str, list[tuple[str, str]]]:
    """Every place that names her, with the marks and the texts."""
    found = {place: holding(texts, MARKS) for place, texts in everything(product, scene)}
    return {place: lines for place, lines in found.items() if lines}


def everything(product: Deployed, scene: Scene) -> Iterator[tuple[str, list[str]]]:
    for name in product.outputs:
        if name.endswith("Table"):
            yield name, [json.dumps(item, default=_readable) for item in product.items(name)]
        elif name.endswith(("Queue", "DeadLetter")) and product.outputs[name].startswith("http"):
            yield name, bodies(product, product.outputs[name])
    for function in FUNCTIONS:
        yield f"log of {function}", product.log_lines(function)
    for bucket in product.s3.list_buckets()["Buckets"]:
        name = "feeds bucket" if bucket["Name"] == product.bucket else f"bucket {bucket['Name']}"
        yield name, list(_objects(product, bucket["Name"]))
    mails = scene.mails()
    yield "mails that were sent", [mail["BodyText"] + mail["BodyHtml"] for mail in mails]
    yield "subjects of mails", [mail["Subject"] for mail in mails]
    yield "texts", [text["Message"] for text in product.cloud.texts()]


def _objects(product: Deployed, bucket: str) -> Iterator[str]:
    """Every version of every object, its key included, unpacked where it is packed."""
    for page in product.s3.get_paginator("list_object_versions").paginate(Bucket=bucket):
        for version in page.get("Versions", []):
            content = product.s3.get_object(Bucket=bucket, Key=version["Key"], VersionId=version["VersionId"])
            yield f"{version['Key']}\n{_readable(content['Body'].read())}"


def _readable(content: bytes) -> str:
    for unpack in (gzip.decompress, zlib.decompress):
        try:
            return unpack(content).decode(errors="replace")
        except (OSError, EOFError, zlib.error):
            continue
    return content.decode(errors="replace")
