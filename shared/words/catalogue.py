"""Looks up a sentence by its key and fills in the values."""

from collections.abc import Mapping
from enum import StrEnum

from shared.words.english import ENGLISH


class Language(StrEnum):
    """The languages that the catalogue is written in. The value is the `lang` of a page."""

    ENGLISH = "en"


CATALOGUES: Mapping[Language, Mapping[str, str]] = {Language.ENGLISH: ENGLISH}


def words(key: str, language: Language = Language.ENGLISH, /, **values: object) -> str:
    """The text of the key with its values. Nothing is escaped: the page escapes it as a whole.

    Raises KeyError for a key or a value that is missing.
    """
    return CATALOGUES[language][key].format_map(values)


def counted(key: str, number: int, language: Language = Language.ENGLISH, /, **values: object) -> str:
    """The text for this number of things: `<key>.one` or `<key>.other`, the plural categories of CLDR for English and
    Spanish. `{number}` is the number, with commas."""
    category = "one" if number == 1 else "other"
    return words(f"{key}.{category}", language, number=f"{number:,}", **values)
