"""One JSON array of objects, read an element at a time. Columns are paths, as in `ndjson`.

The tokenizer finds where an element ends by brackets and strings alone, so an element of bad JSON costs only itself.
It has two states. At the top of the array, commas and brackets count; inside an element, only brackets do.
"""

import codecs
import re
from collections.abc import Iterator
from typing import BinaryIO, Literal, NamedTuple, cast

from shared.errors import Rejected
from shared.feeds.formats.json_objects import WITHHELD, ObjectReader
from shared.feeds.formats.streams.lines import CHUNK, LONGEST_LINE
from shared.feeds.formats.streams.unpack import LARGEST_DROP
from shared.feeds.layout import FileLayout
from shared.feeds.record import DroppedColumns, ReadResult, Reject, Skip

LARGEST = LARGEST_DROP
DATE_FORMS: tuple[str, ...] = ()

# Each passes over whole strings and takes the next sign that counts. A string may end at a line end, so that a lost
# quote costs one record. A quote that is taken opens a string whose end is not in the chunk.
_STRING = r'"(?:[^"\\\n]++|\\[^\n])*+["\n]'
_AT_TOP = re.compile(rf'(?:{_STRING}|[^"\[\]{{}},]++)*+(["\[\]{{}},]?)')
_IN_ELEMENT = re.compile(rf'(?:{_STRING}|[^"\[\]{{}}]++)*+(["\[\]{{}}]?)')
_DEEPER = {"[": 1, "{": 1, "]": -1, "}": -1, ",": 0}
_BLANK = "\ufeff \t\r\n"
_SURROGATE = re.compile(r"[\udc80-\udcff]")  # what `surrogateescape` makes of bytes that are no text
_BROKEN = (
    "json-cut",
    "The array is cut short or broken: from this record on, nobody can tell its records apart.",
    "Send the file again, whole.",
)
_LONG = ("record-too-long", "The record is longer than 1 MiB.", "Send one object a record.")


class Token(NamedTuple):
    """Text of an element, and the sign that ends the element: a comma, or the bracket that ends the array.

    An empty `end` means that the element goes on with the next token.
    """

    text: str
    end: Literal["", ",", "]"]


def read(stream: BinaryIO, layout: FileLayout) -> Iterator[ReadResult]:
    """Raises Rejected when the file is no array, or has a text over 1 MiB."""
    objects = ObjectReader(layout)
    for number, element in enumerate(split_elements(tokens_of(_decode(stream, layout.text.encoding))), 1):
        if isinstance(element, Reject):
            yield element._replace(line=number)
        elif not element.strip():
            yield Skip(number, "blank record")
        elif _SURROGATE.search(element):
            yield Reject(
                number,
                "undecodable",
                f"The record is not {layout.text.encoding} text.",
                "Export the file in the encoding that the profile names.",
                WITHHELD,
            )
        else:
            yield objects.read(number, element.strip())
    if objects.dropped_columns:
        yield DroppedColumns(objects.dropped_columns)


def split_elements(tokens: Iterator[Token]) -> Iterator[str | Reject]:
    """Yields the text of each element, or a Reject for one over 1 MiB, and a last one where the array has no end."""
    texts, size, count = [], 0, 0
    end = ""
    for text, end in tokens:
        size += len(text)
        if size <= LONGEST_LINE:
            texts.append(text)
        if end:
            element = "".join(texts)
            if end == "," or count or element.strip():  # an array without elements is empty, not one blank element
                yield element if size <= LONGEST_LINE else Reject(0, *_LONG, WITHHELD)
            texts, size, count = [], 0, count + 1
    if end != "]":
        yield Reject(0, *_BROKEN, WITHHELD)


def tokens_of(chunks: Iterator[str]) -> Iterator[Token]:
    """Raises Rejected when the text is no array, or as `ArrayTokenizer.feed` does."""
    tokenizer = ArrayTokenizer()
    yield from tokenizer.feed(_open_array(chunks))
    for chunk in chunks:
        yield from tokenizer.feed(chunk)


class ArrayTokenizer:
    """Holds no more than a string that the end of a chunk cuts."""

    def __init__(self) -> None:
        self._depth = 1  # 1: at the top of the array; more: inside an element; 0: behind the array
        self._held = ""

    def feed(self, chunk: str) -> Iterator[Token]:
        """Raises Rejected when a string is longer than 1 MiB, or when something follows the array."""
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
        self._check_held()

    def _check_held(self) -> None:
        if self._depth and len(self._held) > LONGEST_LINE:
            raise Rejected("json", "The file holds a text longer than 1 MiB.", "Check that the quotes pair.")
        if not self._depth and self._held.strip():
            raise Rejected("json", "Something follows the end of the array.", "Send one JSON array.")


def _open_array(chunks: Iterator[str]) -> str:
    """Returns what follows the opening bracket in the first chunk that is not blank."""
    text = ""
    for chunk in chunks:
        text = (text + chunk).lstrip(_BLANK)
        if text and text[0] != "[":
            raise Rejected("json", "The file is no JSON array.", "Send a JSON array of objects: [{...}, {...}].")
        if text:
            return text[1:]
    raise Rejected("empty", "The file is empty.", "Send a JSON array of objects.")


def _decode(stream: BinaryIO, encoding: str) -> Iterator[str]:
    decoder = codecs.getincrementaldecoder(encoding)("surrogateescape")
    while chunk := stream.read(CHUNK):
        yield decoder.decode(chunk)
    yield decoder.decode(b"", final=True)
