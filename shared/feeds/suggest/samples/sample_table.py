"""A sample as columns of texts, whatever its format: what the evidence is gathered from."""

from collections.abc import Sequence
from typing import NamedTuple


class SampleColumn(NamedTuple):
    """`name` is the column's name in a profile: as the header has it, a path in JSON, or `column 3` without a header.

    `cells` has one text a record; in a list of JSON (`in_list`), one text an element.
    """

    name: str
    cells: Sequence[str]
    in_list: bool = False
    absences: int = 0  # records of JSON without this path


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
    records: str = ""  # the path of the list of records in one JSON document
