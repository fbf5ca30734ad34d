"""What other methods find, in the same process: the obvious rules, and packages used as their guides say.

A package that is not installed (`make peers`) gives None.
"""

import json
import logging
import os
import subprocess
from collections import defaultdict
from collections.abc import Callable, Iterable
from functools import partial
from importlib import import_module
from importlib.util import find_spec
from itertools import combinations
from pathlib import Path
from typing import Any

import jellyfish

from shared.matching.linkage.score import PersonDescription

NOT_INSTALLED = "not installed (make peers)"
_THRESHOLD = 0.7  # of nomenklatura's own commands
_SCORES = Path(__file__).with_name("nomenklatura_scores.py")
UV_SCRIPT = (".tools/bin/uv", "run", "--quiet", "--script")
Pairs = set[tuple[int, int]]


def meeting(keys: Iterable[Iterable[object]]) -> Pairs:
    """Returns the pairs of records that share a key."""
    by_key = defaultdict(list)
    for number, own_keys in enumerate(keys):
        for key in own_keys:
            by_key[key].append(number)
    return {pair for own_keys in by_key.values() for pair in combinations(own_keys, 2)}


def exact(people: list[PersonDescription]) -> Pairs:
    return meeting(
        [(*person.names[0].key, person.date_of_birth)] if person.names and person.date_of_birth else []
        for person in people
    )


def nysiis_and_year(people: list[PersonDescription]) -> Pairs:
    """The usual method: block by the surname's NYSIIS code and the year of birth, then Jaro-Winkler >= 0.85 on the
    whole name.
    """

    def keys(person: PersonDescription) -> list[tuple[str, int]]:
        return (
            [(jellyfish.nysiis(person.names[0].key[0]), person.date_of_birth.year)]
            if person.names and person.date_of_birth
            else []
        )

    def whole(person: PersonDescription) -> str:
        return " ".join(person.names[0].key)

    return {(a, b) for a, b in meeting(map(keys, people))
            if jellyfish.jaro_winkler_similarity(whole(people[a]), whole(people[b])) >= 0.85}  # fmt: skip


def table_of(people: list[PersonDescription]) -> Any:
    names = [person.names[0].key if person.names else ("", "") for person in people]
    return import_module("pandas").DataFrame({
        "unique_id": range(len(people)),
        "surname": [name[0] or None for name in names], "given": [name[1] or None for name in names],
        "born": [person.date_of_birth.isoformat() if person.date_of_birth else None for person in people],
    })  # fmt: skip


def record_linkage(people: list[PersonDescription]) -> Pairs | None:
    """The package `recordlinkage` as its guide uses it: blocks of one surname or one date of birth, Jaro-Winkler, and
    its own unsupervised classifier.
    """
    if not find_spec("recordlinkage"):
        return None
    linkage, table = import_module("recordlinkage"), table_of(people)
    index = linkage.Index()
    index.block("surname")
    index.block("born")
    pairs = index.index(table)
    compare = linkage.Compare()
    compare.string("surname", "surname", method="jarowinkler", threshold=0.85)
    compare.string("given", "given", method="jarowinkler", threshold=0.85)
    compare.exact("born", "born")
    pairs_found = linkage.ECMClassifier(binarize=0.5).fit_predict(compare.compute(pairs, table))
    return {(min(pair), max(pair)) for pair in pairs_found}


def splink(people: list[PersonDescription]) -> Pairs | None:
    """The package `splink` as its guide uses it, trained on the records alone."""
    if not find_spec("splink"):
        return None
    linker = trained_linker("dedupe_only", people)
    rows = linker.inference.predict(threshold_match_probability=0.5).as_record_list()
    return {(min(pair), max(pair)) for row in rows if (pair := (row["unique_id_l"], row["unique_id_r"]))}


