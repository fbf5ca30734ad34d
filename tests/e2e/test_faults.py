"""Services of AWS that throttle, fail, answer late or lose an answer: a drop arrives all the same, whole and once."""

import time
from collections.abc import Iterator
from typing import Any, NamedTuple

import pytest

from shared.alerts.delivery.model import DeliveryState
from shared.batching import batches
from tests.e2e.rosters import roster, row, stranger
from tests.e2e.scene import Prosecutor, Scene, handed_out_again_after
from tests.local.deployed import Deployed, eventually
from tests.local.faults import Fault, Kind
from tests.widths import exhaustive

# "A throttle of 3 s on the way of a drop": how much later everything must be there, in seconds of a quiet machine.
LATER_SECONDS, THROTTLED_SECONDS = 20, 3
FEW, MANY = 300, 5_000
PHONE = "+12125550170"
# Longer than a function waits for an answer (`shared/aws/time_limits.py`, `shared/channels/dependencies.py`).
TOO_LATE = 12


class Case(NamedTuple):
    """Faults that come together, and the rows of the drop that they meet."""

    rows: int
    faults: tuple[Fault, ...]

    def __str__(self) -> str:
        faults = ", ".join(f"{fault.kind} {fault.action}" for fault in self.faults)
        return f"{self.rows} rows, {faults}".replace(":", " ")


# What cannot be had (30 November 2026): SNS knows a text by nothing but the id that it answers with, so a text of which
# it says "my fault" may have gone out, and is never repeated. It ends as unconfirmed, and the mail beside it tells.
LOSES_A_TEXT = Fault("sns:Publish", Kind.OUTAGE, seconds=THROTTLED_SECONDS)


def throttle(action: str) -> Fault:
    return Fault(action, Kind.THROTTLE, seconds=THROTTLED_SECONDS)


def outage(action: str) -> Fault:
    return Fault(action, Kind.OUTAGE, seconds=3)


def late(action: str, times: int = 3) -> Fault:
    return Fault(action, Kind.LATE, times=times, delay_seconds=TOO_LATE)


def slow(action: str, times: int = 3, seconds: float = TOO_LATE) -> Fault:
    return Fault(action, Kind.SLOW, times=times, delay_seconds=seconds)


def lost(action: str, times: int) -> Fault:
    return Fault(action, Kind.LOST, times=times)


QUICK = [
    throttle("dynamodb:BatchExecuteStatement"),
    throttle("ses:SendEmail"),
    outage("sqs:ReceiveMessage"),
    lost("sqs:SendMessage", times=2),
]
LONG = [
    *((fault,) for fault in QUICK),
    (throttle("dynamodb:*"),),
    (outage("dynamodb:*"),),
    (slow("dynamodb:*", times=20, seconds=1),),
    (slow("dynamodb:*"),),
    (late("dynamodb:*"),),
    (late("dynamodb:PutItem"),),
    (late("dynamodb:BatchExecuteStatement"),),
    (lost("dynamodb:BatchExecuteStatement", times=3),),
    (lost("dynamodb:PutItem", times=3),),
    (throttle("s3:*"),),
    (outage("s3:*"),),
    (slow("s3:*"),),
    (late("s3:*"),),
    (lost("s3:PutObject", times=2),),
    (throttle("sqs:SendMessage"),),
    (throttle("sqs:ReceiveMessage"),),
    (throttle("sqs:ChangeMessageVisibility"), throttle("dynamodb:*")),
    (outage("sqs:ChangeMessageVisibility"), outage("dynamodb:*")),
    (late("sqs:SendMessage"),),
    (slow("sqs:SendMessage"),),
    (outage("ses:SendEmail"),),
    (slow("ses:SendEmail", times=1, seconds=4),),
    (late("ses:SendEmail", times=1),),
    (slow("ses:SendEmail", times=1),),
    (lost("ses:SendEmail", times=1),),
    (throttle("sns:Publish"),),
    (LOSES_A_TEXT,),
    (slow("sns:Publish", times=1, seconds=4),),
    (late("sns:Publish", times=1),),
    (slow("sns:Publish", times=1),),
    (lost("sns:Publish", times=1),),
    (throttle("lambda:InvokeFunction"),),
]
CASES = [*(Case(FEW, (fault,)) for fault in QUICK), *exhaustive(*(Case(MANY, faults) for faults in LONG))]


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


