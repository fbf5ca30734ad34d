"""Schedule -> the names of every agency, counted anew where that would change a match."""

from dataclasses import asdict
from datetime import UTC, datetime

from aws_lambda_powertools import Logger

from functions.learn_names import dependencies
from shared.aws.throttling import begin_invocation
from shared.matching.learn_names import learn_names
from shared.matching.linkage.learn_frequencies import LearningOutcome

logger = Logger()


def handler(_event: object, context: object) -> dict[str, int]:
    begin_invocation(context)
    agencies = counted = 0
    for learned in learn_names(dependencies.learn, datetime.now(UTC)):
        logger.info("names looked at", extra=asdict(learned))  # of nobody in particular: counts alone
        agencies += 1
        counted += learned.outcome is LearningOutcome.COUNTED
    return {"agencies": agencies, "counted": counted}
