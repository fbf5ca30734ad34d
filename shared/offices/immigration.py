"""Immigration enforcement, by the words that name it. Nothing here serves it, so no text of an office may name it.

One list for purposes and for every free text: case numbers, notes, references, contacts, titles of folders, rows of
lists. A purpose is a word of a closed list, so any mention refuses it. A free text also says other things: `Ice` is a
surname and a road is icy, DHS is many states' department of human services, INS abbreviates insurance. So in a free
text the codes count in capitals alone or in a phrase, and words that only look alike are passed over.
"""

import re
import unicodedata

# English and Spanish, the languages that offices write in. Whole words, or their beginnings where a `*` ends them.
_ANYWHERE = (
    "immigra*",
    "inmigra*",
    "migra",
    "deport*",
    "uscis",
    "sevis",
    "removal order*",
    "removal proceeding*",
    "order of removal",
    "alien removal*",
    "illegal alien*",
    "criminal alien*",
    "alien registration*",
    "undocumented alien*",
    "undocumented person*",
    "undocumented worker*",
    "visa overstay*",
    "border patrol*",
    "homeland security",
    "customs and border*",
)
_NOT_MEANT = (
    "deportment",
    "deporte",
    "deportes",
    "deportivo*",
    "deportiva*",
    "deportista*",
)
"""Conduct, and Spanish for sport."""
_CODES_IN_CAPITALS = ("ICE", "ERO", "CBP", "HSI")
_CODES_IN_PHRASES = ("ice", "dhs", "ins", "ero", "cbp", "hsi")
_BESIDE_A_CODE = (
    "agent* custody detain* detention detainer* enforcement facility field hold* officer* raid* removal* warrant*"
).split()
_BEFORE_ICE = ("notify", "call", "contact", "inform", "tell", "alert", "report to", "turned over to", "transfer to")
_PURPOSE_CODES = frozenset({"ice", "ero", "cbp", "uscis", "dhs", "hsi", "ins", "287g", "287", "sevis"})
_PURPOSE_STEMS = (
    "immigra",
    "inmigra",
    "deport",
    "removalorder",
    "removalproceeding",
    "alienremoval",
    "visaoverstay",
    "borderpatrol",
    "homelandsecurity",
)


def _pattern(words: tuple[str, ...] | list[str]) -> str:
    return "|".join(re.escape(word).replace(r"\*", r"\w*").replace(r"\ ", r"[\s_-]+") for word in words)


_MEANT = re.compile(
    rf"\b(?!(?:{_pattern(_NOT_MEANT)})\b)(?:{_pattern(_ANYWHERE)})\b"
    rf"|(?<![\w-])287\s?\(?g\)?(?![\w-])"  # 8 U.S.C. 1357(g), by its section of the Act; CR-287-G is a case number
    rf"|\b(?:{_pattern(_CODES_IN_PHRASES)})[\s_-]+(?:{_pattern(_BESIDE_A_CODE)})\b"
    rf"|\b(?:{_pattern(_BEFORE_ICE)})\s+(?:the\s+)?ice\b"
    rf"|@(?:\w+\.)*dhs\.gov\b",
    re.IGNORECASE,
)
_CAPITALS = re.compile(rf"(?<![\w'])(?:{'|'.join(_CODES_IN_CAPITALS)}|I\.\s?C\.\s?E\.?|I C E)(?![\w'])")
_SURNAME_IN_CAPITALS = re.compile(r"\bICE,\s+[A-Z]")  # a surname as rosters write it: `ICE, PAT`
# What is there and cannot be seen: soft hyphens, zero-width characters, marks of direction, selectors of variants, tags
# (Unicode, DerivedCoreProperties: Default_Ignorable_Code_Point).
_INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164"
    "\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufff8\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)


def names_immigration(text: str) -> bool:
    """Whether a free text names immigration enforcement, as far as words tell."""
    plain = _INVISIBLE.sub("", unicodedata.normalize("NFKC", text))
    return bool(_MEANT.search(plain) or _CAPITALS.search(_SURNAME_IN_CAPITALS.sub("", plain)))


def is_immigration_purpose(text: str) -> bool:
    """Whether a stated purpose names it, however it is spelt. `text` is in lower case."""
    words = re.findall(r"[a-z0-9]+", text)
    joined = "".join(words)
    initials = "".join(re.findall(r"\b([a-z])\b", text))  # "i.c.e." -> "ice"
    has_code = not _PURPOSE_CODES.isdisjoint([*words, initials])
    return has_code or any(stem in joined for stem in _PURPOSE_STEMS)
