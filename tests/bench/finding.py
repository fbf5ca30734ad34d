"""Measures what matching an arrest costs as subscriptions grow: index terms in memory, then calls to DynamoDB."""

import gc
import random
from collections import defaultdict
from collections.abc import Callable
from datetime import date
from functools import cache
from itertools import chain
from time import process_time
from typing import Any, NamedTuple

import boto3
from pydantic import TypeAdapter

from shared.alerts.backtest import hits_in
from shared.alerts.match_arrests import MatchDeps, match_versions
from shared.alerts.table import AlertsTable
from shared.alerts.view import ShownArrest
from shared.arrests.charges import Charge, ChargeClass
from shared.arrests.model import Arrest, arrest_id
from shared.arrests.person import Identifier, IdentifierKind, Person, PersonName, Sex
from shared.arrests.places import Place
from shared.arrests.table import Version
from shared.matching.criteria import Criterion
from shared.matching.linkage.frequencies import census
from shared.matching.rules import ArrestFeatures, compile_rule, selective_terms, terms_of
from shared.matching.rules.rule import Matcher
from shared.offices.table import OfficesTable
from shared.subscriptions.index.known_terms_table import KnownTermsTable
from shared.subscriptions.index.table import SubscriptionIndex
from shared.subscriptions.table import SubscriptionsTable
from tests.bench.population import MEASURED_ON, human
from tests.builders import NOW, PSEUDONYMS, a_subscription, an_office, discard
from tests.in_process import in_process

SIZES = (1_000, 10_000, 100_000, 1_000_000)
ARRESTS = 1_000
SLOWDOWN, CANDIDATES, CALLS = 2.5, 1.5, 0.2
_CODES = [
    f"PL {article}.{section:02d} {sub:02d}"
    for article in range(120, 270, 5)
    for section in (5, 10, 25)
    for sub in (1, 2, 3)
]
_parse = TypeAdapter(Criterion).validate_python


def arrest(by: random.Random, number: int) -> Arrest:
    drawn = human(by)
    person = Person(
        names=(PersonName(surname=drawn.surname, given=drawn.given, middle=drawn.middle),),
        date_of_birth=drawn.born or date(1990, 1, 1), sex=Sex(drawn.sex),
        identifiers=(Identifier(kind=IdentifierKind.SID, value=f"{by.randrange(10**8):08d}", issuer="NY"),),
    )  # fmt: skip
    charges = tuple(Charge(statute=by.choice(_CODES), charge_class=by.choice(list(ChargeClass)[:2]))
                    for _ in range(by.choice([1, 1, 2])))  # fmt: skip
    place = Place(
        address=f"{by.randrange(1, 9_000)} {by.choice('Elm Oak Ash Main High'.split())} St",
        precinct=str(by.randrange(1, 124)),
        latitude=40.5 + by.random() * 0.4, longitude=-74.2 + by.random() * 0.5,
    )  # fmt: skip
    return Arrest(arrest_id=arrest_id(PSEUDONYMS, "nypd", str(number)), agency="nypd", number=str(number),
                  ori="NY0303000",
                  arrested_on=date(2026, 11, 19), person=person, charges=charges, place=place)  # fmt: skip


def criterion(by: random.Random) -> dict[str, Any]:
    """Returns a criterion: six in ten by state ID, two by name and date of birth, two compound with a charge or a class
    in a precinct.
    """
    kind = by.random()
    if kind < 0.6:
        return {
            "watch": "identifier",
            "identifier": {"kind": "sid", "value": f"{by.randrange(10**8):08d}", "issuer": "NY"},
        }
    if kind < 0.8:
        person = human(by)
        return {
            "watch": "person",
            "surname": person.surname,
            "given": person.given,
            "date_of_birth": person.born,
            "sex": person.sex,
        }
    return compound(by)


def compound(by: random.Random) -> dict[str, Any]:
    charge: dict[str, Any] = {"watch": "charge", "statute": by.choice(_CODES)}
    place = {"watch": "place", "agency": "nypd", "precinct": str(by.randrange(1, 124))}
    return {"all": [charge, place, *([{"watch": "event", "kinds": ["arrest"]}] if by.random() < 0.5 else [])],
            "none": [{"watch": "charge", "charge_class": "felony"}] if by.random() < 0.25 else []}  # fmt: skip


