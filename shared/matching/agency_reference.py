"""What an agency's arrests leave unsaid and its own tables know: loaded as data, applied when an arrest is taken in."""

from functools import lru_cache

from shared.arrests.boundaries import Boundaries
from shared.arrests.model import Arrest
from shared.arrests.places import Place
from shared.arrests.statutes.code_table import Statutes


class AgencyReference:
    def __init__(
        self, statutes: Statutes | None = None, precincts: Boundaries | None = None, beats: Boundaries | None = None
    ) -> None:
        self._statutes, self._precincts, self._beats = statutes, precincts, beats
        self._charge = lru_cache(16_384)(statutes.complete) if statutes else None

    def complete(self, arrest: Arrest) -> Arrest:
        """What the agency said stays as it is; only what it left open is filled."""
        found: dict[str, object] = {}
        if self._charge and (charges := tuple(map(self._charge, arrest.charges))) != arrest.charges:
            found["charges"] = charges
        if (place := self._placed(arrest.place)) != arrest.place:
            found["place"] = place
        return arrest.model_copy(update=found) if found else arrest

    def _placed(self, place: Place) -> Place:
        if place.latitude is None or place.longitude is None:
            return place
        filled = {
            name: at
            for name, areas in (("precinct", self._precincts), ("beat", self._beats))
            if areas and not getattr(place, name) and (at := areas.name_at(place.latitude, place.longitude))
        }
        return place.model_copy(update=filled) if filled else place
