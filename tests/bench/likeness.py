"""How well persons and names are told apart, beside the peers, in one process.

No weight and no threshold was set on what is scored here. Both thresholds were set on the population of seed 1; the one
that is scored has another seed. The tables of FEBRL and of splink's fake_1000 were seen while the weights were written:
the weight of dates that agree in two of three parts was added after reading pairs of fake_1000 that were missed, so
that set is no blind one. That a surname which crossed over is one difference, not two, was seen in pairs of FEBRL whose
number's MD5 is even, and kept because recall on the population of seed 1 rose; what the odd half scores is printed
beside. Where names are counted in the file as well, that is done without its labels; but how few bearers count (3, not
5) and what the census weighs (1,000 persons, not 5,000) were chosen with all scores in view, 0.964 to 0.971. Of the
OpenSanctions name pairs, those whose first name's MD5 is even chose the threshold, the shares of `_BLUR` and that one
slip in all is allowed for; the others are scored.
"""

import csv
import hashlib
from collections import defaultdict
from collections.abc import Callable
from datetime import date
from math import log2
from pathlib import Path
from time import process_time
from typing import NamedTuple

import jellyfish
from rapidfuzz.distance import OSA

from shared.arrests.person import PersonName, Sex
from shared.matching.criteria import Grade
from shared.matching.linkage.agency_frequencies import AgencyFrequencies, count_names
from shared.matching.linkage.blocking_keys import blocking_keys
from shared.matching.linkage.frequencies import TermFrequencies, census
from shared.matching.linkage.name_tokens import core_tokens, fold_name, tokens_of
from shared.matching.linkage.score import PersonDescription, compare_persons
from shared.matching.linkage.string_similarity import string_similarity
from shared.matching.linkage.weights import WEIGHTS
from shared.matching.rules.person import grade_of
from tests.bench.peers import LEFT_OUT, NOT_INSTALLED, PEERS, Pairs, meeting
from tests.bench.population import MEASURED_ON, Human, population
from tests.conftest import SAMPLES

WATCHED = 1_000


class Score(NamedTuple):
    precision: float
    recall: float

    @property
    def f1(self) -> float:
        return 2 * self.precision * self.recall / max(1e-9, self.precision + self.recall)

    def __str__(self) -> str:
        return f"P {self.precision:.3f}  R {self.recall:.3f}  F1 {self.f1:.3f}"


def score(found: Pairs, truth: Pairs) -> Score:
    hits = len(found & truth)
    return Score(hits / max(1, len(found)), hits / max(1, len(truth)))


def proposed(people: list[PersonDescription]) -> Pairs:
    """As in the product: each is watched, and each is reported."""
    posted = defaultdict(list)
    for at, one in enumerate(people):
        for key in blocking_keys(one):
            posted[key].append(at)
    return {
        (min(at, other), max(at, other))
        for at, one in enumerate(people)
        for key in blocking_keys(one, reported=True)
        for other in posted.get(key, ())
        if other != at
    }


def scored(people: list[PersonDescription], names: TermFrequencies) -> dict[tuple[int, int], float]:
    found = ((pair, compare_persons(people[pair[0]], people[pair[1]], WEIGHTS, names)) for pair in proposed(people))
    return {pair: one.match_weight for pair, one in found if one}


def counted_in(people: list[PersonDescription]) -> TermFrequencies:
    """As `arrest-alert weights` counts an agency's, from names alone. A word that one pair alone bears says nothing."""
    named = ((one.names[0], one.date_of_birth) for one in people if one.names)
    return AgencyFrequencies(count_names("file", named, date(2026, 11, 22), bearers=3, persons=0), census())


