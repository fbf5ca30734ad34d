"""The elements of a JSON array, found by brackets and strings alone: an element of bad JSON costs only itself.

The tokenizer has two states. At the top of the array, commas and brackets count; inside an element, only brackets do.
"""

import re
from collections.abc import Iterator
from typing import Literal, NamedTuple, cast

from shared.errors import Rejected
from shared.feeds.formats.streams.lines import LONGEST_LINE

# Each passes over whole strings and takes the next sign that counts. A string may end at a line end, so that a lost
# quote costs one record. A quote that is taken opens a string whose end is not in the chunk.
_STRING = r'"(?:[^"\\\n]++|\\[^\n])*+["\n]'
_AT_TOP = re.compile(rf'(?:{_STRING}|[^"\[\]{{}},]++)*+(["\[\]{{}},]?)')
_IN_ELEMENT = re.compile(rf'(?:{_STRING}|[^"\[\]{{}}]++)*+(["\[\]{{}}]?)')
_DEEPER = {"[": 1, "{": 1, "]": -1, "}": -1, ",": 0}


class Token(NamedTuple):
    """Text of an element, and the sign that ends the element: a comma, or the bracket that ends the array.

    An empty `end` means that the element goes on with the next token.
    """

    text: str
    end: Literal["", ",", "]"]


class ArrayTokenizer:
    """Reads what follows an opening bracket. Holds no more than a string that the end of a chunk cuts."""

    def __init__(self) -> None:
        self._depth = 1  # 1: at the top of the array; more: inside an element; 0: behind the array
        self._held = ""

    @property
    def is_at_end(self) -> bool:
        """Whether the array has ended. `rest` is then the text behind it."""
        return not self._depth

    @property
    def rest(self) -> str:
        return self._held

    def feed(self, chunk: str) -> Iterator[Token]:
        """Raises Rejected when a string is longer than 1 MiB."""
        text, start, position = self._held + chunk, 0, 0
        while self._depth:
            match = cast("re.Match[str]", (_AT_TOP if self._depth == 1 else _IN_ELEMENT).match(text, position))
            sign, position = match[1], match.start(1)
            if sign not in _DEEPER:  # the chunk ends, or a string begins that goes on behind it
                break
            self._depth += _DEEPER[sign]
            if self._depth == 0 or sign == ",":
                yield Token(text[start:position], "," if self._depth else "]")
                start = position + 1
            position += 1
        if start < position and self._depth:
            yield Token(text[start:position], "")
        self._held = text[position:]
        if self._depth and len(self._held) > LONGEST_LINE:
            raise Rejected("json", "The file holds a text longer than 1 MiB.", "Check that the quotes pair.")
