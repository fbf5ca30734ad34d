"""What a queue sender owes: calls of ten, a message group where there is one, and an error for what is not taken."""

from typing import Any

import boto3
import pytest

from shared.aws.queues import QueueMessage, send_messages
from shared.errors import TryLater


class RecordingQueue:
    """An SQS client that takes what it is told to and remembers every call."""

    def __init__(self, refused: int | None = None) -> None:
        self.calls: list[list[Any]] = []
        self._refused = refused

    def send_message_batch(self, QueueUrl: str, Entries: list[Any]) -> dict[str, Any]:  # noqa: N803 - boto3's names
        self.calls.append(Entries)
        return {"Failed": [{"Id": "0"}]} if len(self.calls) == self._refused else {"Successful": Entries}


def messages(count: int) -> list[QueueMessage]:
    return [QueueMessage(f"body {number}", f"group {number % 2}") for number in range(count)]


@pytest.mark.parametrize(("count", "calls"), [(0, []), (1, [1]), (10, [10]), (11, [10, 1]), (25, [10, 10, 5])])
def test_messages_go_out_ten_a_call_in_their_order(count: int, calls: list[int]) -> None:
    queue = RecordingQueue()
    send_messages(queue, "url", iter(messages(count)))  # type: ignore[arg-type]
    assert [len(entries) for entries in queue.calls] == calls
    sent = [QueueMessage(entry["MessageBody"], entry["MessageGroupId"]) for entries in queue.calls for entry in entries]
    assert sent == messages(count)
    assert all(len({entry["Id"] for entry in entries}) == len(entries) for entries in queue.calls)


def test_what_the_queue_does_not_take_is_an_error_and_nothing_more_is_sent() -> None:
    queue = RecordingQueue(refused=2)
    with pytest.raises(TryLater, match="1 of 10"):
        send_messages(queue, "url", messages(30))  # type: ignore[arg-type]
    assert len(queue.calls) == 2


def test_a_message_without_a_group_arrives_on_a_standard_queue(aws: None) -> None:
    sqs = boto3.client("sqs")
    url = sqs.create_queue(QueueName="feeds")["QueueUrl"]
    send_messages(sqs, url, [QueueMessage("body")])
    (received,) = sqs.receive_message(QueueUrl=url, AttributeNames=["All"])["Messages"]
    assert received["Body"] == "body"
    assert "MessageGroupId" not in received["Attributes"]
