"""Faults by a plan (`tests/local/faults.py`): POST sets the plan and GET says how many requests it has met.

A function signs with the keys of its role and is met; what the root account's keys sign, the tests', is spared. Needs a
cloud with `auth=True`: without it functions have the root account's keys as well. What Lambda's own pollers ask for and
what invokes a function sends no request here, so both are met where the emulator does them.
"""

import asyncio
import json
import time
from collections import Counter
from collections.abc import Callable
from fnmatch import fnmatchcase
from typing import Any

from ministack import app
from ministack.core import iam_actions
from ministack.core.router import detect_service, extract_access_key_id
from ministack.services import lambda_svc, sqs, stepfunctions

from tests.local.completions import streams
from tests.local.faults import PATH, Kind

ROOT = "test"
INVOKE, RECEIVE, DELETE = "lambda:InvokeFunction", "sqs:ReceiveMessage", "sqs:DeleteMessage"
READS = ("GET", "HEAD")
# The names by which the services say "too many requests", from their API references.
THROTTLES = {
    "dynamodb": (400, "ProvisionedThroughputExceededException"),
    "s3": (503, "SlowDown"),
    "ses": (429, "TooManyRequestsException"),
    "sns": (400, "Throttling"),
    "sqs": (400, "RequestThrottled"),
}
OUTAGES = {"s3": (500, "InternalError"), "sns": (500, "InternalFailure"), "ses": (500, "InternalFailure")}

_THROTTLED_STATEMENT = {"Code": "ProvisionedThroughputExceeded", "Message": "by plan"}

Answer = tuple[int, dict[str, str], bytes]
plan: list[dict[str, Any]] = []
met: Counter[str] = Counter()


def install() -> None:
    meet_requests()
    meet_pollers()
    meet_invocations()


def meet_requests() -> None:
    handle = app._handle_special_data_plane_request  # every request of AWS's passes here

    async def handled(
        method: str, path: str, headers: Any, body: bytes, query: Any, request_id: str, **options: Any
    ) -> Any:
        async def carried_out() -> Any:
            answer = await handle(method, path, headers, body, query, request_id, **options)
            return answer or await app._dispatch_service_request(method, path, headers, body, query, request_id)

        if path == PATH:
            return _planned(method, body)
        action = _action_of_a_function(method, path, headers, body, query)
        fault = _fault_for(action)
        if fault is None:
            return await handle(method, path, headers, body, query, request_id, **options)
        match fault["kind"]:
            case Kind.LATE if method not in READS:  # a late read is like a slow one
                answer = await carried_out()
                await asyncio.sleep(fault["delay"])
                return answer
            case Kind.LATE | Kind.SLOW:
                await asyncio.sleep(fault["delay"])
                return await handle(method, path, headers, body, query, request_id, **options)
            case Kind.LOST:
                await carried_out()
        return refusal(action, fault["kind"], body)

    app._handle_special_data_plane_request = handled


def meet_pollers() -> None:
    """Lambda asks a queue again and again. A message that it cannot delete comes back after its visibility timeout."""
    receive, delete = sqs._receive_messages_for_esm, sqs._delete_messages_for_esm

    def received(queue_url: str, number: int) -> Any:
        return [] if _fault_for(RECEIVE) else receive(queue_url, number)

    def deleted(queue_url: str, receipts: set[str]) -> None:
        if _fault_for(DELETE) is None:
            delete(queue_url, receipts)

    sqs._receive_messages_for_esm, sqs._delete_messages_for_esm = received, deleted


def meet_invocations() -> None:
    """Lambda tries a throttled batch of a queue again until its visibility timeout, and one of a stream as long as the
    stream holds it; neither counts as a try (AWS Lambda Developer Guide, "Backoff strategy for failed invocations" of
    Amazon SQS, and the retries of stream mappings). Step Functions is told of it."""
    lambda_svc._run_sqs_batch = after_throttles(lambda_svc._run_sqs_batch)
    streams.deliver = after_throttles(streams.deliver)
    invoke = stepfunctions._call_lambda

    def invoked(function: str, event: Any) -> Any:
        if _fault_for(INVOKE):
            raise stepfunctions._ExecutionError("Lambda.TooManyRequestsException", "Rate Exceeded.")
        return invoke(function, event)

    stepfunctions._call_lambda = invoked


