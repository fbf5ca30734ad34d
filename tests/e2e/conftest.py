from collections.abc import Iterator

import pytest

from tests.e2e.rosters import shipped
from tests.e2e.scene import Scene, unused_name
from tests.e2e.window import Windows
from tests.local.deployed import Deployed, deployed, eventually


@pytest.fixture(scope="session")
def product() -> Iterator[Deployed]:
    """One deployment for all tests: what a test makes carries its scene's name."""
    with deployed() as one:
        warm(Scene(one, unused_name()))
        yield one


@pytest.fixture(scope="session")
def windows(product: Deployed) -> Iterator[Windows]:
    opened = Windows(product)
    yield opened
    opened.close()


@pytest.fixture
def scene(product: Deployed) -> Iterator[Scene]:
    one = Scene(product, unused_name())
    yield one
    one.leave()


def warm(scene: Scene) -> None:
    """Every function has started once, so that no test pays for it."""
    agency, ada = scene.agency(), scene.prosecutor()
    ada.watch({"watch": "place", "agency": agency, "precinct": "101"})
    scene.product.drop(agency, "roster.csv", shipped("roster"))
    eventually(lambda: [one for one in scene.deliveries() if one["state"] == "delivered"])
    scene.product.settle()
    scene.leave()
