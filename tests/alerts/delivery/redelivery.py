"""How often and when AWS hands a message out again, as the synthesised template of production says."""

import json
from dataclasses import dataclass
from functools import cache
from typing import Any

from tests.local.deployment import assembly_of_any_code

Resource = dict[str, Any]


@dataclass(frozen=True)
class Redelivery:
    """Of the alerts queue and its sender, and of the stream that the matcher reads. Times in seconds.

    visibility: after which a message comes back whose receiver said nothing; receives: how often it comes at all.
    """

    visibility: int
    receives: int
    sender_time_out: int
    lease: int
    stream_tries: int
    matcher_time_out: int


@cache
def redelivery() -> Redelivery:
    sender, matcher = _function("send_alerts"), _function("match_arrests")
    queue = _only("AWS::SQS::Queue", lambda id_, facts: "AlertsQueue" in id_ and "RedrivePolicy" in facts)
    stream = _only("AWS::Lambda::EventSourceMapping", lambda id_, _: "MatchArrests" in id_)
    return Redelivery(
        visibility=queue["VisibilityTimeout"],
        receives=queue["RedrivePolicy"]["maxReceiveCount"],
        sender_time_out=sender["Timeout"],
        lease=int(sender["Environment"]["Variables"]["CLAIM_LEASE_SECONDS"]),
        stream_tries=1 + stream["MaximumRetryAttempts"],
        matcher_time_out=matcher["Timeout"],
    )


def _function(name: str) -> Resource:
    return _only("AWS::Lambda::Function", lambda _, facts: facts.get("Description") == f"functions/{name}")


def _only(kind: str, is_meant: Any) -> Resource:
    templates = (json.loads(path.read_text()) for path in assembly_of_any_code("prod").glob("*.template.json"))
    resources = (item for template in templates for item in template["Resources"].items())
    [properties] = [
        resource["Properties"]
        for id_, resource in resources
        if resource["Type"] == kind and is_meant(id_, resource["Properties"])
    ]
    return dict(properties)