def trained_linker(link_type: str, *tables: list[PersonDescription]) -> Any:
    """splink's linker, which has learned from these persons without labels."""
    logging.getLogger("splink").setLevel(logging.ERROR)
    package, compare = import_module("splink"), import_module("splink.comparison_library")
    blocks = [package.block_on("surname"), package.block_on("born"), package.block_on("given", "substr(born, 1, 4)")]
    settings = package.SettingsCreator(
        link_type=link_type, blocking_rules_to_generate_predictions=blocks,
        comparisons=[compare.NameComparison("given"), compare.NameComparison("surname"),
                     compare.DateOfBirthComparison("born", input_is_string=True)],
    )  # fmt: skip
    database = import_module("splink.internals.duckdb.database_api").DuckDBAPI()
    registered = [database.register(table_of(people)) for people in tables]
    linker = package.Linker(registered if len(registered) > 1 else registered[0], settings, log_level="ERROR")
    sure = [package.block_on("given", "surname", "born")]
    linker.training.estimate_probability_two_random_records_match(sure, recall=0.5)
    linker.training.estimate_u_using_random_sampling(max_pairs=1e6, seed=1)
    for block in blocks[:2]:
        linker.training.estimate_parameters_using_expectation_maximisation(block, record_sample_proportion=1.0)
    return linker


def nomenklatura(algorithm: str, people: list[PersonDescription]) -> Pairs | None:
    """The package `nomenklatura` (OpenSanctions) at its usual threshold. It compares pairs and proposes none: here
    those of one date of birth, and those whose surnames sound alike in one year of birth."""
    if not os.environ.get("PEERS"):
        return None
    proposed = meeting(_sounds(person) for person in people) | meeting([person.date_of_birth] for person in people)
    return _above_threshold(algorithm, people, proposed)


def nomenklatura_between(algorithm: str, left: list[PersonDescription], right: list[PersonDescription]) -> Pairs | None:
    """The same between two lists: places in the one and in the other."""
    if not os.environ.get("PEERS"):
        return None
    proposed = Pairs()
    for keys in (_sounds, _birth):
        by_key = defaultdict(list)
        for place, person in enumerate(left):
            for key in keys(person):
                by_key[key].append(place)
        proposed |= {
            (place, len(left) + other)
            for other, person in enumerate(right)
            for key in keys(person)
            for place in by_key[key]
        }
    return {(place, other - len(left)) for place, other in _above_threshold(algorithm, [*left, *right], proposed)}


def _above_threshold(algorithm: str, people: list[PersonDescription], proposed: Pairs) -> Pairs:
    """Only the persons of proposed pairs are handed over."""
    pairs, places = sorted(proposed), sorted({place for pair in proposed for place in pair})
    renumbered = {place: number for number, place in enumerate(places)}
    request = {
        "algorithm": algorithm,
        "people": [_properties(people[place]) for place in places],
        "pairs": [(renumbered[left], renumbered[right]) for left, right in pairs],
    }
    answer = subprocess.run(
        [*UV_SCRIPT, str(_SCORES)], input=json.dumps(request), capture_output=True, text=True, check=True
    )
    return {pair for pair, score in zip(pairs, json.loads(answer.stdout), strict=True) if score >= _THRESHOLD}


def _birth(person: PersonDescription) -> list[object]:
    return [person.date_of_birth] if person.date_of_birth else []


def _properties(person: PersonDescription) -> dict[str, list[str]]:
    surname, given = person.names[0].key if person.names else ("", "")
    born = [person.date_of_birth.isoformat()] if person.date_of_birth else []
    return {"name": [f"{given} {surname}"], "firstName": [given], "lastName": [surname], "birthDate": born}


def _sounds(person: PersonDescription) -> list[object]:
    if not person.names or not person.date_of_birth:
        return []
    return [(jellyfish.nysiis(person.names[0].key[0]), person.date_of_birth.year)]


PEERS: dict[str, Callable[[list[PersonDescription]], Pairs | None]] = {
    "exact name and date of birth": exact,
    "NYSIIS + year, then Jaro-Winkler": nysiis_and_year,
    "recordlinkage, ECM": record_linkage,
    "splink, trained without labels, probability .5": splink,
    "nomenklatura, logic-v2": partial(nomenklatura, "logic-v2"),
    "nomenklatura, regression-v1": partial(nomenklatura, "regression-v1"),
}
