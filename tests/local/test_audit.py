"""The local cloud is only worth its evidence if it took in the template that goes to AWS."""

from pathlib import Path

from tests.local.audit import ignored_properties, known_ignored
from tests.local.cloud import LocalCloud
from tests.local.deployment import assembly, deploy


def test_the_local_cloud_ignores_the_properties_that_we_have_judged_and_no_others(tmp_path: Path) -> None:
    log = tmp_path / "audit.jsonl"
    with LocalCloud(audit_log=log) as cloud:
        deploy(cloud, assembly())
    ignored = ignored_properties(log)
    assert (ignored - known_ignored(), known_ignored() - ignored) == (set(), set())