class Round(NamedTuple):
    """Seconds for all arrests, and counts."""

    terms: float
    look_up: float
    deciding: float
    lists: int
    candidates: int
    hits: int

    @property
    def whole(self) -> float:
        return self.terms + self.look_up + self.deciding


def _round(arrests: list[Arrest], posted: dict[int, list[int]], ready: Callable[[int], Matcher]) -> Round:
    began = process_time()
    features = [ArrestFeatures(arrest) for arrest in arrests]
    terms = [set(terms_of(arrest_features)) for arrest_features in features]
    terms_known = process_time()
    lists = [[posting for term in own if (posting := posted.get(hash(term)))] for own in terms]
    candidates = [set(chain.from_iterable(postings)) for postings in lists]
    looked_up = process_time()
    hits = sum(
        ready(number)(arrest_features) is not None
        for arrest_features, proposed in zip(features, candidates, strict=True)
        for number in proposed
    )
    return Round(terms_known - began, looked_up - terms_known, process_time() - looked_up,
                 sum(map(len, lists)), sum(map(len, candidates)), hits)  # fmt: skip


def in_memory(sizes: tuple[int, ...]) -> None:
    """Measures matching in memory for growing numbers of watches, drawn in the shares of `criterion`.

    Persons come from one country however many are watched, so matches of persons grow with their number. Compound
    watches stay as many as ten thousand subscriptions have: more of them would match more, and this measures the cost
    of finding. Watches are compiled when first proposed, and postings are frozen for the garbage collector. Each figure
    is the best of nine rounds; the sizes take turns in each round, because other load slows a machine for seconds on
    end.
    """
    by = random.Random(MEASURED_ON)
    arrests = [arrest(by, number) for number in range(ARRESTS)]
    posted: dict[int, dict[int, list[int]]] = {size: {} for size in sizes}
    documents: list[dict[str, Any]] = []
    compounds = 0
    print(f"\nFinding in memory{'arrests/s':>22}{'slowdown':>10}   of an arrest: µs for terms, look-up, deciding;"
          "  lists met  candidates  hits")  # fmt: skip
    while len(documents) < sizes[-1]:
        document = criterion(by)
        if "all" in document and compounds >= 2_000:
            continue
        compounds += "all" in document
        for term in map(hash, selective_terms(_parse(document))):
            for size in sizes:
                if len(documents) < size:
                    posted[size].setdefault(term, []).append(len(documents))
        documents.append(document)
    gc.collect()
    gc.freeze()
    ready = cache(lambda number: compile_rule(_parse(documents[number])))
    rounds = [[_round(arrests, posted[size], ready) for size in sizes] for _ in range(9)]
    for size, size_rounds in zip(sizes, zip(*rounds, strict=True), strict=True):
        best = min(size_rounds, key=lambda timing: timing.whole)
        base = min(timing.whole for timing in next(zip(*rounds, strict=True)))
        durations = "".join(f"{part * 1e6 / ARRESTS:>8.0f}" for part in best[:3])
        counts = "".join(f"{count / ARRESTS:>11.2f}" for count in best[3:])
        print(f"  {size:>9,} subscriptions {ARRESTS / best.whole:>12,.0f}{best.whole / base:>9.2f}x{durations}{counts}")
    print(f"  target: slowdown {SLOWDOWN}x")


def compounds_only(count: int = 20_000) -> None:
    by = random.Random(MEASURED_ON + 1)
    watched = [_parse(compound(by)) for _ in range(count)]
    posted = defaultdict(set)
    for number, watch in enumerate(watched):
        for term in selective_terms(watch):
            posted[term].add(number)
    candidates = hits = 0
    for number in range(ARRESTS):
        features = ArrestFeatures(arrest(by, number))
        proposed = {index for term in set(terms_of(features)) for index in posted.get(term, ())}
        candidates += len(proposed)
        hits += sum(compile_rule(watched[index])(features) is not None for index in proposed)
    print(f"\nCompound criteria: {candidates / max(1, hits):.2f} candidates a true match (target {CANDIDATES})")


