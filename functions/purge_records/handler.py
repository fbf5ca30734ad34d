"""Queue of purges -> one page of records a message; the next page is a message of its own."""

from datetime import UTC, datetime
from typing import Any

from aws_lambda_powertools import Logger

from functions.purge_records import dependencies
from shared.aws.consume_queue import PartialBatch, consume
from shared.retention.model import PurgeStep
from shared.retention.purge import run_step

logger = Logger()


def handler(event: dict[str, Any], context: object) -> PartialBatch:
    return consume(event, context, _run, dependencies.sqs, seconds_a_message=60)


def _run(body: str) -> None:
    step = PurgeStep.model_validate_json(body)
    purged = run_step(step, dependencies.purge, datetime.now(UTC))
    facts = {"day": step.day.isoformat(), "area": step.area.value, "segment": step.segment, "purged": purged}
    logger.info("purge step done", extra=facts)
