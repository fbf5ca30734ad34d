"""Agency reference data: an agency's own tables fill what its feed leaves out, when an arrest is taken in."""

from functools import lru_cache
from itertools import takewhile

from shared.arrests.boundaries import Boundaries
from shared.arrests.model import Arrest
from shared.arrests.places import Place
from shared.arrests.statutes.code_table import Statutes

_NO_NUMBER = 10**9  # sorts behind every numbered precinct


class AgencyReference:
    """`precincts` and `beats` give an arrest with coordinates its precinct and beat; `statutes` give its charges class
    and family."""

    def __init__(
        self, statutes: Statutes | None = None, precincts: Boundaries | None = None, beats: Boundaries | None = None
    ) -> None:
        self._statutes, self._precincts, self._beats = statutes, precincts, beats
        self._complete_charge = lru_cache(16_384)(statutes.complete) if statutes else None

    @property
    def precinct_names(self) -> tuple[str, ...]:
        """In the order in which people count: 5, 9, 101."""
        return _names_in(self._precincts)

    @property
    def beat_names(self) -> tuple[str, ...]:
        return _names_in(self._beats)

    def complete(self, arrest: Arrest) -> Arrest:
        """Fills only fields that the feed leaves empty. Returns the same arrest when there are none."""
        updates: dict[str, object] = {}
        if self._complete_charge:
            charges = tuple(map(self._complete_charge, arrest.charges))
            if charges != arrest.charges:
                updates["charges"] = charges
        place = self._complete_place(arrest.place)
        if place != arrest.place:
            updates["place"] = place
        return arrest.model_copy(update=updates) if updates else arrest

    def _complete_place(self, place: Place) -> Place:
        if place.latitude is None or place.longitude is None:
            return place
        updates: dict[str, str] = {}
        if self._precincts and not place.precinct:
            updates["precinct"] = self._precincts.name_at(place.latitude, place.longitude)
        if self._beats and not place.beat:
            updates["beat"] = self._beats.name_at(place.latitude, place.longitude)
        return place.model_copy(update=updates) if any(updates.values()) else place


def _names_in(boundaries: Boundaries | None) -> tuple[str, ...]:
    return tuple(sorted(boundaries.areas, key=_number_then_name)) if boundaries else ()


def _number_then_name(name: str) -> tuple[int, str]:
    digits = "".join(takewhile(str.isdecimal, name))
    return (int(digits) if digits.isascii() and digits else _NO_NUMBER), name
