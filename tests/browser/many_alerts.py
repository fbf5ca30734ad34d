"""An office with as many alerts as it has after years, written straight into their table; how soon its page comes."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from statistics import median
from uuid import uuid4

from mypy_boto3_dynamodb.type_defs import WriteRequestTypeDef
from playwright.sync_api import Page

from shared.alerts.model import Alert
from shared.aws.dynamodb import Item, sortable_timestamp
from shared.batching import batches
from tests.browser.person import Person
from tests.e2e.rosters import roster, stranger
from tests.e2e.scene import Scene

ARRESTS = 20  # that are reported; each has an alert of its own, and many copies of it
_ASK = "() => { const [n] = performance.getEntriesByType('navigation'); return n.responseStart - n.requestStart }"


def give_alerts(scene: Scene, reader: Person, count: int) -> None:
    """Reports arrests that the reader watches, then copies their alerts until there are `count`."""
    agency = scene.agency()
    watch = {"watch": "place", "agency": agency, "precinct": "101"}
    reader.watch(watch, starts="2026-01-01")
    scene.take_in(agency, "roster.csv", roster(*map(stranger, range(ARRESTS))))
    table = scene.product.outputs["AlertsTable"]
    stored = [item for item in scene.product.items("AlertsTable") if item["part"]["S"] == "alert"]
    own = [item for item in stored if item["office_id"]["S"] == scene.name]
    for requests in batches(_put_requests(own, count - len(own)), 25):
        scene.product.dynamodb.batch_write_item(RequestItems={table: requests})


def _put_requests(originals: list[Item], count: int) -> Iterator[WriteRequestTypeDef]:
    """Each copy is a minute older than the one before it."""
    for place in range(count):
        original = originals[place % len(originals)]
        alert = Alert.model_validate_json(original["doc"]["S"])
        made, alert_id = alert.created_at - timedelta(minutes=place + 1), uuid4().hex
        document = json.loads(original["doc"]["S"]) | {"alert_id": alert_id, "created_at": made.isoformat()}
        document["number"] = f"{place:05}{place:05}"
        copied = {"alert_id": {"S": alert_id}, "created_at": {"S": sortable_timestamp(made)}}
        yield {"PutRequest": {"Item": original | copied | {"doc": {"S": json.dumps(document)}}}}


def usual_first_byte(page: Page, runs: int) -> float:
    """Milliseconds until the first byte of the page that is open: the median of `runs` times that it is loaded anew."""
    took = []
    for _ in range(runs):
        page.reload()
        took.append(float(page.evaluate(_ASK)))
    return median(took)
