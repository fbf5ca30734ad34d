"""Watched places."""

from typing import Annotated, Literal, Self

from pydantic import Field, ValidationInfo, model_validator

from shared.arrests.addresses.parse import place_of
from shared.arrests.numbers import normal_code
from shared.arrests.person import normal_name
from shared.arrests.places import normal_precinct
from shared.matching.criteria.reason import Term
from shared.matching.criteria.refusals import is_stored
from shared.matching.geometry import crosses_itself, enclosed_area
from shared.offices.model import Slug
from shared.value import FrozenModel

Latitude = Annotated[float, Field(ge=-85, le=85)]
Longitude = Annotated[float, Field(ge=-179, le=179)]
WIDEST = 50_000  # metres
SMALLEST_AREA = 100  # square metres: coordinates of feeds are no finer


class Near(FrozenModel):
    latitude: Latitude
    longitude: Longitude
    metres: float = Field(ge=25, le=WIDEST)


class PlaceWatch(FrozenModel):
    """A place of arrest, as one of: a precinct or a beat of one agency; an ORI; an address, in one city if the city is
    given; all within some metres of a point; all inside a polygon of [longitude, latitude] corners."""

    watch: Literal["place"]
    agency: Slug | None = Field(default=None, description="whose precinct it is")
    precinct: str = Field(default="", max_length=60)
    beat: str = Field(default="", max_length=60, description="a beat of the agency, smaller than a precinct")
    ori: str = Field(default="", max_length=20, description="the nine characters of the arresting agency")
    address: str = Field(default="", max_length=500)
    city: str = Field(default="", max_length=200)
    near: Near | None = None
    area: tuple[tuple[Longitude, Latitude], ...] = Field(default=(), max_length=200)

    @model_validator(mode="after")
    def _exactly_one_place(self, info: ValidationInfo) -> Self:
        places = (
            normal_precinct(self.precinct),
            normal_precinct(self.beat),
            normal_code(self.ori),
            normal_name(self.address) or normal_code(self.address),
            self.near,
            self.area,
        )
        if len([place for place in places if place]) != 1:
            raise ValueError(
                "write either precinct or beat (with its agency) or one of ori, address, near, area, and not both; "
                "several places go into any"
            )
        if (self.precinct or self.beat) and not self.agency:
            raise ValueError("agency is missing; precinct numbers mean something only within one agency")
        if self.area:
            _refuse_bad_area(self.area)
            if not is_stored(info):
                _refuse_odd_outline(self.area)
        return self

    @property
    def identity(self) -> Term:
        city = normal_name(self.city)
        if self.precinct:
            return "precinct", self.agency or "", normal_precinct(self.precinct), city
        if self.beat:
            return "beat", self.agency or "", normal_precinct(self.beat), city
        if self.near:
            return "near", f"{self.near.latitude:.5f}", f"{self.near.longitude:.5f}", f"{self.near.metres:.5f}"
        if self.area:
            return "area", *(f"{longitude:.5f},{latitude:.5f}" for longitude, latitude in self.area)
        return ("ori", normal_code(self.ori)) if self.ori else ("address", str(place_of(self.address)), city)


def _refuse_odd_outline(area: tuple[tuple[float, float], ...]) -> None:
    """Raises ValueError for an outline that says nobody knows what: parts of it would never hit."""
    closed = area[:-1] if area[0] == area[-1] else area
    outline = tuple((latitude, longitude) for longitude, latitude in closed)
    if len(set(outline)) < len(outline) or crosses_itself(outline):
        raise ValueError("area crosses or touches itself; write the corners in their order around it, each once")
    if enclosed_area(outline) < SMALLEST_AREA:
        raise ValueError(f"area is flat: it holds less than {SMALLEST_AREA} square metres; draw it wider")


def _refuse_bad_area(area: tuple[tuple[float, float], ...]) -> None:
    """Raises ValueError for an outline that holds nothing, and for one too large to be indexed."""
    corners = list(dict.fromkeys(area))
    if len(corners) < 3:
        raise ValueError("area needs at least three different corners, each [longitude, latitude]")
    width, height = (max(degrees) - min(degrees) for degrees in zip(*corners, strict=True))
    if width > 1.5 or height > 1.0:
        raise ValueError("area is wider than about 100 km; draw smaller ones and put them into any")
