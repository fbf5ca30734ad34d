"""The local cloud leaves nothing behind, however it ends."""

import os
import socket
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from tests.local.cloud import REPOSITORY, LocalCloud
from tests.local.probes import eventually, invoke, make_function

pytestmark = pytest.mark.thorough  # of what the end-to-end tests stand on, and would fall with

OWNER = """
import sys, time
from tests.local.cloud import LocalCloud
cloud = LocalCloud()
cloud.start()
print(cloud.port, flush=True)
time.sleep(600)
"""


def listening(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def alive(process_id: int) -> bool:
    try:
        os.kill(process_id, 0)
    except ProcessLookupError:
        return False
    return True


def folders(where: Path) -> list[Path]:
    return list(where.glob("local-cloud-*"))


@pytest.fixture
def temp(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr(tempfile, "tempdir", None)
    return tmp_path


def test_a_stopped_cloud_leaves_no_process_port_or_folder(temp: Path) -> None:
    with LocalCloud() as cloud:
        worker, _ = invoke(cloud, make_function(cloud, "idle", "import os\ndef handler(e, c): return os.getpid()"))
        assert len(folders(temp)) == 1
        assert alive(worker)
        port = cloud.port
    assert not listening(port)
    assert eventually(lambda: not alive(worker))
    assert folders(temp) == []


def test_a_second_start_knows_nothing_of_the_first() -> None:
    cloud = LocalCloud()
    with cloud:
        cloud.client("s3").create_bucket(Bucket="drops")
    with cloud:
        assert cloud.client("s3").list_buckets()["Buckets"] == []


def test_a_cloud_ends_with_the_process_that_started_it(temp: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", OWNER], cwd=REPOSITORY, stdout=subprocess.PIPE, text=True, env={**os.environ}
    ) as owner:
        assert owner.stdout is not None
        port = int(owner.stdout.readline())
        assert listening(port)
        owner.kill()
    assert eventually(lambda: not listening(port))
    assert eventually(lambda: folders(temp) == [])


def test_two_clouds_run_side_by_side() -> None:
    with LocalCloud() as first, LocalCloud() as second:
        first.client("s3").create_bucket(Bucket="drops")
        assert second.client("s3").list_buckets()["Buckets"] == []


def test_the_developers_own_aws_account_is_never_reached(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_PROFILE", "my-employer")
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "not-for-tests")
    with LocalCloud() as cloud:
        assert cloud.client("sts").get_caller_identity()["Account"] == "000000000000"


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere 127.0.0.2 is not this machine by itself")
def test_only_this_machine_can_reach_the_cloud() -> None:
    with LocalCloud() as cloud, socket.socket() as other:
        other.bind(("127.0.0.2", cloud.port))  # refused were the cloud bound to every address
