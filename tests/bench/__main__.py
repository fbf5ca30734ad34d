"""`python -m tests.bench [rows]` prints the tables: reading, storing, starting, the console, delivery, the bill, a drop
from end to end, record linkage, finding candidates."""

import sys
import tempfile
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path

from tests.bench import (
    bill,
    console,
    csv_rows,
    delivery,
    end_to_end,
    finding,
    jail,
    likeness,
    records,
    starting,
    storing,
)
from tests.bench.reading import WITH_TERMS, WITHOUT_TERMS, peak, peaks_of_large, rates

LAYOUTS: dict[str, Callable[[int], Iterable[str]]] = {  # file -> its lines
    "nypd.csv": partial(csv_rows.rows, "nypd"),
    "roster.csv": partial(csv_rows.rows, "roster"),
    "city-police.ndjson": records.ndjson,
    "niem-bookings.xml": records.niem_xml,
}
GUARDS = {  # records a second below which nothing of it may fall
    ("nypd.csv", WITHOUT_TERMS): 40_000,
    ("roster.csv", WITHOUT_TERMS): 20_000,
    ("roster.csv", WITH_TERMS): 8_000,  # addresses are taken apart for them
}


def read(count: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        for name, lines in LAYOUTS.items():
            path = Path(folder) / name
            records = count if path.suffix == ".csv" else count // 5
            path.write_text("\n".join([*lines(records), ""]))
            megabytes = f"{path.stat().st_size / 1e6:.1f} MB"
            print(f"\n{f'{name}, {records:,} records, {megabytes}':48}{'records/s':>14}{'target':>10}")
            for way, rate in rates(path, path.stem, records).items():
                guard = GUARDS.get((name, way))
                print(f"  {way:46}{rate:>14,.0f}{f'{guard:,}' if guard else '':>10}")
            if path.suffix != ".ndjson":
                print(f"  peak memory above the interpreter {peak(path, path.stem):>19,.0f} MB")


def read_large(count: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "roster.csv"
        with path.open("w") as file:
            file.writelines(f"{line}\n" for line in csv_rows.rows("roster", count))
        print(f"\nlarge drop, {count:,} rows, {path.stat().st_size / 1e6:.0f} MB: memory above the interpreter")
        for what, megabytes in peaks_of_large(path, "roster").items():
            print(f"  {what:46}{megabytes:>11,.0f} MB   (target 150)")


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 50_000
    read(count)
    read_large(20 * count)
    storing.main()
    starting.main()
    console.main()
    delivery.main()
    bill.main()
    end_to_end.main()
    likeness.main(strangers=2 * count)
    jail.main()
    finding.main()


if __name__ == "__main__":
    main()
