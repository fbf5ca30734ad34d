"""The real dependency sets, for this machine: what a function imports must be in its layers or in Lambda's own runtime.

The local cloud cannot show a missing dependency, because its workers run in our own environment.
"""

import json
import os
import shutil
import statistics
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from infra import bundle
from tests.infra.template import FUNCTIONS, Assembly

LAYERS = dict.fromkeys(FUNCTIONS, ("core",)) | {
    "receive_feed": ("core", "feeds"),
    "match_arrests": ("core", "matching"),
    "office_api": ("core", "matching"),
}
RUNS = 5
HERE = f"{sys.version_info.major}.{sys.version_info.minor}"
# -I -S: no site-packages, no user's folders, nothing but the trees that are named.
IMPORT = """
import importlib, sys, time
sys.path[:0] = sys.argv[2:]
began = time.perf_counter()
module, _, name = sys.argv[1].rpartition(".")
assert callable(getattr(importlib.import_module(module), name))
print(time.perf_counter() - began)
"""


@pytest.fixture(scope="session")
def trees(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Our code, the layers, and Lambda's own boto3 (the group `runtime`), each compiled as in Lambda."""
    root = tmp_path_factory.mktemp("bundle")
    code, _ = bundle.code()
    made = {"code": shutil.copytree(code, root / "code", ignore=shutil.ignore_patterns("__pycache__"))}
    for group in ("core", "feeds", "matching", "runtime"):
        made[group] = root / group / "python"
        bundle.install([group], made[group], platform=None, python=HERE)
    for tree in made.values():
        bundle.compile_bytecode(tree, sys.executable, seen_as=str(tree))
    return made


class Secrets(BaseHTTPRequestHandler):
    """Answers GetSecretValue, the one call that functions make while they start."""

    def do_POST(self) -> None:
        body = json.dumps({"SecretString": "a-key-for-this-test"}).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/x-amz-json-1.1")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Quiet."""


@pytest.fixture(scope="session")
def secrets_endpoint() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Secrets) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def init_seconds(handler: str, settings: dict[str, str], paths: list[Path], endpoint: str) -> float:
    stand_ins = {"AWS_DEFAULT_REGION": "us-east-1", "AWS_ACCESS_KEY_ID": "none", "AWS_SECRET_ACCESS_KEY": "none"}
    stand_ins |= {"AWS_ENDPOINT_URL": endpoint}
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c", IMPORT, handler, *map(str, paths)],
        env={"PATH": os.environ["PATH"], "POWERTOOLS_TRACE_DISABLED": "true"} | stand_ins | settings,
        cwd=paths[0],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return float(done.stdout.splitlines()[-1])


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_handler_imports_from_what_is_shipped(
    prod: Assembly, trees: dict[str, Path], secrets_endpoint: str, name: str, capsys: pytest.CaptureFixture[str]
):
    paths = [trees["code"], *(trees[group] for group in LAYERS[name]), trees["runtime"]]
    handler = prod.function(name)["Handler"]
    times = [init_seconds(handler, prod.settings(name), paths, secrets_endpoint) for _ in range(RUNS)]
    with capsys.disabled():
        print(
            f"\ninit {name}: {statistics.median(times) * 1000:.0f} ms (median of {RUNS}, Python {HERE}, target 700 ms)"
        )


def test_the_layers_hold_wheels_of_the_lambda_platform():
    for group, compiled in {"core": "pydantic_core", "feeds": "lxml", "matching": "rapidfuzz"}.items():
        folder, _ = bundle.layer(group)
        binaries = [path.name for path in (folder / "python" / compiled).rglob("*.so")]
        assert binaries
        assert all("cpython-313-aarch64-linux-gnu" in name for name in binaries)


def test_boto3_is_lambdas_own_and_not_shipped():
    shipped = {path.name for group in ("core", "feeds") for path in (bundle.layer(group)[0] / "python").iterdir()}
    assert not shipped & {"boto3", "botocore", "s3transfer"}


def test_the_code_asset_is_our_two_folders_and_no_rubbish():
    folder, _ = bundle.code()
    assert {path.name for path in folder.iterdir()} == {"functions", "shared"}
    assert not [path for path in folder.rglob("*") if path.name == "tests" or HERE.replace(".", "") in path.suffixes]


def test_the_same_content_is_built_once_and_named_alike():
    assert bundle.layer("core") == bundle.layer("core")
    assert bundle.code() == bundle.code()
