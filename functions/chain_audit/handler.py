"""DynamoDB stream of the audit table -> chained objects that cannot be taken back."""

from datetime import UTC, datetime
from typing import Any

import boto3
from aws_lambda_powertools import Logger

from functions.chain_audit.settings import Settings
from shared.audit_chain import Chaining, chain
from shared.settings import load
from shared.tables.audit import events_in
from shared.tables.chains import ChainsTable

logger = Logger()
settings = load(Settings)
chaining = Chaining(
    ChainsTable(boto3.client("dynamodb"), settings.chains_table), boto3.client("s3"), settings.audit_bucket
)


def handler(event: dict[str, Any], _context: object) -> dict[str, list[Any]]:
    events = events_in(event["Records"])
    links = chain(events, chaining, datetime.now(UTC))
    logger.info("audit events chained", extra={"events": len(events), "links": links})
    return {"batchItemFailures": []}
