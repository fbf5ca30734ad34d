"""A sample as columns of texts, whatever its format: what the evidence is gathered from."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from shared.feeds.layout import Position

_PATH_FORMATS = frozenset(("json", "ndjson", "xml"))


class SampleColumn(NamedTuple):
    """`name` is the column's name in a profile: as its header has it, a path in JSON and XML, or `column 3`.

    `cells` has one text a record; in a list (`in_list`), one text an element.
    """

    name: str
    cells: Sequence[str]
    in_list: bool = False
    absences: int = 0  # records without this path


class SampleTable(NamedTuple):
    """`text` has the keys of a profile's `text` that the sample proves, such as delimiter, encoding and header.

    `doubts` are sentences about the file that a person must confirm.
    """

    format: str
    columns: Sequence[SampleColumn]
    rows: int
    text: dict[str, str | int | list[str]]
    doubts: Sequence[str] = ()
    odd_rows: int = 0  # rows of another width than the header
    positions: Mapping[str, Position] = {}  # of the columns in lines of fixed width
    records: str = ""  # the path of the records in one document of JSON or XML

    @property
    def has_paths(self) -> bool:
        """Whether columns are paths, as in JSON."""
        return self.format in _PATH_FORMATS
