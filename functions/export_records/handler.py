"""Queue of exports -> one export a message."""

from datetime import UTC, datetime
from typing import Any

from aws_lambda_powertools import Logger

from functions.export_records import dependencies
from shared.aws.consume_queue import PartialBatch, consume
from shared.records_requests.exports.export_records import export_records
from shared.records_requests.exports.model import ExportTask

logger = Logger()


def handler(event: dict[str, Any], context: object) -> PartialBatch:
    return consume(event, context, _run, dependencies.sqs, seconds_a_message=240)


def _run(body: str) -> None:
    task = ExportTask.model_validate_json(body)
    export = export_records(task, dependencies.exports, datetime.now(UTC))
    facts = {"export": task.export_id, "state": export.state.value if export else "not waited for"}
    logger.info("export done", extra=facts | ({"records": len(export.arrest_ids)} if export else {}))
