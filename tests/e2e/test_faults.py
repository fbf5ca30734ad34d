"""Services of AWS that throttle, fail, answer late or lose an answer: a drop arrives all the same, whole and once."""

import time
from collections.abc import Iterator
from typing import Any

import pytest

from shared.batching import batches
from tests.e2e.rosters import roster, row, stranger
from tests.e2e.scene import Scene
from tests.local.deployed import Deployed
from tests.local.faults import Fault, Kind
from tests.widths import exhaustive

# "A throttle of 3 s on the way of a drop": how much later everything must be there, in seconds of a quiet machine.
LATER_SECONDS = 20
FEW, MANY = 300, 5_000
PHONE = "+12125550170"
TRANSACTIONS = Fault("dynamodb:TransactWriteItems", Kind.THROTTLE, seconds=3)
# SES throttles a sender for seconds; a mail about it is not repeated by boto3.
MAILS = Fault("ses:SendEmail", Kind.THROTTLE, seconds=3)
FAULTS = [
    TRANSACTIONS,
    MAILS,
    *exhaustive(
        Fault("dynamodb:*", Kind.THROTTLE, seconds=3),
        Fault("dynamodb:*", Kind.OUTAGE, seconds=3),
        Fault("dynamodb:*", Kind.LATE, times=20, delay_seconds=1),
        Fault("dynamodb:TransactWriteItems", Kind.LOST, times=3),
        Fault("dynamodb:PutItem", Kind.LOST, times=3),
        Fault("s3:*", Kind.THROTTLE, seconds=3),
        Fault("s3:PutObject", Kind.LOST, times=2),
        Fault("sqs:SendMessage", Kind.THROTTLE, seconds=3),
        Fault("sqs:SendMessage", Kind.LOST, times=2),
        Fault("ses:SendEmail", Kind.LATE, times=1, delay_seconds=4),
        Fault("ses:SendEmail", Kind.LATE, times=1, delay_seconds=12),
        Fault("ses:SendEmail", Kind.LOST, times=1),
        Fault("sns:Publish", Kind.THROTTLE, seconds=3),
    ),
]


@pytest.fixture
def faultless(product: Deployed, scene: Scene) -> Iterator[None]:
    """The faults of a test end with it, and its arrests, which every later subscription would be compared with."""
    yield
    product.cloud.inject()
    table = product.outputs["ArrestsTable"]
    keys = [{"arrest_id": item["arrest_id"]} for item in product.items("ArrestsTable") if belongs(item, scene)]
    for batch in batches(keys, 25):
        deletes: list[Any] = [{"DeleteRequest": {"Key": key}} for key in batch]
        product.dynamodb.batch_write_item(RequestItems={table: deletes})


def belongs(item: dict[str, Any], scene: Scene) -> bool:
    return bool(item.get("agency", {}).get("S", "").startswith(scene.name))


def a_drop(scene: Scene, name: str, rows: int) -> bytes:
    """Rows of strangers, and one of the person who is watched. Every drop has arrests of its own."""
    first = sum(map(ord, name)) * 10_000
    strangers = (stranger(first + number) for number in range(rows - 1))
    return roster(*strangers, row(f"BK-{name}", **scene.pat))


def seconds_until_told(scene: Scene, agency: str, name: str, rows: int) -> float:
    began = time.monotonic()
    receipt = scene.take_in(agency, f"{name}.csv", a_drop(scene, name, rows))
    assert (receipt.rows.accepted, receipt.rows.rejected) == (rows, 0)
    return time.monotonic() - began


def dead_letters(product: Deployed) -> dict[str, int]:
    names = [name for name in product.outputs if name.endswith("DeadLetter")]
    return {name: number for name in names if (number := product.waiting(name))}


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: f"{fault.kind} {fault.action}".replace(":", " "))
def test_a_drop_arrives_whole_and_once_whatever_a_service_does(scene: Scene, faultless: None, fault: Fault) -> None:
    product, agency, ada = scene.product, scene.agency(), scene.prosecutor()
    ada.watch(scene.watch_for_pat, {"email": ada.email, "sms": PHONE})
    texts_before = len(scene.texts(PHONE))
    rows = FEW if fault in (TRANSACTIONS, MAILS) else MANY
    before, usual = dead_letters(product), seconds_until_told(scene, agency, "usual", rows)

    product.cloud.inject(fault)
    hindered = seconds_until_told(scene, agency, "hindered", rows)

    assert product.cloud.faults_met(), "the fault met nothing"
    assert len(scene.arrests(agency)) == 2 * rows
    assert (len(scene.mails(ada.email)), len(scene.texts(PHONE)) - texts_before) == (2, 2)
    assert dead_letters(product) == before
    if fault.kind is Kind.THROTTLE:
        assert hindered < 2 * usual + fault.seconds + LATER_SECONDS
