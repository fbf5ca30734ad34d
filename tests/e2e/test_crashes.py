"""A machine that dies at the worst moment loses nothing and doubles nothing.

The moments are real: a request is held between the function and the service, then the function's processes are killed.
"""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from shared.feeds.drops.left_behind import drops_left_behind
from shared.feeds.drops.queue import s3_event_of
from tests.e2e.rosters import roster, row
from tests.e2e.scene import Prosecutor, Scene, handed_out_again_after, sweep, switched_off
from tests.e2e.window import Request, Windows, nth
from tests.local.deployed import Deployed, eventually

pytestmark = pytest.mark.exhaustive


def sends_mail(request: Request) -> bool:
    return request.path.endswith("/outbound-emails")


def looks_up_watches(request: Request) -> bool:
    return request.action == "BatchGetItem"


def opens_a_delivery(request: Request) -> bool:
    return request.action == "PutItem" and json.loads(request.body)["Item"]["part"]["S"].startswith("delivery#")


def stores_an_alert(request: Request) -> bool:
    return request.action == "PutItem" and json.loads(request.body)["Item"]["part"] == {"S": "alert"}


def mails_to(scene: Scene, ada: Prosecutor, count: int = 1) -> list[dict[str, Any]]:
    eventually(lambda: len(scene.mails(ada.email)) >= count, what=f"{count} mails")
    scene.product.settle()
    return scene.mails(ada.email)


@pytest.mark.parametrize(
    ("point", "answered"),
    [(looks_up_watches, False), (opens_a_delivery, True), (stores_an_alert, True)],
    ids=["before anything is matched", "between a delivery and its alert", "between storing an alert and queueing it"],
)
def test_a_matcher_killed_on_the_way_alerts_once_all_the_same(
    windows: Windows, product: Deployed, scene: Scene, point: Any, answered: bool
) -> None:
    agency, ada = scene.agency(), scene.prosecutor()
    ada.watch(scene.watch_for_pat)
    with windows.killed_at("MatchArrestsFunction", "DYNAMODB", point, answered=answered):
        product.drop(agency, "day.csv", roster(row("BK-1", **scene.pat)))

    assert len(mails_to(scene, ada)) == 1
    assert [alert.revision for alert in scene.alerts()] == [1]


def test_a_sender_killed_between_claiming_and_sending_is_repaired_by_the_sweep(
    windows: Windows, product: Deployed, scene: Scene
) -> None:
    agency, ada = scene.agency(), scene.prosecutor()
    ada.watch(scene.watch_for_pat)
    with (
        handed_out_again_after(product, "AlertsQueue", 2),
        windows.killed_at("SendAlertsFunction", "SESV2", sends_mail),
    ):
        product.drop(agency, "day.csv", roster(row("BK-1", **scene.pat)))
    eventually(lambda: product.waiting("AlertsQueue") == 0, what="the message handed out again, and refused")
    (claimed,) = scene.deliveries()
    assert (claimed["state"], claimed["attempt"]) == ("claimed", "1")
    assert scene.mails(ada.email) == []

    eventually(lambda: sweep(product, "deliveries") or scene.mails(ada.email), what="the lease running out")

    assert len(mails_to(scene, ada)) == 1
    (sent,) = scene.deliveries()
    assert (sent["state"], sent["attempt"]) == ("delivered", "2")
    lease = datetime.fromisoformat(sent["claimed_at"]) - datetime.fromisoformat(claimed["claimed_at"])
    assert lease >= timedelta(seconds=20)


