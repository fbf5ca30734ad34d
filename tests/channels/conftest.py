from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.channels.receiving import Receiver, receiving


@pytest.fixture
def receiver(tmp_path: Path) -> Iterator[Receiver]:
    with receiving(tmp_path) as receiver:
        yield receiver
