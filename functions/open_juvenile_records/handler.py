"""A question of the office API -> its answer. The log says what was asked and whether it was answered, and about whom
nothing."""

from datetime import UTC, datetime
from typing import Any

from aws_lambda_powertools import Logger

from functions.open_juvenile_records import dependencies
from shared.arrests.juveniles.answer import JuvenileQuestion, answer
from shared.aws.throttling import begin_invocation

logger = Logger()


def handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    begin_invocation(context)
    question = JuvenileQuestion.model_validate(event)
    answered = answer(question, dependencies.opening, datetime.now(UTC))
    logger.info("question answered", extra={"kind": question.kind.value, "office_id": question.office_id})
    document: dict[str, Any] = answered.model_dump(mode="json")
    return document
