"""Geometry on the sphere: distances, areas and outlines. Points are latitude and longitude in WGS 84 degrees."""

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
