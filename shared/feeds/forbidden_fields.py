"""Forbidden fields: what is never read, whatever a profile says (data minimisation at the door of the product).

An alert does not need these facts and nobody here may hold them: Social Security numbers, immigration and health data,
photos, race, descent, religion, victims, witnesses and whom an order protects. Every format checks the name of each
column, element or member here. The receipt gets the names, never a value.
"""

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

_WORDS = frozenset(
    "SS SSN SSNS SSNO SOC SOCIAL ITIN ALIEN ANUMBER VISA PASSPORT CITIZEN CITIZENSHIP CITZ CITIZ CTZ CTZN ICE USCIS "
    "NATIONALITY NATL RACE RACES RACIAL RAC ETHNIC ETHNICITY ETHNICITIES ETHN ETH HISPANIC LATINO DESCENT TRIBE "
    "MED MEDS MEDICATION MEDICATIONS MEDICINE DIAGNOSIS DIAGNOSES ILLNESS DISEASE ALLERGY ALLERGIES DISABILITY "
    "DISABLED HIV PREGNANT PREGNANCY SUICIDE SUICIDAL PSYCH PSYCHIATRIC MENTAL INJURY INJURIES INJURED "
    "PHOTO PHOTOS MUG MUGS PICTURE PICTURES PORTRAIT FACE FACIAL DNA "
    "RELIGION RELIGIOUS RELIG RELGN RLGN FAITH DENOMINATION VIC VICS VICT WIT WITS COMPLAINANT COMPLAINANTS "
    "PROTECTED "
    "RAZA ETNIA ETNICO ETNICA CIUDADANIA NACIONALIDAD INMIGRACION PASAPORTE SALUD MEDICO MEDICA ENFERMEDAD ALERGIA "
    "ALERGIAS DISCAPACIDAD EMBARAZO FOTO FOTOS TESTIGO TESTIGOS "
    "PROTEGIDO PROTEGIDA PERJUDICADO PERJUDICADA QUERELLANTE".split()
)
"""English and Spanish, without accents."""
_PATTERNS = re.compile(
    r"\bSSN|SSN\b|ETHNIC|RELIGI|SOC(?:IAL)? ?SEC|^A (?:NUM|NUMBER|FILE)\b|IMMIGR|NATURALI[SZ]|CITIZEN|MEDICAL|HEALTH"
    r"|MUGSHOT|IMAGE|PHOTOGRAPH|\bPHOTO|VICTIM|WITNESS|PROT(?:ECTED)? ?(?:PART|PERS)|PETITIONER|PROTECTEE"
    r"|NO CONTACT (?:PERSON|PARTY|NAME|WITH)|STAY ?AWAY (?:PERSON|PARTY|NAME|FROM|ADDR)|IN FAVOR OF|IN FAVOUR OF"
)
_ALIEN_NUMBER = re.compile(r"\s*A\s*#\s*")
_CAMEL_CASE_BOUNDARY = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_NOT_LETTERS = re.compile(r"[^A-Z]+")
_REMEMBERED_NAMES = 4096


def is_forbidden_name(name: str) -> bool:
    """True if a word of the name says so: `SSN`, `SS#`, `Victim Name`, `personSSN`, `IMMIGRATION_STATUS`."""
    words = _NOT_LETTERS.split(_CAMEL_CASE_BOUNDARY.sub(" ", _without_accents(name)).upper())
    return (
        not _WORDS.isdisjoint(words)
        or bool(_PATTERNS.search(" ".join(words)))
        or bool(_ALIEN_NUMBER.fullmatch(name.upper()))
    )


def _without_accents(name: str) -> str:
    if name.isascii():
        return name
    return "".join(sign for sign in unicodedata.normalize("NFKD", name) if not unicodedata.combining(sign))


class FieldFilter:
    """Decides which fields of one drop are forbidden: by their name, or because the profile drops them.

    `met_names` collects the forbidden names that were asked about, in that order, for the receipt.
    """

    def __init__(self, drop: Iterable[str]) -> None:
        self._dropped = {fold_name(name) for name in drop}
        self.met_names: dict[str, None] = {}
        self._is_forbidden = lru_cache(_REMEMBERED_NAMES)(self._decide)

    def is_forbidden(self, name: str) -> bool:
        if self._is_forbidden(name):
            self.met_names[name.strip()] = None
            return True
        return False

    def may_contain_forbidden(self, text: str) -> bool:
        """For a text whose fields cannot be told apart, such as broken JSON."""
        text_folded = fold_name(text)
        return is_forbidden_name(text) or any(name in text_folded for name in self._dropped)

    def _decide(self, name: str) -> bool:
        return fold_name(name) in self._dropped or is_forbidden_name(name)


def fold_name(name: str) -> str:
    """One spelling of a column's name: no case, single spaces, none at the ends."""
    return re.sub(r"\s+", " ", name).strip().casefold()