def linkage(
    name: str, people: list[PersonDescription], truth: Pairs, unread: Callable[[int], bool] | None = None
) -> None:
    """`unread`: whether a record belongs to the half of which nobody read a pair."""
    bits, own = scored(people, census()), scored(people, counted_in(people))
    odds = log2(len(people) * (len(people) - 1) / 2 / (len(people) / 2))  # of any pair; one partner each is expected
    print(f"\n{name}: {len(people):,} records, {len(truth):,} true pairs")
    for what, peer in PEERS.items():
        found = peer(people)
        print(f"  {what:52}{NOT_INSTALLED if found is None else score(found, truth)}")
    for what, why in LEFT_OUT.items():
        print(f"  {what:52}{why}")
    for what, least, some in (
        (f"ours, above the odds of this file ({odds:.1f} bits)", odds, bits),
        ("ours, so, names counted in the file as well", odds, own),
        (f"ours, as in the product: possible ({WEIGHTS.possible} bits)", WEIGHTS.possible, bits),
        (f"ours, as in the product: strong ({WEIGHTS.strong} bits)", WEIGHTS.strong, bits),
    ):
        found = {pair for pair, one in some.items() if one >= least}
        said = ""
        if unread:
            halves = ({pair for pair in pairs if unread(pair[0])} for pairs in (found, truth))
            said = f"   the unread half: {score(*halves)}"
        print(f"  {what:52}{score(found, truth)}{said}")


def person(given: str, surname: str, born: str) -> PersonDescription:
    return PersonDescription(
        (tokens_of(PersonName(surname=surname.strip(), given=given.strip())),), day(born), None, Sex.UNKNOWN
    )


def day(text: str) -> date | None:
    digits = text.strip().replace("-", "")
    try:
        return date(int(digits[:4]), int(digits[4:6]), int(digits[6:8]))
    except ValueError:
        return None


