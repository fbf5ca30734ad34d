"""Random arrests and criteria, drawn from small vocabularies so that they meet often; and a naive evaluator of its own,
which knows nothing of index terms, postings and compiled rules.

A new kind of watch needs a generator in INVENTED and an evaluator in NAIVE.
"""

import random
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from pydantic import TypeAdapter

from shared.arrests.charges import Charge, ChargeClass
from shared.arrests.model import Arrest, EventKind, arrest_id
from shared.arrests.person import Identifier, IdentifierKind, Person, PersonName, Sex
from shared.arrests.places import Place
from shared.matching.criteria import Combination, Criterion
from shared.matching.criteria.charge import ChargeWatch
from shared.matching.criteria.identifier import IdentifierWatch
from shared.matching.criteria.person import PersonWatch
from shared.matching.criteria.place import PlaceWatch
from shared.matching.criteria.registry import WATCHES
from shared.matching.geometry import distance
from shared.matching.linkage.blocking_keys import blocking_keys
from shared.matching.linkage.score import compare_persons
from shared.matching.linkage.weights import WEIGHTS
from shared.matching.rules.arrest_features import person_description
from shared.matching.rules.person import watched_person
from tests.builders import PSEUDONYMS

SURNAMES = "Quill Quille Vandermoor Smith Smyth Example De-la-Cruz Cruz O'Brien Obrien".split()
GIVENS = "Joe Joseph Ana Anna Pat Patricia J Dorian".split()
STATUTES = ["PL 120.05", "PL 120.05 01", "PL 1200501", "120.05(1)", "PL 160.10", "VTL 511", "531115", "13A", ""]
TEXTS = ["ASSAULT 2", "ROBBERY", "OPEN CONTAINER OF LIQUOR", ""]
PRECINCTS, AGENCIES = ["1", "01", "75", ""], ["nypd", "roster"]
ADDRESSES = ["14 Elm St.", "14 ELM STREET", "9 Oak Ave", ""]
SIDS = ["1A", "2B", "3C"]
LATITUDE, LONGITUDE = 40.70, -73.90
DAYS = [date(1988, 3, 14), date(1988, 4, 3), date(1988, 3, 4), date(1990, 1, 1)]
TODAY = date(2026, 11, 20)
_criterion: TypeAdapter[Criterion] = TypeAdapter(Criterion)


def an_invented_arrest(by: random.Random, number: int) -> Arrest:
    point = by.random() < 0.7
    person = Person(
        names=tuple(PersonName(surname=by.choice(SURNAMES), given=by.choice(GIVENS))
                    for _ in range(by.choice([1, 1, 2]))),
        date_of_birth=by.choice([*DAYS, None]), sex=by.choice(list(Sex)),
        identifiers=tuple(Identifier(kind=IdentifierKind.SID, value=by.choice(SIDS), issuer=by.choice(["NY", None]))
                          for _ in range(by.choice([0, 1]))),
    )  # fmt: skip
    place = Place(
        address=by.choice(ADDRESSES), city=by.choice(["Queensbridge", "Otherton", ""]), precinct=by.choice(PRECINCTS),
        beat=by.choice(["7", "07", ""]),
        latitude=LATITUDE + by.uniform(-0.05, 0.05) if point else None,
        longitude=LONGITUDE + by.uniform(-0.05, 0.05) if point else None,
    )  # fmt: skip
    charges = tuple(
        Charge(statute=by.choice(STATUTES), text=by.choice(TEXTS), charge_class=by.choice([*ChargeClass, None]))
        for _ in range(by.choice([0, 1, 2, 3]))
    )
    return Arrest(
        arrest_id=arrest_id(PSEUDONYMS, "a", str(number)), agency=by.choice(AGENCIES), number=str(number), place=place,
        kind=by.choice(list(EventKind)), ori=by.choice(["NY0303000", "CA0194200", ""]), person=person, charges=charges,
        arrested_on=by.choice([None, *(TODAY + timedelta(days=shift) for shift in (-2, -1, 0, 1))]),
    )  # fmt: skip


def _invented_identifier(by: random.Random) -> dict[str, Any]:
    def number() -> dict[str, Any]:
        return {"kind": "sid", "value": by.choice(SIDS), "issuer": by.choice(["NY", None])}

    former = [number()] if by.random() < 0.2 else []
    return {"watch": "identifier", "identifier": number(), "former": former}


def _invented_person(by: random.Random) -> dict[str, Any]:
    day = by.choice(DAYS)
    born: dict[str, Any] = by.choice([{"date_of_birth": day.isoformat()}] * 4 + [{"birth_year": day.year}, {}])
    return {"watch": "person", "surname": by.choice(SURNAMES), "given": by.choice(GIVENS),
            "sex": by.choice(["F", "M", "U"]), **born}  # fmt: skip


