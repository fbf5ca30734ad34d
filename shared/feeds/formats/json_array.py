"""One JSON array of objects, read an element at a time. Columns are paths, as in `ndjson`."""

import codecs
import re
from collections.abc import Iterator
from typing import BinaryIO

from shared.errors import Rejected
from shared.feeds.formats.ndjson import WITHHELD, Objects
from shared.feeds.formats.streams.lines import CHUNK, LONGEST_LINE
from shared.feeds.profiles.model import Profile
from shared.feeds.record import DroppedColumns, ReadResult, Reject, Skip

# A whole string, or one sign of structure. A quote that stands alone opens a string that goes on behind the buffer.
_TOKEN = re.compile(r'"(?:[^"\\\n]|\\[^\n])*["\n]|["\[\]{},]')
_SURROGATE = re.compile(r"[\udc80-\udcff]")  # what `surrogateescape` makes of bytes that are no text
_BROKEN = ("json-cut", "The array is cut short or broken: from this record on, nobody can tell its records apart.",
           "Send the file again, whole.")  # fmt: skip
_LONG = ("record-too-long", "The record is longer than 1 MiB.", "Send one object a record.")


def read(stream: BinaryIO, profile: Profile) -> Iterator[ReadResult]:
    objects = Objects(profile)
    for number, element in enumerate(_elements(_texts(stream, profile.text.encoding)), 1):
        if isinstance(element, Reject):
            yield element._replace(line=number)
        elif not element.strip():
            yield Skip(number, "blank record")
        elif _SURROGATE.search(element):
            yield Reject(
                number,
                "undecodable",
                f"The record is not {profile.text.encoding} text.",
                "Export the file in the encoding that the profile names.",
                WITHHELD,
            )
        else:
            yield objects.record(number, element.strip())
    if objects.dropped:
        yield DroppedColumns(objects.dropped)


def _texts(stream: BinaryIO, encoding: str) -> Iterator[str]:
    decoder = codecs.getincrementaldecoder(encoding)("surrogateescape")
    while chunk := stream.read(CHUNK):
        yield decoder.decode(chunk)
    yield decoder.decode(b"", final=True)


def _elements(texts: Iterator[str]) -> Iterator[str | Reject]:
    """The texts of the array's elements. Raises Rejected when the file is no array."""
    cut = _Cutter()
    for text in texts:
        yield from cut.of(text)
        if cut.done and cut.rest.strip():
            raise Rejected("json", "Something follows the end of the array.", "Send one JSON array.")
    if not (cut.open or cut.done):
        raise Rejected("empty", "The file is empty.", "Send a JSON array of objects.")
    if not cut.done:
        yield Reject(0, *_BROKEN, WITHHELD)


class _Cutter:
    """Where each element ends is found by its brackets and strings, whether or not it is good JSON by itself."""

    def __init__(self) -> None:
        self.rest = ""  # from the beginning of the element that is being read
        self.open = self.done = False
        self._at, self._depth, self._first, self._long = 0, 1, True, False

    def of(self, text: str) -> Iterator[str | Reject]:
        self.rest += text
        if self.done or not (self.open or self._opened()):
            return
        begin = 0
        while token := _TOKEN.search(self.rest, self._at):
            sign = token[0]
            if sign == '"':  # the string goes on
                self._at = token.start()
                break
            self._at = token.end()
            if sign in "[{":
                self._depth += 1
            elif sign in "]}":
                self._depth -= 1
            if self._depth == 0 or (self._depth == 1 and sign == ","):
                element, begin = self.rest[begin : token.start()], self._at
                if self._depth or not self._first or element.strip():
                    yield Reject(0, *_LONG, WITHHELD) if self._long or len(element) > LONGEST_LINE else element
                self._first = self._long = False
                if self._depth == 0:
                    self.done = True
                    break
        else:
            self._at = len(self.rest)
        self._forget(begin)

    def _forget(self, begin: int) -> None:
        """What has been handed on, and of an element over 1 MiB all but the string that is being read."""
        if len(self.rest) - begin > LONGEST_LINE:
            self._long = True
            begin = self._at
        if len(self.rest) - begin > LONGEST_LINE:
            raise Rejected("json", "The file holds a text longer than 1 MiB.", "Check that the quotes pair.")
        self.rest, self._at = self.rest[begin:], max(0, self._at - begin)

    def _opened(self) -> bool:
        self.rest = self.rest.lstrip("\ufeff \t\r\n")
        if self.rest and self.rest[0] != "[":
            raise Rejected("json", "The file is no JSON array.", "Send a JSON array of objects: [{...}, {...}].")
        self.open, self.rest = bool(self.rest), self.rest[1:]
        return self.open
