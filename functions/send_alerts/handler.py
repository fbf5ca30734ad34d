"""Alerts queue -> e-mail, text, topic, webhook: one delivery a message."""

from typing import Any

from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.batch import BatchProcessor, EventType, process_partial_response
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord
from aws_lambda_powertools.utilities.typing import LambdaContext

from functions.send_alerts import dependencies
from shared.alerts.delivery.dependencies import DeliveryOutcome
from shared.alerts.delivery.queue import delivery_key_in
from shared.alerts.delivery.send import deliver
from shared.aws.metrics import Metric, count

logger = Logger()
processor = BatchProcessor(event_type=EventType.SQS, raise_on_entire_batch_failure=False)


def handler(event: dict[str, Any], context: LambdaContext) -> Any:
    """Delivers each message of a batch. Those that fail are given back to the queue, the others are deleted."""
    return process_partial_response(event, _deliver, processor, context)


def _deliver(record: SQSRecord) -> None:
    key = delivery_key_in(record.body)
    outcome = deliver(key, dependencies.delivery)
    if outcome is DeliveryOutcome.HELD:
        count(Metric.HELD_BY_CEILING)
    logger.info("delivery handled", extra={"alert": key.alert_id, "channel": key.channel, "outcome": outcome.value})
