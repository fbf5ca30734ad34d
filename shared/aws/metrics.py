"""The product's own CloudWatch metrics: the one list of their names, and how a function emits them.

An alarm counts each of them (`infra/alarms/product_metrics.py`); `tests/infra/test_alarms.py` compares the two lists.
A metric is one line of the function's log in CloudWatch's embedded metric format, so emitting it makes no call to AWS.
Its namespace and its only dimension, `service`, are the environment variables POWERTOOLS_METRICS_NAMESPACE and
POWERTOOLS_SERVICE_NAME.
"""

from enum import StrEnum

from aws_lambda_powertools.metrics import MetricUnit, single_metric


class Metric(StrEnum):
    """A name is part of the deployed alarms: a new metric is a new member, and an old value never changes."""

    AGENCY_SILENT = "AgencySilent"
    """Agencies that sent nothing for twice their usual interval, counted anew every hour."""
    AUDIT_NOT_RECORDED = "AuditNotRecorded"
    """A request was refused, or not answered, because its audit event could not be stored."""
    AUDIT_OUTCOME_UNKNOWN = "AuditOutcomeUnknown"
    """A request began and its outcome was never recorded."""
    AUDIT_ROW_ALTERED = "AuditRowAltered"
    """A row of the audit table was replaced, or deleted before its time."""
    CANARY_TO_SENT = "CanaryToSent"
    """Seconds from a drop of the canary until a provider took the message about it."""
    DROP_HELD = "DropHeld"
    """A drop was put into quarantine: by the volume check (receive_feed) or the circuit breaker (match_arrests)."""
    DROP_TO_SENT = "DropToSent"
    """Seconds from the agency's drop until a provider took one message about it."""
    HELD_BY_CEILING = "HeldByCeiling"
    """A delivery waits for a summary, because its office has had its `alerts_an_hour`."""
    IMMIGRATION_PURPOSE = "ImmigrationPurpose"
    """A request named immigration enforcement as its purpose and was refused."""
    IMMIGRATION_TEXT = "ImmigrationText"
    """A case number, note, reference, contact, title or row named immigration enforcement and was refused."""
    SEALS_REFUSED = "SealsRefused"
    """A drop has records that seal or expunge, and its agency has not permitted its feed to."""
    TEXTS_REFUSED_AT_LIMIT = "TextsRefusedAtLimit"
    """SNS refused a text, because the account has spent what it may spend on texts this month."""
    THIN_DROP = "ThinDrop"
    """A drop has far fewer records than its agency usually sends."""


def count(metric: Metric, number: int = 1) -> None:
    """Adds `number` to the metric."""
    _emit(metric, MetricUnit.Count, number)


def record_seconds(metric: Metric, seconds: float) -> None:
    """Adds one value to the metric's distribution."""
    _emit(metric, MetricUnit.Seconds, seconds)


def _emit(metric: Metric, unit: MetricUnit, value: float) -> None:
    with single_metric(metric.value, unit, value):
        pass  # the line is printed when the context ends
