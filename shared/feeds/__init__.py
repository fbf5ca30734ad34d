"""Feed formats: one module each, behind one contract. `README.md` here: add a format, write a profile."""

from collections.abc import Iterator, Mapping
from typing import BinaryIO, Protocol

from shared.feeds import delimited, ebts, json_array, ndjson, nibrs, xlsx
from shared.feeds.contract import Read
from shared.feeds.niem import document as niem
from shared.feeds.niem import json_tree
from shared.feeds.profile import Profile


class Format(Protocol):
    """Raises Rejected when nothing of the whole file can be read."""

    def __call__(self, stream: BinaryIO, profile: Profile, /) -> Iterator[Read]: ...


FORMATS: Mapping[str, Format] = {
    "delimited": delimited.read,
    "ebts": ebts.read,
    "json": json_array.read,
    "ndjson": ndjson.read,
    "nibrs": nibrs.read,
    "niem-json": json_tree.read,
    "niem-xml": niem.read,
    "xlsx": xlsx.read,
}
