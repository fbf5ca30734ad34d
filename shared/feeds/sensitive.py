"""Columns that are never read, whatever a profile says: what an alert has no need of and nobody here may hold."""

import re

_WORDS = frozenset(
    "SSN SSNO SOC SOCIAL ALIEN ANUMBER VISA PASSPORT CITIZENSHIP DIAGNOSIS MEDICATION PHOTO PHOTOS DNA RELIGION".split()
)
_PARTS = re.compile("SOCIAL.?SEC|IMMIGR|MEDICAL|MENTAL|HEALTH|MUGSHOT|IMAGE|PHOTOGRAPH|VICTIM|WITNESS")
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_BETWEEN = re.compile(r"[^A-Z]+")


def is_sensitive(header: str) -> bool:
    """By the words of a column's or an element's name: `SSN`, `Victim Name`, `personSSN`, `IMMIGRATION_STATUS`."""
    words = _BETWEEN.split(_CAMEL.sub(" ", header).upper())
    return not _WORDS.isdisjoint(words) or bool(_PARTS.search(" ".join(words)))
