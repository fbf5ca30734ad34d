"""The committed OpenAPI document is read by a client generator: whatever that cannot read, no office's client can."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.office_api.document import DOCUMENT, committed

PACKAGE = "arrest_alert_client"
IMPORT_ALL = """
import importlib, json, pkgutil, sys
package = importlib.import_module(sys.argv[1])
names = [module.name for module in pkgutil.walk_packages(package.__path__, package.__name__ + ".")]
print(json.dumps({name.rsplit(".", 1)[1]: hasattr(importlib.import_module(name), "sync_detailed") for name in names}))
"""


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The package of a generated client. A warning of the generator fails it: something was left out."""
    folder = tmp_path_factory.mktemp("client")
    config = folder / "config.json"
    config.write_text(json.dumps({"post_hooks": []}))  # the formatter of the generated code
    command = [sys.executable, "-m", "openapi_python_client", "generate", "--path", str(DOCUMENT), "--meta", "none",
               "--output-path", str(folder / PACKAGE), "--config", str(config), "--fail-on-warning"]  # fmt: skip
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout + run.stderr
    assert "WARNING" not in run.stdout + run.stderr, run.stdout + run.stderr
    return folder / PACKAGE


def operations() -> list[dict[str, Any]]:
    return [operation for operations in committed()["paths"].values() for operation in operations.values()]


def test_a_generated_client_imports_and_has_a_function_for_every_operation(client: Path) -> None:
    environment = os.environ | {"PYTHONPATH": str(client.parent)}
    run = subprocess.run(
        [sys.executable, "-c", IMPORT_ALL, PACKAGE], capture_output=True, text=True, check=True, env=environment
    )
    callable_modules = {name for name, has_function in json.loads(run.stdout).items() if has_function}
    assert callable_modules == {operation["operationId"] for operation in operations()}


def test_a_generated_client_reads_every_answer(client: Path) -> None:
    for operation in operations():
        (module,) = client.glob(f"api/*/{operation['operationId']}.py")
        source = module.read_text()
        unread = [status for status in operation["responses"] if f"response.status_code == {status}" not in source]
        assert unread == [], operation["operationId"]
