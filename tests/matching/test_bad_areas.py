"""Areas that nobody can be arrested in are refused when they are drawn, and read when they are stored."""

from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from shared.matching.criteria import STORED
from shared.matching.criteria.place import PlaceWatch
from shared.matching.geometry import crosses_itself, enclosed_area

WATCH: TypeAdapter[PlaceWatch] = TypeAdapter(PlaceWatch)
SQUARE = [[-73.99, 40.70], [-73.98, 40.70], [-73.98, 40.71], [-73.99, 40.71]]
STAR = [[-73.99, 40.70], [-73.97, 40.72], [-73.95, 40.70], [-73.99, 40.715], [-73.95, 40.715]]
BOW_TIE = [SQUARE[0], SQUARE[2], SQUARE[1], SQUARE[3]]
CROSSING: dict[str, list[list[float]]] = {
    "a bow tie": BOW_TIE,
    "a star": STAR,
    "a spike": [*SQUARE[:2], [-73.97, 40.70], [-73.985, 40.70], [-73.985, 40.71]],
    "a corner twice": [SQUARE[0], SQUARE[1], SQUARE[0], SQUARE[2]],
    "a corner on an edge": [*SQUARE, [-73.985, 40.70]],
}
FLAT: dict[str, list[list[float]]] = {
    "a line": [[-73.99, 40.70], [-73.98, 40.71], [-73.97, 40.72]],
    "a hair": [[-73.99, 40.70], [-73.98, 40.70], [-73.985, 40.70000001]],
    "a point": [[-73.99, 40.70], [-73.9900001, 40.70], [-73.99, 40.7000001]],
}


def watch(area: Any) -> dict[str, Any]:
    return {"watch": "place", "area": area}


@pytest.mark.parametrize("name", CROSSING)
def test_td8_an_area_that_crosses_itself_is_refused_with_words(name: str) -> None:
    with pytest.raises(ValidationError, match="crosses or touches itself; write the corners in their order"):
        WATCH.validate_python(watch(CROSSING[name]))


@pytest.mark.parametrize("name", FLAT)
def test_td8_a_flat_area_is_refused_with_words(name: str) -> None:
    with pytest.raises(ValidationError, match=r"flat: it holds less than 100 square metres|crosses or touches"):
        WATCH.validate_python(watch(FLAT[name]))


@pytest.mark.parametrize("name", CROSSING | FLAT)
def test_td8_a_stored_area_is_still_read(name: str) -> None:
    assert WATCH.validate_python(watch((CROSSING | FLAT)[name]), context=STORED).area


@pytest.mark.parametrize("area", [SQUARE, SQUARE[::-1], [*SQUARE, SQUARE[0]], SQUARE[:3], [*SQUARE, [-73.985, 40.705]]])
def test_a_simple_area_is_taken_closed_or_not_in_either_direction(area: list[list[float]]) -> None:
    assert WATCH.validate_python(watch(area)).area


def test_the_area_of_a_square_kilometre() -> None:
    side = 0.00899322  # degrees of latitude: 1 km; at the equator of longitude too
    square = ((0.0, 0.0), (side, 0.0), (side, side), (0.0, side))
    assert enclosed_area(square) == pytest.approx(1e6, rel=1e-3)
    assert not crosses_itself(square)
