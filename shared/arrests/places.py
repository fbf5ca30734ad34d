"""Places of arrest, and the one spelling in which precincts are compared (addresses: `addresses.py`)."""

from functools import lru_cache

from pydantic import Field

from shared.arrests.numbers import normal_code
from shared.value import FrozenModel


class Place(FrozenModel):
    """Where the arrest was made. Every field may be missing. Coordinates are WGS 84 degrees."""

    address: str = Field(default="", max_length=500)
    city: str = Field(default="", max_length=200)
    state: str = Field(default="", max_length=60)
    postcode: str = Field(default="", max_length=20)
    precinct: str = Field(default="", max_length=60)
    beat: str = Field(default="", max_length=60)
    latitude: float | None = Field(default=None, ge=-90, le=90)
    longitude: float | None = Field(default=None, ge=-180, le=180)


@lru_cache(maxsize=4_096)
def normal_precinct(text: str) -> str:
    """Drops case, spaces, punctuation and the leading zeros of a number. `101` and `0101` are one precinct, `Pct. 101`
    is another: nothing is guessed."""
    code = normal_code(text)
    return code.lstrip("0") or code if code.isdigit() else code
