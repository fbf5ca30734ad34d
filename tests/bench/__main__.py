"""`python -m tests.bench [rows]` prints the tables: reading, telling persons apart, finding who watches."""

import sys
import tempfile
from pathlib import Path

from tests.bench import csv_rows, delivery, finding, likeness, starting
from tests.bench.reading import TARGET, peak, rates


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 50_000
    with tempfile.TemporaryDirectory() as folder:
        for layout in ("nypd", "roster"):
            path = Path(folder) / f"{layout}.csv"
            path.write_text("\n".join([*csv_rows.rows(layout, count), ""]))
            print(
                f"\n{layout} layout, {count:,} rows, {path.stat().st_size / 1e6:.1f} MB" + " " * 20 + "rows/s   share"
            )
            found = rates(path, layout, count)
            for name, rate in found.items():
                print(f"  {name:46}{rate:>14,.0f}{rate / found['csv.reader alone']:>8.2f}")
            print(f"  target of the last line{TARGET:>45.2f}")
            print(f"  peak memory above the interpreter {peak(path, layout):>19,.0f} MB")
    starting.main()
    delivery.main()
    likeness.main(strangers=2 * count)
    finding.main(finding.SIZES if count > 50_000 else finding.SIZES[:3])


if __name__ == "__main__":
    main()
