"""Charges as Americans read them. Pure."""

import re


def american(text: str) -> str:
    """`offenses`: the API and what is stored say `offences`, and their names stay. Reasons that were stored before
    version 0.2 say `misdemeanour`."""
    return text.replace("misdemeanour", "misdemeanor").replace("offence", "offense")


_COMMA = re.compile(r"\s*,\s*")
_STATUTE = re.compile(r"[A-Z.]{1,5} ?\d")
_CODE = re.compile(r"(?=.*\d)")


def readable_charge(text: str) -> str:
    """`Robbery, unclassified, open areas` of `ROBBERY,UNCLASSIFIED,OPEN AREAS`: a blank behind commas, and no shouting.
    Words with digits stay as they are."""
    if _STATUTE.match(text):
        return text
    spaced = _COMMA.sub(", ", " ".join(american(text).split()))
    words = [word if _CODE.match(word) else word.lower() for word in spaced.split(" ")]
    quiet = " ".join(words) if spaced.isupper() or spaced.istitle() else spaced
    return quiet[:1].upper() + quiet[1:]
