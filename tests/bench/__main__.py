"""`python -m tests.bench [rows]`: reading delimited text, as a share of `csv.reader` alone on the same file in the same run."""

import csv
import multiprocessing
import resource
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

from shared.domain.pseudonyms import Pseudonyms
from shared.domain.watches import terms_of
from shared.feeds.contract import Draft
from shared.feeds.door.door import Door
from shared.feeds.reading import reads
from tests.bench import csv_rows, obvious
from tests.feeds.cases import shipped

ROUNDS = 5
TARGET = 0.20


def csv_reader(path: Path, layout: str) -> int:
    with path.open(newline="", encoding="utf-8") as file:
        return sum(1 for _ in csv.reader(file)) - 1


def obvious_code(path: Path, layout: str) -> int:
    with path.open(newline="", encoding="utf-8") as file:
        return sum(1 for _ in getattr(obvious, layout)(file))


def arrests(path: Path, layout: str, *, terms: bool = False) -> int:
    profile, count = shipped(layout), 0
    door = Door(profile, Pseudonyms(b"bench"), date(2026, 11, 20))
    with path.open("rb") as stream:
        for read in reads(stream, profile):
            if isinstance(read, Draft):
                arrest = door.arrest_from(read).arrest
                count += 1
                if terms:
                    sum(1 for _ in terms_of(arrest))
    return count


def arrests_and_terms(path: Path, layout: str) -> int:
    return arrests(path, layout, terms=True)


WAYS: dict[str, Callable[[Path, str], int]] = {
    "csv.reader alone": csv_reader,
    "DictReader + pydantic, the obvious code": obvious_code,
    "row -> validated arrest": arrests,
    "row -> validated arrest -> terms": arrests_and_terms,
}


def rates(path: Path, layout: str, count: int) -> dict[str, float]:
    """Rows a second of CPU time, median of interleaved rounds."""
    seconds: dict[str, list[float]] = {name: [] for name in WAYS}
    for _ in range(ROUNDS):
        for name, way in WAYS.items():
            start = time.process_time()
            assert way(path, layout) == count, name
            seconds[name].append(time.process_time() - start)
    return {name: count / statistics.median(some) for name, some in seconds.items()}


def peak(path: Path, layout: str) -> float:
    """MB above the interpreter with its imports while the whole file is read, in a process of its own."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(_growth, (path, layout))


def _growth(path: Path, layout: str) -> float:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    arrests(path, layout)
    return (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 50_000
    with tempfile.TemporaryDirectory() as folder:
        for layout in ("nypd", "roster"):
            path = Path(folder) / f"{layout}.csv"
            path.write_text("\n".join([*csv_rows.rows(layout, count), ""]))
            print(f"\n{layout} layout, {count:,} rows, {path.stat().st_size / 1e6:.1f} MB" + " " * 20 + "rows/s   share")
            found = rates(path, layout, count)
            for name, rate in found.items():
                print(f"  {name:46}{rate:>14,.0f}{rate / found['csv.reader alone']:>8.2f}")
            print(f"  target of the last line{TARGET:>45.2f}")
            print(f"  peak memory above the interpreter {peak(path, layout):>19,.0f} MB")


if __name__ == "__main__":
    main()
