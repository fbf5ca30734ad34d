"""Dead letters are looked at and replayed at once, and a body that cannot be read stops no other."""

import json
from collections.abc import Callable

import boto3
import pytest
from botocore.stub import Stubber

from functions.cli.main import main
from tests.conftest import Tables

TEMPLATE = """
Resources: {{Nothing: {{Type: AWS::SNS::Topic}}}}
Outputs:
  AuditTable: {{Value: Audit}}
  AlertsQueue: {{Value: "{alerts}"}}
  AlertsDeadLetter: {{Value: "{dead}"}}
  UnmatchedDeadLetter: {{Value: "{dead}"}}
  MatchArrestsFunction: {{Value: match_arrests}}
"""
BATCH = {
    "streamArn": "arn:aws:dynamodb:us-east-1:123456789012:table/Arrests/stream/2026-11-22T08:00:00.000",
    "shardId": "shardId-00000000000000000000-00000000",
    "startSequenceNumber": "1" * 21,
    "batchSize": 1,
}


@pytest.fixture
def dead(tables: Tables) -> str:
    alerts, dead = (boto3.client("sqs").create_queue(QueueName=name)["QueueUrl"] for name in ("alerts", "dead"))
    template = TEMPLATE.format(alerts=alerts, dead=dead)
    boto3.client("cloudformation").create_stack(StackName="here", TemplateBody=template)
    return dead


@pytest.fixture
def say(capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str]]:
    def answer(*words: str) -> tuple[int, str]:
        return main(["dead-letters", "--stack", "here", *words]), capsys.readouterr().out

    return answer


@pytest.mark.parametrize("queue", ["alerts", "unmatched"])
@pytest.mark.parametrize("body", ["rubbish", "[]", "{}", "7"])
def test_a_body_that_cannot_be_read_stays_with_what_to_do(dead: str, say: Callable[..., tuple[int, str]], queue, body):
    boto3.client("sqs").send_message(QueueUrl=dead, MessageBody=body)
    status, out = say(queue, "--replay")
    assert status == 1
    assert "stays: its body is no work of ours; --discard deletes it" in out
    assert say(queue, "--discard") == (0, "1 discarded\n")


def test_whoever_has_looked_at_dead_letters_can_act_at_once(dead: str, say: Callable[..., tuple[int, str]]) -> None:
    boto3.client("sqs").send_message(QueueUrl=dead, MessageBody="rubbish")
    for _ in range(2):
        assert say("alerts")[1].endswith("1 waiting\n")
    assert say("alerts", "--discard") == (0, "1 discarded\n")
    assert say("alerts") == (0, "0 waiting\n")


@pytest.mark.parametrize("error", ["TrimmedDataAccessException", "ResourceNotFoundException"])
def test_records_that_the_stream_has_no_longer_are_named_and_stop_no_other(
    dead: str, say: Callable[..., tuple[int, str]], monkeypatch: pytest.MonkeyPatch, error: str
) -> None:
    boto3.client("sqs").send_message(QueueUrl=dead, MessageBody=json.dumps({"DDBStreamBatchInfo": BATCH}))
    streams, make = boto3.client("dynamodbstreams"), boto3.client
    monkeypatch.setattr(boto3, "client", lambda name, **of: streams if name == "dynamodbstreams" else make(name, **of))
    with Stubber(streams) as stub:
        stub.add_client_error("get_shard_iterator", error)
        status, out = say("unmatched", "--replay")
    assert status == 1
    assert "more than 24 hours old; discard it" in out
