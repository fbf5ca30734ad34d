"""Reading delimited text, as a share of `csv.reader` alone on the same file in the same run."""

import csv
import multiprocessing
import statistics
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

from shared.domain.matching import terms_of
from shared.domain.pseudonyms import Pseudonyms
from shared.feeds.contract import Draft
from shared.feeds.door.door import Door
from shared.feeds.reading import reads, seldom_collected
from tests.bench import obvious
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
    with path.open("rb") as stream, seldom_collected():
        for read in reads(stream, profile):
            if isinstance(read, Draft):
                arrest = door.admit(read).arrest
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
    before = _resident()
    arrests(path, layout)
    return _resident() - before


def _resident() -> float:
    """The process's highest resident memory so far, MB. `ru_maxrss` would be the parent's: it outlives `exec`."""
    status = Path("/proc/self/status").read_text()
    return next(int(line.split()[1]) / 1024 for line in status.splitlines() if line.startswith("VmHWM"))
