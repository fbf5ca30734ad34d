"""DynamoDB streams -> chained objects that cannot be taken back: of the audit table what was asked, of the alerts table
who was told of what. Being told is written down by telling, and costs no write of its own."""

from datetime import UTC, datetime
from typing import Any

import boto3
from aws_lambda_powertools import Logger

from functions.chain_audit.settings import Settings
from shared.audit_chain import Chaining, chain
from shared.settings import load
from shared.tables.audit import events_in
from shared.tables.chains import ChainsTable
from shared.tables.tellings import tellings_in

logger = Logger()
settings = load(Settings)
dynamodb = boto3.client("dynamodb")
chaining = Chaining(ChainsTable(dynamodb, settings.chains_table), boto3.client("s3"), settings.audit_bucket)


def handler(event: dict[str, Any], _context: object) -> dict[str, list[Any]]:
    records = event["Records"]
    events = [*events_in(records), *tellings_in(records)]
    links = chain(events, chaining, datetime.now(UTC))
    logger.info("audit events chained", extra={"events": len(events), "links": links})
    return {"batchItemFailures": []}
