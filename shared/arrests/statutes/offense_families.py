"""Offense families, after the FBI's Uniform Crime Reporting, and the family that a code belongs to.

Sources: FBI, 2023 NIBRS User Manual, offence codes of Groups A and B; New York Penal Law, titles H to P by article;
California Penal, Vehicle and Health and Safety Codes by section.
"""

import re
from bisect import bisect_right
from enum import StrEnum
from functools import lru_cache

from shared.arrests.statutes.notation import StatuteCode


class Family(StrEnum):
    HOMICIDE = "homicide"
    SEXUAL = "sexual offences"
    ROBBERY = "robbery"
    ASSAULT = "assault"
    KIDNAPPING = "kidnapping"
    TRAFFICKING = "human trafficking"
    BURGLARY = "burglary"
    ARSON = "arson"
    LARCENY = "larceny"
    VEHICLE_THEFT = "motor vehicle theft"
    STOLEN_PROPERTY = "stolen property"
    FRAUD = "fraud and forgery"
    EXTORTION = "extortion"
    BRIBERY = "bribery"
    VANDALISM = "vandalism"
    DRUGS = "drugs"
    WEAPONS = "weapons"
    PROSTITUTION = "prostitution"
    GAMBLING = "gambling"
    OBSCENITY = "obscenity"
    ANIMALS = "animal cruelty"
    FAMILY = "offences against the family"
    DRIVING = "driving under the influence"
    DISORDER = "disorderly conduct"
    TRESPASS = "trespass"


