"""DynamoDB streams -> chained objects that cannot be taken back: of the audit table what was asked, of the alerts table
who was told of what. Being told is written down by telling, and costs no write of its own."""

from datetime import UTC, datetime
from typing import Any

import boto3
from aws_lambda_powertools import Logger

from functions.chain_audit.settings import Settings
from shared.alerts.disclosures.stream import disclosures_in
from shared.audit.append_chain import ChainDeps, append_events
from shared.audit.chain_heads_table import ChainHeadsTable
from shared.audit.table import events_in
from shared.aws.settings import load_settings

logger = Logger()
settings = load_settings(Settings)
dynamodb = boto3.client("dynamodb")
chaining = ChainDeps(ChainHeadsTable(dynamodb, settings.chains_table), boto3.client("s3"), settings.audit_bucket)


def handler(event: dict[str, Any], _context: object) -> dict[str, list[Any]]:
    records = event["Records"]
    events = [*events_in(records), *disclosures_in(records)]
    links = append_events(events, chaining, datetime.now(UTC))
    logger.info("audit events chained", extra={"events": len(events), "links": links})
    return {"batchItemFailures": []}
