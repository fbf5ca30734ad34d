"""What an agency is called in a sentence. Pure."""

_VOWELS = frozenset("aeiou")
_LONGEST_ACRONYM = 4


def agency_title(agency: str) -> str:
    """`queensbridge-sheriff` is Queensbridge Sheriff, and `nypd` NYPD: the id in which the agency is enrolled, as a
    title."""
    return " ".join(_titled(word) for word in agency.split("-") if word)


def _titled(word: str) -> str:
    is_acronym = len(word) <= _LONGEST_ACRONYM and _VOWELS.isdisjoint(word)
    return word.upper() if is_acronym else word.capitalize()
