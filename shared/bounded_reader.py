"""Reads JSON that somebody else wrote, within limits. `shared/feeds/profiles/strict_yaml.py` reads YAML so too.

What two readers could understand differently is refused: a name said twice, NaN and numbers out of range (RFC 8259
sections 4 and 6), half a letter (a lone surrogate, section 8.2). Errors never repeat what was sent.
"""

import json
from collections.abc import Sequence
from math import isinf
from typing import Any, NamedTuple

from pydantic_core import from_json

from shared.errors import Rejected


class Limits(NamedTuple):
    max_bytes: int  # of UTF-8
    max_depth: int = 100  # levels; less than the 200 at which pydantic's parser stops
    max_number_length: int = 40  # characters; Python reads long integers in quadratic time


BODY_LIMITS = Limits(max_bytes=6 << 20)  # Lambda takes no larger request
EVENT_LIMITS = Limits(max_bytes=1 << 20)  # a message of SNS or SQS has at most 256 KiB (1 MiB since 2025)


class UnreadableDocumentError(Rejected):
    """The whole document cannot be read. Its code is `unreadable`; reason and fix say which limit it breaks."""

    def __init__(self, reason: str, fix: str) -> None:
        super().__init__("unreadable", reason, fix)


def read_json(text: str | bytes, limits: Limits = BODY_LIMITS) -> Any:
    """Returns the value that the text says. Raises UnreadableDocumentError and nothing else.

    The first parser is compiled, takes only UTF-8 and stops at 200 levels, so that the second, which tells of repeated
    names, cannot run out of stack. Both together take about three times as long as `json.loads`: 50 ms for 1 MB.
    """
    data = _as_utf8(text)
    check_size(len(data), limits)
    try:
        from_json(data, allow_inf_nan=False, cache_strings="keys")
        document = json.loads(
            data,
            object_pairs_hook=_object_of,
            parse_int=lambda digits: int(_check_length(digits, limits)),
            parse_float=lambda digits: _finite(float(_check_length(digits, limits))),
        )
    except ValueError as error:
        raise _syntax_error(str(error), limits) from None
    check_depth(document, limits)
    return document


def check_size(size: int, limits: Limits) -> None:
    """Raises UnreadableDocumentError for more bytes than the limit."""
    if size > limits.max_bytes:
        raise UnreadableDocumentError(f"It has more than {limits.max_bytes:,} bytes.", "Send it in parts.")


def check_depth(document: Any, limits: Limits) -> None:
    """Raises UnreadableDocumentError if lists and objects are nested deeper than the limit."""
    level, depth = [document], 0
    while level := [value for value in level if type(value) in (dict, list)]:
        depth += 1
        if depth > limits.max_depth:
            raise too_deep(limits)
        level = [child for value in level for child in (value.values() if type(value) is dict else value)]


def too_deep(limits: Limits) -> UnreadableDocumentError:
    return UnreadableDocumentError(f"It is nested deeper than {limits.max_depth} levels.", "Write it flatter.")


def name_twice() -> UnreadableDocumentError:
    return UnreadableDocumentError("It says a name twice in one object.", "Say each name once.")


def _as_utf8(text: str | bytes) -> bytes:
    try:
        return text.encode() if isinstance(text, str) else text
    except UnicodeEncodeError:
        raise _half_a_letter() from None


def _object_of(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    document = dict(pairs)
    if len(document) < len(pairs):
        raise name_twice()
    return document


def _check_length(digits: str, limits: Limits) -> str:
    if len(digits) > limits.max_number_length:
        raise _long_number(limits)
    return digits


def _finite(number: float) -> float:
    if isinf(number):
        raise UnreadableDocumentError("It holds a number that is out of range.", "Write a smaller number, or a text.")
    return number


def _half_a_letter() -> UnreadableDocumentError:
    return UnreadableDocumentError(
        "It holds half a letter (a lone surrogate) or bytes that are not UTF-8.", "Write it anew in UTF-8."
    )


def _long_number(limits: Limits) -> UnreadableDocumentError:
    length = limits.max_number_length
    return UnreadableDocumentError(f"It holds a number of more than {length} digits.", "Write it as a text, in quotes.")


def _syntax_error(message: str, limits: Limits) -> UnreadableDocumentError:
    """`message` is the parser's (jiter's): what is wrong and `at line 1 column 7`. It repeats nothing that was sent."""
    if message.startswith("recursion limit"):
        return too_deep(limits)
    if message.startswith("number out of range"):
        return _long_number(limits)
    if any(word in message for word in ("surrogate", "hex escape", "unicode code point")):
        return _half_a_letter()
    return UnreadableDocumentError(f"It is not valid JSON: {message}.", "Correct the syntax.")
