"""Precincts or beats as an agency draws them: an arrest with coordinates lies in one where the feed names none."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import cached_property
from math import floor
from typing import Any

from shared.errors import Rejected
from shared.value import FrozenModel

_BAND = 0.002  # degrees of latitude, some 220 m: edges are looked up by the bands that they cross
_MEND = "Export the boundaries as a GeoJSON FeatureCollection of (Multi)Polygons in WGS 84."
Ring = tuple[tuple[float, float], ...]
"""Corners as longitude and latitude."""


class Boundaries(FrozenModel):
    """`areas`: name -> its rings, holes among them."""

    areas: Mapping[str, tuple[Ring, ...]] = {}

    @cached_property
    def _bands(self) -> dict[int, list[tuple[str, float, float, float, float]]]:
        """Every edge under each band of latitude that it crosses."""
        found = defaultdict(list)
        for name, rings in self.areas.items():
            for ring in rings:
                for (east, north), (other_east, other_north) in zip(ring, (*ring[1:], ring[0]), strict=True):
                    low, high = sorted((north, other_north))
                    if low != high:
                        for band in range(floor(low / _BAND), floor(high / _BAND) + 1):
                            found[band].append((name, east, north, other_east, other_north))
        return dict(found)

    def name_at(self, latitude: float, longitude: float) -> str:
        """The area that holds the point, by the number of edges that a ray to the east crosses; empty where none does.
        Of areas that overlap, the first by name."""
        crossed: dict[str, int] = defaultdict(int)
        for name, east, north, other_east, other_north in self._bands.get(floor(latitude / _BAND), ()):
            if (north > latitude) != (other_north > latitude):
                at = east + (latitude - north) * (other_east - east) / (other_north - north)
                crossed[name] += longitude < at
        return min((name for name, times in crossed.items() if times % 2), default="")


def boundaries_from(document: Any, name_property: str) -> Boundaries:
    """Of a GeoJSON document; `name_property` says what each area is called. Raises Rejected."""
    areas: dict[str, tuple[Ring, ...]] = defaultdict(tuple)
    for feature in _features(document):
        name = str((feature.get("properties") or {}).get(name_property, "")).strip()
        if not name:
            raise Rejected("name", f"A feature has no property `{name_property}`.", "Say the property that names it.")
        areas[name] += tuple(_rings(feature.get("geometry") or {}))
    return Boundaries(areas=dict(areas))


def _features(document: Any) -> list[dict[str, Any]]:
    features = document.get("features") if isinstance(document, dict) else None
    if not (isinstance(features, list) and features and all(isinstance(one, dict) for one in features)):
        raise Rejected("geojson", "The file holds no features.", _MEND)
    return features


def _rings(geometry: Mapping[str, Any]) -> Iterator[Ring]:
    kind, said = geometry.get("type"), geometry.get("coordinates") or []
    if kind not in ("Polygon", "MultiPolygon"):
        raise Rejected("geojson", f"A feature is a {kind} and no area.", _MEND)
    for polygon in said if kind == "MultiPolygon" else [said]:
        for ring in polygon:
            yield tuple((round(float(corner[0]), 6), round(float(corner[1]), 6)) for corner in ring)
            if any(abs(corner[1]) > 90 or abs(corner[0]) > 180 for corner in ring):
                raise Rejected("geojson", "The corners are no degrees.", _MEND)
