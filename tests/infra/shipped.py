"""Installs what is shipped for this machine, and starts a handler from nothing else.

The local cloud cannot show a missing dependency, because its workers run in our own environment.
"""

import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.metadata import version
from pathlib import Path

from infra import bundle
from tests.infra.template import FUNCTIONS, Assembly

LAYERS = dict.fromkeys(FUNCTIONS, ("core",)) | {
    "receive_feed": ("core", "feeds"),
    "purge_records": ("core", "feeds"),
    "export_records": ("core", "matching", "policy", "feeds"),
    "match_arrests": ("core", "matching", "policy"),
    "learn_names": ("core", "matching"),
    "send_alerts": ("core", "matching", "policy"),
    "scheduled_jobs": ("core", "policy"),
    "office_api": ("core", "matching", "policy", "feeds"),
    "console": ("core", "matching", "policy", "feeds", "console"),
}
HERE = f"{sys.version_info.major}.{sys.version_info.minor}"
# -I -S: no site-packages, no user's folders, nothing but the trees that are named.
IMPORT = """
import importlib, sys, time
sys.path[:0] = sys.argv[2:]
began = time.perf_counter()
module, _, name = sys.argv[1].rpartition(".")
assert callable(getattr(importlib.import_module(module), name))
took = time.perf_counter() - began
# The batch processor makes a model of every kind of event, for a tenth of a second, where pydantic is there before it.
assert "aws_lambda_powertools.utilities.parser" not in sys.modules, "import Powertools before pydantic"
print(took)
"""
FLOOR = """
import sys, time
sys.path[:0] = sys.argv[1:]
began = time.perf_counter()
import boto3
from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.batch import BatchProcessor
import pydantic
class Value(pydantic.BaseModel):
    text: str
Logger(), boto3.client("dynamodb"), boto3.client("secretsmanager").get_secret_value(SecretId="a")
print(time.perf_counter() - began)
"""


@contextmanager
def trees() -> Iterator[dict[str, Path]]:
    """Yields the folders of our code and of the layers, compiled as in Lambda."""
    code, _ = bundle.code()
    made = {group: _installed(group) for group in ("core", "feeds", "matching", "policy", "console")}
    with tempfile.TemporaryDirectory() as folder:
        copied = Path(folder) / "code"
        shutil.copytree(code, copied, ignore=shutil.ignore_patterns("__pycache__"))
        bundle.compile_bytecode(copied, sys.executable, seen_as=str(copied))
        yield made | {"code": copied}


def _installed(group: str) -> Path:
    """Installs once for each content of the lock file, below .cache/."""
    facts = f"{HERE} {version('names')} {bundle.requirements([group])} {sorted(bundle.services_called())}"
    digest = hashlib.sha256(facts.encode()).hexdigest()[:16]
    place = bundle.CACHE / "here" / digest
    if not place.exists():
        with bundle.built(place) as tree:
            bundle.install([group], tree / "python", platform=None, python=HERE)
            bundle.compile_bytecode(tree, sys.executable, seen_as=str(place))
    return place / "python"


class Secrets(BaseHTTPRequestHandler):
    """Answers GetSecretValue, the only call that functions make while they start."""

    def do_POST(self) -> None:
        body = json.dumps({"SecretString": "a-key-for-this-test"}).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/x-amz-json-1.1")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Quiet."""


@contextmanager
def secrets() -> Iterator[str]:
    """Yields the endpoint of a server that answers GetSecretValue."""
    with ThreadingHTTPServer(("127.0.0.1", 0), Secrets) as server:
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def init_seconds(name: str, assembly: Assembly, installed: dict[str, Path], endpoint: str) -> float:
    """Returns the seconds that the import of the function's handler takes. Fails if the layers lack something."""
    paths = [installed["code"], *(installed[group] for group in LAYERS[name])]
    return _seconds(IMPORT, [assembly.function(name)["Handler"], *map(str, paths)], assembly.settings(name), endpoint)


def imports(function: str, attribute: str, installed: dict[str, Path], endpoint: str) -> bool:
    """Whether the layers of the function hold what `attribute`, a dotted name, needs. Raises RuntimeError if not."""
    paths = [installed["code"], *(installed[group] for group in LAYERS[function])]
    return _seconds(IMPORT, [attribute, *map(str, paths)], {}, endpoint) > 0


def floor_seconds(installed: dict[str, Path], endpoint: str) -> float:
    """Returns the seconds that any such function needs before its first line: libraries, one client, one secret."""
    return _seconds(FLOOR, [str(installed["core"])], {}, endpoint)


def _seconds(script: str, arguments: list[str], settings: dict[str, str], endpoint: str) -> float:
    stand_ins = {"AWS_DEFAULT_REGION": "us-east-1", "AWS_ACCESS_KEY_ID": "none", "AWS_SECRET_ACCESS_KEY": "none"}
    stand_ins |= {"AWS_ENDPOINT_URL": endpoint, "PATH": os.environ["PATH"], "POWERTOOLS_TRACE_DISABLED": "true"}
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c", script, *arguments],
        env=stand_ins | settings | {"AWS_USE_FIPS_ENDPOINT": "false"},  # boto3 takes none beside an endpoint of ours
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(done.stderr)
    return float(done.stdout.splitlines()[-1])
