"""An answer of AWS that is lost on the way costs a function some seconds, never its whole invocation."""

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from shared.aws.time_limits import ANSWERS_WITHIN
from shared.channels.dependencies import ONE_ATTEMPT
from tests.local.cloud import REPOSITORY

# It copies files of gigabytes, for which S3 may take a minute, and has five minutes for it.
PATIENT = {("functions/receive_feed/dependencies.py", "s3")}


def clients() -> Iterator[tuple[str, str, bool]]:
    """Yields module, service and whether the client has a config, for each client that a function makes. A command has
    all the time that its user has."""
    for path in sorted(path for root in ("functions", "shared") for path in (REPOSITORY / root).rglob("*.py")):
        module = path.relative_to(REPOSITORY).as_posix()
        if not module.startswith(("functions/cli/", "shared/office_api/examples/")):
            yield from ((module, *client) for client in clients_in(path))


def clients_in(path: Path) -> Iterator[tuple[str, bool]]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "boto3.client":
            [service] = node.args
            assert isinstance(service, ast.Constant), ast.unparse(node)
            yield str(service.value), any(keyword.arg == "config" for keyword in node.keywords)


def test_every_client_of_a_function_says_how_long_it_waits() -> None:
    without = {(module, service) for module, service, has_config in clients() if not has_config}
    assert without == PATIENT
    assert len(list(clients())) > 15


@pytest.mark.parametrize("config", [ANSWERS_WITHIN, ONE_ATTEMPT], ids=["AWS", "a provider"])
def test_a_lost_answer_leaves_each_function_time_to_ask_again(config: Any, template: dict[str, Any]) -> None:
    resources = template["Resources"].values()
    functions = [each["Properties"] for each in resources if each["Type"] == "AWS::Lambda::Function"]
    ours = {each["Description"]: each["Timeout"] for each in functions if "Description" in each}
    assert "functions/send_alerts" in ours
    assert 2 * (config.read_timeout + config.connect_timeout) < min(ours.values())