_F = Family
NIBRS_FAMILIES = {
    "09A": _F.HOMICIDE, "09B": _F.HOMICIDE, "09C": _F.HOMICIDE, "100": _F.KIDNAPPING, "11A": _F.SEXUAL,
    "11B": _F.SEXUAL, "11C": _F.SEXUAL, "11D": _F.SEXUAL, "120": _F.ROBBERY, "13A": _F.ASSAULT, "13B": _F.ASSAULT,
    "13C": _F.ASSAULT, "200": _F.ARSON, "210": _F.EXTORTION, "220": _F.BURGLARY, "23A": _F.LARCENY, "23B": _F.LARCENY,
    "23C": _F.LARCENY, "23D": _F.LARCENY, "23E": _F.LARCENY, "23F": _F.LARCENY, "23G": _F.LARCENY, "23H": _F.LARCENY,
    "240": _F.VEHICLE_THEFT, "250": _F.FRAUD, "26A": _F.FRAUD, "26B": _F.FRAUD, "26C": _F.FRAUD, "26D": _F.FRAUD,
    "26E": _F.FRAUD, "26F": _F.FRAUD, "26G": _F.FRAUD, "270": _F.FRAUD, "280": _F.STOLEN_PROPERTY, "290": _F.VANDALISM,
    "35A": _F.DRUGS, "35B": _F.DRUGS, "36A": _F.SEXUAL, "36B": _F.SEXUAL, "370": _F.OBSCENITY, "39A": _F.GAMBLING,
    "39B": _F.GAMBLING, "39C": _F.GAMBLING, "39D": _F.GAMBLING, "40A": _F.PROSTITUTION, "40B": _F.PROSTITUTION,
    "40C": _F.PROSTITUTION, "510": _F.BRIBERY, "520": _F.WEAPONS, "521": _F.WEAPONS, "64A": _F.TRAFFICKING,
    "64B": _F.TRAFFICKING, "720": _F.ANIMALS, "90A": _F.FRAUD, "90C": _F.DISORDER, "90D": _F.DRIVING,
    "90E": _F.DISORDER, "90F": _F.FAMILY, "90J": _F.TRESPASS,
}  # fmt: skip
_NY_ARTICLES = {
    120: _F.ASSAULT, 121: _F.ASSAULT, 125: _F.HOMICIDE, 130: _F.SEXUAL, 135: _F.KIDNAPPING, 145: _F.VANDALISM,
    150: _F.ARSON, 155: _F.LARCENY, 156: _F.FRAUD, 158: _F.FRAUD, 160: _F.ROBBERY, 170: _F.FRAUD, 175: _F.FRAUD,
    176: _F.FRAUD, 178: _F.FRAUD, 180: _F.BRIBERY, 185: _F.FRAUD, 187: _F.FRAUD, 190: _F.FRAUD, 200: _F.BRIBERY,
    220: _F.DRUGS, 221: _F.DRUGS, 222: _F.DRUGS, 225: _F.GAMBLING, 230: _F.PROSTITUTION, 235: _F.OBSCENITY,
    240: _F.DISORDER, 255: _F.FAMILY, 260: _F.FAMILY, 263: _F.SEXUAL, 265: _F.WEAPONS,
}  # fmt: skip
# Article 140 holds trespass up to 140.17 and burglary from 140.20; 165 several thefts; 135.35 and 230.34 trafficking.
_NY_SECTIONS: dict[tuple[str, ...], Family] = {
    ("140", "05"): _F.TRESPASS, ("140", "10"): _F.TRESPASS, ("140", "15"): _F.TRESPASS, ("140", "17"): _F.TRESPASS,
    ("140", "20"): _F.BURGLARY, ("140", "25"): _F.BURGLARY, ("140", "30"): _F.BURGLARY, ("140", "35"): _F.BURGLARY,
    ("165", "05"): _F.VEHICLE_THEFT, ("165", "06"): _F.VEHICLE_THEFT, ("165", "08"): _F.VEHICLE_THEFT,
    ("165", "15"): _F.LARCENY,
    ("165", "40"): _F.STOLEN_PROPERTY, ("165", "45"): _F.STOLEN_PROPERTY, ("165", "50"): _F.STOLEN_PROPERTY,
    ("165", "52"): _F.STOLEN_PROPERTY, ("165", "54"): _F.STOLEN_PROPERTY,
    ("135", "35"): _F.TRAFFICKING, ("230", "34"): _F.TRAFFICKING,
}  # fmt: skip
# California: first and last section of a range
_CA_RANGES: dict[str, list[tuple[int, int, Family]]] = {
    "PC": [
        (187, 199, _F.HOMICIDE), (203, 206, _F.ASSAULT), (207, 210, _F.KIDNAPPING), (211, 215, _F.ROBBERY),
        (220, 220, _F.SEXUAL), (236, 236, _F.TRAFFICKING), (240, 248, _F.ASSAULT), (261, 269, _F.SEXUAL),
        (270, 273, _F.FAMILY), (285, 289, _F.SEXUAL), (311, 312, _F.OBSCENITY), (314, 314, _F.SEXUAL),
        (330, 337, _F.GAMBLING), (415, 416, _F.DISORDER), (451, 455, _F.ARSON), (459, 464, _F.BURGLARY),
        (470, 483, _F.FRAUD), (484, 490, _F.LARCENY), (496, 496, _F.STOLEN_PROPERTY), (503, 515, _F.FRAUD),
        (518, 527, _F.EXTORTION), (530, 539, _F.FRAUD), (594, 594, _F.VANDALISM), (597, 597, _F.ANIMALS),
        (602, 602, _F.TRESPASS), (653, 653, _F.PROSTITUTION), (16590, 34370, _F.WEAPONS),
    ],
    "HS": [(11350, 11392, _F.DRUGS)],
    "VC": [(10851, 10851, _F.VEHICLE_THEFT), (23152, 23153, _F.DRIVING)],
}  # fmt: skip


@lru_cache(maxsize=16_384)
def family_of(code: StatuteCode, state: str | None) -> Family | None:
    """The family of a code as its state writes it. The Penal Law is New York's wherever it is named."""
    law, section = code.law, code.parts[0]
    if state in (None, "NY") and law == "VTL":
        return Family.DRIVING if section == "1192" else None
    if state in (None, "NY") and law == "PL" and section.isdigit():
        return _NY_SECTIONS.get(code.parts[:2]) or _NY_ARTICLES.get(int(section))
    if state == "CA" and law in _CA_RANGES and (number := re.match(r"\d{1,5}", section)):
        return _family_in_range(_CA_RANGES[law], int(number[0]))
    return None


def _family_in_range(ranges: list[tuple[int, int, Family]], section: int) -> Family | None:
    index = bisect_right([first for first, _, _ in ranges], section) - 1
    if index < 0:
        return None
    _, last, family = ranges[index]
    return family if section <= last else None
