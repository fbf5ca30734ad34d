"""Messages that fail are given back, each with a time of its own; the others of the batch are deleted."""

from types import SimpleNamespace
from typing import Any

import boto3
import pytest

from shared.aws.consume_queue import consume, seconds_until_retry
from shared.errors import Rejected, TryLater
from tests.aws.busy import an_error


class Queue:
    """A real queue, and its messages as Lambda hands them to a function."""

    def __init__(self) -> None:
        self.sqs: Any = boto3.client("sqs")
        self.url = self.sqs.create_queue(QueueName="work", Attributes={"VisibilityTimeout": "1800"})["QueueUrl"]

    def received(self, *bodies: str) -> dict[str, Any]:
        for body in bodies:
            self.sqs.send_message(QueueUrl=self.url, MessageBody=body)
        answer = self.sqs.receive_message(QueueUrl=self.url, MaxNumberOfMessages=10, AttributeNames=["All"])
        return {
            "Records": [
                {
                    "messageId": message["Body"], "body": message["Body"], "receiptHandle": message["ReceiptHandle"],
                    "attributes": message["Attributes"],
                    "eventSourceARN": "arn:aws:sqs:us-east-1:123456789012:work",
                }
                for message in answer["Messages"]
            ]
        }  # fmt: skip


@pytest.fixture
def queue(aws: None) -> Queue:
    return Queue()


def failing(error: Exception) -> Any:
    def work(body: str) -> None:
        if body == "fails":
            raise error

    return work


def test_a_message_that_fails_is_given_back_alone_and_its_visibility_is_set(queue: Queue) -> None:
    calls: list[dict[str, Any]] = []
    queue.sqs.meta.events.register("before-parameter-build.sqs.ChangeMessageVisibility", record := calls_to(calls))
    event = queue.received("works", "fails", "works too")
    answer = consume(event, SimpleNamespace(), failing(TryLater("busy")), lambda: queue.sqs)
    queue.sqs.meta.events.unregister("before-parameter-build.sqs.ChangeMessageVisibility", record)
    assert answer == {"batchItemFailures": [{"itemIdentifier": "fails"}]}
    [call] = calls
    assert call["QueueUrl"].endswith("/123456789012/work")
    assert 2 <= call["VisibilityTimeout"] <= 4


def calls_to(calls: list[dict[str, Any]]) -> Any:
    def record(params: dict[str, Any], **_: Any) -> None:
        calls.append(dict(params))

    return record


def test_what_may_succeed_later_is_tried_within_seconds_at_first_and_over_half_an_hour_in_all() -> None:
    waits = [seconds_until_retry(TryLater("busy"), tries) for tries in range(1, 10)]
    assert 2 <= waits[0] <= 4
    assert 900 <= sum(waits) <= 2_000
    assert max(waits) <= 900
    assert len({seconds_until_retry(an_error("SlowDown"), 8) for _ in range(50)}) > 10, "they do not come back together"


@pytest.mark.parametrize("error", [ValueError("x"), Rejected("unknown-delivery", "a", "b"), an_error("AccessDenied")])
def test_a_fault_is_tried_once_a_minute_until_it_is_a_dead_letter(error: Exception) -> None:
    assert {seconds_until_retry(error, tries) for tries in range(1, 11)} == {60}


def test_once_the_time_is_out_the_rest_of_a_batch_is_given_back_unseen(queue: Queue) -> None:
    seen: list[str] = []
    context = SimpleNamespace(get_remaining_time_in_millis=lambda: 9_000)  # four seconds beside the reserve
    event = queue.received("a", "b", "c")
    answer = consume(event, context, seen.append, lambda: queue.sqs, seconds_a_message=10)
    assert len(seen) == 1
    assert len(answer["batchItemFailures"]) == 2


def test_the_log_of_a_failure_names_the_kind_and_the_place_and_no_words_of_the_error(
    queue: Queue, caplog: pytest.LogCaptureFixture
) -> None:
    consume(queue.received("fails"), None, failing(ValueError("Dorian Quillfeather")), lambda: queue.sqs)
    [record] = caplog.records
    facts = vars(record)
    assert (facts["error"], facts["tries"], facts["seconds"]) == ("ValueError", 1, 60)
    assert facts["where"].startswith("consume_queue.py:")
    assert "Quillfeather" not in str(facts)


def test_a_queue_that_does_not_answer_leaves_the_message_to_its_own_time(queue: Queue) -> None:
    event = queue.received("fails")
    event["Records"][0]["eventSourceARN"] = "arn:aws:sqs:us-east-1:123456789012:another"
    answer = consume(event, None, failing(TryLater("busy")), lambda: queue.sqs)
    assert answer == {"batchItemFailures": [{"itemIdentifier": "fails"}]}
