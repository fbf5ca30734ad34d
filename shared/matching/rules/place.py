"""Places. Radius and polygon are covered with H3 cells to be found, and decided by the coordinates themselves."""

from collections.abc import Callable
from functools import lru_cache
from math import asin, cos, degrees, pi, radians, sin, sqrt

import h3

from shared.arrests.person import normal_code, normal_name
from shared.arrests.places import normal_address, normal_precinct
from shared.matching.criteria import Grade, Reason, Term
from shared.matching.criteria.place import Near, PlaceWatch
from shared.matching.rules.arrest_features import ArrestFeatures
from shared.matching.rules.rule import ADDRESS, CELLS, ORI, PRECINCT, Matcher, WatchTerms

EARTH = 6_371_008.8  # metres, the mean radius
CELL_SIZES = (9, 7, 5)  # H3 resolutions: about 0.1, 5 and 250 square kilometres
MOST_CELLS = 40
_CORNERS = 32  # of the polygon drawn around a circle
Point = tuple[float, float]  # latitude, longitude
Test = Callable[[ArrestFeatures], str | None]
"""What to say of an arrest that is there; None when it is not."""


def watch_terms(watch: PlaceWatch) -> WatchTerms:
    if watch.precinct:
        return WatchTerms(PRECINCT, (("precinct", watch.agency or "", normal_precinct(watch.precinct)),))
    if watch.beat:
        return WatchTerms(PRECINCT, (("beat", watch.agency or "", normal_precinct(watch.beat)),))
    if watch.ori:
        return WatchTerms(ORI, (("ori", normal_code(watch.ori)),))
    if watch.near or watch.area:
        return WatchTerms(CELLS, tuple(("cell", cell) for cell in cells_of(watch)))
    return WatchTerms(ADDRESS, (("address", normal_address(watch.address)),))


def arrest_terms(facts: ArrestFeatures) -> tuple[Term, ...]:
    place = facts.arrest.place
    return _terms_of(
        facts.arrest.agency, facts.precinct, facts.beat, facts.ori, facts.address, place.latitude, place.longitude
    )


@lru_cache(maxsize=65_536)
def _terms_of(  # noqa: PLR0913, PLR0917 - what they follow from: arrests are made at the same places again and again
    agency: str, precinct: str, beat: str, ori: str, address: str, latitude: float | None, longitude: float | None
) -> tuple[Term, ...]:
    named: list[Term] = [
        ("precinct", agency, precinct) if precinct else (),
        ("beat", agency, beat) if beat else (),
        ("ori", ori) if ori else (),
        ("address", address) if address else (),
    ]
    if latitude is not None and longitude is not None:
        named += [("cell", h3.latlng_to_cell(latitude, longitude, size)) for size in CELL_SIZES]
    return tuple(filter(None, named))


def matcher(watch: PlaceWatch) -> Matcher:
    holds = _test(watch)

    def reason(facts: ArrestFeatures) -> Reason | None:
        said = holds(facts)
        if said is None:
            return None
        return Reason(sentence=f"arrest {said}", grade=Grade.STRONG, watched=_asked(watch), reported=_reported(facts))

    return reason


@lru_cache(maxsize=4_096)
def cells_of(watch: PlaceWatch) -> tuple[str, ...]:
    """Cells that cover the shape wholly, of the finest size that needs no more than MOST_CELLS."""
    shape = h3.LatLngPoly(_outline(watch))
    for size in CELL_SIZES[:-1]:
        if _area(_outline(watch)) <= MOST_CELLS * h3.average_hexagon_area(size, unit="m^2") / 2:
            found = h3.h3shape_to_cells_experimental(shape, size, contain="overlap")
            if len(found) <= MOST_CELLS:
                return tuple(sorted(found))
    return tuple(sorted(h3.h3shape_to_cells_experimental(shape, CELL_SIZES[-1], contain="overlap")))


def _test(watch: PlaceWatch) -> Test:
    if watch.precinct:
        return _in_precinct(watch)
    if watch.beat:
        return _in_beat(watch)
    if watch.ori:
        return _by_ori(normal_code(watch.ori))
    if watch.near:
        return _near(watch.near)
    return _inside(watch) if watch.area else _at_address(watch)


