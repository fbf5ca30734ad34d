"""Which of 100,000 watched persons an arrest is of: ours, beside other packages on the same persons in the same run.

Half of the arrests are of watched persons, reported with slips. What can be done before the arrests come is timed by
itself: our postings, a table of DuckDB, splink's training (on the arrests, too). Ours is one thread of Python, DuckDB
and splink use all cores. nomenklatura proposes no pairs and takes long for each, so it gets fewer.
"""

import random
from collections.abc import Callable
from functools import partial
from importlib import import_module
from importlib.util import find_spec
from time import perf_counter
from typing import NamedTuple

from shared.matching.criteria import Grade
from shared.matching.linkage.score import PersonDescription
from tests.bench.likeness import described, grades_by
from tests.bench.peers import NOT_INSTALLED, nomenklatura_between, table_of, trained_linker
from tests.bench.population import MEASURED_ON, human, reported

WATCHED, ARRESTS, FEW_ARRESTS = 100_000, 20_000, 500
People = list[PersonDescription]


class Work(NamedTuple):
    """`pairs` are places of a watched person and of an arrest in their lists. `prepared` seconds went before the
    matching."""

    pairs: set[tuple[int, int]]
    prepared: float
    seconds: float


Method = Callable[[People, People], Work | None]
"""Takes the watched persons and the arrested ones. None where its package is not installed."""


def ours(watched: People, arrested: People, *, grades: tuple[Grade, ...]) -> Work:
    started = perf_counter()
    grades_of = grades_by(watched)
    began = perf_counter()
    pairs = {
        (number, place)
        for place, person in enumerate(arrested)
        for number, grade in grades_of(person).items()
        if grade in grades
    }
    return Work(pairs, began - started, perf_counter() - began)


def duckdb(watched: People, arrested: People) -> Work | None:
    """The obvious query: one date of birth, or one surname in one year; then Jaro-Winkler >= 0.85 on both names."""
    if not find_spec("duckdb"):
        return None
    started, database = perf_counter(), import_module("duckdb").connect()
    database.register("watched_frame", table_of(watched))
    database.execute("CREATE TABLE watched AS SELECT * FROM watched_frame")
    began = perf_counter()
    database.register("arrested", table_of(arrested))
    rows = database.execute(
        """
        SELECT watched.unique_id, arrested.unique_id FROM watched JOIN arrested USING (born)
        WHERE jaro_winkler_similarity(watched.surname, arrested.surname) >= 0.85
          AND jaro_winkler_similarity(watched.given, arrested.given) >= 0.85
        UNION
        SELECT watched.unique_id, arrested.unique_id FROM watched JOIN arrested
          ON watched.surname = arrested.surname AND substr(watched.born, 1, 4) = substr(arrested.born, 1, 4)
        WHERE jaro_winkler_similarity(watched.given, arrested.given) >= 0.85
        """
    ).fetchall()
    return Work(set(rows), began - started, perf_counter() - began)


def splink(watched: People, arrested: People) -> Work | None:
    """As its guide uses it: two tables, trained on them without labels."""
    if not find_spec("splink"):
        return None
    started = perf_counter()
    linker = trained_linker("link_only", watched, arrested)
    began = perf_counter()
    rows = linker.inference.predict(threshold_match_probability=0.5).as_record_list()
    pairs = {(row["unique_id_l"], row["unique_id_r"]) for row in rows}
    return Work(pairs, began - started, perf_counter() - began)


def nomenklatura(watched: People, arrested: People) -> Work | None:
    began = perf_counter()
    pairs = nomenklatura_between("regression-v1", watched, arrested)
    return None if pairs is None else Work(pairs, 0, perf_counter() - began)


METHODS: dict[str, tuple[Method, int]] = {
    "ours, strong": (partial(ours, grades=(Grade.STRONG,)), ARRESTS),
    "ours, strong and possible": (partial(ours, grades=(Grade.STRONG, Grade.POSSIBLE)), ARRESTS),
    "duckdb, the obvious query": (duckdb, ARRESTS),
    "splink, trained without labels, probability .5": (splink, ARRESTS),
    "nomenklatura, regression-v1": (nomenklatura, FEW_ARRESTS),
}
"""Each with how many of the arrests it gets."""


def main(watched: int = WATCHED, arrests: int = ARRESTS) -> None:
    by = random.Random(MEASURED_ON)
    people = [human(by) for _ in range(watched)]
    reports = [report for number in range(arrests // 2) for report in (reported(people[number], by), human(by))]
    watch_list, arrested = [described(person) for person in people], [described(person) for person in reports]
    print(f"\nThe same work: {watched:,} watched, {arrests:,} arrests, half of them of watched persons with slips")
    print(f"  {'':48}{'recall':>8}{'others an arrest':>18}{'prepared in s':>15}{'arrests/s':>11}")
    for name, (method, most) in METHODS.items():
        _print(name, method(watch_list, arrested[:most]), min(most, arrests))


def _print(name: str, work: Work | None, arrests: int) -> None:
    if work is None:
        print(f"  {name:48}{NOT_INSTALLED}")
        return
    true = {(number, 2 * number) for number in range(arrests // 2)}
    recall, others = len(true & work.pairs) / len(true), len(work.pairs - true) / arrests
    print(f"  {name:48}{recall:>8.3f}{others:>18.3f}{work.prepared:>15.1f}{arrests / work.seconds:>11,.0f}")


if __name__ == "__main__":
    main()
