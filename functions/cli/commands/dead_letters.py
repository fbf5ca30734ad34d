"""`dead-letters`: shows the messages that failed every time, replays them, or discards them."""

import argparse
import json
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

import boto3
from botocore.exceptions import ClientError

from functions.cli.command import Arguments, Command
from functions.cli.deployment import outputs_of
from shared.alerts.delivery.queue import delivery_enqueuer, delivery_key_in
from shared.errors import TryLater

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient
    from mypy_boto3_sqs.type_defs import MessageTypeDef

Outputs = Mapping[str, str]
Replay = Callable[[str, Outputs], None]
"""Does the work of one dead letter again, given its body. It must be safe to do twice. Raises ReplayError."""


class ReplayError(Exception):
    """This dead letter stays where it is; the others go on."""


UNREADABLE = "its body is no work of ours; --discard deletes it, once all others are replayed"
NO_LONGER_THERE = ("TrimmedDataAccessException", "ResourceNotFoundException")  # the record; its whole shard
TRIMMED = "the stream no longer has these records: they are more than 24 hours old; discard it"


def _to_queue(output: str) -> Replay:
    def replay(body: str, outputs: Outputs) -> None:
        boto3.client("sqs").send_message(QueueUrl=outputs[output], MessageBody=body)

    return replay


def _to_alerts_queue(body: str, outputs: Outputs) -> None:
    """In the message group of its office, so that the dead letters of a flood do not hold up other offices."""
    try:
        delivery = delivery_key_in(body)
    except (ValueError, TypeError) as error:
        raise ReplayError(UNREADABLE) from error
    try:
        delivery_enqueuer(boto3.client("sqs"), outputs["AlertsQueue"])([delivery])
    except TryLater as error:
        raise ReplayError(str(error)) from error


def _to_stream_reader(output: str) -> Replay:
    """Invokes the function that reads the stream. The dead letter of a stream holds no records; it says where they are
    in the stream, which holds them for 24 hours."""

    def replay(body: str, outputs: Outputs) -> None:
        try:
            batch = json.loads(body)["DDBStreamBatchInfo"]
        except (ValueError, TypeError, KeyError) as error:
            raise ReplayError(UNREADABLE) from error
        try:
            records = list(_records(batch))
        except ClientError as error:
            if error.response["Error"]["Code"] not in NO_LONGER_THERE:
                raise
            raise ReplayError(TRIMMED) from error
        answer = boto3.client("lambda").invoke(
            FunctionName=outputs[output], Payload=json.dumps({"Records": records}, default=str).encode()
        )
        if "FunctionError" in answer:
            raise ReplayError(f"it fails as before; the log of {outputs[output]} says why")

    return replay


def _records(batch: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    streams = boto3.client("dynamodbstreams")
    iterator: str | None = streams.get_shard_iterator(
        StreamArn=batch["streamArn"],
        ShardId=batch["shardId"],
        ShardIteratorType="AT_SEQUENCE_NUMBER",
        SequenceNumber=batch["startSequenceNumber"],
    )["ShardIterator"]
    missing = int(batch["batchSize"])
    while iterator and missing:
        answer = streams.get_records(ShardIterator=iterator, Limit=missing)
        yield from answer["Records"]
        missing -= len(answer["Records"])
        iterator = answer.get("NextShardIterator") if answer["Records"] else None
    if missing:
        raise ReplayError(TRIMMED)


class DeadLetterQueue(NamedTuple):
    output: str
    replay: Replay | None


QUEUES = {
    "feeds": DeadLetterQueue("FeedsDeadLetter", _to_queue("FeedsQueue")),
    "alerts": DeadLetterQueue("AlertsDeadLetter", _to_alerts_queue),
    "provider-events": DeadLetterQueue("ProviderEventsDeadLetter", _to_queue("ProviderEventsQueue")),
    "purges": DeadLetterQueue("PurgesDeadLetter", _to_queue("PurgesQueue")),
    "exports": DeadLetterQueue("ExportsDeadLetter", _to_queue("ExportsQueue")),
    "unmatched": DeadLetterQueue("UnmatchedDeadLetter", _to_stream_reader("MatchArrestsFunction")),
    "unchained": DeadLetterQueue("UnchainedDeadLetter", _to_stream_reader("ChainAuditFunction")),
    "housekeeping": DeadLetterQueue("HousekeepingDeadLetter", None),  # the next run does the same work
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    action = parser.add_mutually_exclusive_group()
    action.add_argument("--replay", action="store_true", help="do the work again; what succeeds leaves the queue")
    action.add_argument("--discard", action="store_true", help="delete them: nothing can or need be done")
    parser.add_argument("queue", choices=QUEUES)


def run(args: Arguments) -> int:
    """1 when something could not be replayed; it stays in the queue."""
    queue = QUEUES[args.queue]
    if args.replay and queue.replay is None:
        print(f"{args.queue}: nothing to replay, the next run does the same work; --discard deletes them")
        return 1
    outputs, sqs = outputs_of(args.stack), boto3.client("sqs")
    replay = queue.replay if args.replay else None
    handled = failed = 0
    remaining = list[str]()
    for message in _messages(sqs, outputs[queue.output]):
        try:
            if replay:
                replay(message["Body"], outputs)
        except ReplayError as error:
            failed += 1
            remaining.append(message["ReceiptHandle"])
            print(f"{message['MessageId']} stays: {error}")
            continue
        handled += 1
        if args.replay or args.discard:
            sqs.delete_message(QueueUrl=outputs[queue.output], ReceiptHandle=message["ReceiptHandle"])
        else:
            remaining.append(message["ReceiptHandle"])
            print(f"{message['MessageId']} received {message['Attributes']['ApproximateReceiveCount']} times")
    for receipt_handle in remaining:  # whoever has looked can replay at once
        sqs.change_message_visibility(QueueUrl=outputs[queue.output], ReceiptHandle=receipt_handle, VisibilityTimeout=0)
    print(f"{handled} {'replayed' if args.replay else 'discarded' if args.discard else 'waiting'}")
    return 1 if failed else 0


def _messages(sqs: "SQSClient", queue: str) -> Iterator["MessageTypeDef"]:
    """Each once: for a minute nobody else sees it, which is put an end to when all are read."""
    while batch := sqs.receive_message(
        QueueUrl=queue,
        MaxNumberOfMessages=10,
        VisibilityTimeout=60,
        WaitTimeSeconds=2,
        AttributeNames=["ApproximateReceiveCount"],
    ).get("Messages", []):
        yield from batch


DEAD_LETTERS = Command(
    name="dead-letters",
    summary="Shows the dead letters of a queue, replays them or discards them",
    details="Correct the cause before you replay. Bodies are not shown.",
    example="arrest-alert dead-letters --stack arrest-alert-dev alerts --replay",
    add_arguments=add_arguments,
    run=run,
)
