"""The executions of large drops: one for each reading of a drop, found again by the drop."""

import json

import boto3

from shared.feeds.intake.executions import LargeDropExecutions, LargeDropRun
from tests.conftest import REGION, Tables

RUN = LargeDropRun(agency="testville", drop_id="ab" * 16, run_id="first")


def a_state_machine() -> str:
    """Creates one, which does nothing, and returns its ARN."""
    definition = {"StartAt": "End", "States": {"End": {"Type": "Succeed"}}}
    arn: str = boto3.client("stepfunctions", region_name=REGION).create_state_machine(
        name="large-drops", definition=json.dumps(definition), roleArn="arn:aws:iam::123456789012:role/large-drops"
    )["stateMachineArn"]
    return arn


def test_a_reading_is_started_once_and_another_reading_of_the_same_drop_is_another_execution(tables: Tables) -> None:
    machine, client = a_state_machine(), boto3.client("stepfunctions", region_name=REGION)
    executions = LargeDropExecutions(client, machine)
    executions.start(RUN)
    first = executions.find(RUN)
    assert first
    client.stop_execution(executionArn=first.arn)
    executions.start(RUN)
    assert executions.find(RUN) == first._replace(state="ABORTED"), "announced again, it is not read a second time"
    decided = RUN.model_copy(update={"run_id": "20261120T090000000000"})
    assert executions.find(decided) is None
    executions.start(decided)
    assert len(client.list_executions(stateMachineArn=machine)["executions"]) == 2
    described = client.describe_execution(executionArn=first.arn)
    assert json.loads(described["input"]) == {"run": RUN.model_dump()}


def test_the_longest_name_of_an_execution_is_one_that_step_functions_takes() -> None:
    longest = RUN.model_copy(update={"run_id": "20261120T090000000000"})
    assert len(longest.execution_name) <= 80
