"""Alerts queue -> e-mail, text, topic, webhook: one delivery a message."""

from typing import Any

from aws_lambda_powertools import Logger

from functions.send_alerts import dependencies
from shared.alerts.delivery.dependencies import DeliveryOutcome
from shared.alerts.delivery.queue import delivery_key_in
from shared.alerts.delivery.send import deliver
from shared.aws.consume_queue import PartialBatch, consume
from shared.aws.metrics import Metric, count

logger = Logger()
# A provider is waited for at most 13 s (`shared/channels/dependencies.py`); five more are always in reserve.
SECONDS_A_MESSAGE = 10


def handler(event: dict[str, Any], context: object) -> PartialBatch:
    """Delivers each message of a batch. Those that fail are given back to the queue, the others are deleted."""
    return consume(event, context, _deliver, dependencies.sqs, seconds_a_message=SECONDS_A_MESSAGE)


def _deliver(body: str) -> None:
    key = delivery_key_in(body)
    outcome = deliver(key, dependencies.delivery)
    if outcome is DeliveryOutcome.HELD:
        count(Metric.HELD_BY_CEILING)
    logger.info("delivery handled", extra={"alert": key.alert_id, "channel": key.channel, "outcome": outcome.value})
