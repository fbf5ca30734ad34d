"""Faults by a plan (`tests/local/faults.py`): POST sets the plan and GET says how many requests it has met.

A function signs with the keys of its role and is met; what the root account's keys sign, the tests', is spared. Needs a
cloud with `auth=True`: without it functions have the root account's keys as well.
"""

import asyncio
import json
import time
from collections import Counter
from fnmatch import fnmatchcase
from typing import Any

from ministack import app
from ministack.core import iam_actions
from ministack.core.router import detect_service, extract_access_key_id

from tests.local.faults import PATH, Kind

ROOT = "test"
# The names by which the services say "too many requests", from their API references.
THROTTLES = {
    "dynamodb": (400, "ProvisionedThroughputExceededException"),
    "s3": (503, "SlowDown"),
    "ses": (429, "TooManyRequestsException"),
    "sns": (400, "Throttling"),
    "sqs": (400, "RequestThrottled"),
}
OUTAGES = {"s3": (500, "InternalError"), "sns": (500, "InternalFailure"), "ses": (500, "InternalFailure")}

Answer = tuple[int, dict[str, str], bytes]
plan: list[dict[str, Any]] = []
met: Counter[str] = Counter()


def install() -> None:
    handle = app._handle_special_data_plane_request  # every request of AWS's passes here

    async def handled(
        method: str, path: str, headers: Any, body: bytes, query: Any, request_id: str, **options: Any
    ) -> Any:
        if path == PATH:
            return _planned(method, body)
        fault, action = _fault_for(method, path, headers, body, query)
        if fault is None:
            return await handle(method, path, headers, body, query, request_id, **options)
        met[f"{action} {fault['kind']}"] += 1
        if fault["kind"] == Kind.LATE:
            await asyncio.sleep(fault["delay"])
            return await handle(method, path, headers, body, query, request_id, **options)
        if fault["kind"] == Kind.LOST:
            answer = await handle(method, path, headers, body, query, request_id, **options)
            if answer is None:
                await app._dispatch_service_request(method, path, headers, body, query, request_id)
        return refusal(action, fault["kind"], body)

    app._handle_special_data_plane_request = handled


def _planned(method: str, body: bytes) -> Answer:
    if method == "POST":
        plan[:] = json.loads(body)
        met.clear()
    return as_json(200, met)


def as_json(status: int, document: Any, headers: dict[str, str] | None = None) -> Answer:
    """The emulator adds to the headers, so each answer has its own."""
    return status, {"Content-Type": "application/x-amz-json-1.0"} | (headers or {}), json.dumps(document).encode()


def _fault_for(method: str, path: str, headers: Any, body: bytes, query: Any) -> tuple[dict[str, Any] | None, str]:
    """Returns the first fault of the plan that meets this request, and the request's action."""
    if not plan or extract_access_key_id(headers, query) in (None, "", ROOT):
        return None, ""
    action = _action(method, path, headers, body, query)
    for fault in plan:
        if fault["times"] > 0 and fnmatchcase(action, fault["action"]):
            ends = fault.setdefault("ends", time.time() + fault["seconds"])
            if time.time() < ends:
                fault["times"] -= 1
                return fault, action
    return None, action


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


def _cancelled(writes: int) -> dict[str, Any]:
    """A throttled transaction is cancelled with a reason for each write, and boto3 does not repeat it (Amazon DynamoDB
    API Reference, TransactWriteItems, Errors)."""
    reason = {"Code": "ThrottlingError", "Message": "Throughput exceeds the current capacity of your table or index."}
    return {
        "__type": "com.amazonaws.dynamodb.v20120810#TransactionCanceledException",
        "message": "Transaction cancelled, please refer cancellation reasons for specific reasons",
        "CancellationReasons": [reason] * writes,
    }
