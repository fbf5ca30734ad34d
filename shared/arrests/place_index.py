"""Where an arrest lies in the index by place: its keys, without I/O.

The key is a keyed hash of the address without its unit, so it names no place to whoever reads the table. The attributes
lie in the arrest's own item: what seals, purges or expires the arrest takes it out of the index in the same write, and
nothing grows beside the arrests. Minors, events that are no arrest, and arrests without a day or an address are not in
it: a warrant names where somebody lives, and nothing may list that.
"""

from collections.abc import Iterator, Mapping
from functools import lru_cache

from shared.arrests.addresses.model import Address
from shared.arrests.addresses.parse import located
from shared.arrests.model import CUSTODY_BEGINS, Arrest
from shared.pseudonyms import Pseudonyms

PLACE, PLACE_DAY = "place", "place_day"  # attributes; the day is the day of the arrest in ISO 8601
SHARDS = 8
"""A jail may give its own address for every booking, and DynamoDB takes 1,000 writes a second under one key of an
index: so an address has eight, by the last digit of the arrest's id."""


class PlaceKeys:
    """Makes the keys of one deployment."""

    def __init__(self, pseudonyms: Pseudonyms) -> None:
        self._pseudonyms = pseudonyms
        self._of_key = lru_cache(16_384)(lambda key: pseudonyms.of("place", *key))

    def of(self, address: Address) -> str:
        """32 hexadecimal digits, equal for all units of one building."""
        return str(self._of_key(address.key))

    def shards_of(self, address: Address) -> Iterator[str]:
        """Every key under which arrests at this address lie."""
        return (f"{self.of(address)}#{shard}" for shard in range(SHARDS))

    def attributes_of(self, arrest: Arrest | None) -> Mapping[str, str]:
        """What puts an arrest into the index. Empty for one that is not in it."""
        address = address_of(arrest) if arrest and arrest.kind in CUSTODY_BEGINS and not arrest.juvenile else None
        if arrest is None or address is None or arrest.arrested_on is None:
            return {}
        shard = int(arrest.arrest_id[-1:] or "0", 16) % SHARDS
        return {PLACE: f"{self.of(address)}#{shard}", PLACE_DAY: arrest.arrested_on.isoformat()}


def address_of(arrest: Arrest) -> Address | None:
    place = arrest.place
    return located(place.address, place.city, place.state) if place.address else None
