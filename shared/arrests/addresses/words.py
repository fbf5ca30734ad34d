"""The words of addresses: each spelling with the one that stands for all.

Source: USPS Publication 28, appendices B (directionals), C1 (street suffixes), C2 (unit designators) and D (highways).
"""

import re
from collections.abc import Mapping

from shared.arrests import states


def _by_spelling(table: Mapping[str, str]) -> dict[str, str]:
    return {word: short for short, words in table.items() for word in (*words.split(), short)}


DIRECTIONALS = _by_spelling({
    "N": "NORTH NO", "S": "SOUTH SO", "E": "EAST", "W": "WEST",
    "NE": "NORTHEAST", "NW": "NORTHWEST", "SE": "SOUTHEAST", "SW": "SOUTHWEST",
})  # fmt: skip
SUFFIXES = _by_spelling({
    "ALY": "ALLEY ALLEE ALLY", "AVE": "AVENUE AV AVEN AVENU AVN", "BND": "BEND", "BLVD": "BOULEVARD BOULV BL",
    "BRG": "BRIDGE BRDGE", "CIR": "CIRCLE CIRC CIRCL CRCLE", "CT": "COURT CRT", "CTR": "CENTER CENTRE CENT CNTR",
    "CRES": "CRESCENT CRSENT", "CV": "COVE", "XING": "CROSSING CRSSNG", "DR": "DRIVE DRIV DRV",
    "EXPY": "EXPRESSWAY EXP EXPR EXPRESS EXPW", "FWY": "FREEWAY FREEWY FRWY", "HTS": "HEIGHTS HT", "HWY":
    "HIGHWAY HIGHWY HIWAY HIWY", "JCT": "JUNCTION JCTION JUNCTN", "LNDG": "LANDING LNDNG", "LN": "LANE",
    "LOOP": "LOOPS", "MNR": "MANOR", "PKWY": "PARKWAY PARKWY PKWAY PKY", "PASS": "", "PATH": "PATHS", "PL": "PLACE",
    "PLZ": "PLAZA PLZA", "PT": "POINT", "RD": "ROAD", "ROW": "", "RUN": "", "SQ": "SQUARE SQR SQRE",
    "ST": "STREET STR STRT", "TER": "TERRACE TERR", "TPKE": "TURNPIKE TRNPK TURNPK", "TRCE": "TRACE TRACES",
    "TRL": "TRAIL TRAILS TRLS", "VLY": "VALLEY VALLY", "WALK": "WALKS", "WAY": "WY",
})  # fmt: skip
# "" means that the word says nothing: APT 4B, UNIT 4B and # 4B are one unit.
UNITS = {
    "APT": "", "APARTMENT": "", "UNIT": "", "NUMBER": "", "STE": "", "SUITE": "", "RM": "RM", "ROOM": "RM",
    "FL": "FL", "FLOOR": "FL", "FLR": "FL", "BLDG": "BLDG", "BUILDING": "BLDG", "LOT": "LOT", "TRLR": "LOT",
    "SPC": "LOT", "SPACE": "LOT",
}  # fmt: skip
WITHOUT_NUMBER = frozenset("REAR BSMT BASEMENT FRNT FRONT UPPR UPPER LOWR LOWER PH PENTHOUSE".split())
_TENS = "TWENTY THIRTY FORTY FIFTY SIXTY SEVENTY EIGHTY NINETY".split()
TENS = {word: number for number, word in zip(range(20, 100, 10), _TENS, strict=True)}
_ONES = """FIRST SECOND THIRD FOURTH FIFTH SIXTH SEVENTH EIGHTH NINTH TENTH ELEVENTH TWELFTH THIRTEENTH FOURTEENTH
FIFTEENTH SIXTEENTH SEVENTEENTH EIGHTEENTH NINETEENTH""".split()
_TENTHS = "TWENTIETH THIRTIETH FORTIETH FIFTIETH SIXTIETH SEVENTIETH EIGHTIETH NINETIETH".split()
ORDINALS = {word: str(number) for number, word in enumerate(_ONES, 1)} | {
    word: str(number) for number, word in zip(range(20, 100, 10), _TENTHS, strict=True)
}
HIGHWAYS = (
    (re.compile(r"\b(?:U ?S|UNITED STATES) (?:HWY|HIGHWAY|RTE|ROUTE|RT) (\d+)"), r"US-\1"),
    (re.compile(r"\b(?:STATE (?:ROUTE|RTE|RT|ROAD|RD|HIGHWAY|HWY)|S ?R)[ -](\d+)"), r"SR-\1"),
    (re.compile(r"\b(?:(?:COUNTY|CO) (?:ROUTE|RTE|RT|ROAD|RD|HWY|HIGHWAY)|C ?R)[ -](\d+)"), r"CR-\1"),
    (re.compile(r"\b(?:INTERSTATE|I)[ -]?(\d+)\b"), r"I-\1"),
)
STATES = states.STATES - {"AS", "GU", "MP"}  # words that an address may have
NO_ADDRESS = frozenset([
    *"HOMELESS TRANSIENT UNDOMICILED UNDISCLOSED CONFIDENTIAL".split(),
    *("NO ADDRESS", "NO FIXED ADDRESS", "NO PERMANENT ADDRESS", "AT LARGE"),
])  # fmt: skip
"""What agencies write for no address, beside the placeholders of every field."""
