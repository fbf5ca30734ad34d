"""Placeholders: what people and systems write where nothing is known. One list for numbers, dates, names and charges.

Read as a value, a placeholder would make one person of all who have it, or a birthday of a default.
"""

import re
from collections.abc import Collection
from functools import lru_cache

_WORDS = """
NA NONE NIL NULL NAN NAT UNK UNKN UNKNOWN UNKNOWNNAME NAMEUNKNOWN PENDING TBD TBA TBC UNAVAILABLE UNASSIGNED
UNSPECIFIED UNDETERMINED UNIDENTIFIED UNNAMED UNRECORDED UNDEFINED NOTAVAILABLE NOTAPPLICABLE NOTPROVIDED
NOTGIVEN NOTSTATED NOTKNOWN NOTLISTED NOTENTERED NOTREPORTED NOTRECORDED NOTSUPPLIED NOTSPECIFIED NOTASSIGNED
NOTYETASSIGNED NOTONFILE NOTFOUND NODATA NODATE NONUMBER NONAME NOVALUE NONEGIVEN NONELISTED NONEPROVIDED
NONEREPORTED TOBEDETERMINED TOBEASSIGNED BLANK EMPTY MISSING REFUSED WITHHELD DECLINED
"""
PLACEHOLDERS = frozenset(["", *_WORDS.split()])
"""Letters alone, in capitals: `N/A` is NA."""
_ALSO_NAMES = frozenset("NAT NAN NIL BLANK EMPTY MISSING NODATE NONUMBER".split())
NOBODY = PLACEHOLDERS - _ALSO_NAMES | set("FNU LNU MNU NFN NLN NMN NMI NOMIDDLENAME NOFIRSTNAME".split())
"""Surname and given name by which agencies say that they know none, as `normal_name` writes them: FNU is "first name
unknown". """
_NO_NAME_PARTS = NOBODY - {"NA", "NULL"}  # which are surnames, beside a given name
_HELD_X = frozenset("X" * count for count in range(2, 7))
_NO_NUMBER = re.compile(r"0+|9{4,}|X+")
_NOT_WORD = re.compile(r"[\W_]+")
_NOTHING_LISTED = re.compile(
    r"NO\s(?:\w+\s)?(?:ARRESTS?|CHARGES?|OFFEN[CS]ES?|DATA|RECORDS?|INFO(?:RMATION)?|DETAILS?)"
    r"(?:\s(?:LISTED|FOUND|AVAILABLE|ENTERED|FILED|REPORTED|PROVIDED|ON\sFILE|ON\sRECORD|YET|AT\sTHIS\sTIME))*"
    r"|(?:CHARGES?|OFFEN[CS]ES?)\s(?:PENDING|UNKNOWN|UNAVAILABLE|NOT\s(?:LISTED|AVAILABLE|ENTERED|FILED\sYET))",
)
_PROGRAM_TEXT = re.compile(r"<[\w.\s]+\bobject\b[^>]*>|\[object \w+\]|#(?:N/A|REF!|VALUE!|NAME\?|NULL!|DIV/0!|NUM!)")
_FIGURE = re.compile("[1-9]")  # only program texts have one
_NUMBER_FIGURE = re.compile("[1-8]")  # neither these nor a row of nines has one
_LONGEST = 80  # characters; a longer text says something


def is_placeholder(text: str) -> bool:
    """Whether a text says that nothing is known, or is what a program writes for no value. Blank counts."""
    if len(text) > _LONGEST or (_FIGURE.search(text) and "<" not in text):
        return not text.strip()
    return _is_placeholder(text)


@lru_cache(maxsize=65_536)
def _is_placeholder(text: str) -> bool:
    if _PROGRAM_TEXT.fullmatch(text.strip()):
        return True
    words = _NOT_WORD.sub(" ", text.upper()).strip()
    bare = words.replace(" ", "")
    return bare in PLACEHOLDERS or not bare.strip("0") or _NOTHING_LISTED.fullmatch(words) is not None


def is_no_number(text: str) -> bool:
    """Whether an identifier or a number says that there is none. Noughts, nines and X stand for digits to come."""
    if _NUMBER_FIGURE.search(text) and "<" not in text:
        return False
    return is_placeholder(text) or (len(text) <= _LONGEST and _is_one_key(text))


@lru_cache(maxsize=65_536)
def _is_one_key(text: str) -> bool:
    return _NO_NUMBER.fullmatch(_NOT_WORD.sub("", text.upper())) is not None


def is_no_name_part(text: str) -> bool:
    """Whether a surname, a given or a middle name says that there is none."""
    bare = _NOT_WORD.sub("", text.upper())
    return bare in _NO_NAME_PARTS or text.upper() == "N/A" or bare in _HELD_X


class Blanks:
    """The texts that say nothing in one agency's file: the placeholders, and those that its profile adds."""

    def __init__(self, texts: Collection[str] = ()) -> None:
        self._texts = frozenset(" ".join(text.split()).upper() for text in texts)

    def __bool__(self) -> bool:
        return bool(self._texts)

    def is_own(self, text: str) -> bool:
        """Whether the profile lists the text. Case and spaces do not count."""
        return bool(self._texts) and " ".join(text.split()).upper() in self._texts

    def without(self, text: str) -> str:
        """Returns the text stripped, "" for one that says nothing."""
        text = text.strip()
        if not text or is_placeholder(text) or (self._texts and self.is_own(text)):
            return ""
        return text
