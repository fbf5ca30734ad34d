"""Redriving an execution of Step Functions, which MiniStack answers with `InvalidAction`.

The execution goes on from the state that failed, with the input of that state. A map that failed does all of its items
again, where AWS repeats only those that failed: what a map does must be idempotent for either.
"""

import contextvars
import json
import threading
from typing import Any

from ministack.services import stepfunctions

_REDRIVABLE = ("FAILED", "TIMED_OUT", "ABORTED")


def install() -> None:
    handle = stepfunctions.handle_request

    async def handled(method: str, path: str, headers: Any, body: bytes, query_params: Any) -> Any:
        if headers.get("x-amz-target", "").endswith(".RedriveExecution"):
            return stepfunctions._finalize_response(redrive(json.loads(body)["executionArn"]))
        return await handle(method, path, headers, body, query_params)

    stepfunctions.handle_request = handled


def redrive(execution_arn: str) -> Any:
    execution = stepfunctions._executions.get(execution_arn)
    if execution is None or execution["status"] not in _REDRIVABLE:
        return stepfunctions.error_response_json("ExecutionNotRedrivable", "The execution did not fail.", 400)
    events = [event for event in execution["events"] if event["type"].endswith("StateEntered")]
    state = events[-1]["stateEnteredEventDetails"]
    execution.update(status="RUNNING", stopDate=None)
    for outcome in ("error", "cause"):
        execution.pop(outcome, None)
    context = contextvars.copy_context()  # the account and region of the request
    threading.Thread(target=context.run, args=(_go_on, execution, state), daemon=True).start()
    return stepfunctions.json_response({"redriveDate": stepfunctions.now_iso()})


def _go_on(execution: dict[str, Any], state: dict[str, str]) -> None:
    """Runs the execution as one of a machine that starts at this state."""
    own = {name: execution[name] for name in ("stateMachineArn", "input")}
    machine = stepfunctions._state_machines[own["stateMachineArn"]]
    definition = json.dumps(json.loads(machine["definition"]) | {"StartAt": state["name"]})
    shortened = f"{own['stateMachineArn']}-from-{state['name']}"
    stepfunctions._state_machines[shortened] = machine | {"definition": definition}
    execution.update(stateMachineArn=shortened, input=state["input"])
    stepfunctions._run_execution(execution["executionArn"])
    execution.update(own)
    del stepfunctions._state_machines[shortened]
