"""DynamoDB stream -> Lambda as AWS delivers it.

MiniStack hands over one batch at a time and repeats a failing one for ever. Here a mapping's retries, bisection,
partial batch responses, on-failure destination and parallelization work, so a poison record is set aside and the rest
of the stream goes on.
"""

import contextvars
import json
import time
import zlib
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from ministack.core.responses import request_scope
from ministack.services import dynamodb
from ministack.services import lambda_svc as service

Record = dict[str, Any]

NO_LIMIT = -1


def install() -> None:
    service._poll_dynamodb_streams = poll


def poll() -> bool:
    busy = False
    for account, region, mapping in list(service._iter_all_esms()):
        with request_scope(account, region):
            busy = take(mapping) or busy
    return busy


def take(mapping: Record) -> bool:
    """Starts the next piece of the mapping's stream on a thread; one piece at a time, in the stream's order."""
    stream, mapping_id = mapping.get("EventSourceArn", ""), mapping["UUID"]
    if ":dynamodb:" not in stream or not mapping.get("Enabled", True) or service._esm_inflight.get(mapping_id):
        return False
    table = stream.split("table/")[1].split("/")[0]
    function, _ = service._get_func_record_for_qualifier(mapping["FunctionName"], mapping.get("Qualifier"))
    if function is None or dynamodb._tables.get(table, {}).get("LatestStreamArn") != stream:
        return False
    service._init_stream_position(mapping_id, stream, mapping.get("StartingPosition", "LATEST"))
    position = max(service._dynamodb_stream_positions[mapping_id], dynamodb.stream_start_position(table))
    lanes = int(mapping.get("ParallelizationFactor", 1))
    records = dynamodb.stream_records_since(table, position, int(mapping["BatchSize"]) * lanes)
    if not records:
        return False
    service._dispatch_esm_batch(mapping_id, deliver, Delivery(mapping, function), records, lanes, position)
    return True


def deliver(delivery: "Delivery", records: list[Record], lanes: int, position: int) -> None:
    """Shares the records out between the lanes; all changes of one item stay in one lane, in their order."""
    matching = service._apply_filter_criteria(records, delivery.mapping)
    batches: dict[int, list[Record]] = {}
    for record in matching:
        item = json.dumps(record["dynamodb"]["Keys"], sort_keys=True)
        batches.setdefault(zlib.crc32(item.encode()) % lanes, []).append(record)
    with ThreadPoolExecutor(max_workers=lanes) as pool:
        running = [pool.submit(contextvars.copy_context().run, delivery.run, b) for b in batches.values()]
    for lane in running:
        lane.result()
    service._dynamodb_stream_positions[delivery.mapping["UUID"]] = position + len(records)


@dataclass(frozen=True)
class Delivery:
    mapping: Record
    function: Record

    def run(self, records: list[Record]) -> None:
        pending = [(records, 0)]
        while pending:
            batch, attempts = pending.pop(0)
            result = service._execute_function(self.function, {"Records": batch})
            rest = self.unprocessed(batch, result)
            if rest:
                pending[:0] = self.again(rest, attempts, result)

    def unprocessed(self, batch: list[Record], result: Record) -> list[Record]:
        """Everything after an error; from the first failed item on after a partial batch response."""
        if result.get("error"):
            return batch
        if "ReportBatchItemFailures" not in self.mapping.get("FunctionResponseTypes", []):
            return []
        body = result.get("body")
        response = json.loads(body) if isinstance(body, str) and body else body
        failures = (response or {}).get("batchItemFailures") or []
        failed = {failure.get("itemIdentifier") for failure in failures}
        numbers = [record["dynamodb"]["SequenceNumber"] for record in batch]
        first = min((i for i, number in enumerate(numbers) if number in failed), default=0)
        return batch[first:] if failures else []

    def again(self, batch: list[Record], attempts: int, result: Record) -> list[tuple[list[Record], int]]:
        """The batches to try next, each with the attempts it has used. Halving costs no attempt."""
        if result.get("error") and self.mapping.get("BisectBatchOnFunctionError") and len(batch) > 1:
            half = len(batch) // 2
            return [(batch[:half], attempts), (batch[half:], attempts)]
        limit = int(self.mapping.get("MaximumRetryAttempts", NO_LIMIT))
        if limit == NO_LIMIT or attempts < limit:
            time.sleep(min(0.2 * (attempts + 1), 1.0))
            return [(batch, attempts + 1)]
        stream = self.mapping["EventSourceArn"]
        service._send_ddb_stream_failure_record(
            self.mapping, self.function, batch, stream, result, "RetryAttemptsExhausted"
        )
        return []
