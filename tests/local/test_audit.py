"""The local cloud is only worth its evidence if it took in the template that goes to AWS."""

from pathlib import Path

import pytest

from tests.local.audit import ignored_properties, known_ignored
from tests.local.cloud import LocalCloud
from tests.local.deployment import assembly, deploy


@pytest.fixture(scope="module")
def ignored(tmp_path_factory: pytest.TempPathFactory) -> set[tuple[str, str]]:
    log: Path = tmp_path_factory.mktemp("audit") / "audit.jsonl"
    with LocalCloud(audit_log=log) as cloud:
        deploy(cloud, assembly())
    return ignored_properties(log)


def test_the_local_cloud_ignores_no_property_that_we_have_not_judged(ignored: set[tuple[str, str]]) -> None:
    assert ignored - known_ignored() == set()


def test_the_list_of_ignored_properties_holds_no_stale_line(ignored: set[tuple[str, str]]) -> None:
    assert known_ignored() - ignored == set()
