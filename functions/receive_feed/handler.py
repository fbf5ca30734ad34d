"""Feed queue -> arrests table, receipt and rejects. A drop that cannot be read is an answer, not an error. A large one
becomes tasks in the queue of parts, which is read here as well."""

from datetime import UTC, datetime
from typing import Any

import boto3
from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.batch import BatchProcessor, EventType, process_partial_response
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord
from aws_lambda_powertools.utilities.typing import LambdaContext
from botocore.config import Config

from functions.receive_feed.events import drops_in, task_in
from functions.receive_feed.settings import Settings
from shared.arrests.identity_events.table import IdentityEventsTable
from shared.arrests.seals.table import SealsTable
from shared.arrests.table import ArrestsTable
from shared.aws.metrics import Metric, count
from shared.aws.secrets import load_pseudonyms
from shared.aws.settings import load_settings
from shared.feeds.drops.receipt import Receipt, ReceiptState
from shared.feeds.drops.table import DropsTable
from shared.feeds.drops.volume_check import VolumeVerdict
from shared.feeds.intake.dependencies import IntakeDeps, SplitDeps
from shared.feeds.intake.process_drop import process_drop
from shared.feeds.intake.queue import task_sender
from shared.feeds.intake.split_large import run_task
from shared.feeds.profiles.table import AgenciesTable
from shared.matching.agency_reference_table import AgencyReferenceTable

logger = Logger()
settings = load_settings(Settings)
# What is stored is made by us and checked by DynamoDB; checking it here as well takes a fifth of the time of storing.
dynamodb = boto3.client("dynamodb", config=Config(parameter_validation=False))
sharing = SplitDeps(settings.work_bucket, task_sender(boto3.client("sqs"), settings.parts_queue))
intake = IntakeDeps(
    s3=boto3.client("s3"),
    feeds_bucket=settings.feeds_bucket,
    profile_of=AgenciesTable(dynamodb, settings.agencies_table).text,
    reference_of=AgencyReferenceTable(dynamodb, settings.offices_table).knowledge,
    arrests=ArrestsTable(dynamodb, settings.arrests_table),
    seals=SealsTable(dynamodb, settings.arrests_table),
    identity_events=IdentityEventsTable(dynamodb, settings.arrests_table, settings.agencies_table),
    pseudonyms=load_pseudonyms(settings.pseudonym_secret),
    split=sharing,
    drops=DropsTable(dynamodb, settings.agencies_table),
)
processor = BatchProcessor(event_type=EventType.SQS, raise_on_entire_batch_failure=False)


def handler(event: dict[str, Any], context: LambdaContext) -> Any:
    return process_partial_response(event, _receive, processor, context)


def _receive(record: SQSRecord) -> None:
    if task := task_in(record.body):
        receipt = run_task(task, sharing, intake, _now)
        logger.info("part of a drop done", extra={"agency": task.drop.agency, "step": task.step, "part": task.number})
        _told(receipt)
        return
    for drop in drops_in(record.body):
        _told(process_drop(drop, intake, _now))


def _now() -> datetime:
    return datetime.now(UTC)


def _told(receipt: Receipt | None) -> None:
    if receipt:
        if receipt.state is ReceiptState.HELD:
            count(Metric.DROP_HELD)
        elif receipt.volume is VolumeVerdict.THIN:
            count(Metric.THIN_DROP)
        # The file's name stays out of the log: clerks put people's names into file names.
        logger.info(
            "drop taken in",
            extra=receipt.model_dump(
                mode="json",
                include={
                    "drop_id",
                    "agency",
                    "state",
                    "code",
                    "size",
                    "rows",
                    "arrests",
                    "seals",
                    "identity_events",
                    "rejected",
                    "volume",
                },
            ),
        )
