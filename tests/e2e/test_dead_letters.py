"""What cannot be done is set aside alone, does not hold up its neighbours, and can be put back once it is mended."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.e2e.rosters import roster, row, stranger
from tests.e2e.scene import Scene, bodies, holding, switched_off, unused_name
from tests.local.cloud import PATIENCE, REGION, REPOSITORY
from tests.local.deployed import Deployed, eventually

pytestmark = pytest.mark.exhaustive

STACK = "arrest-alert-local"


def command(product: Deployed, *words: str) -> subprocess.CompletedProcess[str]:
    """`arrest-alert dead-letters`, as an operator runs it."""
    account = {
        "AWS_ENDPOINT_URL": product.cloud.endpoint, "AWS_DEFAULT_REGION": REGION, "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test", "AWS_CONFIG_FILE": os.devnull, "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
    }  # fmt: skip
    return subprocess.run(
        [sys.executable, "-m", "functions.cli.main", "dead-letters", "--stack", STACK, *words],
        cwd=REPOSITORY, env=os.environ | account, capture_output=True, text=True, timeout=PATIENCE, check=False,
    )  # fmt: skip


def precinct(agency: str) -> dict[str, str]:
    return {"watch": "place", "agency": agency, "precinct": "101"}


@pytest.fixture
def emptied(product: Deployed) -> Iterator[None]:
    """The dead letters of this test do not reach the next one."""
    yield
    for queue in ("UnmatchedDeadLetter", "AlertsDeadLetter"):
        product.sqs.purge_queue(QueueUrl=product.outputs[queue])


def test_an_arrest_that_cannot_be_matched_is_set_aside_alone_and_replayed(
    product: Deployed, scene: Scene, emptied: None
) -> None:
    """Here an office's stored rules are broken: whoever it watches cannot be matched until somebody mends them."""
    agency, ada = scene.agency(), scene.prosecutor()
    neighbour = Scene(product, unused_name())
    nora = neighbour.prosecutor("nora")
    ada.watch(scene.watch_for_pat)
    nora.watch(precinct(agency))
    strangers = [stranger(number) for number in range(2, 12)]
    _break_rules(scene)

    product.drop(agency, "day.csv", roster(*strangers[:5], row("BK-1", **scene.pat), *strangers[5:]))
    eventually(lambda: product.waiting("UnmatchedDeadLetter"), what="the dead letter")
    # Whoever else watches the same arrest is told at once as well.
    eventually(lambda: len(neighbour.mails(nora.email)) == 11, what="the neighbours' alerts")

    letters = bodies(product, product.outputs["UnmatchedDeadLetter"])
    assert len(set_aside(letters)) == 1, letters
    assert scene.mails() == []
    product.offices.enrol(scene.office)
    # A letter that was just looked at comes back by itself.
    eventually(lambda: replayed(product) and not product.waiting("UnmatchedDeadLetter"), what="the replay")
    eventually(lambda: scene.mails(ada.email), what="the alert after all")
    product.settle()
    assert len(scene.mails(ada.email)) == 1
    assert len(neighbour.mails(nora.email)) == 11
    assert product.waiting("UnmatchedDeadLetter") == 0


def set_aside(letters: list[str]) -> set[str]:
    """The places in the stream, each of one record; the same one may be set aside twice."""
    found = [json.loads(letter)["DDBStreamBatchInfo"] for letter in letters]
    assert all(one["batchSize"] == 1 for one in found)
    return {one["startSequenceNumber"] for one in found}


def replayed(product: Deployed) -> bool:
    done = command(product, "unmatched", "--replay")
    assert done.returncode == 0, done.stdout + done.stderr
    return not done.stdout.startswith("0 ")


def _break_rules(scene: Scene) -> None:
    key = {"pk": {"S": f"office#{scene.name}"}}
    scene.product.dynamodb.put_item(
        TableName=scene.product.outputs["OfficesTable"], Item=key | {"doc": {"S": '{"office_id": 7}'}}
    )


def test_a_broken_arrest_does_not_hold_up_its_neighbours_and_keeps_its_secrets(
    product: Deployed, scene: Scene, emptied: None
) -> None:
    agency, ada = scene.agency(), scene.prosecutor()
    ada.watch(precinct(agency))
    broken = {
        "arrest_id": {"S": scene.name}, "agency": {"S": agency}, "version": {"N": "1"},
        "doc": {"S": '{"person": {"surname": "Canarywing", "born": "1977-07-07"'},
    }  # fmt: skip
    with switched_off(product, "MatchArrestsFunction"):
        key = product.drop(agency, "monday.csv", roster(*(row(f"BK-{number}") for number in range(6))))
        product.receipt(key)
        product.dynamodb.put_item(TableName=product.outputs["ArrestsTable"], Item=broken)
        product.receipt(product.drop(agency, "tuesday.csv", roster(*(row(f"BK-{number}") for number in range(6, 12)))))

    eventually(lambda: product.waiting("UnmatchedDeadLetter"), what="the dead letter")
    eventually(lambda: len(scene.mails(ada.email)) == 12, what="the neighbours' alerts")
    product.settle()

    assert len(scene.mails(ada.email)) == 12
    letters = bodies(product, product.outputs["UnmatchedDeadLetter"])
    assert len(set_aside(letters)) == 1, letters
    assert not holding([*letters, *product.log_lines("MatchArrestsFunction")], ("Canarywing", "1977-07-07"))


@contextmanager
def received_at_most(product: Deployed, queue: str, times: int) -> Iterator[None]:
    url = product.outputs[queue]
    attributes = product.sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["RedrivePolicy"])["Attributes"]
    usual = attributes["RedrivePolicy"]
    fewer = json.dumps(json.loads(usual) | {"maxReceiveCount": times})
    product.sqs.set_queue_attributes(QueueUrl=url, Attributes={"RedrivePolicy": fewer})
    try:
        yield
    finally:
        product.sqs.set_queue_attributes(QueueUrl=url, Attributes={"RedrivePolicy": usual})


def test_a_poisoned_delivery_ends_in_the_dead_letter_and_is_shown(
    product: Deployed, scene: Scene, emptied: None
) -> None:
    agency, ada = scene.agency(), scene.prosecutor()
    ada.watch(precinct(agency))
    with received_at_most(product, "AlertsQueue", 2):  # of ten times, a minute apart
        product.sqs.send_message(QueueUrl=product.outputs["AlertsQueue"], MessageBody='{"alert_id": 7')
        product.drop(agency, "day.csv", roster(row("BK-1")))
        eventually(lambda: product.waiting("AlertsDeadLetter"), what="the dead letter")

    product.settle()

    assert len(scene.mails(ada.email)) == 1
    shown = command(product, "alerts")
    assert shown.returncode == 0
    assert shown.stdout.endswith("1 waiting\n")
    assert "alert_id" not in shown.stdout


def test_the_command_says_what_is_wrong_with_its_words(product: Deployed) -> None:
    assert command(product, "gossip").returncode == 2
    assert command(product, "feeds").stdout == "0 waiting\n"
    assert command(product, "housekeeping", "--replay").returncode == 1
