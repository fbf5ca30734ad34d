"""Rule for watched places. A place has one of six forms, each with its index terms, its test and its words.

A circle or an area is covered with H3 cells, which are its index terms; the coordinates themselves decide.
"""

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import NamedTuple

import h3

from shared.arrests.addresses.model import Address
from shared.arrests.addresses.parse import located, place_of
from shared.arrests.numbers import normal_code
from shared.arrests.person import normal_name
from shared.arrests.places import normal_precinct
from shared.matching.criteria import Grade, Reason, ReasonKind, Term
from shared.matching.criteria.place import PlaceWatch
from shared.matching.geometry import Outline, bounding_box_area, circle_outline, distance, is_inside
from shared.matching.rules.arrest_features import ArrestFeatures
from shared.matching.rules.rule import Matcher, Rule, Selectivity, WatchTerms

CELL_RESOLUTIONS = (9, 7, 5)  # of H3: about 0.1, 5 and 250 square kilometres a cell
MOST_CELLS = 40
PlaceTest = Callable[[ArrestFeatures], Mapping[str, str] | None]
"""Returns what the sentence names of the place if the arrest was made there; else None."""


def watch_terms(watch: PlaceWatch) -> WatchTerms:
    return _form_of(watch)[1].terms(watch)


def arrest_terms(features: ArrestFeatures) -> tuple[Term, ...]:
    place = features.arrest.place
    named = _named_place_terms(features.arrest.agency, features.precinct, features.beat, features.ori, features.address)
    if place.latitude is None or place.longitude is None:
        return named
    return named + _cell_terms(place.latitude, place.longitude)


def matcher(watch: PlaceWatch) -> Matcher:
    name, form = _form_of(watch)
    test, watched = form.test(watch), form.shown(watch)

    def reason(features: ArrestFeatures) -> Reason | None:
        place = test(features)
        if place is None:
            return None
        return Reason(
            kind=ReasonKind.PLACE,
            facts={"form": name, **place},
            grade=Grade.STRONG,
            watched=watched,
            reported=_reported_place(features),
        )

    return reason


# Terms of an arrest. They are cached, because arrests are made at the same places again and again.


@lru_cache(maxsize=65_536)
def _named_place_terms(agency: str, precinct: str, beat: str, ori: str, address: Address | None) -> tuple[Term, ...]:
    terms: list[Term] = []
    if precinct:
        terms.append(("precinct", agency, precinct))
    if beat:
        terms.append(("beat", agency, beat))
    if ori:
        terms.append(("ori", ori))
    if address:
        terms.append(address.term)
    return tuple(terms)


@lru_cache(maxsize=65_536)
def _cell_terms(latitude: float, longitude: float) -> tuple[Term, ...]:
    return tuple([("cell", h3.latlng_to_cell(latitude, longitude, resolution)) for resolution in CELL_RESOLUTIONS])


# The forms of a place


def _precinct_terms(watch: PlaceWatch) -> WatchTerms:
    return WatchTerms(Selectivity.PRECINCT, (("precinct", watch.agency or "", normal_precinct(watch.precinct)),))


def _precinct_test(watch: PlaceWatch) -> PlaceTest:
    precinct = normal_precinct(watch.precinct)

    def test(features: ArrestFeatures) -> Mapping[str, str] | None:
        is_same = features.precinct == precinct and features.arrest.agency == watch.agency
        if not is_same or _is_other_city(watch, features):
            return None
        return {"place": features.arrest.place.precinct}

    return test


def _beat_terms(watch: PlaceWatch) -> WatchTerms:
    return WatchTerms(Selectivity.PRECINCT, (("beat", watch.agency or "", normal_precinct(watch.beat)),))


def _beat_test(watch: PlaceWatch) -> PlaceTest:
    beat = normal_precinct(watch.beat)

    def test(features: ArrestFeatures) -> Mapping[str, str] | None:
        is_same = features.beat == beat and features.arrest.agency == watch.agency
        if not is_same or _is_other_city(watch, features):
            return None
        return {"place": features.arrest.place.beat}

    return test


def _ori_terms(watch: PlaceWatch) -> WatchTerms:
    return WatchTerms(Selectivity.ORI, (("ori", normal_code(watch.ori)),))


def _ori_test(watch: PlaceWatch) -> PlaceTest:
    ori = normal_code(watch.ori)

    def test(features: ArrestFeatures) -> Mapping[str, str] | None:
        return {"place": ori} if features.ori == ori else None

    return test


