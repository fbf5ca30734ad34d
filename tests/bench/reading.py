"""Measures how many records a second are read, beside what others take for the same file in the same run.

The others are `csv.reader`, `orjson.loads` for each line, and `lxml.iterparse` over every element. Our rate contains
everything that the intake does to a record before it is stored: it splits and decodes the record, reads every cell by
the profile, normalises dates, codes, names and numbers, validates the arrest and hashes its id, with caches that are
empty at first. The second way also computes every index term, as the matchers do.
"""

import csv
import multiprocessing
import statistics
import time
from collections.abc import Callable
from datetime import date
from itertools import islice
from pathlib import Path

from shared.batching import batches
from shared.feeds.formats.streams.lines import lines
from shared.feeds.formats.tabular.csv_records import CsvRecords
from shared.feeds.formats.tabular.rows import header_of
from shared.feeds.formats.tabular.split_ranges import ByteRange, FileSplit, read_range, split_file
from shared.feeds.normalise.normaliser import NormalisedArrest, Normaliser
from shared.feeds.normalise.read_drop import BATCH, accumulate, rare_garbage_collection, read_records
from shared.feeds.record import RawRecord
from shared.matching.rules import terms_of
from shared.pseudonyms import Pseudonyms
from tests.bench import obvious, records
from tests.feeds.cases import shipped

ROUNDS = 5
RANGE = 25_000  # rows of one worker on a large drop


def csv_reader(path: Path, layout: str) -> int:
    with path.open(newline="", encoding="utf-8") as file:
        return sum(1 for _ in csv.reader(file)) - 1


def obvious_code(path: Path, layout: str) -> int:
    with path.open(newline="", encoding="utf-8") as file:
        return sum(1 for _ in getattr(obvious, layout)(file))


def arrests(path: Path, layout: str, *, terms: bool = False) -> int:
    profile, count = shipped(layout), 0
    normaliser = Normaliser(profile, Pseudonyms(b"bench"), date(2026, 11, 20))
    with path.open("rb") as stream, rare_garbage_collection():
        for batch in batches(read_records(stream, profile), BATCH):
            for result in normaliser.normalise([record for record in batch if isinstance(record, RawRecord)]):
                assert isinstance(result, NormalisedArrest)
                count += 1
                if terms:
                    len(terms_of(result.arrest))
    return count


def arrests_and_terms(path: Path, layout: str) -> int:
    return arrests(path, layout, terms=True)


Way = Callable[[Path, str], int]
WITHOUT_TERMS, WITH_TERMS = "record -> validated arrest", "record -> validated arrest -> terms"
OURS: dict[str, Way] = {WITHOUT_TERMS: arrests, WITH_TERMS: arrests_and_terms}
WAYS: dict[str, dict[str, Way]] = {
    "csv": {"csv.reader alone": csv_reader, "DictReader + pydantic, the obvious code": obvious_code, **OURS},
    "ndjson": {"orjson.loads a line": records.orjson_loads, **OURS},
    "xml": {"lxml.iterparse, every element": records.iterparse, **OURS},
}
"""The ways to read each kind of file."""


def rates(path: Path, layout: str, count: int) -> dict[str, float]:
    """Maps each way to its records a second of CPU time, the median of interleaved rounds."""
    ways = WAYS[path.suffix[1:]]
    seconds: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(ROUNDS):
        for name, way in ways.items():
            start = time.process_time()
            assert way(path, layout) == count, name
            seconds[name].append(time.process_time() - start)
    return {name: count / statistics.median(rounds) for name, rounds in seconds.items()}


def peak(path: Path, layout: str) -> float:
    """Returns the MB that a process of its own needs to read the whole file, above the interpreter with its imports."""
    return _grown(arrests, path, layout)


def peaks_of_large(path: Path, layout: str) -> dict[str, float]:
    """Returns the same of the two workers on a large drop: one splits it, one reads a range and holds its arrests."""
    return {
        "cutting it into ranges": _grown(cut_up, path, layout),
        "reading one range of it": _grown(one_range, path, layout),
    }


def cut_up(path: Path, layout: str) -> int:
    with path.open("rb") as stream:
        return len(split_file(stream, shipped(layout), RANGE, 8 << 20).ranges)


def one_range(path: Path, layout: str) -> int:
    profile = shipped(layout)
    with path.open("rb") as stream:
        header = tuple(header_of(CsvRecords(lines(stream, "utf-8"), profile), profile.text))
        start = path.stat().st_size // 2
        stream.seek(start)
        stream.readline()
        byte_range = ByteRange(start=0, end=0, lines=0)
        first_records = islice(
            read_range(stream, byte_range, FileSplit(header=header, line_end=b"\n", rows=0, ranges=()), profile), RANGE
        )
        return len(
            accumulate(first_records, Normaliser(profile, Pseudonyms(b"bench"), date(2026, 11, 20))).first_records
        )


def _grown(way: Way, path: Path, layout: str) -> float:
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(_growth, (way, path, layout))


def _growth(way: Way, path: Path, layout: str) -> float:
    before = _resident()
    way(path, layout)
    return _resident() - before


def _resident() -> float:
    """Returns the process's highest resident memory so far, in MB. `ru_maxrss` outlives `exec`: it is the parent's."""
    status = Path("/proc/self/status").read_text()
    return next(int(line.split()[1]) / 1024 for line in status.splitlines() if line.startswith("VmHWM"))
