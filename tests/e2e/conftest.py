from collections.abc import Iterator

import pytest

from tests.e2e.scene import Scene, unused_name
from tests.local.deployed import Deployed, deployed


@pytest.fixture(scope="session")
def product() -> Iterator[Deployed]:
    """One deployment for all tests: what a test makes carries its scene's name."""
    with deployed() as one:
        yield one


@pytest.fixture
def scene(product: Deployed) -> Scene:
    return Scene(product, unused_name())


@pytest.fixture(scope="session")
def guarded() -> Iterator[Deployed]:
    """A deployment on which every call is judged by its caller's role."""
    with deployed(auth=True) as one:
        yield one
