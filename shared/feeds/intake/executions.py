"""The executions of the state machine that reads large drops: one for each reading of a drop, named after it.

An execution's input, output and history hold ids and numbers only. A file's name may be a person's, so no state is
given one.
"""

import json
from contextlib import suppress
from typing import TYPE_CHECKING, NamedTuple

from shared.feeds.drops.model import DropRecord
from shared.value import FrozenModel

if TYPE_CHECKING:
    from mypy_boto3_stepfunctions import SFNClient


class LargeDropRun(FrozenModel):
    """One reading of a large drop: the input `{"run": ...}` of its execution. `run_id` is that of `DropRecord`."""

    agency: str
    drop_id: str
    run_id: str

    @property
    def execution_name(self) -> str:
        """At most 54 of the 80 characters that Step Functions allows."""
        return f"{self.drop_id}-{self.run_id}"


def run_of(record: DropRecord) -> LargeDropRun:
    """Returns the present reading of a drop."""
    return LargeDropRun(agency=record.drop.agency, drop_id=record.drop_id, run_id=record.run_id)


class Execution(NamedTuple):
    """`state` is Step Functions' word: RUNNING, SUCCEEDED, FAILED, TIMED_OUT, ABORTED or PENDING_REDRIVE."""

    arn: str
    state: str


class LargeDropExecutions:
    def __init__(self, client: "SFNClient", state_machine_arn: str) -> None:
        self._client, self._state_machine_arn = client, state_machine_arn

    def start(self, run: LargeDropRun) -> None:
        """Starts the reading once. Step Functions keeps the name for 90 days: a drop that is announced again, or whose
        message comes twice, starts no second execution."""
        with suppress(self._client.exceptions.ExecutionAlreadyExists):
            self._client.start_execution(
                stateMachineArn=self._state_machine_arn,
                name=run.execution_name,
                input=json.dumps({"run": run.model_dump()}),
            )

    def find(self, run: LargeDropRun) -> Execution | None:
        """Returns None for a drop that is not large."""
        try:
            description = self._client.describe_execution(executionArn=self._arn_of(run))
        except self._client.exceptions.ExecutionDoesNotExist:
            return None
        return Execution(description["executionArn"], description["status"])

    def redrive(self, run: LargeDropRun) -> None:
        """Goes on with an execution that failed, from the tasks that failed. Raises ClientError for any other one."""
        self._client.redrive_execution(executionArn=self._arn_of(run))

    def _arn_of(self, run: LargeDropRun) -> str:
        return f"{self._state_machine_arn.replace(':stateMachine:', ':execution:')}:{run.execution_name}"
