"""Rows a second of one worker that reads a file and stores it: when all of it is new, and when it is sent again.

DynamoDB answers here without a network, each call after `ANSWERS_AFTER`, so nothing else takes the processor's time.
`end_to_end.py` has the same beside matchers, senders and the local cloud.
"""

import io
import json
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from statistics import median
from typing import Any

import boto3
from botocore.config import Config

from functions.receive_feed.settings import WRITERS
from shared.arrests.model import Arrest, Provenance
from shared.arrests.place_index import PlaceKeys
from shared.arrests.table import ArrestsTable
from shared.feeds.normalise.read_drop import read_drop
from tests.bench import csv_rows
from tests.bench.metering import http_answer
from tests.builders import PSEUDONYMS
from tests.feeds.cases import shipped

ROWS, RUNS, TARGET = 10_000, 3, 2_000
ANSWERS_AFTER = 0.02  # seconds
DROPPED_AT = datetime(2026, 11, 20, 12, tzinfo=UTC)


class Answers:
    """Answers at once, but for the time of a network and of DynamoDB. `items` are what is stored, by arrest_id."""

    def __init__(self) -> None:
        self.items: dict[str, str] = {}
        self.client = boto3.client(
            "dynamodb",
            region_name="us-east-1",
            aws_access_key_id="none",
            aws_secret_access_key="none",
            config=Config(parameter_validation=False, max_pool_connections=WRITERS),
        )
        self.client.meta.events.register("before-send.dynamodb", self._answer)

    def _answer(self, request: Any, **_: Any) -> Any:
        call = request.headers["X-Amz-Target"].decode().partition(".")[2]
        asked = json.loads(request.body)
        if call == "BatchGetItem":
            text = self._stored(asked["RequestItems"])
        elif call == "BatchExecuteStatement":
            text = json.dumps({"Responses": [{"TableName": "Arrests"}] * len(asked["Statements"])})
        else:  # juveniles' records, which two tables share
            assert call == "TransactWriteItems"
            text = "{}"
        time.sleep(ANSWERS_AFTER)
        return http_answer(text)

    def _stored(self, asked: Any) -> str:
        [(table, batch)] = asked.items()
        items = (self.items.get(key["arrest_id"]["S"]) for key in batch["Keys"])
        return f'{{"Responses": {{"{table}": [{",".join(filter(None, items))}]}}, "UnprocessedKeys": {{}}}}'


def main(rows: int = ROWS) -> None:
    print(f"\nOne worker alone, {rows:,} rows; DynamoDB answers after {ANSWERS_AFTER * 1e3:.0f} ms")
    print(f"  {'':44}{'rows/s':>10}{'target':>10}{'of a core':>12}")
    for layout in ("nypd", "roster"):
        content = "\n".join([*csv_rows.rows(layout, rows), ""]).encode()
        answers = Answers()
        table = ArrestsTable(answers.client, "Arrests", PlaceKeys(PSEUDONYMS), juveniles="Juveniles", writers=WRITERS)
        work = partial(read_and_store, content, layout, table)
        _print(f"{layout}: read and stored", rows, partial(work, 1))
        for arrest in work(1):
            item = table.item_of(arrest, _provenance(1), DROPPED_AT)
            answers.items[arrest.arrest_id] = json.dumps({name: value for name, value in item.items() if name != "doc"})
        _print(f"{layout}: sent again as it is", rows, partial(work, 2))


def read_and_store(content: bytes, layout: str, table: ArrestsTable, drop: int) -> list[Arrest]:
    parsed = read_drop(io.BytesIO(content), shipped(layout), PSEUDONYMS, DROPPED_AT.date())
    arrests = [record.arrest for record in parsed.arrests]
    table.store(arrests, _provenance(drop), DROPPED_AT)
    return arrests


def _provenance(drop: int) -> Provenance:
    return Provenance(drop_id=f"d{drop}", dropped_at=DROPPED_AT + timedelta(minutes=drop))


def _print(what: str, rows: int, work: Callable[[], object]) -> None:
    measured = [_measured(work) for _ in range(RUNS)]
    seconds, busy = (median(column) for column in zip(*measured, strict=True))
    print(f"  {what:44}{rows / seconds:>10,.0f}{TARGET:>10,}{busy / seconds:>12.2f}")


def _measured(work: Callable[[], object]) -> tuple[float, float]:
    began, busy = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - began, time.process_time() - busy


if __name__ == "__main__":
    main()