def _invented_charge(by: random.Random) -> dict[str, Any]:
    watch: dict[str, Any] = {"watch": "charge"}
    if by.random() < 0.7:
        watch |= {"statute": by.choice([statute for statute in STATUTES if statute]), "begins_with": by.random() < 0.5}
        watch |= {"jurisdiction": by.choice([None, "NY"])}
    if by.random() < 0.3:
        watch["charge_class"] = by.choice(list(ChargeClass)).value
    if by.random() < 0.2:
        watch["family"] = by.choice(["assault", "robbery"])
    if len(watch) == 1 or by.random() < 0.1:
        watch["keyword"] = by.choice(["assault", "container of", "robbery"])
    return watch


def _invented_place(by: random.Random) -> dict[str, Any]:
    kind = by.randrange(6)
    if kind == 5:
        return {"watch": "place", "agency": by.choice(AGENCIES), "beat": by.choice(["7", "8"])}
    if kind == 0:
        return {"watch": "place", "agency": by.choice(AGENCIES), "precinct": by.choice(["1", "75"])}
    if kind == 1:
        return {
            "watch": "place",
            "address": by.choice(["14 Elm St", "9 Oak Avenue"]),
            "city": by.choice(["", "Otherton"]),
        }
    if kind == 2:
        return {"watch": "place", "ori": by.choice(["NY0303000", "CA0194200"])}
    north, east = LATITUDE + by.uniform(-0.04, 0.04), LONGITUDE + by.uniform(-0.04, 0.04)
    if kind == 3:
        return {"watch": "place", "near": {"latitude": north, "longitude": east, "metres": by.choice([100, 800, 4000])}}
    wide = by.choice([0.002, 0.01, 0.04])
    corners = [(east, north), (east + wide, north), (east + wide, north + wide), (east, north + wide)]
    return {"watch": "place", "area": corners}


def _invented_agency(by: random.Random) -> dict[str, Any]:
    return {"watch": "agency", "agencies": [by.choice(AGENCIES)]}


def _invented_event(by: random.Random) -> dict[str, Any]:
    return {"watch": "event", "kinds": [by.choice(list(EventKind)).value]}


INVENTED: dict[str, Callable[[random.Random], dict[str, Any]]] = {
    "identifier": _invented_identifier,
    "person": _invented_person,
    "charge": _invented_charge,
    "place": _invented_place,
    "agency": _invented_agency,
    "event": _invented_event,
}
_SHARES = {"charge": 4, "place": 4, "agency": 1, "event": 1}  # of the draws; every other kind has two


def an_invented_watch(by: random.Random) -> dict[str, Any]:
    """Of any kind in the registry. KeyError: INVENTED has no generator for it."""
    kinds = list(WATCHES)
    (kind,) = by.choices(kinds, [_SHARES.get(kind, 2) for kind in kinds])
    return INVENTED[kind](by)


def an_invented_criterion(by: random.Random, depth: int = 3) -> dict[str, Any]:
    if depth == 0 or by.random() < 0.4:
        return an_invented_watch(by)
    combination: dict[str, Any] = {}
    for word, chance in (("all", 0.8), ("any", 0.5), ("none", 0.3)):
        if by.random() < chance:
            combination[word] = [an_invented_criterion(by, depth - 1) for _ in range(by.choice([1, 2, 2]))]
    return combination or an_invented_watch(by)


def parsed(document: dict[str, Any]) -> Any:
    return _criterion.validate_python(document)


# The naive evaluator: 0 no match, 1 possible, 2 sure


def naive(criterion: Criterion, arrest: Arrest) -> int:
    if not isinstance(criterion, Combination):
        return NAIVE[criterion.watch](criterion, arrest)
    if any(naive(part, arrest) == 2 for part in criterion.none):
        return 0
    needed = [naive(part, arrest) for part in criterion.all]
    if criterion.any:
        needed.append(max(naive(part, arrest) for part in criterion.any))
    return min(needed, default=2)


def _naive_person(watch: PersonWatch, arrest: Arrest) -> int:
    watched, reported = watched_person(watch), person_description(arrest.person)
    comparison = compare_persons(watched, reported)
    if comparison is None or not blocking_keys(watched) & blocking_keys(reported, reported=True):
        return 0
    sexes = {watch.sex, arrest.person.sex}
    other_sex = Sex.UNKNOWN not in sexes and len(sexes) == 2
    strong = comparison.match_weight >= WEIGHTS.strong and comparison.dates_agree
    if not other_sex and not comparison.doubts and (comparison.exact or strong):
        return 2
    return 1 if comparison.match_weight >= WEIGHTS.possible else 0


