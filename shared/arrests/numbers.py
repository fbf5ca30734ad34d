"""Arrest numbers in one form: `="26-0001"`, `'26-0001` and ` 26-0001 ` are one number, and so are `k-1` and `K-1`."""

import re
import unicodedata
from collections.abc import Sequence

from shared.arrests.placeholders import Blanks, is_no_number

_EXCEL_TEXT = re.compile(r'=?\s*"+([^"]*)"+')
_WHOLE = re.compile(r"(\d+)\.0+")  # a number that a spreadsheet or a data frame held as a fraction
_SCIENTIFIC = re.compile(r"\d(?:\.\d+)?E\+?\d{1,3}", re.IGNORECASE)
_TO_CLEAN = re.compile(r"[^!#$%&(-<>-_a-~]")  # anything but visible ASCII; and `"`, `'`, `=`, "`"
_NOT_CODE = re.compile(r"[^0-9A-Z]+")
_PLAIN = re.compile(r"[^.+<1-8]*[1-8][^.+<]*")


def normal_number(text: str) -> str:
    """Returns the form in which arrest numbers are stored and compared: visible characters, in capitals."""
    text = unicodedata.normalize("NFKC", text)
    visible = "".join(letter for letter in text if unicodedata.category(letter) not in ("Cf", "Cc") or letter.isspace())
    bare = " ".join(visible.split()).lstrip("'`").strip()
    if match := _EXCEL_TEXT.fullmatch(bare):
        bare = match[1].strip()
    if match := _WHOLE.fullmatch(bare):
        bare = match[1]
    return bare.upper()


def normal_numbers(texts: Sequence[str]) -> list[str]:
    """Vectorised fast path: the same result as `normal_number` of each."""
    whole = "".join(texts)
    return [*map(normal_number if "." in whole or _TO_CLEAN.search(whole) else str.upper, texts)]


def normal_code(text: str) -> str:
    """Digits and Latin letters only, upper case, other scripts' digits folded: ` 0123-45 a ` is `012345A`."""
    if text.isascii():
        return _NOT_CODE.sub("", text.upper())
    return _NOT_CODE.sub("", unicodedata.normalize("NFKC", text).upper())


def is_number(text: str, blanks: Blanks) -> bool:
    """Whether the text identifies anything. A rounded number does not; it is rejected where its cell is read."""
    return bool(text.strip()) and not (is_no_number(text) or blanks.is_own(text))


def number_in(text: str, blanks: Blanks) -> str:
    """Returns the number in its normal form; empty where the text identifies nothing."""
    return normal_number(text) if is_number(text, blanks) else ""


def are_plain_numbers(texts: Sequence[str], blanks: Blanks) -> bool:
    """Vectorised fast path: whether each is a number and was not rounded, as `is_number` and `is_scientific` say."""
    unsure = texts if blanks else [text for text in texts if not _PLAIN.fullmatch(text)]
    return all(is_number(text, blanks) and not is_scientific(text) for text in unsure)


def is_scientific(text: str) -> bool:
    """Whether a spreadsheet rounded the number: `1.23E+05`. Letters and digits such as `12E4` are a number as well, so
    a point or a plus must stand in it."""
    bare = text.strip()
    return ("." in bare or "+" in bare) and _SCIENTIFIC.fullmatch(bare) is not None
