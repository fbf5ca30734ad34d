from collections.abc import Iterator

import pytest

from tests.local.cloud import LocalCloud


@pytest.fixture(scope="session")
def cloud() -> Iterator[LocalCloud]:
    """Shared by the tests that name what they make; see test_cloud.py for a cloud of one's own."""
    with LocalCloud() as started:
        yield started
