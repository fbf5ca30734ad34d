"""`dead-letters`: look at what went wrong for good, and put it back once the cause is mended."""

import argparse
import json
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

import boto3

from functions.cli.deployment import Run, Subcommands, add_stack_option, outputs
from shared.alerts.delivery.queue import delivery_enqueuer, delivery_key_in
from shared.errors import TryLater

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient
    from mypy_boto3_sqs.type_defs import MessageTypeDef

Outputs = Mapping[str, str]
Replay = Callable[[str, Outputs], None]
"""Put the body of one dead letter back to work; it must be safe to do twice."""


class StillFailing(Exception):  # noqa: N818
    """This one stays where it is; the others go on."""


def _to(queue: str) -> Replay:
    def replay(body: str, found: Outputs) -> None:
        boto3.client("sqs").send_message(QueueUrl=found[queue], MessageBody=body)

    return replay


def _as_delivery(body: str, found: Outputs) -> None:
    """Fair by its office as before: a flood's dead letters hold up nobody."""
    try:
        delivery_enqueuer(boto3.client("sqs"), found["AlertsQueue"])([delivery_key_in(body)])
    except TryLater as busy:
        raise StillFailing(str(busy)) from busy


def _through(function: str) -> Replay:
    """The dead letter of a stream holds no records but says where they are; the stream keeps them for 24 hours."""

    def replay(body: str, found: Outputs) -> None:
        records = list(_records(json.loads(body)["DDBStreamBatchInfo"]))
        answer = boto3.client("lambda").invoke(
            FunctionName=found[function], Payload=json.dumps({"Records": records}, default=str).encode()
        )
        if "FunctionError" in answer:
            raise StillFailing(f"it fails as before; the log of {found[function]} says why")

    return replay


def _records(where: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    streams = boto3.client("dynamodbstreams")
    iterator: str | None = streams.get_shard_iterator(
        StreamArn=where["streamArn"],
        ShardId=where["shardId"],
        ShardIteratorType="AT_SEQUENCE_NUMBER",
        SequenceNumber=where["startSequenceNumber"],
    )["ShardIterator"]
    left = int(where["batchSize"])
    while iterator and left:
        answer = streams.get_records(ShardIterator=iterator, Limit=left)
        yield from answer["Records"]
        left -= len(answer["Records"])
        iterator = answer.get("NextShardIterator") if answer["Records"] else None
    if left:
        raise StillFailing("the stream has let go of these records: they are more than 24 hours old")


class _Queue(NamedTuple):
    output: str
    replay: Replay | None


QUEUES = {
    "feeds": _Queue("FeedsDeadLetter", _to("FeedsQueue")),
    "parts": _Queue("PartsDeadLetter", _to("PartsQueue")),
    "alerts": _Queue("AlertsDeadLetter", _as_delivery),
    "provider-events": _Queue("ProviderEventsDeadLetter", _to("ProviderEventsQueue")),
    "unmatched": _Queue("UnmatchedDeadLetter", _through("MatchArrestsFunction")),
    "unchained": _Queue("UnchainedDeadLetter", _through("ChainAuditFunction")),
    "housekeeping": _Queue("HousekeepingDeadLetter", None),  # the next sweep does the same again
}


def dead_letters(subcommands: Subcommands) -> Run:
    parser = subcommands.add_parser("dead-letters", help="look at dead letters; --replay puts them back to work")
    add_stack_option(parser)
    parser.add_argument("queue", choices=QUEUES)
    done = parser.add_mutually_exclusive_group()
    done.add_argument("--replay", action="store_true", help="do the work again, then delete them here")
    done.add_argument("--discard", action="store_true", help="delete them: nothing can or need be done")
    return _dead_letters


def _dead_letters(args: argparse.Namespace) -> int:
    """1 when something could not be replayed; it stays in the queue."""
    found, queue, sqs = outputs(args.stack), QUEUES[args.queue], boto3.client("sqs")
    if args.replay and queue.replay is None:
        print(f"{args.queue}: nothing to replay, the next sweep does the same again")
        return 1
    done = failed = 0
    for message in _messages(sqs, found[queue.output]):
        try:
            if args.replay and queue.replay:
                queue.replay(message["Body"], found)
        except StillFailing as fault:
            failed += 1
            print(f"{message['MessageId']} stays: {fault}")
            continue
        done += 1
        if args.replay or args.discard:
            sqs.delete_message(QueueUrl=found[queue.output], ReceiptHandle=message["ReceiptHandle"])
        else:
            print(f"{message['MessageId']} received {message['Attributes']['ApproximateReceiveCount']} times")
    print(f"{done} {'replayed' if args.replay else 'discarded' if args.discard else 'waiting'}")
    return 1 if failed else 0


def _messages(sqs: "SQSClient", queue: str) -> Iterator["MessageTypeDef"]:
    """Each once; those that are left come back by themselves after a minute."""
    while batch := sqs.receive_message(
        QueueUrl=queue,
        MaxNumberOfMessages=10,
        VisibilityTimeout=60,
        WaitTimeSeconds=2,
        AttributeNames=["ApproximateReceiveCount"],
    ).get("Messages", []):
        yield from batch
