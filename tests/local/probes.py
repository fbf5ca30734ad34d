"""A function without a stack, with which tests of the local cloud watch what the cloud does."""

import io
import json
import time
import zipfile
from collections.abc import Callable
from typing import Any

from tests.local.cloud import ACCOUNT, PATIENCE, LocalCloud

ANY_ROLE = f"arn:aws:iam::{ACCOUNT}:role/any"  # not looked at unless the cloud was started with auth


def make_function(cloud: LocalCloud, name: str, code: str, *, role: str = ANY_ROLE) -> str:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("probe.py", code)
    cloud.client("lambda").create_function(
        FunctionName=name,
        Runtime="python3.13",
        Handler="probe.handler",
        Role=role,
        Code={"ZipFile": packed.getvalue()},
        Timeout=30,
    )
    return name


def invoke(cloud: LocalCloud, name: str, event: object = None) -> tuple[Any, str | None]:
    """Returns what the handler returned, and the kind of its error if it failed."""
    response = cloud.client("lambda").invoke(FunctionName=name, Payload=json.dumps(event))
    return json.loads(response["Payload"].read()), response.get("FunctionError")


def make_queue(cloud: LocalCloud, name: str) -> tuple[str, str]:
    """Returns the URL and the ARN of a new queue."""
    sqs = cloud.client("sqs")
    url = sqs.create_queue(QueueName=name)["QueueUrl"]
    return url, sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]


def received(cloud: LocalCloud, queue_url: str) -> list[Any]:
    answer = cloud.client("sqs").receive_message(QueueUrl=queue_url, MaxNumberOfMessages=10, WaitTimeSeconds=1)
    return [json.loads(message["Body"]) for message in answer.get("Messages", [])]


def eventually(holds: Callable[[], object], seconds: float = PATIENCE) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if holds():
            return True
        time.sleep(0.05)
    return False
