"""`make quick`: the unit tests of what changed since origin/main, committed or not, within 20 seconds.

The order is: tests named like a changed module, changed tests, tests that import a changed module, then the rest of the
folders that mirror changed ones. Tests of the template come last, because to synthesise one takes ten seconds. A test
that would start after the time limit is left out and counted. Tests that need the local cloud are not quick: `make
test` runs everything.
"""

import re
import subprocess
import sys
import time
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
SECONDS = 20
STARTED = time.monotonic()
# They deploy onto a local cloud, or measure.
NOT_QUICK = ("tests/e2e/", "tests/local/", "tests/bench/", "tests/browser/", "tests/demo/")
# Source folder -> the folder that tests it, where that is not the folder of the same name below tests/.
ELSEWHERE = {
    "functions/chain_audit": "tests/audit",
    "functions/export_records": "tests/records_requests",
    "functions/learn_names": "tests/matching",
    "functions/match_arrests": "tests/alerts",
    "functions/open_juvenile_records": "tests/arrests/juveniles",
    "functions/purge_records": "tests/retention",
    "functions/receive_feed": "tests/feeds/intake",
    "functions/record_delivery_events": "tests/alerts/delivery",
    "functions/scheduled_jobs": "tests/alerts/delivery",
    "functions/send_alerts": "tests/alerts/delivery",
    "shared/provisioning": "tests/cli",
}
# When nothing that changed has tests of its own: values and decisions of every room, in a few seconds.
FALLBACK = ("tests/access", "tests/arrests", "tests/audit", "tests/channels", "tests/matching", "tests/offices")
# Changes in these may be felt anywhere.
HELPERS_OF_ALL = ("tests/conftest.py", "tests/builders.py", "tests/in_process.py", "tests/widths.py")


def select(changed: Iterable[str], tests: Mapping[str, str]) -> list[str]:
    """Returns the test files to run, the most relevant first. `tests` maps the path of each test file to its text."""
    changed = sorted(changed)
    folders = {folder for path in changed if not is_test(path) and (folder := mirror_of(path, tests))}
    modules = [module_of(path) for path in changed if path.endswith(".py") and not is_test(path)]
    own = [path for path in changed if path in tests]
    named = {f"test_{module.rpartition('.')[2]}.py" for module in modules}
    importing = [path for path, text in tests.items() if any(imports(text, module) for module in modules)]
    beside = [path for folder in sorted(folders) for path in tests if path.startswith(f"{folder}/")]
    chosen = [path for path in dict.fromkeys([*own, *importing, *beside]) if not path.startswith(NOT_QUICK)]
    own_names = [path for path in chosen if path.rpartition("/")[2] in named]
    chosen = sorted(dict.fromkeys([*own_names, *chosen]), key=lambda path: path.startswith("tests/infra/"))
    if chosen and not any(path in HELPERS_OF_ALL for path in changed):
        return chosen
    return list(dict.fromkeys([*chosen, *(path for path in tests if path.startswith(FALLBACK))]))


def mirror_of(path: str, tests: Iterable[str]) -> str | None:
    """Returns the deepest test folder that mirrors the folder of a changed file, None if there is none."""
    folder = path.rpartition("/")[0]
    for source, tested_in in ELSEWHERE.items():
        if f"{folder}/".startswith(f"{source}/"):
            folder = tested_in
    if folder.startswith(("shared/", "functions/")):
        folder = f"tests/{folder.partition('/')[2]}"
    elif folder == "infra" or folder.startswith("infra/"):
        folder = "tests/infra"
    while folder.startswith("tests/"):
        if any(test.startswith(f"{folder}/") for test in tests):
            return folder
        folder = folder.rpartition("/")[0]
    return None


def is_test(path: str) -> bool:
    return path.rpartition("/")[2].startswith("test_")


def module_of(path: str) -> str:
    return path.removesuffix("/__init__.py").removesuffix(".py").replace("/", ".")


def imports(text: str, module: str) -> bool:
    package, _, name = module.rpartition(".")
    if f"from {module} import" in text or f"import {module}\n" in text:
        return True
    return bool(re.search(rf"^from {re.escape(package)} import .*\b{re.escape(name)}\b", text, re.MULTILINE))


def changed_files() -> list[str]:
    """Returns the files that changed since the newest commit that is in origin/main too; without an origin/main, since
    the last commit.
    """
    common = _git("merge-base", "HEAD", "origin/main") or ["HEAD"]
    return sorted({*_git("diff", "--name-only", common[0]), *_git("ls-files", "--others", "--exclude-standard")})


def _git(*words: str) -> list[str]:
    done = subprocess.run(["git", *words], cwd=ROOT, capture_output=True, text=True, check=False)
    return done.stdout.split("\n")[:-1] if done.returncode == 0 else []


def all_tests() -> dict[str, str]:
    files = sorted((ROOT / "tests").rglob("test_*.py"))
    return {file.relative_to(ROOT).as_posix(): file.read_text() for file in files}


class TimeLimit:
    """A pytest plugin. It leaves out tests that start after the limit, and the environments but `dev`: each takes ten
    seconds to synthesise."""

    def __init__(self, seconds: float) -> None:
        self._end = STARTED + seconds
        self.left_out = 0

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        items[:] = [item for item in items if not _needs_another_environment(item)]

    def pytest_runtest_protocol(self, item: pytest.Item) -> bool | None:
        if time.monotonic() < self._end:
            return None
        self.left_out += 1
        return True


def _needs_another_environment(item: pytest.Item) -> bool:
    if not item.nodeid.startswith("tests/infra/"):
        return False
    callspec, fixtures = getattr(item, "callspec", None), getattr(item, "fixturenames", ())
    environment = callspec.params.get("assembly", "dev") if callspec else "dev"
    return environment != "dev" or "prod" in fixtures or ("assemblies" in fixtures and "assembly" not in fixtures)


def main(arguments: Sequence[str]) -> int:
    changed = changed_files()
    tests = select(changed, all_tests())
    print(f"{len(changed)} files changed since origin/main; their tests, at most {SECONDS} s:")
    print("\n".join(f"  {path}" for path in tests), flush=True)
    limit = TimeLimit(SECONDS - 2)  # the last test needs some time, too
    marks = ["-m", "not thorough and not exhaustive"]
    status = pytest.main(["-p", "no:cacheprovider", *marks, *arguments, *tests], plugins=[limit])
    if limit.left_out:
        print(f"{limit.left_out} tests were left out: {SECONDS} s were over. `make test` runs everything.")
    return 0 if status == pytest.ExitCode.NO_TESTS_COLLECTED else int(status)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
