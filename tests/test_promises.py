"""Every promise of `promises.md` has a test that is named after it, and every id in a test's name has its sentence."""

import re
from pathlib import Path

import pytest

from tests.promises import ids_of, sentences

TEST_NAME = re.compile(r"^\s*(?:async )?def (test_\w+)", re.MULTILINE)


@pytest.fixture(scope="module")
def tests_by_promise() -> dict[str, list[str]]:
    named: dict[str, list[str]] = {}
    for path in Path(__file__).parent.rglob("test_*.py"):
        for name in TEST_NAME.findall(path.read_text(encoding="utf-8")):
            for id_ in ids_of(name):
                named.setdefault(id_, []).append(f"{path.name}::{name}")
    return named


@pytest.mark.parametrize("id_", sentences())
def test_every_promise_has_a_test_that_is_named_after_it(tests_by_promise: dict[str, list[str]], id_: str) -> None:
    assert id_ in tests_by_promise, f"no test shows {id_}: {sentences()[id_]} Write one named test_{id_}_..."


def test_every_id_in_the_name_of_a_test_has_its_sentence(tests_by_promise: dict[str, list[str]]) -> None:
    unknown = {id_: names for id_, names in tests_by_promise.items() if id_ not in sentences()}
    assert not unknown, f"write the sentences of these ids into tests/promises.md: {unknown}"


def test_a_failing_test_prints_its_promises(pytester: pytest.Pytester) -> None:
    pytester.makeconftest("from tests.conftest import pytest_runtest_makereport as pytest_runtest_makereport")
    pytester.makepyfile("def test_s16_71_a_promise_is_broken():\n    assert False")
    outcome = pytester.runpytest("-p", "no:randomly")
    outcome.stdout.fnmatch_lines([f"*s16: {sentences()['s16']}*", f"*71: {sentences()['71']}*"])
