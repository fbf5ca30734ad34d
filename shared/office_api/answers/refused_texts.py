"""Counts texts that named immigration enforcement and were refused. Neither the metric nor the log repeats a text."""

from aws_lambda_powertools import Logger

logger = Logger()


def count_refused_texts(number: int, fields: tuple[str, ...] = ()) -> None:
    """`fields` are paths in the request; none for the rows of a list."""
    from shared.aws.metrics import Metric, count  # noqa: PLC0415 - hardly ever needed

    if number:
        count(Metric.IMMIGRATION_TEXT, number)
        logger.warning("texts that name immigration enforcement were refused", extra={"fields": fields})
