"""Provider events -> the state of the delivery that each is about.

Of a mail: SES -> SNS -> SQS -> here. Of a text: SNS -> a log group -> here, which puts each line into the same queue.
"""

from datetime import UTC, datetime
from typing import Any

from aws_lambda_powertools import Logger

from functions.record_delivery_events import dependencies
from functions.record_delivery_events.log_lines import enqueue_lines, lines_of
from shared.alerts.follow_up.record_event import TEXT_EVENT, event_kind, record_event
from shared.alerts.follow_up.text_events import is_spend_limit_reached
from shared.aws.consume_queue import PartialBatch, consume
from shared.aws.handshakes import handshake_in
from shared.aws.metrics import Metric, count
from shared.aws.temporary_errors import repeat_while_busy
from shared.aws.throttling import begin_invocation
from shared.bounded_reader import EVENT_LIMITS, read_json
from shared.errors import Rejected

logger = Logger()


def handler(event: dict[str, Any], context: object) -> PartialBatch | None:
    if _is_from_log(event):
        begin_invocation(context)
        repeat_while_busy(lambda: _enqueue_lines(event))
        return None
    return consume(event, context, _record_message, lambda: dependencies.sqs)


def _is_from_log(event: dict[str, Any]) -> bool:
    return "awslogs" in event


def _enqueue_lines(event: dict[str, Any]) -> None:
    enqueue_lines(lines_of(event), dependencies.sqs, dependencies.queue_url)


def _record_message(body: str) -> None:
    text = _without_envelope(body)
    if handshake := handshake_in(text):
        logger.info("handshake ignored", extra={"handshake": handshake})
        return
    event = read_json(text, EVENT_LIMITS)
    if _is_from_log(event):  # a replayed dead letter: the queue could not be reached when CloudWatch Logs called
        _enqueue_lines(event)
    else:
        _record(event)


def _without_envelope(text: str) -> str:
    """SNS wraps a message into a notification of its own, unless the subscription asks for the message alone."""
    if not text.lstrip().startswith("{"):
        return text
    body = read_json(text, EVENT_LIMITS)
    return str(body["Message"]) if body.get("Type") == "Notification" else text


def _record(event: dict[str, Any]) -> None:
    """An unknown delivery is given back to the queue, because the sender may be about to store it. If nobody ever does,
    the event ends as a dead letter with an alarm."""
    kind = event_kind(event)
    try:
        state = record_event(event, dependencies.provider_events, datetime.now(UTC))
    except Rejected as rejection:
        if rejection.code == "unknown-delivery":
            raise
        logger.warning("provider's event not noted", extra={"code": rejection.code, "kind": kind})
        return
    logger.info("provider's event noted", extra={"kind": kind, "state": state})
    if kind == TEXT_EVENT and is_spend_limit_reached(event):
        count(Metric.TEXTS_REFUSED_AT_LIMIT)
