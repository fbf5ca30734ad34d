"""The arrays of records in one JSON document: the document itself, or what stands at a path of its objects.

The document is read from its beginning to its end, a chunk at a time. Nothing but the records is kept.
"""

import json
import re
from collections.abc import Iterator, Sequence

from shared.errors import Rejected
from shared.feeds.formats.json_text.tokenizer import ArrayTokenizer, Token
from shared.feeds.formats.streams.lines import LONGEST_LINE

_BLANK = "\ufeff \t\r\n"
_STRING = re.compile(r'"(?:[^"\\\n]++|\\[^\n])*+"')
_AFTER_VALUE = ("", ",", "]", "}")
_NO_RECORDS = (
    "json",
    "Where the records should stand, the document has neither a list nor an object.",
    "Name in `records` the path of the list, such as data.arrests.",
)


class BrokenDocumentError(ValueError):
    """From here on, nobody can tell the parts of the document apart."""


class JsonText:
    """The text of a document and how far it is read. Each method raises BrokenDocumentError where it cannot go on."""

    def __init__(self, chunks: Iterator[str]) -> None:
        self._chunks, self._text, self._position = chunks, "", 0

    def sign(self) -> str:
        """The next sign that is not blank, without taking it; empty at the end of the document."""
        while True:
            while self._position < len(self._text):
                if self._text[self._position] not in _BLANK:
                    return self._text[self._position]
                self._position += 1
            if not self._read_on():
                return ""

    def take(self, signs: str) -> str:
        sign = self.sign()
        if not sign or sign not in signs:
            raise BrokenDocumentError
        self._position += 1
        return sign

    def take_string(self) -> str:
        """The string as it is written, with its quotes."""
        self.sign()
        while (match := _STRING.match(self._text, self._position)) is None:
            if len(self._text) - self._position > LONGEST_LINE or not self._read_on():
                raise BrokenDocumentError
        self._position = match.end()
        return match[0]

    def elements(self) -> Iterator[Token]:
        """What follows an opening bracket, up to the closing one."""
        tokenizer, rest = ArrayTokenizer(), self._text[self._position :]
        self._text, self._position = "", 0
        yield from tokenizer.feed(rest)
        while not tokenizer.is_at_end:
            chunk = next(self._chunks, None)
            if chunk is None:
                raise BrokenDocumentError
            yield from tokenizer.feed(chunk)
        self._text = tokenizer.rest

    def skip_value(self) -> None:
        match self.sign():
            case "[" | "{" as bracket:
                self.take(bracket)
                for _ in self.elements():
                    pass
            case '"':
                self.take_string()
            case _:
                self._skip_word()

    def _skip_word(self) -> None:
        """A number, or `true`, `false` or `null`."""
        while (sign := self.sign()) not in _AFTER_VALUE:
            if sign in '[{":':
                raise BrokenDocumentError
            self._position += 1

    def _read_on(self) -> bool:
        """Adds a chunk to what is not read yet. False at the end of the document."""
        chunk = next(self._chunks, None)
        if chunk is None:
            return False
        self._text, self._position = self._text[self._position :] + chunk, 0
        return True


def arrays_at(text: JsonText, path: Sequence[str]) -> Iterator[Iterator[Token]]:
    """Yields the elements of each array at the path; read them before the next. A list on the way has several arrays.

    A single object in the place of the array is one record; null is none. Raises BrokenDocumentError; raises Rejected
    where something else stands there.
    """
    match text.sign():
        case "[" if not path:
            text.take("[")
            yield text.elements()
        case "[":
            yield from _arrays_of_elements(text, path)
        case "{" if path:
            yield from _arrays_of_members(text, path)
        case "{":
            yield _single_record(text)
        case "n":
            text.skip_value()
        case _:
            raise Rejected(*_NO_RECORDS)


def _arrays_of_members(text: JsonText, path: Sequence[str]) -> Iterator[Iterator[Token]]:
    end = text.take("{")
    if text.sign() == "}":
        end = text.take("}")
    while end != "}":
        name = _unescaped(text.take_string())
        text.take(":")
        if name == path[0]:
            yield from arrays_at(text, path[1:])
        else:
            text.skip_value()
        end = text.take(",}")


def _arrays_of_elements(text: JsonText, path: Sequence[str]) -> Iterator[Iterator[Token]]:
    """Raises Rejected for a list in a list: no path leads into it."""
    end = text.take("[")
    if text.sign() == "]":
        end = text.take("]")
    while end != "]":
        if text.sign() == "[":
            raise Rejected(*_NO_RECORDS)
        yield from arrays_at(text, path)
        end = text.take(",]")


def _single_record(text: JsonText) -> Iterator[Token]:
    """The object as the only element of an array."""
    yield Token(text.take("{"), "")
    for content, end in text.elements():
        closing = "}" if end == "]" else end
        yield Token(content + closing, "]" if end == "]" else "")


def _unescaped(string: str) -> str:
    try:
        return str(json.loads(string))
    except ValueError as error:
        raise BrokenDocumentError from error