def seconds_until_told(scene: Scene, reader: Prosecutor, agency: str, name: str, rows: int) -> float:
    """Drops a file of which one arrest is the reader's, and waits for everything: a call that answers late keeps a
    matcher busy of which no queue knows."""
    began, before = time.monotonic(), len(scene.mails(reader.email))
    receipt = scene.take_in(agency, f"{name}.csv", a_drop(scene, name, rows))
    assert (receipt.rows.accepted, receipt.rows.rejected) == (rows, 0)
    eventually(lambda: len(scene.mails(reader.email)) > before, what="the mail")
    seconds = time.monotonic() - began
    scene.product.settle()
    return seconds


def dead_letters(product: Deployed) -> dict[str, int]:
    names = [name for name in product.outputs if name.endswith("DeadLetter")]
    return {name: number for name in names if (number := product.waiting(name))}


def texts_unconfirmed(scene: Scene) -> int:
    """Those that ended without a word of the provider."""
    texts = [delivery for delivery in scene.deliveries() if delivery["part"].endswith("#sms")]
    return sum(text["state"] == DeliveryState.UNCONFIRMED for text in texts)


@pytest.mark.parametrize("case", CASES, ids=str)
def test_a_drop_arrives_whole_and_once_whatever_a_service_does(scene: Scene, faultless: None, case: Case) -> None:
    product, agency, ada = scene.product, scene.agency(), scene.prosecutor()
    ada.watch(scene.watch_for_pat, {"email": ada.email, "sms": PHONE})
    texts_before = len(scene.texts(PHONE))
    before, usual = dead_letters(product), seconds_until_told(scene, ada, agency, "usual", case.rows)

    product.cloud.inject(*case.faults)
    hindered = seconds_until_told(scene, ada, agency, "hindered", case.rows)

    met = product.cloud.faults_met()
    print(f"{case}: {usual:.0f} s without, {hindered:.0f} s with {met}")
    assert met, "the fault met nothing"
    assert len(scene.arrests(agency)) == 2 * case.rows
    lost_texts = case.faults.count(LOSES_A_TEXT)
    assert (len(scene.mails(ada.email)), len(scene.texts(PHONE)) - texts_before) == (2, 2 - lost_texts)
    assert texts_unconfirmed(scene) >= lost_texts
    assert dead_letters(product) == before
    if all(fault.kind is Kind.THROTTLE for fault in case.faults):
        assert hindered < usual + THROTTLED_SECONDS + LATER_SECONDS


@pytest.mark.exhaustive
@pytest.mark.parametrize("rows", [FEW, MANY])
def test_a_message_that_lambda_cannot_delete_comes_back_and_tells_nobody_twice(
    scene: Scene, faultless: None, rows: int
) -> None:
    product, agency, ada = scene.product, scene.agency(), scene.prosecutor()
    ada.watch(scene.watch_for_pat, {"email": ada.email, "sms": PHONE})
    texts_before = len(scene.texts(PHONE))
    product.cloud.inject(outage("sqs:DeleteMessage"))
    with handed_out_again_after(product, "FeedsQueue", 15), handed_out_again_after(product, "AlertsQueue", 15):
        seconds_until_told(scene, ada, agency, "again", rows)
    assert product.cloud.faults_met()
    assert (len(product.receipts(agency)), len(scene.arrests(agency))) == (1, rows)
    assert (len(scene.mails(ada.email)), len(scene.texts(PHONE)) - texts_before) == (1, 1)
