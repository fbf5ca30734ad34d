"""What is never read, whatever a profile says: what an alert has no need of and nobody here may hold. Every format asks
here, by the name of a column, an element or a member; the receipt gets the names and never a value."""

import re
from collections.abc import Iterable
from functools import lru_cache

_WORDS = frozenset(
    "SS SSN SSNS SSNO SOC SOCIAL ITIN ALIEN ANUMBER VISA PASSPORT CITIZEN CITIZENSHIP ICE USCIS "
    "MED MEDS MEDICATION MEDICATIONS MEDICINE DIAGNOSIS DIAGNOSES ILLNESS DISEASE ALLERGY ALLERGIES DISABILITY "
    "DISABLED HIV PREGNANT PREGNANCY SUICIDE SUICIDAL PSYCH PSYCHIATRIC MENTAL INJURY INJURIES INJURED "
    "PHOTO PHOTOS MUG MUGS PICTURE PICTURES PORTRAIT FACE FACIAL DNA RELIGION RELIGIOUS "
    "VIC VICS VICT WIT WITS COMPLAINANT COMPLAINANTS".split()
)
_PARTS = re.compile(
    r"\bSSN|SSN\b|SOC(?:IAL)? ?SEC|^A (?:NUM|NUMBER|FILE)\b|IMMIGR|NATURALI[SZ]|CITIZEN|MEDICAL|HEALTH|MUGSHOT"
    r"|IMAGE|PHOTOGRAPH|\bPHOTO|VICTIM|WITNESS"
)
_ALIENS_NUMBER = re.compile(r"\s*A\s*#\s*")
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_BETWEEN = re.compile(r"[^A-Z]+")


def is_forbidden_name(name: str) -> bool:
    """By the words of a name: `SSN`, `SS#`, `Victim Name`, `personSSN`, `IMMIGRATION_STATUS`, `Soc. Sec. No`."""
    words = _BETWEEN.split(_CAMEL.sub(" ", name).upper())
    return (
        not _WORDS.isdisjoint(words)
        or bool(_PARTS.search(" ".join(words)))
        or bool(_ALIENS_NUMBER.fullmatch(name.upper()))
    )


class FieldFilter:
    """What of one drop may not be kept: what is sensitive, and what the profile drops. `met` names what was there."""

    def __init__(self, drop: Iterable[str]) -> None:
        self._dropped = {fold_name(name) for name in drop}
        self.met_names: dict[str, None] = {}
        self._bars = lru_cache(4096)(self._decide)

    def is_forbidden(self, name: str) -> bool:
        if self._bars(name):
            self.met_names[name.strip()] = None
            return True
        return False

    def may_contain_forbidden(self, text: str) -> bool:
        """Of a text whose parts cannot be told apart."""
        low = fold_name(text)
        return is_forbidden_name(text) or any(name in low for name in self._dropped)

    def _decide(self, name: str) -> bool:
        return fold_name(name) in self._dropped or is_forbidden_name(name)


def fold_name(name: str) -> str:
    return re.sub(r"\s+", " ", name).strip().casefold()
