"""How the cost of matching an arrest follows the number of subscriptions: terms in memory, then calls to DynamoDB."""

import gc
import random
from collections import defaultdict
from collections.abc import Callable
from datetime import date
from functools import cache
from time import process_time
from typing import Any, NamedTuple

import boto3
from moto import mock_aws
from pydantic import TypeAdapter

from shared.alerts.backtest import hits_in
from shared.alerts.match_arrests import MatchDeps, match_versions
from shared.alerts.table import AlertsTable
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
from shared.subscriptions.index.table import SubscriptionIndex
from shared.subscriptions.table import SubscriptionsTable
from tests.bench.population import MEASURED_ON, human
from tests.builders import NOW, PSEUDONYMS, a_subscription, an_office

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
    one = human(by)
    born = one.born or date(1990, 1, 1)
    person = Person(
        names=(PersonName(surname=one.surname, given=one.given, middle=one.middle),), date_of_birth=born,
        sex=Sex(one.sex),
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
    """Six in ten by state ID, two by name and date of birth, two compound: a charge or a class in a precinct."""
    kind = by.random()
    if kind < 0.6:
        return {
            "watch": "identifier",
            "identifier": {"kind": "sid", "value": f"{by.randrange(10**8):08d}", "issuer": "NY"},
        }
    if kind < 0.8:
        one = human(by)
        return {
            "watch": "person",
            "surname": one.surname,
            "given": one.given,
            "date_of_birth": one.born,
            "sex": one.sex,
        }
    return compound(by)


def compound(by: random.Random) -> dict[str, Any]:
    what: dict[str, Any] = {"watch": "charge", "statute": by.choice(_CODES)}
    where = {"watch": "place", "agency": "nypd", "precinct": str(by.randrange(1, 124))}
    return {"all": [what, where, *([{"watch": "event", "kinds": ["arrest"]}] if by.random() < 0.5 else [])],
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
    facts = [ArrestFeatures(one) for one in arrests]
    terms = [set(terms_of(one)) for one in facts]
    known = process_time()
    found = [[some for term in one if (some := posted.get(hash(term)))] for one in terms]
    candidates = [{at for some in one for at in some} for one in found]
    looked_up = process_time()
    hits = sum(ready(at)(one) is not None for one, some in zip(facts, candidates, strict=True) for at in some)
    return Round(known - began, looked_up - known, process_time() - looked_up,
                 sum(map(len, found)), sum(map(len, candidates)), hits)  # fmt: skip


def in_memory(sizes: tuple[int, ...]) -> None:
    """Of watches in the shares of `criterion`. Persons are drawn from one country however many are watched, so the hits
    by likeness grow with them. The compound watches stay as many as ten thousand subscriptions have: there the hits
    themselves would grow, which is what is asked for, not what is paid for finding them. Watches are made ready when
    first proposed, and what is posted is frozen for the collector of garbage, as where it was read long ago. Best of
    nine rounds, in each of which the sizes take turns: a machine that others use as well is slow for seconds on end."""
    by = random.Random(MEASURED_ON)
    arrests = [arrest(by, number) for number in range(ARRESTS)]
    posted: dict[int, dict[int, list[int]]] = {size: {} for size in sizes}
    said: list[dict[str, Any]] = []
    compounds = 0
    print(f"\nFinding in memory{'arrests/s':>22}{'slowdown':>10}   of an arrest: µs for terms, look-up, deciding;"
          "  lists met  candidates  hits")  # fmt: skip
    while len(said) < sizes[-1]:
        one = criterion(by)
        if "all" in one and compounds >= 2_000:
            continue
        compounds += "all" in one
        for term in map(hash, selective_terms(_parse(one))):
            for size in sizes:
                if len(said) < size:
                    posted[size].setdefault(term, []).append(len(said))
        said.append(one)
    gc.collect()
    gc.freeze()
    ready = cache(lambda at: compile_rule(_parse(said[at])))
    rounds = [[_round(arrests, posted[size], ready) for size in sizes] for _ in range(9)]
    for size, some in zip(sizes, zip(*rounds, strict=True), strict=True):
        best = min(some, key=lambda one: one.whole)
        base = min(one.whole for one in next(zip(*rounds, strict=True)))
        parts = "".join(f"{part * 1e6 / ARRESTS:>8.0f}" for part in best[:3])
        counts = "".join(f"{count / ARRESTS:>11.2f}" for count in best[3:])
        print(f"  {size:>9,} subscriptions {ARRESTS / best.whole:>12,.0f}{best.whole / base:>9.2f}x{parts}{counts}")
    print(f"  target: slowdown {SLOWDOWN}x")


def compounds_only(count: int = 20_000) -> None:
    by = random.Random(MEASURED_ON + 1)
    watched = [_parse(compound(by)) for _ in range(count)]
    posted = defaultdict(set)
    for at, one in enumerate(watched):
        for term in selective_terms(one):
            posted[term].add(at)
    candidates = hits = 0
    for number in range(ARRESTS):
        facts = ArrestFeatures(arrest(by, number))
        found = {at for term in set(terms_of(facts)) for at in posted.get(term, ())}
        candidates += len(found)
        hits += sum(compile_rule(watched[at])(facts) is not None for at in found)
    print(f"\nCompound criteria: {candidates / max(1, hits):.2f} candidates a true match (target {CANDIDATES})")


@mock_aws
def calls(batch: int = 500) -> None:
    """Every call that the real matching makes, for a batch that nobody is told of, whatever is watched."""
    client = boto3.client("dynamodb", region_name="us-east-1", aws_access_key_id="none", aws_secret_access_key="none")
    keys = {"Subscriptions": ("pk", "sk"), "Offices": ("pk",), "Alerts": ("alert_id", "part")}
    for table, names in keys.items():
        client.create_table(
            TableName=table, BillingMode="PAY_PER_REQUEST",
            AttributeDefinitions=[{"AttributeName": name, "AttributeType": "S"} for name in names],
            KeySchema=[{"AttributeName": name, "KeyType": kind}
                       for name, kind in zip(names, ("HASH", "RANGE"), strict=False)],
        )  # fmt: skip
    offices, watch_list = OfficesTable(client, "Offices"), SubscriptionIndex(client, "Subscriptions", PSEUDONYMS)
    offices.enrol(an_office())
    at = MatchDeps(
        watch_list,
        SubscriptionsTable(client, "Subscriptions"),
        offices,
        AlertsTable(client, "Alerts"),
        PSEUDONYMS,
        list,
    )
    by, made = random.Random(MEASURED_ON), []
    client.meta.events.register("before-call.dynamodb.*", lambda model, **_: made.append(model.name))
    rows: list[tuple[int, int]] = []  # asked for, there
    client.meta.events.register("before-parameter-build.dynamodb.BatchGetItem", lambda params, **_: rows.append(
        (sum(len(one["Keys"]) for one in params["RequestItems"].values()), 0)))  # fmt: skip
    client.meta.events.register("after-call.dynamodb.BatchGetItem", lambda parsed, **_: rows.append(
        (0, sum(map(len, parsed["Responses"].values())))))  # fmt: skip
    versions = [Version(arrest(by, number), None, NOW, NOW) for number in range(batch)]
    print(f"\nCalls to DynamoDB an arrest, in a batch of {batch} (target {CALLS})")
    watched = 0
    for size in (0, 50, 100):
        while watched < size:
            watch_list.add(
                a_subscription(
                    criterion(by),
                    subscription_id=f"{watched:032x}",
                    basis={"kind": "open case", "case_number": str(watched)},
                )
            )
            watched += 1
        made.clear()
        rows.clear()
        told = match_versions(versions, at, NOW)
        asked, there = (sum(one) / batch for one in zip(*rows, strict=True))
        print(f"  {size:>6} subscriptions {len(made) / batch:>8.3f}   rows asked for {asked:.1f}, there {there:.2f}"
              f"   ({told.candidates} documents read, {told.alerts} alerts)")  # fmt: skip


BACKTESTS: dict[str, dict[str, Any]] = {
    "a state ID": {"watch": "identifier", "identifier": {"kind": "sid", "value": "1", "issuer": "NY"}},
    "a person": {"watch": "person", "surname": "Smith", "given": "John", "date_of_birth": "1990-02-03"},
    "a charge in a precinct": {"all": [{"watch": "charge", "statute": "PL 120", "begins_with": True},
                                       {"watch": "place", "agency": "nypd", "precinct": "75"}]},
    "a radius": {"watch": "place", "near": {"latitude": 40.7, "longitude": -73.9, "metres": 500}},
}  # fmt: skip


def backtests(count: int = 10_000) -> None:
    """What a backtest computes, from stored documents to hits; DynamoDB's own reading goes on beside it."""
    by = random.Random(MEASURED_ON + 2)
    stored = [arrest(by, number).model_dump_json() for number in range(count)]
    census()
    print("\nBacktest of 100,000 stored arrests, seconds of one core (target: within seconds)")
    for what, said in BACKTESTS.items():
        matches, began = compile_rule(_parse(said)), process_time()
        found = list(hits_in((Arrest.model_validate_json(one) for one in stored), matches))
        print(f"  {what:24}{(process_time() - began) * 100_000 / count:>6.1f}   ({len(found)} hits of {count:,})")


def main() -> None:
    in_memory(SIZES)
    compounds_only()
    calls()
    backtests()
