"""Streams of the audit table and the alerts table -> links of the hash chain, which nobody can change.

The audit table's stream carries audit events. The alerts table's stream carries disclosures: who was notified of which
arrest. A disclosure costs no write of its own, because it follows from storing the alert.
"""

from datetime import UTC, datetime
from typing import Any

from aws_lambda_powertools import Logger

from functions.chain_audit import dependencies
from shared.alerts.disclosures.stream import disclosures_in
from shared.audit.append_chain import append_events
from shared.audit.table import events_in

logger = Logger()


def handler(event: dict[str, Any], _context: object) -> dict[str, list[Any]]:
    records = event["Records"]
    events = [*events_in(records), *disclosures_in(records)]
    links = append_events(events, dependencies.chain, datetime.now(UTC))
    logger.info("audit events chained", extra={"events": len(events), "links": links})
    return {"batchItemFailures": []}