def test_a_sender_killed_after_the_provider_took_the_mail_does_not_send_it_again(
    windows: Windows, product: Deployed, scene: Scene
) -> None:
    agency, ada = scene.agency(), scene.prosecutor()
    ada.watch(scene.watch_for_pat)
    with (
        handed_out_again_after(product, "AlertsQueue", 2),
        windows.killed_at("SendAlertsFunction", "SESV2", sends_mail, answered=True),
    ):
        product.drop(agency, "day.csv", roster(row("BK-1", **scene.pat)))

    product.settle()

    assert len(scene.mails(ada.email)) == 1
    (delivery,) = scene.deliveries()
    assert (delivery["state"], delivery["attempt"]) == ("delivered", "1")
    assert delivery["sent_at"] >= delivery["claimed_at"]
    assert delivery["provider_id"].startswith(scene.mails(ada.email)[0]["MessageId"])


@pytest.mark.parametrize(
    ("batch", "answered"),
    [(4, False), (6, True)],
    ids=["half of the arrests stored", "all stored, before the receipt"],
)
def test_te8_an_intake_killed_on_the_way_stores_and_receipts_all(
    windows: Windows, product: Deployed, scene: Scene, batch: int, answered: bool
) -> None:
    agency, ada = scene.agency(), scene.prosecutor()
    ada.watch(scene.watch_for_pat)
    strangers = [row(f"BK-{number}") for number in range(2, 150)]
    file = roster(row("BK-1", **scene.pat), *strangers, row("BK-150", **scene.pat))
    with (
        handed_out_again_after(product, "FeedsQueue", 6),
        windows.killed_at("ReceiveFeedFunction", "DYNAMODB", nth(batch, "BatchExecuteStatement"), answered=answered),
    ):
        key = product.drop(agency, "day.csv", file)

    receipt = product.receipt(key)
    assert (receipt.rows.read, receipt.rows.accepted) == (150, 150)
    assert len(mails_to(scene, ada, 2)) == 2
    assert len(scene.arrests(agency)) == 150
    assert len(product.receipts(agency)) == 1


def test_a_drop_whose_event_was_lost_is_found_and_taken_in(product: Deployed, scene: Scene) -> None:
    agency, ada = scene.agency(), scene.prosecutor()
    ada.watch(scene.watch_for_pat)
    with switched_off(product, "ReceiveFeedFunction"):
        key = product.drop(agency, "day's é+1.csv", roster(row("BK-1", **scene.pat)))
        eventually(lambda: product.waiting("FeedsQueue"), what="the event")
        product.sqs.purge_queue(QueueUrl=product.outputs["FeedsQueue"])
    product.settle()
    assert product.receipts(agency) == []
    assert sweep(product, "drops") == 0, "a drop this young may still be on its way"

    (lost,) = left_behind(product, agency)
    product.sqs.send_message(QueueUrl=product.outputs["FeedsQueue"], MessageBody=s3_event_of(lost, product.bucket))

    assert product.receipt(key).rows.accepted == 1
    assert len(mails_to(scene, ada)) == 1
    assert left_behind(product, agency) == []


def left_behind(product: Deployed, agency: str) -> list[Any]:
    """As the sweep will see it when the drop is old enough."""
    now = datetime.now(UTC)
    lost = drops_left_behind(product.s3, product.bucket, now + timedelta(minutes=1), now - timedelta(days=2))
    return [drop for drop in lost if drop.key.startswith(f"{agency}/")]


def test_an_event_that_comes_twice_is_one_drop(product: Deployed, scene: Scene) -> None:
    """S3 and SQS deliver at least once."""
    agency, ada = scene.agency(), scene.prosecutor()
    ada.watch(scene.watch_for_pat)
    with switched_off(product, "ReceiveFeedFunction"):
        key = product.drop(agency, "day.csv", roster(row("BK-1", **scene.pat)))
        queue = product.outputs["FeedsQueue"]
        (event,) = eventually(lambda: product.sqs.receive_message(QueueUrl=queue, VisibilityTimeout=0).get("Messages"))
        assert json.loads(event["Body"])["Records"]
        product.sqs.send_message(QueueUrl=queue, MessageBody=event["Body"])

    receipt = product.receipt(key)
    assert len(mails_to(scene, ada)) == 1
    assert receipt.rows.accepted == 1
    assert len(product.receipts(agency)) == 1
