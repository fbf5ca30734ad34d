"""The state machine of large drops: what the local cloud ignores of it, and whether Step Functions would take it."""

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from infra.bundle import ROOT
from shared.feeds.intake.dependencies import LargeDropStep
from tests.infra.template import Assembly, Resource, referred

VALIDATOR = ROOT / ".tools" / "asl" / "node_modules" / ".bin" / "asl-validator"
A_DAY = 24 * 3600  # the work bucket keeps what the tasks hand on for so long


def machine(assembly: Assembly) -> Resource:
    [properties] = assembly.of_type("StepFunctions::StateMachine").values()
    return properties


def definition(assembly: Assembly) -> Any:
    """The definition, with a function's ARN for each reference."""
    pieces = machine(assembly)["DefinitionString"]["Fn::Join"][1]
    arn = "arn:aws:lambda:us-east-1:123456789012:function:receive_feed"
    return json.loads("".join(piece if isinstance(piece, str) else arn for piece in pieces))


def states(definition: Any) -> Iterator[Any]:
    """Yields every state, those of the maps' children too."""
    for state in definition["States"].values():
        yield state
        if "ItemProcessor" in state:
            yield from states(state["ItemProcessor"])


def test_the_tasks_are_the_steps_of_a_large_drop_in_their_order(assembly: Assembly):
    tasks = [state for state in states(definition(assembly)) if state["Type"] == "Task"]
    assert [task["Parameters"]["step"] for task in tasks] == list(LargeDropStep)
    assert {name for task in tasks for name in task["Parameters"]} == {"step", "run.$", "number.$"}, "ids and numbers"


def test_every_error_of_a_task_is_tried_again_and_one_that_stays_fails_the_execution_where_it_stands(
    assembly: Assembly,
):
    for state in states(definition(assembly)):
        assert "Catch" not in state, "a redrive would go on from the state that the error was caught in"
        if state["Type"] == "Task":
            [retry] = state["Retry"]
            assert retry["ErrorEquals"] == ["States.TaskFailed", "States.Timeout"]
            assert (retry["BackoffRate"], retry["JitterStrategy"], retry["MaxAttempts"]) == (2, "FULL", 8)
            assert state["TimeoutSeconds"] > assembly.function("receive_feed")["Timeout"]


def test_the_maps_are_bounded_and_tolerate_no_failure(assembly: Assembly):
    maps = [state for state in states(definition(assembly)) if state["Type"] == "Map"]
    assert [entry["ItemProcessor"]["ProcessorConfig"] for entry in maps] == [
        {"Mode": "DISTRIBUTED", "ExecutionType": "EXPRESS"}, {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"}
    ]  # fmt: skip
    for entry in maps:
        assert 0 < entry["MaxConcurrency"] <= 100
        assert not [name for name in entry if name.startswith("Tolerated")], "without one, none is tolerated"
        assert entry["ResultPath"] is None, "results lie in the work bucket: a state holds 256 KB"


def test_executions_are_logged_and_traced_without_what_they_are_given_and_end_before_their_objects(assembly: Assembly):
    properties = machine(assembly)
    assert properties.get("StateMachineType", "STANDARD") == "STANDARD"
    assert properties["TracingConfiguration"] == {"Enabled": True}
    logging = properties["LoggingConfiguration"]
    assert (logging["Level"], logging["IncludeExecutionData"]) == ("ALL", False)
    [destination] = logging["Destinations"]
    log_group = assembly.of_type("Logs::LogGroup")[referred(destination["CloudWatchLogsLogGroup"]["LogGroupArn"])]
    assert log_group["KmsKeyId"]
    assert log_group["LogGroupName"].startswith("/aws/vendedlogs/")
    assert definition(assembly)["TimeoutSeconds"] < A_DAY


def test_executions_that_fail_or_wait_have_an_alarm(assembly: Assembly):
    [id_] = assembly.of_type("StepFunctions::StateMachine")
    alarms = [
        entry for entry in assembly.of_type("CloudWatch::Alarm").values() if entry.get("Namespace") == "AWS/States"
    ]
    assert {entry["MetricName"] for entry in alarms} == {"ExecutionsFailed", "ExecutionsTimedOut", "ExecutionThrottled"}
    assert all(referred(entry["Dimensions"][0]["Value"]) == id_ for entry in alarms)


def test_the_definition_is_valid(prod: Assembly, tmp_path: Path):
    if not VALIDATOR.exists():
        pytest.skip("asl-validator is missing: `make rules` gets it.")
    valid = definition(prod)
    assert fault_of(valid, tmp_path) == ""
    valid["States"]["ReadRanges"]["Next"] = "Gone"
    assert "Gone" in fault_of(valid, tmp_path), "the validator finds what is wrong"


def fault_of(definition: Any, folder: Path) -> str:
    """What asl-validator says of a definition; nothing when it is valid."""
    path = folder / "definition.json"
    path.write_text(json.dumps(definition))
    done = subprocess.run([VALIDATOR, "--json-path", path], capture_output=True, text=True, check=False)
    return done.stdout + done.stderr if done.returncode else ""
