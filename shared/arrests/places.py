"""Places of arrest, and the one spelling in which addresses and precincts are compared."""

import re
from functools import lru_cache

from pydantic import Field

from shared.arrests.person import normal_code
from shared.value import FrozenModel

# Source: USPS Publication 28, appendices B (directionals), C1 (street suffixes) and C2 (unit designators). Maps the
# abbreviation that stands for all spellings of a word to those that are seen most.
_SPELLINGS = {
    "N": "NORTH", "S": "SOUTH", "E": "EAST", "W": "WEST",
    "NE": "NORTHEAST", "NW": "NORTHWEST", "SE": "SOUTHEAST", "SW": "SOUTHWEST",
    "ALY": "ALLEY ALLEE ALLY", "AVE": "AVENUE AV AVEN AVENU AVN", "BLVD": "BOULEVARD BOULV", "BRG": "BRIDGE BRDGE",
    "CIR": "CIRCLE CIRC CIRCL CRCLE", "CT": "COURT CRT", "CTR": "CENTER CENTRE CENT CNTR", "CRES": "CRESCENT CRSENT",
    "XING": "CROSSING CRSSNG", "DR": "DRIVE DRIV DRV", "EXPY": "EXPRESSWAY EXP EXPR EXPRESS EXPW",
    "FWY": "FREEWAY FREEWY FRWY", "HWY": "HIGHWAY HIGHWY HIWAY HIWY", "JCT": "JUNCTION JCTION JUNCTN", "LN": "LANE",
    "LOOP": "LOOPS", "PKWY": "PARKWAY PARKWY PKWAY PKY", "PL": "PLACE", "PLZ": "PLAZA PLZA", "PT": "POINT",
    "RD": "ROAD", "RTE": "ROUTE RT", "SQ": "SQUARE SQR SQRE", "ST": "STREET STR STRT", "TER": "TERRACE TERR",
    "TPKE": "TURNPIKE TRNPK TURNPK", "TRL": "TRAIL TRAILS TRLS", "VLY": "VALLEY VALLY", "WAY": "WY",
    "APT": "APARTMENT", "BLDG": "BUILDING", "FL": "FLOOR FLR", "RM": "ROOM", "STE": "SUITE", "UNIT": "NUMBER",
}  # fmt: skip
_ABBREVIATION = {word: short for short, words in _SPELLINGS.items() for word in (*words.split(), short)}
_ORDINALS = dict(
    zip(
        "FIRST SECOND THIRD FOURTH FIFTH SIXTH SEVENTH EIGHTH NINTH TENTH".split(),
        "1 2 3 4 5 6 7 8 9 10".split(),
        strict=True,
    )
)
_HASH_UNIT = re.compile(r"#\s*")
_WORDS = re.compile(r"[0-9A-Z]+(?:-[0-9]+)?")
_ORDINAL_ENDING = re.compile(r"^(\d+)(?:ST|ND|RD|TH)$")


@lru_cache(maxsize=65_536)
def normal_address(text: str) -> str:
    """One street line in one spelling: `1 Elm Street`, `1 ELM ST.` and `1  elm str` are one; `82-12 9th Av`, as in
    Queens, keeps its hyphen. Empty when there is nothing to compare."""
    upper = text.upper().replace("'", "").replace(".", "")
    if "#" in upper:
        upper = _HASH_UNIT.sub(" UNIT ", upper)
    return " ".join(map(_spelling, _WORDS.findall(upper)))


@lru_cache(maxsize=16_384)
def _spelling(word: str) -> str:
    word = _ORDINAL_ENDING.sub(r"\1", word)
    return _ORDINALS.get(word) or _ABBREVIATION.get(word, word)


class Place(FrozenModel):
    """Where the arrest was made. Every field may be missing. Coordinates are WGS 84 degrees."""

    address: str = Field(default="", max_length=500)
    city: str = Field(default="", max_length=200)
    state: str = Field(default="", max_length=60)
    postcode: str = Field(default="", max_length=20)
    precinct: str = Field(default="", max_length=60)
    beat: str = Field(default="", max_length=60)
    latitude: float | None = Field(default=None, ge=-90, le=90)
    longitude: float | None = Field(default=None, ge=-180, le=180)


@lru_cache(maxsize=4_096)
def normal_precinct(text: str) -> str:
    """Drops case, spaces, punctuation and the leading zeros of a number. `101` and `0101` are one precinct, `Pct. 101`
    is another: nothing is guessed."""
    code = normal_code(text)
    return code.lstrip("0") or code if code.isdigit() else code
