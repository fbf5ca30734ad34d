from collections.abc import Iterator

import pytest

from tests.e2e.rosters import shipped
from tests.e2e.scene import Scene, unused_name
from tests.e2e.window import Windows
from tests.local.deployed import Deployed, deployed, eventually


@pytest.fixture(scope="session")
def product() -> Iterator[Deployed]:
    """One deployment for all tests. Everything that a test creates carries the name of its scene."""
    with deployed() as deployment:
        warm(Scene(deployment, unused_name()))
        yield deployment


@pytest.fixture(scope="session")
def windows(product: Deployed) -> Iterator[Windows]:
    opened = Windows(product)
    yield opened
    opened.close()


@pytest.fixture
def scene(product: Deployed) -> Iterator[Scene]:
    scene = Scene(product, unused_name())
    yield scene
    scene.leave()


def warm(scene: Scene) -> None:
    """Makes every function start once, so that no test waits for a cold start."""
    agency, ada = scene.agency(), scene.prosecutor()
    ada.watch({"watch": "place", "agency": agency, "precinct": "101"})
    scene.product.drop(agency, "roster.csv", shipped("roster"))
    eventually(lambda: [delivery for delivery in scene.deliveries() if delivery["state"] == "delivered"])
    scene.product.settle()
    scene.leave()
