"""A drop of 13,224 rows from S3 to its last mail, on the deployed template in the local cloud: when each stage began
and was over. The stages overlap: an arrest is matched while the next are stored. Run it alone on the machine.
"""

import csv
from collections.abc import Iterable
from datetime import UTC, datetime
from itertools import accumulate

from tests.bench.csv_rows import rows
from tests.e2e.scene import Scene, unused_name
from tests.local.deployed import deployed, eventually

ROWS, DELIVERIES = 13_224, 357
TARGET_SECONDS = 30
AGE_GROUP, PRECINCT = 11, 9  # columns


def main(count: int = ROWS, wanted: int = DELIVERIES) -> None:
    lines = [*rows("nypd", count)]
    precincts, hits = _precincts_with(lines, wanted)
    with deployed() as product:
        scene = Scene(product, unused_name())
        agency, ada = scene.agency("nypd"), scene.prosecutor()
        for precinct in precincts:
            ada.watch({"watch": "place", "agency": agency, "precinct": precinct}, starts="2025-01-01")
        product.settle()
        began = datetime.now(UTC)
        product.drop(agency, "year.csv", "\n".join([*lines, ""]).encode())
        eventually(lambda: len(scene.mails(ada.email)) >= hits, seconds=900, what="the last mail")
        product.settle(seconds=900)
        [receipt] = product.receipts(agency)
        alerts, deliveries = scene.alerts(), scene.deliveries()
    print(f"\nA drop of {count:,} rows, {len(deliveries)} deliveries, local cloud: seconds after the drop")
    print(f"  {'':20}{'first':>10}{'last':>10}")
    for stage, moments in {
        "read and stored": [receipt.dropped_at.isoformat(), receipt.finished_at.isoformat()],
        "matched": [alert.created_at.isoformat() for alert in alerts],
        "composed": [delivery["claimed_at"] for delivery in deliveries],
        "sent": [delivery["sent_at"] for delivery in deliveries],
    }.items():
        first, last = _seconds(began, moments)
        print(f"  {stage:20}{first:>10.1f}{last:>10.1f}{f'   target {TARGET_SECONDS}' if stage == 'sent' else ''}")


def _seconds(began: datetime, moments: Iterable[str]) -> tuple[float, float]:
    seconds = sorted((datetime.fromisoformat(moment) - began).total_seconds() for moment in moments)
    return seconds[0], seconds[-1]


def _precincts_with(lines: list[str], wanted: int) -> tuple[list[str], int]:
    """Returns as many precincts as together have so many adults arrested, and how many those are."""
    people = [record for record in csv.reader(lines[1:]) if record[AGE_GROUP] != "<18"]
    names = [str(number) for number in range(1, 124)]
    sums = [*accumulate(sum(record[PRECINCT] == name for record in people) for name in names)]
    number = next(place for place, together in enumerate(sums) if together >= wanted)
    return names[: number + 1], sums[number]


if __name__ == "__main__":
    main()
