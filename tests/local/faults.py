"""Faults of AWS's services that a test asks the local cloud for. They meet every function, and spare the test itself.

cloud.inject(Fault("dynamodb:TransactWriteItems", Kind.THROTTLE, seconds=3))
"""

import json
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

PATH = "/_ministack/faults"


class Kind(StrEnum):
    THROTTLE = "throttle"
    """Not carried out: the service's own words for too many requests."""
    OUTAGE = "outage"
    """Not carried out: the service's own fault (a 500)."""
    LATE = "late"
    """Carried out at once and answered after `delay_seconds`, perhaps when the client has given up."""
    SLOW = "slow"
    """Carried out after `delay_seconds` and answered then, perhaps when the client has asked again already."""
    LOST = "lost"
    """Carried out, and the answer says that the service failed."""


@dataclass(frozen=True)
class Fault:
    """`action` is an IAM action, or a pattern of several, such as `dynamodb:*Item`. A fault ends so many seconds after
    the first request that it meets, and after so many requests, whichever comes first.

    `sqs:ReceiveMessage` and `sqs:DeleteMessage` are what Lambda asks a queue for, and `lambda:InvokeFunction` is what a
    queue, a stream or an execution invokes; of these there is one kind, not carried out.
    """

    action: str
    kind: Kind
    seconds: float = 3600
    times: int = 1_000_000
    delay_seconds: float = 0

    def as_json(self) -> dict[str, Any]:
        return {
            "action": self.action,
            "kind": self.kind.value,
            "seconds": self.seconds,
            "times": self.times,
            "delay": self.delay_seconds,
        }


def as_body(faults: tuple[Fault, ...]) -> bytes:
    return json.dumps([fault.as_json() for fault in faults]).encode()
