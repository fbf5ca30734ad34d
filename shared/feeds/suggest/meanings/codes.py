"""The agency's codes and our words for them. What is not one of the usual codes is left to a person."""

import re
from collections.abc import Mapping
from typing import NamedTuple

from shared.feeds.profiles.model import CLASSES, SEXES
from shared.feeds.suggest.columns.value_shapes import event_word

_CLASS_WORDS: tuple[tuple[str, str], ...] = (
    (r"MENOS GRAVE", "misdemeanor"),
    (r"(?:DELITO )?GRAVE", "felony"),
    (r"F|FE|FEL.*|F[ -]?[1-6A-HSCXU]|[1-6A-E]F|.*\bFELONY\b.*|SJF?|STATE JAIL.*|CAPITAL.*", "felony"),
    (r"M|MI|MIS.*|M[ -]?[1-6A-DU]|[1-6A-DUB]M|.*\bMISD.*|GM|HM|DP|PDP|MM|PM|MSDM?", "misdemeanor"),
    (r"V|VI|VIO.*|.*\bVIOLATION\b.*|TV|S|SUM.*|O|ORD.*", "violation"),
    (r"I|IN|INF.*|CIVIL.*|.*\bINFRACTION\b.*|TI", "infraction"),
)
_SURE_CLASS = re.compile(
    r"[FMVI]|FEL.*|MIS.*|VIO.*|INF.*|[FM][ -]?[1-6A-HSCXU]|[1-6A-E][FM]"
    r"|.*\b(?:FELONY|MISDEMEANOR|VIOLATION|INFRACTION)\b.*"
)
_WOMEN, _MEN = ("MUJER", "FEMENINO", "FEMENINA", "HEMBRA"), ("HOMBRE", "MASCULINO", "VARON", "VARÓN", "MASC")
_SPANISH_SEXES = {"H": "M", "M": "F"}  # hombre and mujer
_SEX_WORDS = {
    **dict.fromkeys(("FEM", "WOMAN", "W", "2", *_WOMEN), "F"),
    **dict.fromkeys(("MAN", "1", *_MEN), "M"),
    **dict.fromkeys(("NB", "NONBINARY", "3"), "X"),
    **dict.fromkeys(("UNK", "0", "9"), "U"),
}
_SURE_SEXES = frozenset(("FEM", "WOMAN", "MAN", "NB", "NONBINARY", "UNK", *_WOMEN, *_MEN))
_YES = frozenset(("Y", "YES", "TRUE", "1"))
_JUVENILE = re.compile(r"<= ?17|< ?18|UNDER 18|JUV.*|MINOR|J|0?-?17|(?:\d|1[0-7]) ?- ?17|<18")
_DEGREE = re.compile(r"[FM][1-6A-HSCX]|[1-6A-E][FM]")
_MOST = 0.8  # share of the codes that tell a degree


class CodeMap(NamedTuple):
    """`words` maps codes to our words, `guessed` are those that a person must confirm, `unknown` those without a word.

    All three keep the counts of the sample.
    """

    words: Mapping[str, str]
    counts: Mapping[str, int]
    guessed: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()


def class_codes(values: Mapping[str, int]) -> CodeMap:
    counts = _folded(values)
    words = {code: word for code in counts if (word := _class_word(code))}
    needed = {code: word for code, word in words.items() if code not in CLASSES}
    guessed = tuple(code for code in needed if not _SURE_CLASS.fullmatch(code))
    unknown = tuple(code for code in counts if code not in words and code not in CLASSES)
    return CodeMap(needed, counts, guessed, unknown)


def sex_codes(values: Mapping[str, int]) -> CodeMap:
    """H beside M and without F is hombre, and then M is mujer."""
    counts = _folded(values)
    if "H" in counts and "F" not in counts:
        words = {code: _SPANISH_SEXES[code] for code in counts if code in _SPANISH_SEXES}
        others = [code for code in counts if code not in words and code not in SEXES]
        return CodeMap(words, counts, tuple(words), tuple(others))
    others = [code for code in counts if code not in SEXES]
    words = {code: _SEX_WORDS[code] for code in others if code in _SEX_WORDS}
    guessed = tuple(code for code in words if code not in _SURE_SEXES)
    return CodeMap(words, counts, guessed, tuple(code for code in others if code not in words))


def event_codes(values: Mapping[str, int]) -> CodeMap:
    counts = _folded(values)
    words = {code: word for code in counts if (word := event_word(code))}
    guessed = tuple(code for code in words if len(code) < 3)
    return CodeMap(words, counts, guessed, tuple(code for code in counts if code not in words))


def juvenile_words(values: Mapping[str, int]) -> CodeMap:
    counts = _folded(values)
    words = {code: "juvenile" for code in counts if _JUVENILE.fullmatch(code)}
    guessed = tuple(code for code in counts if code in _YES) if not words else ()
    return CodeMap(words | dict.fromkeys(guessed, "juvenile"), counts, guessed)


def has_degrees(values: Mapping[str, int]) -> bool:
    """Whether the class's codes tell the degree too, as `F3` and `MA` do."""
    degrees = sum(count for code, count in values.items() if _DEGREE.fullmatch(code.upper()))
    return degrees > sum(values.values()) * _MOST


def _class_word(code: str) -> str:
    return next((word for pattern, word in _CLASS_WORDS if re.fullmatch(pattern, code)), "")


def _folded(values: Mapping[str, int]) -> Mapping[str, int]:
    """Case does not matter in a profile's codes. The most frequent first."""
    counts: dict[str, int] = {}
    for text, count in sorted(values.items(), key=lambda item: -item[1]):
        counts[text.upper()] = counts.get(text.upper(), 0) + count
    return counts
