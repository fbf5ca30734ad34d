"""The states that issue identification numbers and keep criminal records: USPS abbreviations, with their names."""

import re
from collections.abc import Mapping
from functools import lru_cache

_NAMES = """AL Alabama, AK Alaska, AZ Arizona, AR Arkansas, CA California, CO Colorado, CT Connecticut, DE Delaware,
DC District of Columbia, FL Florida, GA Georgia, HI Hawaii, ID Idaho, IL Illinois, IN Indiana, IA Iowa, KS Kansas,
KY Kentucky, LA Louisiana, ME Maine, MD Maryland, MA Massachusetts, MI Michigan, MN Minnesota, MS Mississippi,
MO Missouri, MT Montana, NE Nebraska, NV Nevada, NH New Hampshire, NJ New Jersey, NM New Mexico, NY New York,
NC North Carolina, ND North Dakota, OH Ohio, OK Oklahoma, OR Oregon, PA Pennsylvania, RI Rhode Island,
SC South Carolina, SD South Dakota, TN Tennessee, TX Texas, UT Utah, VT Vermont, VA Virginia, WA Washington,
WV West Virginia, WI Wisconsin, WY Wyoming, AS American Samoa, GU Guam, MP Northern Mariana Islands, PR Puerto Rico,
VI Virgin Islands"""
STATE_NAMES: Mapping[str, str] = {entry[:2]: entry[3:] for entry in " ".join(_NAMES.split()).split(", ")}
STATES = frozenset(STATE_NAMES)
_NCIC = {"NB": "NE"}  # the FBI's code for Nebraska in ORIs and messages
_NOT_LETTER = re.compile(r"[^A-Z]+")
_BY_NAME = {_NOT_LETTER.sub("", name.upper()): code for code, name in STATE_NAMES.items()}


@lru_cache(maxsize=4_096)
def state_code(text: str) -> str | None:
    """The two letters of a state that is written as its letters or its name: `ny`, `N.Y.`, `New York`. None for what is
    no state."""
    letters = _NOT_LETTER.sub("", text.upper()) if len(text) <= 60 else ""
    code = _NCIC.get(letters, letters)
    return code if code in STATES else _BY_NAME.get(letters.removeprefix("STATEOF"))
