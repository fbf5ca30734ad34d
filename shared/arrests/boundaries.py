"""Boundaries of precincts or beats, as an agency draws them. They fill the precinct or beat of an arrest with
coordinates whose feed names none."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import cached_property
from math import floor
from typing import Any

from shared.errors import Rejected
from shared.value import FrozenModel

_BAND = 0.002  # degrees of latitude, some 220 m: edges are looked up by the bands that they cross
_FIX = "Export the boundaries as a GeoJSON FeatureCollection of (Multi)Polygons in WGS 84."
Ring = tuple[tuple[float, float], ...]
"""Corners as longitude and latitude."""
Edge = tuple[str, float, float, float, float]
"""The name of the area, and longitude and latitude of both corners."""


class Boundaries(FrozenModel):
    """`areas` maps a name to its rings, holes among them."""

    areas: Mapping[str, tuple[Ring, ...]] = {}

    @cached_property
    def _bands(self) -> dict[int, list[Edge]]:
        """Maps a band of latitude to the edges that cross it: name, and longitude and latitude of both corners."""
        bands = defaultdict(list)
        for name, east, north, other_east, other_north in self._edges():
            low, high = sorted((north, other_north))
            if low != high:
                for band in range(floor(low / _BAND), floor(high / _BAND) + 1):
                    bands[band].append((name, east, north, other_east, other_north))
        return dict(bands)

    def _edges(self) -> Iterator[Edge]:
        for name, rings in self.areas.items():
            for ring in rings:
                for corner, next_corner in zip(ring, (*ring[1:], ring[0]), strict=True):
                    yield (name, *corner, *next_corner)

    def name_at(self, latitude: float, longitude: float) -> str:
        """The name of the area that holds the point, or an empty text. Of areas that overlap, the first by name.

        Counts the edges that a ray to the east crosses: an odd number means inside.
        """
        crossed: dict[str, int] = defaultdict(int)
        for name, east, north, other_east, other_north in self._bands.get(floor(latitude / _BAND), ()):
            if (north > latitude) != (other_north > latitude):
                edge_longitude = east + (latitude - north) * (other_east - east) / (other_north - north)
                crossed[name] += longitude < edge_longitude
        return min((name for name, times in crossed.items() if times % 2), default="")


def boundaries_from(document: Any, name_property: str) -> Boundaries:
    """Reads a GeoJSON document (RFC 7946). `name_property` is the property that names an area.

    Raises Rejected when the document holds no areas, or an area has no name.
    """
    areas: dict[str, tuple[Ring, ...]] = defaultdict(tuple)
    for feature in _features(document):
        name = str((feature.get("properties") or {}).get(name_property, "")).strip()
        if not name:
            raise Rejected("name", f"A feature has no property `{name_property}`.", "Say the property that names it.")
        areas[name] += tuple(_rings(feature.get("geometry") or {}))
    return Boundaries(areas=dict(areas))


def _features(document: Any) -> list[dict[str, Any]]:
    features = document.get("features") if isinstance(document, dict) else None
    if not (isinstance(features, list) and features and all(isinstance(feature, dict) for feature in features)):
        raise Rejected("geojson", "The file holds no features.", _FIX)
    return features


def _rings(geometry: Mapping[str, Any]) -> Iterator[Ring]:
    kind, coordinates = geometry.get("type"), geometry.get("coordinates") or []
    if kind not in ("Polygon", "MultiPolygon"):
        raise Rejected("geojson", f"A feature is a {kind} and no area.", _FIX)
    for polygon in coordinates if kind == "MultiPolygon" else [coordinates]:
        for ring in polygon:
            yield tuple((round(float(corner[0]), 6), round(float(corner[1]), 6)) for corner in ring)
            if any(abs(corner[1]) > 90 or abs(corner[0]) > 180 for corner in ring):
                raise Rejected("geojson", "The corners are no degrees.", _FIX)