def _in_precinct(watch: PlaceWatch) -> Test:
    wanted = normal_precinct(watch.precinct)

    def test(facts: ArrestFeatures) -> str | None:
        there = facts.precinct == wanted and facts.arrest.agency == watch.agency
        return f"in precinct {facts.arrest.place.precinct}" if there and not _other_city(watch, facts) else None

    return test


def _in_beat(watch: PlaceWatch) -> Test:
    wanted = normal_precinct(watch.beat)

    def test(facts: ArrestFeatures) -> str | None:
        there = facts.beat == wanted and facts.arrest.agency == watch.agency
        return f"in beat {facts.arrest.place.beat}" if there and not _other_city(watch, facts) else None

    return test


def _by_ori(wanted: str) -> Test:
    def test(facts: ArrestFeatures) -> str | None:
        return f"by the agency with ORI {wanted}" if facts.ori == wanted else None

    return test


def _at_address(watch: PlaceWatch) -> Test:
    wanted = normal_address(watch.address)

    def test(facts: ArrestFeatures) -> str | None:
        return f"at {wanted}" if facts.address == wanted and not _other_city(watch, facts) else None

    return test


def _near(near: Near) -> Test:
    def test(facts: ArrestFeatures) -> str | None:
        if facts.point is None:
            return None
        away = distance(facts.point, (near.latitude, near.longitude))
        where = f"{near.latitude:.5f}, {near.longitude:.5f}"
        return f"{away:.0f} m from the point {where}, within {near.metres:.0f} m" if away <= near.metres else None

    return test


def _inside(watch: PlaceWatch) -> Test:
    outline = _outline(watch)

    def test(facts: ArrestFeatures) -> str | None:
        if facts.point is None or not inside(facts.point, outline):
            return None
        return f"inside the drawn area, at {facts.point[0]:.5f}, {facts.point[1]:.5f}"

    return test


def _other_city(watch: PlaceWatch, facts: ArrestFeatures) -> bool:
    """An arrest that names no city is not in another one."""
    city = facts.arrest.place.city
    return bool(watch.city and city) and normal_name(watch.city) != normal_name(city)


def distance(one: Point, other: Point) -> float:
    """Metres on the sphere (haversine)."""
    south, west, north, east = map(radians, (*one, *other))
    part = sin((north - south) / 2) ** 2 + cos(south) * cos(north) * sin((east - west) / 2) ** 2
    return 2 * EARTH * asin(sqrt(min(1.0, part)))


def inside(point: Point, outline: tuple[Point, ...]) -> bool:
    """By the number of edges that a ray to the east crosses."""
    north, east = point
    within = False
    before = outline[-1]
    for corner in outline:
        if (corner[0] > north) != (before[0] > north):
            crossing = before[1] + (north - before[0]) * (corner[1] - before[1]) / (corner[0] - before[0])
            within ^= east < crossing
        before = corner
    return within


def _outline(watch: PlaceWatch) -> tuple[Point, ...]:
    if watch.near is None:
        return tuple((latitude, longitude) for longitude, latitude in watch.area)
    near = watch.near
    reach = degrees(near.metres * 1.01 / cos(pi / _CORNERS) / EARTH)  # around the circle, a little too wide
    wide = reach / cos(radians(min(abs(near.latitude) + reach, 89.0)))
    turns = (2 * pi * corner / _CORNERS for corner in range(_CORNERS))
    return tuple((near.latitude + reach * sin(turn), near.longitude + wide * cos(turn)) for turn in turns)


def _area(outline: tuple[Point, ...]) -> float:
    """Square metres of the box around it."""
    norths, easts = zip(*outline, strict=True)
    height, width = max(norths) - min(norths), max(easts) - min(easts)
    return radians(height) * radians(width) * cos(radians(max(map(abs, norths)))) * EARTH**2 if outline else 0.0


def _asked(watch: PlaceWatch) -> str:
    if watch.precinct:
        return f"precinct {watch.precinct} of {watch.agency}"
    if watch.beat:
        return f"beat {watch.beat} of {watch.agency}"
    if watch.near:
        return f"{watch.near.metres:.0f} m around {watch.near.latitude}, {watch.near.longitude}"
    return f"an area of {len(watch.area)} corners" if watch.area else watch.ori or watch.address


def _reported(facts: ArrestFeatures) -> str:
    place = facts.arrest.place
    said = (
        place.address,
        place.city,
        place.precinct and f"precinct {place.precinct}",
        place.beat and f"beat {place.beat}",
    )
    return ", ".join(part for part in said if part)
