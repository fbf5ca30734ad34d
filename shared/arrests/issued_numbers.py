"""Issued numbers as they are written: with a label, with their state before them, with noughts more or fewer.

Source: FBI, "Electronic Biometric Transmission Specification", field 2.015: the state's two letters and its number. No
public table says how each state writes its numbers, so nothing else is guessed.
"""

import re

from shared.arrests.numbers import normal_code
from shared.arrests.states import state_code

_FRACTION = re.compile(r"\s*(\d+)\.0+\s*")  # a number that a spreadsheet or a data frame held as a fraction
_STATE_LABEL = re.compile(r"(?P<nysid>NYSID)|SID|SBI|STATEID|STATEIDENTIFICATION")
_FBI_LABEL = re.compile(r"FBI|UCN")
_NUMBER_WORD = re.compile(r"(?:NUMBER|NUM|NO|NBR)?(?=\d|[A-Z]{0,3}\d)")
_SEVERAL = re.compile(r"[,;/|&\n]|\bAND\b", re.IGNORECASE)


def bare_code(text: str) -> str:
    """Digits and letters. `9113.0` is 9113."""
    match = _FRACTION.fullmatch(text)
    return normal_code(match[1] if match else text)


def state_id(text: str, issuer: str | None) -> tuple[str, str | None]:
    """Returns (number, state) of a state ID: `NYSID: 00009113Q` and `NY00009113Q` are 00009113Q of NY.

    An issuer that is no state stays as it is written.
    """
    state = state_code(issuer) or issuer if issuer else None
    code = bare_code(text)
    label = _STATE_LABEL.match(code)
    if label and (word := _NUMBER_WORD.match(code, label.end())):
        code, state = code[word.end() :], state or ("NY" if label["nysid"] else None)
    prefix = state_code(code[:2]) if code[:2].isalpha() else None
    if prefix and state in (None, prefix) and any(map(str.isdigit, code[2:])):
        return code[2:], prefix
    return code, state


def fbi_number(text: str) -> str:
    code = bare_code(text)
    label = _FBI_LABEL.match(code)
    word = _NUMBER_WORD.match(code, label.end()) if label else None
    return code[word.end() :] if word else code


def several_numbers(text: str) -> list[str]:
    """The numbers of one cell: `00009113Q / 00012244R` are two. Words between them are none."""
    if not _SEVERAL.search(text):
        return [text]
    return [number for number in _SEVERAL.split(text) if any(map(str.isdigit, number))] or [text]


def without_noughts(code: str) -> str:
    """The form in which state IDs are compared: systems lose the noughts before them."""
    return code.lstrip("0") or code
