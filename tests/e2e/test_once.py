"""However often and in whatever order a file arrives, it is stored once and alerts once."""

import json
import random
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from shared.alerts.matches.reason_words import reason_sentence
from tests.e2e.rosters import shipped
from tests.e2e.scene import Scene, unused_name
from tests.local.deployed import Deployed

pytestmark = pytest.mark.exhaustive

FEEDS = ("roster", "harris")
Dropping = Callable[[Deployed, str, bytes], int]
"""Drops one file in some unusual way and says how many drops that were."""


def three_times(product: Deployed, agency: str, content: bytes) -> int:
    for time in range(1, 4):
        product.receipt(product.drop(agency, "day.csv", content), number=time)
    return 3


def twice_at_once(product: Deployed, agency: str, content: bytes) -> int:
    with ThreadPoolExecutor() as pool:
        list(pool.map(lambda name: product.drop(agency, name, content), ["day.csv", "day.csv"]))
    product.receipt(f"{agency}/in/day.csv", number=2)
    return 2


def renamed(product: Deployed, agency: str, content: bytes) -> int:
    product.receipt(product.drop(agency, "day.csv", content))
    product.receipt(product.drop(agency, "Day (copy) é+1.csv", content))
    return 2


def shuffled(product: Deployed, agency: str, content: bytes) -> int:
    product.receipt(product.drop(agency, "day.csv", content))
    header, *rows = content.splitlines(keepends=True)
    random.Random(7).shuffle(rows)
    product.receipt(product.drop(agency, "shuffled.csv", header + b"".join(rows)))
    return 2


def once(product: Deployed, agency: str, content: bytes) -> int:
    product.receipt(product.drop(agency, "day.csv", content))
    return 1


def outcome(product: Deployed, drop: Dropping) -> dict[str, object]:
    """What is stored and told afterwards, without the names of the scene, fit to be compared with another's."""
    scene = Scene(product, unused_name())
    ada = scene.prosecutor()
    ada.watch({"watch": "charge", "statute": "PL 120", "begins_with": True})
    ada.watch({"watch": "place", "address": "14 Elm Street"}, {"email": ada.email}, {"topic": "cases"})
    ada.watch({"watch": "charge", "statute": "531115"})
    agencies = [scene.agency(kind) for kind in FEEDS]
    for agency, kind in zip(agencies, FEEDS, strict=True):
        drops = drop(product, agency, shipped(kind))
        product.settle()
        assert len(product.receipts(agency)) == drops
    arrests = {one.arrest_id: one for agency in agencies for one in scene.arrests(agency)}
    documents = sorted(one.model_dump_json(exclude={"arrest_id"}) for one in arrests.values())
    alerts = sorted(
        json.dumps([
            arrests[one.arrest_id].model_dump_json(exclude={"arrest_id"}), one.recipient.key, one.revision,
            sorted(reason_sentence(because) for because in one.because),
        ])
        for one in scene.alerts()
    )  # fmt: skip
    subjects = [mail["Subject"] for mail in scene.mails()]
    assert len(set(subjects)) == len(subjects)
    found = {
        "arrests": documents, "alerts": alerts, "mails": len(subjects),
        "deliveries": sorted((one["channel"], one["state"]) for one in _deliveries(scene)),
    }  # fmt: skip
    scene.leave()
    return json.loads(json.dumps(found).replace(scene.name, "scene"))


def _deliveries(scene: Scene) -> list[dict[str, str]]:
    return [one | {"channel": one["part"].rpartition("#")[2]} for one in scene.deliveries()]


@pytest.fixture(scope="module")
def clean(product: Deployed) -> dict[str, object]:
    return outcome(product, once)


@pytest.mark.parametrize("drop", [three_times, twice_at_once, renamed, shuffled], ids=lambda drop: drop.__name__)
def test_a_file_dropped_more_than_once_is_stored_and_told_once(
    product: Deployed, clean: dict[str, object], drop: Dropping
) -> None:
    assert len(clean["arrests"]) == 12 + 20  # type: ignore[arg-type]
    assert clean["mails"] == len(clean["alerts"]) - 3  # type: ignore[arg-type]  # three of them went to the topic
    assert outcome(product, drop) == clean
