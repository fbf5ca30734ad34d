"""Streams of the audit table and the alerts table -> links of the hash chain, which nobody can change.

The audit table's stream carries audit events. The alerts table's stream carries disclosures: who was notified of which
arrest. A disclosure costs no write of its own, because it follows from storing the alert.

A row of the audit table that was replaced or deleted before its time raises an alarm and is chained as an event itself.
"""

from datetime import UTC, datetime
from typing import Any

from aws_lambda_powertools import Logger

from functions.chain_audit import dependencies
from shared.alerts.disclosures.stream import disclosures_in
from shared.audit.append_chain import append_events
from shared.audit.stream import altered_rows, events_in
from shared.aws.metrics import Metric, count
from shared.aws.temporary_errors import repeat_while_busy
from shared.aws.throttling import begin_invocation

logger = Logger()


def handler(event: dict[str, Any], context: object) -> dict[str, list[Any]]:
    begin_invocation(context)
    records, now = event["Records"], datetime.now(UTC)
    altered = list(altered_rows(records, now))
    if altered:
        logger.error("audit rows were altered", extra={"rows": [row.subjects[0] for row in altered]})
        count(Metric.AUDIT_ROW_ALTERED, len(altered))
    events = [*events_in(records), *disclosures_in(records), *altered]
    links = repeat_while_busy(lambda: append_events(events, dependencies.chain, now))
    logger.info("audit events chained", extra={"events": len(events), "links": links})
    return {"batchItemFailures": []}