def _naive_identifier(watch: IdentifierWatch, arrest: Arrest) -> int:
    return 2 * any(number.same_as(reported) for number in watch.numbers for reported in arrest.person.identifiers)


Parts = tuple[str, ...]
# By hand: law and parts as New York writes them, and as the text itself is taken apart.
_IN_NEW_YORK = {"PL 120.05": ("PL", "120", "05"), "PL 120.05 01": ("PL", "120", "05", "1"),
                "PL 1200501": ("PL", "120", "05", "1"), "PL 160.10": ("PL", "160", "10"), "VTL 511": ("VTL", "511"),
                "120.05(1)": ("PL", "120", "05", "1")}  # fmt: skip
_AS_WRITTEN = {"PL 120.05": ("PL", "120", ".05"), "PL 120.05 01": ("PL", "120", ".05"), "PL 1200501": ("PL", "1200501"),
               "PL 160.10": ("PL", "160", ".10"), "VTL 511": ("VTL", "511"), "120.05(1)": ("", "120", ".05", "1"),
               "531115": ("", "53", "11", "15"), "13A": ("", "13A")}  # fmt: skip
_FAMILIES: dict[Parts, str] = {("PL", "120"): "assault", ("PL", "160"): "robbery"}


def _as_read(statute: str, state: str | None) -> set[Parts]:
    """A statute that names no law is read in New York alone."""
    is_read = statute in _IN_NEW_YORK and state in ({"NY"} if statute == "120.05(1)" else {"NY", None})
    return {_IN_NEW_YORK[statute]} if is_read else set()


def _watched(statute: str, state: str | None) -> set[Parts]:
    read, plain = _as_read(statute, state), ("", "".join(filter(str.isalnum, statute)))
    if read:
        return read if state else {*read, plain}
    return {plain, _AS_WRITTEN[statute]}


def _reported(statute: str, state: str | None) -> set[Parts]:
    if not statute:
        return set()
    read, written = _as_read(statute, state), {("", "".join(filter(str.isalnum, statute))), _AS_WRITTEN[statute]}
    return read | written | (set() if read and state else {("", *parts[1:]) for parts in written})


def _naive_charge(watch: ChargeWatch, arrest: Arrest) -> int:
    state = arrest.ori[:2] or None
    watched = _watched(watch.statute, watch.jurisdiction) if watch.statute else set()
    for charge in arrest.charges:
        codes = _reported(charge.statute, state)
        family = None
        if charge.statute == "13A":
            family = "assault"
        elif state != "CA":
            family = next((_FAMILIES[code[:2]] for code in codes if code[:2] in _FAMILIES), None)
        lies_below = any(code[: len(parts)] == parts for code in codes for parts in watched)
        if watch.statute and not (lies_below if watch.begins_with else watched & codes):
            continue
        words = f" {charge.text.upper()} "
        if watch.charge_class and watch.charge_class != charge.charge_class:
            continue
        if watch.family and watch.family != family:
            continue
        if watch.keyword and f" {watch.keyword.upper()} " not in words:
            continue
        return 2
    return 0


def _naive_place(watch: PlaceWatch, arrest: Arrest) -> int:
    place = arrest.place
    if watch.precinct:
        return 2 * (place.precinct.lstrip("0") == watch.precinct and arrest.agency == watch.agency)
    if watch.beat or watch.ori:
        beat = place.beat.lstrip("0") == watch.beat and arrest.agency == watch.agency
        return 2 * (beat if watch.beat else arrest.ori == watch.ori)
    if watch.address:
        same = place.address[:4].strip() == watch.address[:4].strip() and bool(place.address)
        return 2 * (same and (not watch.city or place.city in ("", watch.city)))
    if place.latitude is None or place.longitude is None:
        return 0
    if watch.near:
        centre = watch.near.latitude, watch.near.longitude
        return 2 * (distance((place.latitude, place.longitude), centre) <= watch.near.metres)
    easts, norths = [east for east, _ in watch.area], [north for _, north in watch.area]
    return 2 * (min(norths) <= place.latitude <= max(norths) and min(easts) <= place.longitude <= max(easts))


NAIVE: dict[str, Callable[[Any, Arrest], int]] = {
    "identifier": _naive_identifier, "person": _naive_person, "charge": _naive_charge, "place": _naive_place,
    "agency": lambda watch, arrest: 2 * (arrest.agency in watch.agencies),
    "event": lambda watch, arrest: 2 * (arrest.kind in watch.kinds),
}  # fmt: skip
