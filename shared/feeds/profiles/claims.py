"""Which files a layout claims: by patterns of their names, or by cells of their header. Pure."""

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Annotated

from pydantic import AfterValidator, Field, StringConstraints

from shared.feeds.layout import ONE_OR_MORE, Names
from shared.value import FrozenModel

_PACKED = ".gz"
_MOST_STARS = 4  # of one pattern: each multiplies the time in which a name is compared


def _check_pattern(pattern: str) -> str:
    if pattern.count("*") > _MOST_STARS or "/" in pattern:
        raise ValueError(f"has `/` or more than {_MOST_STARS} `*`; write a pattern of the file's own name")
    return pattern


Patterns = Annotated[
    tuple[Annotated[str, StringConstraints(min_length=1, max_length=200), AfterValidator(_check_pattern)], ...],
    ONE_OR_MORE,
]


class FileClaim(FrozenModel):
    """A layout claims a file whose name has one of the patterns `files` and whose header has all cells of `header`.
    Each is left out where it says nothing.

    In a pattern `*` is any text and `?` any one character; upper and lower case are the same.
    """

    files: Patterns = Field(default=(), max_length=50)
    header: Names = Field(default=(), max_length=100)

    def claims_name(self, name: str) -> bool:
        return not self.files or self.stamp_of(name) is not None

    def stamp_of(self, name: str) -> str | None:
        """The text that the wildcards stand for, such as the day in `bookings_20261129.csv`; None where no pattern
        fits. Files of one batch have the same stamp."""
        bare = name.casefold().rpartition("/")[2]
        for candidate in (bare, bare.removesuffix(_PACKED)):
            for pattern in self.files:
                if match := _expression(pattern.casefold()).fullmatch(candidate):
                    return "|".join(text.strip(" ._-") for text in match.groups())
        return None


@lru_cache
def _expression(pattern: str) -> re.Pattern[str]:
    wildcards = {"*": "(.*)", "?": "(.)"}
    return re.compile("".join(wildcards.get(letter) or re.escape(letter) for letter in pattern), re.DOTALL)


def name_of_both(first: FileClaim, second: FileClaim) -> str | None:
    """Returns a name that both claims have a pattern for; None where there is none."""
    for pattern in first.files:
        for other in second.files:
            if (name := _common(pattern.casefold(), other.casefold())) is not None:
                return name
    return None


def _common(first: str, second: str) -> str | None:
    """Returns the shortest text that fits both patterns. Each pair of places in the patterns is looked at once."""
    seen, reached = {(0, 0)}, [(0, 0, "")]
    for first_place, second_place, text in reached:  # grows while it is read: a search in breadth
        if first_place == len(first) and second_place == len(second):
            return text
        for step in _steps(first[first_place : first_place + 1], second[second_place : second_place + 1]):
            place = (first_place + step[0], second_place + step[1])
            if place not in seen:
                seen.add(place)
                reached.append((*place, text + step[2]))
    return None


def _steps(first: str, second: str) -> Sequence[tuple[int, int, str]]:
    """How far either pattern goes, and with which letter. A `*` may end, or take the letter of the other."""
    steps = [(1, 0, "")] * (first == "*") + [(0, 1, "")] * (second == "*")
    if not (first and second) or first == second == "*":
        return steps
    if "*" in (first, second):
        letter = second if first == "*" else first
        taken = "a" if letter == "?" else letter
        return [*steps, (0, 1, taken) if first == "*" else (1, 0, taken)]
    if first == second or "?" in (first, second):
        letter = second if first == "?" else first
        return [*steps, (1, 1, "a" if letter == "?" else letter)]
    return steps