def after_throttles(work: Callable[..., None]) -> Callable[..., None]:
    def worked(*arguments: Any) -> None:
        while _fault_for(INVOKE):
            time.sleep(0.2)
        work(*arguments)

    return worked


def _planned(method: str, body: bytes) -> Answer:
    if method == "POST":
        plan[:] = json.loads(body)
        met.clear()
    return as_json(200, met)


def as_json(status: int, document: Any, headers: dict[str, str] | None = None) -> Answer:
    """The emulator adds to the headers, so each answer has its own."""
    return status, {"Content-Type": "application/x-amz-json-1.0"} | (headers or {}), json.dumps(document).encode()


def _fault_for(action: str) -> dict[str, Any] | None:
    """Returns the first fault of the plan that meets this action."""
    for fault in plan if action else ():
        if fault["times"] > 0 and fnmatchcase(action, fault["action"]):
            ends = fault.setdefault("ends", time.time() + fault["seconds"])
            if time.time() < ends:
                fault["times"] -= 1
                met[f"{action} {fault['kind']}"] += 1
                return fault
    return None


def _action_of_a_function(method: str, path: str, headers: Any, body: bytes, query: Any) -> str:
    """Returns the IAM action of a function's request; nothing for a request of somebody else."""
    if not plan or extract_access_key_id(headers, query) in (None, "", ROOT):
        return ""
    return _action(method, path, headers, body, query)


def _action(method: str, path: str, headers: Any, body: bytes, query: Any) -> str:
    """Returns the request's IAM action. Those of SES version 2 have none in the emulator."""
    if path.endswith("/outbound-emails"):
        return "ses:SendEmail"
    params = app._routing_params(method, path, headers, body, query)
    service = detect_service(method, path, headers, params)
    return iam_actions.extract_iam_action(service, method, path, headers, body, params) or f"{service}:?"


def refusal(action: str, kind: str, body: bytes) -> Answer:
    """Returns the answer in the service's own form."""
    service = action.partition(":")[0]
    if kind == Kind.THROTTLE and (writes := _transaction_in(body) if service == "dynamodb" else 0):
        return as_json(400, _cancelled(writes))
    if kind == Kind.THROTTLE and (statements := _statements_in(body) if service == "dynamodb" else 0):
        return as_json(200, {"Responses": [{"Error": _THROTTLED_STATEMENT}] * statements})
    status, code = (THROTTLES if kind == Kind.THROTTLE else OUTAGES).get(service, (500, "InternalServerError"))
    if service == "s3":
        return status, {"Content-Type": "application/xml"}, f"<Error><Code>{code}</Code></Error>".encode()
    if service == "sns":
        text = f"<ErrorResponse><Error><Code>{code}</Code></Error><RequestId>0</RequestId></ErrorResponse>"
        return status, {"Content-Type": "text/xml"}, text.encode()
    return as_json(status, {"__type": code, "message": "by plan"}, {"x-amzn-errortype": code})


def _transaction_in(body: bytes) -> int:
    """Returns how many writes the transaction has; 0 for every other request."""
    return len(json.loads(body).get("TransactItems", ())) if b'"TransactItems"' in body else 0


def _statements_in(body: bytes) -> int:
    """Returns how many statements the batch has, each of which is throttled for itself (Amazon DynamoDB API Reference,
    BatchStatementError); 0 for every other request."""
    return len(json.loads(body).get("Statements", ())) if b'"Statements"' in body else 0


def _cancelled(writes: int) -> dict[str, Any]:
    """A throttled transaction is cancelled with a reason for each write, and boto3 does not repeat it (Amazon DynamoDB
    API Reference, TransactWriteItems, Errors)."""
    reason = {"Code": "ThrottlingError", "Message": "Throughput exceeds the current capacity of your table or index."}
    return {
        "__type": "com.amazonaws.dynamodb.v20120810#TransactionCanceledException",
        "message": "Transaction cancelled, please refer cancellation reasons for specific reasons",
        "CancellationReasons": [reason] * writes,
    }
