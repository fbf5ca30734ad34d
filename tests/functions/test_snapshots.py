"""Workers of the API and the console start from one snapshot of a process that has imported the handler, taken when the
version was published. What the import drew, read or was answered is then the same in all of them, and weeks old.

AWS Lambda Developer Guide, "Handling uniqueness with Lambda SnapStart".
"""

import ast
import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from infra.bundle import ROOT
from tests.infra.template import Assembly

STARTS_FROM_A_SNAPSHOT = ("office_api", "console")  # `tests/infra/test_releases.py` compares them with the template
# Imports the handler, and prints who called a function written in C that draws or reads what differs from worker to
# worker: [module of the caller, name of the function].
WATCHED = """
import importlib, json, sys
DRAWS = {"urandom", "getrandbits", "random", "seed", "getrandom"}
CLOCKS = {"now", "utcnow", "today", "time", "monotonic", "perf_counter", "time_ns", "monotonic_ns"}
seen = set()
def watch(frame, event, called):
    if event == "c_call" and called.__name__ in DRAWS | CLOCKS:
        seen.add((frame.f_globals.get("__name__", ""), called.__name__))
if len(sys.argv) > 2:
    exec(sys.argv[2])
sys.setprofile(watch)
importlib.import_module(sys.argv[1])
sys.setprofile(None)
print(json.dumps(sorted(seen)))
"""
# Module of a library -> why what it draws may be the same in every worker.
MAY_DRAW = {
    "random": "seeds the module's own generator; the product draws the length of pauses from it, and nothing else",
    "multiprocessing.process": "the key of pipes between a worker and processes that it starts itself",
}
# Module of ours -> what it may draw from `random`, whose state is in the snapshot.
DRAWS_FROM_RANDOM = {
    "shared/aws/consume_queue.py": "how long a message waits",
    "shared/aws/throttling.py": "how long a call waits",
}
OURS = ("functions.", "shared.")


class Answers(BaseHTTPRequestHandler):
    """AWS, as far as a starting function asks it. `asked` are the operations and what they name."""

    asked: list[tuple[str, str]]

    def do_POST(self) -> None:
        sent = json.loads(self.rfile.read(int(self.headers["Content-Length"])) or b"{}")
        self.asked.append((self.headers["X-Amz-Target"].split(".")[-1], str(sent.get("SecretId", ""))))
        body = json.dumps({"SecretString": "a-key-for-this-test"}).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/x-amz-json-1.1")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Quiet."""


@pytest.fixture(scope="module")
def prod() -> Assembly:
    return Assembly("prod")


@contextmanager
def aws() -> Iterator[tuple[str, list[tuple[str, str]]]]:
    asked: list[tuple[str, str]] = []
    handler = type("Asked", (Answers,), {"asked": asked})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}", asked
        server.shutdown()


def imported(function: str, prod: Assembly, planted: str = "") -> tuple[set[tuple[str, str]], list[tuple[str, str]]]:
    """Returns the calls of functions that draw or read a clock, and what AWS was asked, during the handler's import."""
    with aws() as (endpoint, asked):
        account = {"AWS_DEFAULT_REGION": "us-east-1", "AWS_ACCESS_KEY_ID": "none", "AWS_SECRET_ACCESS_KEY": "none"}
        ran = subprocess.run(
            [sys.executable, "-c", WATCHED, f"functions.{function}.handler", *([planted] if planted else [])],
            cwd=ROOT,
            env=account
            | {"AWS_ENDPOINT_URL": endpoint, "PATH": os.environ["PATH"], "POWERTOOLS_TRACE_DISABLED": "true"}
            | prod.settings(function),
            capture_output=True,
            text=True,
            check=True,
        )
    return {(module, name) for module, name in json.loads(ran.stdout)}, asked


@pytest.mark.parametrize("function", STARTS_FROM_A_SNAPSHOT)
def test_a_snapshot_holds_no_time_and_nothing_random_of_ours(function: str, prod: Assembly) -> None:
    calls, _ = imported(function, prod)
    assert {call for call in calls if call[0].startswith(OURS)} == set()


@pytest.mark.parametrize("function", STARTS_FROM_A_SNAPSHOT)
def test_what_libraries_draw_into_a_snapshot_is_judged(function: str, prod: Assembly) -> None:
    calls, _ = imported(function, prod)
    drawn = {module for module, name in calls if name in ("urandom", "getrandbits", "random", "seed", "getrandom")}
    assert drawn <= set(MAY_DRAW), "say in MAY_DRAW why it may be the same in every worker, or draw it later"


@pytest.mark.parametrize("function", STARTS_FROM_A_SNAPSHOT)
def test_a_snapshot_holds_no_secret_and_no_connection(function: str, prod: Assembly) -> None:
    """Secrets are read when they are first needed, and those that are rotated again every five minutes by the clock
    (`shared/aws/secrets.py`), which Lambda sets right when it restores."""
    _, asked = imported(function, prod)
    assert asked == []


def test_a_secret_that_is_read_at_import_would_be_seen(prod: Assembly) -> None:
    _, asked = imported(
        "office_api", prod, "import boto3; boto3.client('secretsmanager').get_secret_value(SecretId='a')"
    )
    assert asked == [("GetSecretValue", "a")]


def test_a_time_that_is_read_at_import_would_be_seen(prod: Assembly) -> None:
    """The other way round: here a module of the product does it."""
    born = "exec('from datetime import datetime; born = datetime.now()', vars(shared))"
    calls, _ = imported("office_api", prod, f"import shared; sys.setprofile(watch); {born}")
    assert ("shared", "now") in calls


def test_nothing_that_must_differ_is_drawn_from_a_generator_whose_state_is_in_the_snapshot() -> None:
    """Ids, codes and tokens come from the kernel (`uuid4`, `secrets`), which every worker asks anew."""
    importers = {
        str(path.relative_to(ROOT))
        for room in ("functions", "shared")
        for path in (ROOT / room).rglob("*.py")
        if {"random", "uuid1"} & set(_imported_names(ast.parse(path.read_text(encoding="utf-8"))))
    }
    assert importers == set(DRAWS_FROM_RANDOM)


def _imported_names(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (node.module or "", *(alias.name for alias in node.names))