def _address_terms(watch: PlaceWatch) -> WatchTerms:
    return WatchTerms(Selectivity.ADDRESS, (place_of(watch.address).term,))


def _address_test(watch: PlaceWatch) -> PlaceTest:
    address = located(watch.address, watch.city, "") or place_of(watch.address)

    def test(features: ArrestFeatures) -> Mapping[str, str] | None:
        if features.address is None or not address.covers(features.address):
            return None
        return {"place": features.arrest.place.address}

    return test


def _circle_test(watch: PlaceWatch) -> PlaceTest:
    near = watch.near
    assert near is not None  # noqa: S101 - the form says so
    centre = near.latitude, near.longitude

    def test(features: ArrestFeatures) -> Mapping[str, str] | None:
        if features.point is None:
            return None
        away = distance(features.point, centre)
        if away > near.metres:
            return None
        return {"place": f"{away:.0f}", "within": f"{near.metres:.0f}"}

    return test


def _circle_shown(watch: PlaceWatch) -> str:
    near = watch.near
    return f"{near.metres:.0f} m around {near.latitude}, {near.longitude}" if near else ""


def _area_test(watch: PlaceWatch) -> PlaceTest:
    outline = _outline(watch)

    def test(features: ArrestFeatures) -> Mapping[str, str] | None:
        if features.point is None or not is_inside(features.point, outline):
            return None
        return {}

    return test


def _covering_terms(watch: PlaceWatch) -> WatchTerms:
    return WatchTerms(Selectivity.CELLS, tuple(("cell", cell) for cell in covering_cells(watch)))


@lru_cache(maxsize=4_096)
def covering_cells(watch: PlaceWatch) -> tuple[str, ...]:
    """H3 cells that cover the shape wholly, of the finest resolution that needs no more than MOST_CELLS."""
    outline = _outline(watch)
    shape, size = h3.LatLngPoly(outline), bounding_box_area(outline)
    for resolution in CELL_RESOLUTIONS[:-1]:
        if size <= MOST_CELLS * h3.average_hexagon_area(resolution, unit="m^2") / 2:
            cells = h3.h3shape_to_cells_experimental(shape, resolution, contain="overlap")
            if len(cells) <= MOST_CELLS:
                return tuple(sorted(cells))
    return tuple(sorted(h3.h3shape_to_cells_experimental(shape, CELL_RESOLUTIONS[-1], contain="overlap")))


def _outline(watch: PlaceWatch) -> Outline:
    if watch.near:
        return circle_outline((watch.near.latitude, watch.near.longitude), watch.near.metres)
    return tuple((latitude, longitude) for longitude, latitude in watch.area)


class PlaceForm(NamedTuple):
    terms: Callable[[PlaceWatch], WatchTerms]
    test: Callable[[PlaceWatch], PlaceTest]
    shown: Callable[[PlaceWatch], str]


_FORMS = {  # by the field of the watch that gives it
    "precinct": PlaceForm(
        _precinct_terms, _precinct_test, lambda watch: f"precinct {watch.precinct} of {watch.agency}"
    ),
    "beat": PlaceForm(_beat_terms, _beat_test, lambda watch: f"beat {watch.beat} of {watch.agency}"),
    "ori": PlaceForm(_ori_terms, _ori_test, lambda watch: watch.ori),
    "near": PlaceForm(_covering_terms, _circle_test, _circle_shown),
    "area": PlaceForm(_covering_terms, _area_test, lambda watch: f"an area of {len(watch.area)} corners"),
    "address": PlaceForm(_address_terms, _address_test, lambda watch: watch.address),
}


def _form_of(watch: PlaceWatch) -> tuple[str, PlaceForm]:
    """A watch has exactly one form, with its name: its model refuses none and several."""
    return next((field, form) for field, form in _FORMS.items() if getattr(watch, field))


def _is_other_city(watch: PlaceWatch, features: ArrestFeatures) -> bool:
    """An arrest that names no city is not in another one."""
    city = features.arrest.place.city
    return bool(watch.city and city) and normal_name(watch.city) != normal_name(city)


def _reported_place(features: ArrestFeatures) -> str:
    place = features.arrest.place
    details = (
        place.address,
        place.city,
        place.precinct and f"precinct {place.precinct}",
        place.beat and f"beat {place.beat}",
    )
    return ", ".join(detail for detail in details if detail)


RULE = Rule(PlaceWatch, matcher, watch_terms, arrest_terms)
