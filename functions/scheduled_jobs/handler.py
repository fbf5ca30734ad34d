"""Schedule -> one of the scheduled jobs; the schedule's input `task` names it."""

from datetime import UTC, datetime

from aws_lambda_powertools import Logger

from functions.scheduled_jobs.jobs import JOBS
from shared.aws.throttling import begin_invocation

logger = Logger()


def handler(event: dict[str, str], context: object) -> dict[str, int]:
    begin_invocation(context)
    task = event["task"]
    count = JOBS[task](datetime.now(UTC))
    logger.info("sweep done", extra={"task": task, "found": count})
    return {"found": count}
