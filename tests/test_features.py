"""What the product promises prosecutors, and about them: each has a test whose name begins with it."""

import re
from pathlib import Path

import pytest

PROMISES = [*(f"s{number}" for number in range(1, 17)), "p1", "p2", "p3", "p6", "o6", "o7"]
# what a subscription does from the first request to its end, and the faults of others that it must not have
PROMISES += [*map(str, (*range(1, 19), *range(64, 75))), "w16", "w17", "w18", "w19", "w23", "w25", "w27"]
_NAMED = re.compile(r"^(?:async )?def test_((?:[a-z]?[0-9]+_)+)", re.MULTILINE)


@pytest.fixture(scope="module")
def named() -> set[str]:
    texts = (path.read_text(encoding="utf-8") for path in Path(__file__).parent.rglob("test_*.py"))
    return {id_ for text in texts for ids in _NAMED.findall(text) for id_ in ids.split("_")}


@pytest.mark.parametrize("promise", PROMISES)
def test_every_promise_has_a_test_that_is_named_after_it(named, promise):
    assert promise in named
