"""Schedule -> one of the scheduled jobs; the schedule's input `task` names it."""

from datetime import UTC, datetime

from aws_lambda_powertools import Logger

from functions.scheduled_jobs.jobs import JOBS

logger = Logger()


def handler(event: dict[str, str], _context: object) -> dict[str, int]:
    task = event["task"]
    count = JOBS[task](datetime.now(UTC))
    logger.info("sweep done", extra={"task": task, "found": count})
    return {"found": count}
