"""The number of an alert, which people read out on the telephone: one for an arrest and an office. People see its first
half, which names no other arrest of the office (`numbers_table.py`); links and programs have all of it.

Ten characters of Crockford's base 32 (https://www.crockford.com/base32.html), which has no I, L, O and U. Nine come
from a keyed hash of arrest and office, so that a number says nothing, and two offices have two numbers for one arrest.
The tenth is a check character over GF(32): every single wrong character and every swap of two is noticed.
"""

import hashlib
import re

from shared.pseudonyms import Pseudonyms

_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_VALUES = {letter: value for value, letter in enumerate(_ALPHABET)} | {"I": 1, "L": 1, "O": 0}
_DATA_LENGTH = 9
_FIELD = 0b100101  # x^5 + x^2 + 1, primitive over GF(2)
PATTERN = "^[0-9A-Za-z]{5}([- ]?[0-9A-Za-z]{5})?$"
"""As people write a number or its first half. I and L are read as 1, and O as 0."""


def alert_number(pseudonyms: Pseudonyms, arrest_id: str, office_id: str) -> str:
    return _number_of_bits(int(pseudonyms.of("alert number", arrest_id, office_id), 16) >> 128 - 5 * _DATA_LENGTH)


def redrawn_number(number: str) -> str:
    """The number that stands for this one where its first half is taken. It says as little."""
    digest = hashlib.blake2b(number.encode(), digest_size=16).digest()
    return _number_of_bits(int.from_bytes(digest, "big") >> 128 - 5 * _DATA_LENGTH)


def first_half(number: str) -> str:
    return number.partition("-")[0]


def _number_of_bits(bits: int) -> str:
    values = [bits >> shift & 31 for shift in range(5 * (_DATA_LENGTH - 1), -1, -5)]
    return _written([*values, _times_x(_remainder(values))])


def earlier_number(alert_id: str) -> str:
    """The number of an alert that was stored before numbers belonged to arrests: the first 50 bits of its id."""
    bits = int(alert_id, 16) >> 78
    return _written([bits >> shift & 31 for shift in range(45, -1, -5)])


def parse_number(text: str) -> str | None:
    """The number, or its first half, as it is stored. None for a text that is none."""
    if not re.fullmatch(PATTERN, text):
        return None
    letters = text.upper().replace("-", "").replace(" ", "")
    if any(letter not in _VALUES for letter in letters):
        return None
    return _written([_VALUES[letter] for letter in letters])


def has_valid_check(number: str) -> bool:
    """False for a mistyped number, and for most of those that were given before there was a check character. The first
    half has none."""
    letters = number.replace("-", "")
    return len(letters) <= _DATA_LENGTH or _remainder([_VALUES[letter] for letter in letters]) == 0


def _written(values: list[int]) -> str:
    letters = "".join(_ALPHABET[value] for value in values)
    return f"{letters[:5]}-{letters[5:]}" if letters[5:] else letters


def _remainder(values: list[int]) -> int:
    """The values as a polynomial, at x."""
    total = 0
    for value in values:
        total = _times_x(total) ^ value
    return total


def _times_x(value: int) -> int:
    doubled = value << 1
    return doubled ^ _FIELD if doubled & 32 else doubled
