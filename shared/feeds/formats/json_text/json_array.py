"""JSON objects in an array, read an element at a time. Columns are paths, as in `ndjson`.

The array is the document itself, or stands at the path that the layout names in `records`.
"""

import codecs
import re
from collections.abc import Iterator, Sequence
from typing import BinaryIO

from shared.errors import Rejected
from shared.feeds.formats.json_text.object_reader import WITHHELD, ObjectReader
from shared.feeds.formats.json_text.paths import JSON_KEYS
from shared.feeds.formats.json_text.tokenizer import Token
from shared.feeds.formats.json_text.values import steps_of
from shared.feeds.formats.json_text.wrapper import BrokenDocumentError, JsonText, arrays_at
from shared.feeds.formats.streams.lines import CHUNK, LONGEST_LINE
from shared.feeds.formats.streams.signatures import FileKind
from shared.feeds.formats.streams.unpack import LARGEST_DROP
from shared.feeds.formats.streams.utf16 import Utf8Stream
from shared.feeds.layout import FileLayout
from shared.feeds.record import ReadResult, Reject, Skip

LARGEST = LARGEST_DROP
DATE_FORMS: tuple[str, ...] = ()
KIND = FileKind.JSON
KEYS = JSON_KEYS

_SURROGATE = re.compile(r"[\udc80-\udcff]")  # what `surrogateescape` makes of bytes that are no text
_BROKEN = (
    "json-cut",
    "The array is cut short or broken: from this record on, nobody can tell its records apart.",
    "Send the file again, whole.",
)
_LONG = ("record-too-long", "The record is longer than 1 MiB.", "Send one object a record.")


def read(stream: BinaryIO, layout: FileLayout) -> Iterator[ReadResult]:
    """Raises Rejected when the file has no array, has a text over 1 MiB, or no record has a path of the layout."""
    objects = ObjectReader(layout)
    text = JsonText(_decode(stream, layout.text.encoding))
    for number, element in enumerate(elements_of(text, steps_of(layout.records)), 1):
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
    yield from objects.finish()


def elements_of(text: JsonText, path: Sequence[str]) -> Iterator[str | Reject]:
    """Yields the text of each element at the path, a Reject for one over 1 MiB, and a last one where the document is
    broken. Raises Rejected when there is no array, or when something follows the document."""
    _check_beginning(text, path)
    is_found = False
    try:
        for tokens in arrays_at(text, path):
            is_found = True
            yield from split_elements(tokens)
    except BrokenDocumentError as error:
        if not is_found:
            raise Rejected("json", "The file is no JSON, or is cut short.", "Send it again, whole.") from error
        yield Reject(0, *_BROKEN, WITHHELD)
        return
    if text.sign():
        raise Rejected("json", "Something follows the end of the JSON document.", "Send one JSON document.")
    if not is_found:
        raise Rejected(
            "json",
            f"The document has no list at `{'.'.join(path)}`.",
            "Name in `records` the path of the list, as the file writes it (case matters).",
        )


def _check_beginning(text: JsonText, path: Sequence[str]) -> None:
    sign = text.sign()
    if not sign:
        raise Rejected("empty", "The file is empty.", "Send a JSON array of objects.")
    if sign == "{" and not path:
        raise Rejected(
            "json",
            "The file is a JSON object and no array.",
            "Name in the profile's `records` the path at which its list of records stands, such as data.arrests.",
        )
    if sign not in "[{":
        raise Rejected("json", "The file is no JSON array.", "Send a JSON array of objects: [{...}, {...}].")


def split_elements(tokens: Iterator[Token]) -> Iterator[str | Reject]:
    """Yields the text of each element, or a Reject for one over 1 MiB."""
    texts, size, count = [], 0, 0
    for text, end in tokens:
        size += len(text)
        if size <= LONGEST_LINE:
            texts.append(text)
        if end:
            element = "".join(texts)
            if end == "," or count or element.strip():  # an array without elements is empty, not one blank element
                yield element if size <= LONGEST_LINE else Reject(0, *_LONG, WITHHELD)
            texts, size, count = [], 0, count + 1


def _decode(stream: BinaryIO, encoding: str) -> Iterator[str]:
    text = Utf8Stream(stream, CHUNK)
    decoder = codecs.getincrementaldecoder("utf-8" if text.is_utf16 else encoding)("surrogateescape")
    while chunk := text.read(CHUNK):
        yield decoder.decode(chunk)
    yield decoder.decode(b"", final=True)
