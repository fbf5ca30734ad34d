"""The price of 1,000,000 records that reach nobody: stored, sent again as they are, and matched, in the batches of the
template, through the product's own tables on moto. `metering.py` counts what AWS would bill for.

Lambda's part is the processor's time of reading and of the terms, measured on this machine, and the calls of AWS.
"""

import os
import random
import tempfile
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from statistics import median
from time import process_time
from typing import NamedTuple

import boto3

from shared.arrests.model import Arrest, Provenance
from shared.arrests.place_index import PlaceKeys
from shared.arrests.table import ArrestsTable
from shared.batching import batches
from shared.feeds.normalise.normaliser import NormalisedArrest, Normaliser
from shared.feeds.normalise.read_drop import BATCH, read_records
from shared.feeds.record import RawRecord
from shared.matching.rules import terms_of
from shared.subscriptions.index.known_terms_table import KnownTermsTable
from shared.subscriptions.index.table import SubscriptionIndex
from tests.bench import csv_rows
from tests.bench.delivery import (
    A_CALL,
    A_CORE,
    GB_SECOND,
    INVOCATION,
    READ_UNIT,
    SETTINGS,
    WRITE_UNIT,
    create_tables,
    sdk_seconds,
)
from tests.bench.finding import criterion
from tests.bench.metering import Bill, Meter
from tests.bench.population import MEASURED_ON
from tests.bench.reading import Way, arrests, arrests_and_terms
from tests.builders import PSEUDONYMS, a_subscription
from tests.feeds.cases import shipped
from tests.in_process import in_process

PRICES_OF = date(2026, 11, 20)  # the list at the head of delivery.py: us-east-1, on demand
ROWS = 2_000
STREAM_BATCH = 100  # of the template
INTAKE_GB, MATCHER_GB = 1.769, 1.0
TARGETS = {"roster": 1.00, "nypd": 0.80}
SNAPSHOT_TARGET = 0.10
WATCHES = (0, 1_000)


class Seconds(NamedTuple):
    """Of a core: to read a record, to compute its terms, and of AWS's SDK for a call."""

    reading: float
    terms: float
    sdk: float


class Cost(NamedTuple):
    """Dollars for a million records, and what they are made of for each record."""

    writes: float
    reads: float
    calls: float
    seconds: float
    gb: float

    @property
    def dollars(self) -> float:
        return 1e6 * (self.writes * WRITE_UNIT + self.reads * READ_UNIT + self.seconds * self.gb * GB_SECOND)


def main(rows: int = ROWS) -> None:
    print(f"\nThe price of 1,000,000 records that reach nobody, by the list of {PRICES_OF:%d %b %Y}")
    print(f"  {'':44}written   read  calls     ms        $   target")
    os.environ.update(SETTINGS)
    sdk = sdk_seconds()
    for layout, target in TARGETS.items():
        with tempfile.TemporaryDirectory() as folder, in_process():
            path = Path(folder) / f"{layout}.csv"
            path.write_text("\n".join([*csv_rows.rows(layout, rows), ""]))
            reading, both = (seconds_a_record(way, path, layout) for way in (arrests, arrests_and_terms))
            took = Seconds(reading, both - reading, sdk)
            _print_layout(layout, arrests_of(path, layout), took, target)


def seconds_a_record(way: Way, path: Path, layout: str) -> float:
    """Returns the processor's time, the median of three runs."""
    seconds = []
    for _ in range(3):
        begun = process_time()
        count = way(path, layout)
        seconds.append((process_time() - begun) / count)
    return median(seconds)


def arrests_of(path: Path, layout: str) -> list[Arrest]:
    profile = shipped(layout)
    normaliser = Normaliser(profile, PSEUDONYMS, date(2026, 11, 20))
    with path.open("rb") as stream:
        results = [
            result
            for batch in batches(read_records(stream, profile), BATCH)
            for result in normaliser.normalise([record for record in batch if isinstance(record, RawRecord)])
        ]
    return [result.arrest for result in results if isinstance(result, NormalisedArrest)]


def _print_layout(layout: str, records: list[Arrest], took: Seconds, target: float) -> None:
    client = boto3.client("dynamodb")
    meter = Meter(client, create_tables())
    metered = boto3.client("dynamodb")
    meter.watch(metered)
    now = datetime.now(UTC)
    table = ArrestsTable(metered, "Arrests", PlaceKeys(PSEUDONYMS), juveniles="Juveniles")

    def cost(bill: Bill, gb: float, ours: float) -> Cost:
        calls = sum(bill.calls.values()) / len(records)
        seconds = calls * (A_CALL + took.sdk * A_CORE / gb) + ours * A_CORE / gb
        return Cost(bill.writes / len(records), bill.reads / len(records), calls, seconds, gb)

    def store(drop: int) -> Cost:
        meter.bill = Bill()
        dropped_at = now + timedelta(minutes=drop)
        for batch in batches(records, BATCH):
            table.store(batch, Provenance(drop_id=f"d{drop}", dropped_at=dropped_at), now)
        return cost(meter.bill, INTAKE_GB, took.reading)

    stored, again = store(1), store(2)
    by = random.Random(MEASURED_ON)
    watch_list = SubscriptionIndex(client, "Subscriptions", PSEUDONYMS)
    for before, watches in zip((0, *WATCHES), WATCHES, strict=False):
        for number in range(before, watches):
            basis = {"kind": "open case", "case_number": str(number)}
            watch_list.add(a_subscription(criterion(by), subscription_id=f"{number:032x}", basis=basis))
        index = SubscriptionIndex(metered, "Subscriptions", PSEUDONYMS, known=KnownTermsTable(metered, "Subscriptions"))
        meter.bill = Bill()
        for batch in batches(records, STREAM_BATCH):
            index.postings_under(term for arrest in batch for term in terms_of(arrest))
            meter.bill.calls["lambda Invocation"] += 1
        looked_up = cost(meter.bill, MATCHER_GB, took.terms)
        if watches == 0:
            _print(f"{layout}: read and stored", stored)
            _print(f"{layout}: sent again as it is", again)
            together = stored.dollars + looked_up.dollars + 1e6 / STREAM_BATCH * INVOCATION
            _print(f"{layout}: matched with {watches:,} watches", looked_up)
            print(f"  {f'{layout}: together':68}{together:>15.2f}{target:>9.2f}")
            print(f"  {f'{layout}: sent again, as a share':68}{again.dollars / together:>15.2f}{SNAPSHOT_TARGET:>9.2f}")
        else:
            _print(f"{layout}: matched with {watches:,} watches", looked_up)


def _print(what: str, cost: Cost) -> None:
    units = f"{cost.writes:>7.2f}{cost.reads:>7.2f}{cost.calls:>7.3f}{cost.seconds * 1e3:>7.2f}"
    print(f"  {what:44}{units}{cost.dollars:>9.2f}")


if __name__ == "__main__":
    main()
