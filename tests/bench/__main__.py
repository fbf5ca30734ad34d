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
from tests.bench.reading import peak, peaks_of_large, rates

LAYOUTS: dict[
    str, tuple[Callable[[int], Iterable[str]], float]
] = {  # file, its lines, the target of the last way as a share of the first
    "nypd.csv": (partial(csv_rows.rows, "nypd"), 0.20),
    "roster.csv": (partial(csv_rows.rows, "roster"), 0.20),
    "city-police.ndjson": (records.ndjson, 0.30),
    "niem-bookings.xml": (records.niem_xml, 0.45),
}


def read(count: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        for name, (lines, target) in LAYOUTS.items():
            path = Path(folder) / name
            records = count if path.suffix == ".csv" else count // 5
            path.write_text("\n".join([*lines(records), ""]))
            megabytes = f"{path.stat().st_size / 1e6:.1f} MB"
            print(f"\n{f'{name}, {records:,} records, {megabytes}':48}{'records/s':>14}{'share':>8}")
            measured = rates(path, path.stem, records)
            floor = next(iter(measured.values()))
            for way, rate in measured.items():
                print(f"  {way:46}{rate:>14,.0f}{rate / floor:>8.2f}")
            print(f"  target of the last line{target:>45.2f}")
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
