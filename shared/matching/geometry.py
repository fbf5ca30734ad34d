"""Geometry on the sphere: distances, areas and outlines. Points are latitude and longitude in WGS 84 degrees."""

from itertools import combinations
from math import asin, cos, degrees, pi, radians, sin, sqrt

EARTH_RADIUS = 6_371_008.8  # metres, the mean radius
_CIRCLE_CORNERS = 32
Point = tuple[float, float]
Outline = tuple[Point, ...]


def distance(point: Point, other: Point) -> float:
    """Metres, by the haversine formula."""
    latitude, longitude, other_latitude, other_longitude = map(radians, (*point, *other))
    haversine = (
        sin((other_latitude - latitude) / 2) ** 2
        + cos(latitude) * cos(other_latitude) * sin((other_longitude - longitude) / 2) ** 2
    )
    return 2 * EARTH_RADIUS * asin(sqrt(min(1.0, haversine)))


def is_inside(point: Point, outline: Outline) -> bool:
    """Counts the edges that a ray to the east crosses: an odd number means inside."""
    latitude, longitude = point
    inside = False
    previous = outline[-1]
    for corner in outline:
        if (corner[0] > latitude) != (previous[0] > latitude):
            share = (latitude - previous[0]) * (corner[1] - previous[1]) / (corner[0] - previous[0])
            inside ^= longitude < previous[1] + share
        previous = corner
    return inside


def crosses_itself(outline: Outline) -> bool:
    """Whether two edges share more than the corner between them: they cross, touch, or run back over each other."""
    edges = list(zip(outline, (*outline[1:], outline[0]), strict=True))
    last = len(edges) - 1
    return any(
        _folds_back(edge, other) if second - first == 1 else _folds_back(other, edge) if second - first == last
        else _meet(edge, other)
        for (first, edge), (second, other) in combinations(enumerate(edges), 2)
    )  # fmt: skip


def enclosed_area(outline: Outline) -> float:
    """Square metres, by the shoelace formula in a plane that touches the sphere at the first corner."""
    origin_latitude, origin_longitude = outline[0]
    width = radians(1) * EARTH_RADIUS * cos(radians(origin_latitude))
    height = radians(1) * EARTH_RADIUS
    corners = [((east - origin_longitude) * width, (north - origin_latitude) * height) for north, east in outline]
    pairs = zip(corners, (*corners[1:], corners[0]), strict=True)
    return abs(sum(x * other_y - other_x * y for (x, y), (other_x, other_y) in pairs)) / 2


def _side(start: Point, end: Point, point: Point) -> float:
    """Positive on one side of the line, negative on the other, 0 on it."""
    return (end[0] - start[0]) * (point[1] - start[1]) - (end[1] - start[1]) * (point[0] - start[0])


def _is_on(start: Point, end: Point, point: Point) -> bool:
    return _side(start, end, point) == 0 and all(
        min(first, second) <= value <= max(first, second)
        for first, second, value in zip(start, end, point, strict=True)
    )


def _meet(edge: tuple[Point, Point], other: tuple[Point, Point]) -> bool:
    apart = _side(*edge, other[0]) * _side(*edge, other[1]), _side(*other, edge[0]) * _side(*other, edge[1])
    touch = any(_is_on(*edge, point) for point in other) or any(_is_on(*other, point) for point in edge)
    return touch or (apart[0] < 0 and apart[1] < 0)


def _folds_back(edge: tuple[Point, Point], following: tuple[Point, Point]) -> bool:
    """Of two edges that share the corner between them."""
    return _is_on(*edge, following[1]) or _is_on(*following, edge[0])


def circle_outline(centre: Point, metres: float) -> Outline:
    """A polygon that holds the whole circle, and a little more."""
    latitude, longitude = centre
    height = degrees(metres * 1.01 / cos(pi / _CIRCLE_CORNERS) / EARTH_RADIUS)
    width = height / cos(radians(min(abs(latitude) + height, 89.0)))
    turns = (2 * pi * corner / _CIRCLE_CORNERS for corner in range(_CIRCLE_CORNERS))
    return tuple((latitude + height * sin(turn), longitude + width * cos(turn)) for turn in turns)


def bounding_box_area(outline: Outline) -> float:
    """Square metres of the box around the outline."""
    latitudes, longitudes = zip(*outline, strict=True)
    height, width = max(latitudes) - min(latitudes), max(longitudes) - min(longitudes)
    return radians(height) * radians(width) * cos(radians(max(map(abs, latitudes)))) * EARTH_RADIUS**2