def calls(batch: int = 100) -> None:
    """Counts every call that the real matching makes for a batch that notifies nobody."""
    client = boto3.client("dynamodb", region_name="us-east-1", aws_access_key_id="none", aws_secret_access_key="none")
    keys = {"Subscriptions": ("pk", "sk"), "Offices": ("pk",), "Alerts": ("alert_id", "part")}
    for table, names in keys.items():
        client.create_table(
            TableName=table, BillingMode="PAY_PER_REQUEST",
            AttributeDefinitions=[{"AttributeName": name, "AttributeType": "S"} for name in names],
            KeySchema=[{"AttributeName": name, "KeyType": "RANGE" if name in names[1:] else "HASH"} for name in names],
        )  # fmt: skip
    offices, watch_list = OfficesTable(client, "Offices"), SubscriptionIndex(client, "Subscriptions", PSEUDONYMS)
    offices.enrol(an_office())
    deps = MatchDeps(
        SubscriptionIndex(client, "Subscriptions", PSEUDONYMS, known=KnownTermsTable(client, "Subscriptions")),
        SubscriptionsTable(client, "Subscriptions"),
        offices,
        AlertsTable(client, "Alerts"),
        PSEUDONYMS,
        discard,
    )
    by, made_calls = random.Random(MEASURED_ON), []
    client.meta.events.register("before-call.dynamodb.*", lambda model, **_: made_calls.append(model.name))
    rows = [(0, 0)]  # asked for, there
    client.meta.events.register("before-parameter-build.dynamodb.BatchGetItem", lambda params, **_: rows.append(
        (sum(len(request["Keys"]) for request in params["RequestItems"].values()), 0)))  # fmt: skip
    client.meta.events.register("after-call.dynamodb.BatchGetItem", lambda parsed, **_: rows.append(
        (0, sum(map(len, parsed["Responses"].values())))))  # fmt: skip
    versions = [Version(arrest(by, number), None, NOW, NOW) for number in range(batch)]
    print(f"\nCalls to DynamoDB an arrest, in a batch of {batch} (target {CALLS})")
    watched = 0
    for size in (0, 100, 1_000):
        while watched < size:
            watch_list.add(
                a_subscription(
                    criterion(by),
                    subscription_id=f"{watched:032x}",
                    basis={"kind": "open case", "case_number": str(watched)},
                )
            )
            watched += 1
        match_versions(versions, deps, NOW)  # from now on the matcher knows which terms are watched
        made_calls.clear()
        rows[:] = [(0, 0)]
        summary = match_versions(versions, deps, NOW)
        rows_asked, rows_there = (sum(counts) / batch for counts in zip(*rows, strict=True))
        print(
            f"  {size:>6} subscriptions {len(made_calls) / batch:>8.3f}   rows asked for {rows_asked:.1f}, "
            f"there {rows_there:.2f}   ({summary.candidates} documents read, {summary.alerts} alerts)"
        )


BACKTESTS: dict[str, dict[str, Any]] = {
    "a state ID": {"watch": "identifier", "identifier": {"kind": "sid", "value": "1", "issuer": "NY"}},
    "a person": {"watch": "person", "surname": "Smith", "given": "John", "date_of_birth": "1990-02-03"},
    "a charge in a precinct": {"all": [{"watch": "charge", "statute": "PL 120", "begins_with": True},
                                       {"watch": "place", "agency": "nypd", "precinct": "75"}]},
    "a radius": {"watch": "place", "near": {"latitude": 40.7, "longitude": -73.9, "metres": 500}},
}  # fmt: skip


def backtests(count: int = 10_000) -> None:
    """Measures what a backtest computes, from stored documents to matches, without reading DynamoDB."""
    by = random.Random(MEASURED_ON + 2)
    stored = [arrest(by, number).model_dump_json() for number in range(count)]
    census()
    print("\nBacktest of 100,000 stored arrests, seconds of one core (target: within seconds)")
    for name, document in BACKTESTS.items():
        matches, began = compile_rule(_parse(document)), process_time()
        hits = list(hits_in((ShownArrest(Arrest.model_validate_json(text)) for text in stored), matches))
        print(f"  {name:24}{(process_time() - began) * 100_000 / count:>6.1f}   ({len(hits)} hits of {count:,})")


def main() -> None:
    in_memory(SIZES)
    compounds_only()
    with in_process():
        calls()
    backtests()
