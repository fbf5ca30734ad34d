"""What a suggestion consists of."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from shared.value import FrozenModel

KEY_ONLY = "key only"  # a column that is no field and identifies an arrest with others


COLUMNS = "columns"  # code of a Rejected: what a person says of columns does not fit the sample


class Question(NamedTuple):
    """Something that no sample can tell. `about` is a key of the profile or the name of a column.

    `columns` are the columns that it names. `assumed` is what the profile says meanwhile; empty where it says nothing.
    """

    about: str
    text: str
    assumed: str = ""
    columns: tuple[str, ...] = ()


class Known(FrozenModel):
    """What the person who asks knows already; empty where it is not known.

    `fields` says what a column is, in our field names; an empty text means that the column is not read. `day_first`
    settles dates such as 03/04/2026.
    """

    agency: str = ""
    title: str = ""
    time_zone: str = ""
    sid_issuer: str = ""
    ori: str = ""
    event: str = ""
    day_first: bool | None = None
    surname_first: bool | None = None
    fields: Mapping[str, str] = {}


class SuggestedColumn(NamedTuple):
    """`fields` are our fields that read the column; where there are none, `unread` says why in a word or two.

    `doubt` says why the mapping is not certain; `questions` are the numbers, from 1, of the questions about it.
    """

    name: str
    fields: tuple[str, ...]
    unread: str
    doubt: str
    questions: tuple[int, ...]
    filled: int
    distinct: int


class Suggestion(NamedTuple):
    """`profile` is YAML with comments that `parse_profile` takes. `questions` are asked in the order of importance."""

    profile: str
    format: str
    columns: Sequence[SuggestedColumn]
    questions: Sequence[Question]
    rows: int