def table(path: Path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8") as file:
        return [{name.strip(): (cell or "").strip() for name, cell in row.items()} for row in csv.DictReader(file)]


def labelled(samples: Path) -> None:
    for name, path, columns, group in (
        ("FEBRL dataset1", "febrl/dataset1.csv", ("given_name", "surname", "date_of_birth"),
         lambda row: row["rec_id"].split("-")[1]),
        ("splink fake_1000 (many blank names)", "splink/fake_1000.csv", ("first_name", "surname", "dob"),
         lambda row: row["cluster"]),
        ("splink historical, 120 clusters", "splink/historical_50k_sample120clusters.csv",
         ("first_name", "surname", "dob"), lambda row: row["cluster"]),
    ):  # fmt: skip
        rows = table(samples / path)
        halved = {at for at, row in enumerate(rows) if _is_odd(group(row))} if "FEBRL" in name else None
        people = [person(*(row[one] for one in columns)) for row in rows]
        linkage(name, people, same(rows, group), halved.__contains__ if halved else None)


def _is_odd(text: str) -> bool:
    return bool(hashlib.md5(text.encode()).digest()[0] % 2)  # noqa: S324


def same(rows: list[dict[str, str]], group: Callable[[dict[str, str]], str]) -> Pairs:
    return meeting([group(row)] for row in rows)


# Names alone


NAMES_ALIKE = 0.73
_BLUR = {"one letter": 0.78, "sounds alike": 0.7, "nickname": 0.85, "initial": 0.9, "cut short": 0.6}


def worth(word: str) -> float:
    return (
        min(census().agreement_weight("surname", word, 11), census().agreement_weight("given", word, 9))
        if len(word) > 1
        else 3.0
    )


def names_alike(one: str, other: str) -> float:
    """Of two whole names without a date: what agrees, over what there is; words unlike on both sides count twice."""
    mine, theirs = core_tokens(one), core_tokens(other)
    if "".join(mine) == "".join(theirs) or sorted(mine) == sorted(theirs):
        return 1.0
    if _one_slip_in_all("".join(mine), "".join(theirs)):
        return 0.85
    shares = WEIGHTS.shares | _BLUR
    pairs = sorted(((shares[kind] * min(worth(a), worth(b)), i, j) for i, a in enumerate(mine)
                    for j, b in enumerate(theirs) if (kind := string_similarity(a, b))), reverse=True)  # fmt: skip
    agreed = full = 0.0
    for bits, i, j in pairs:
        if mine[i] and theirs[j]:
            agreed, full = agreed + bits, full + min(worth(mine[i]), worth(theirs[j]))
            mine[i] = theirs[j] = ""
    left, right = (sum(worth(word) for word in some if word) for some in (mine, theirs))
    return agreed / max(1.0, full + 2.0 * min(left, right) + 0.35 * abs(left - right))


def _one_slip_in_all(one: str, other: str) -> bool:
    """Gaps apart, the whole names differ by one letter: JONG UUN and JONGUN."""
    return one.isascii() and min(len(one), len(other)) >= 8 and OSA.distance(one, other, score_cutoff=1) == 1


def name_pairs(samples: Path) -> None:
    rows = [row for row in table(samples / "opensanctions_name_bench_visible.csv") if row["schema"] == "Person"]
    kept = [row for row in rows if _is_odd(row["name1"])]
    by_model = [row for row in kept if row["case_group"].startswith("synth")]
    human = [row for row in kept if row not in by_model]
    print(f"\nOpenSanctions name pairs (Person), one threshold, {NAMES_ALIKE}")
    for what, some in (("labelled by people", human), ("proposed by a model", by_model), ("both", kept)):
        found = {(at, 0) for at, row in enumerate(some) if names_alike(row["name1"], row["name2"]) >= NAMES_ALIKE}
        truth = {(at, 0) for at, row in enumerate(some) if row["is_match"] == "true"}
        plain = {(at, 0) for at, row in enumerate(some)
                 if jellyfish.jaro_winkler_similarity(fold_name(row["name1"]), fold_name(row["name2"])) >= 0.85}  # fmt: skip
        print(
            f"  {what + f', {len(some)} pairs':34}Jaro-Winkler 0.85 F1 {score(plain, truth).f1:.3f}"
            f"   ours {score(found, truth)}"
        )


# Watched people, arrested again


def described(one: Human) -> PersonDescription:
    names = [(one.surname, one.given, one.middle), *([(*one.alias, "")] if one.alias else [])]
    words = tuple(
        tokens_of(PersonName(surname=surname, given=given, middle=middle)) for surname, given, middle in names
    )
    return PersonDescription(words, one.born, None, Sex(one.sex))


def watched_population(strangers: int) -> None:
    people, again, others = population(MEASURED_ON, WATCHED, strangers)
    watched, posted = [described(one) for one in people], defaultdict(set)
    for at, one in enumerate(watched):
        for key in blocking_keys(one):
            posted[key].add(at)

    def grades(arrested: PersonDescription) -> dict[int, Grade]:
        candidates = {at for key in blocking_keys(arrested, reported=True) for at in posted.get(key, ())}
        found = ((at, compare_persons(watched[at], arrested)) for at in candidates)
        return {at: grade for at, one in found if one and (grade := grade_of(one))}

    recalled = [grades(described(one)).get(at) for at, one in again]
    arrests = [described(one) for one in others]
    began = process_time()
    false = [grade for one in arrests for grade in grades(one).values()]
    rate = strangers / (process_time() - began)
    exactly = sum(
        described(one).names[0].key == watched[at].names[0].key and one.born == people[at].born for at, one in again
    )
    print(f"\nWatched people arrested again with slips: {WATCHED:,} watched, {strangers:,} arrests of others")
    print(f"  {'exact':24}recall {exactly / WATCHED:.3f}")
    for what, wanted, target in (("strong", [Grade.STRONG], ">= .85, <= 10"),
                                 ("strong and possible", [Grade.STRONG, Grade.POSSIBLE], ">= .95, <= 65")):  # fmt: skip
        recall = sum(grade in wanted for grade in recalled) / WATCHED
        noise = sum(grade in wanted for grade in false) * 100_000 / strangers
        print(f"  {what:24}recall {recall:.3f}   false alerts per 100,000 arrests {noise:>6.1f}   (target {target})")
    print(f"  {rate:,.0f} arrests a second on one core (target 20,000)")


def main(strangers: int) -> None:
    samples = SAMPLES / "names"
    if samples.is_dir():
        labelled(samples)
        name_pairs(samples)
    else:
        print("\nthe labelled name sets are not beside this checkout (../shared/samples/names)")
    watched_population(strangers)
