"""Feed formats: one module each, behind one contract. `shared/feeds/README.md`: add a format, write a profile."""

from collections.abc import Iterator, Mapping
from typing import BinaryIO, Protocol

from shared.feeds.formats import ebts, json_array, ndjson, nibrs
from shared.feeds.formats.niem import document as niem
from shared.feeds.formats.niem import json_tree
from shared.feeds.formats.tabular import delimited, xlsx
from shared.feeds.profiles.model import Profile
from shared.feeds.record import ReadResult


class Format(Protocol):
    """Raises Rejected when nothing of the whole file can be read."""

    def __call__(self, stream: BinaryIO, profile: Profile, /) -> Iterator[ReadResult]: ...


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
