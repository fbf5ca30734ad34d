"""Ages and age groups: whether they mean under 18. A range that begins below 18 may be a minor's."""

import re

from shared.arrests.model import ADULT_FROM
from shared.arrests.person import OLDEST

_UPWARDS = re.compile(r"(?:>=?|OVER|ABOVE|AT LEAST)\s*(\d{1,3})")
_DOWNWARDS = re.compile(r"(?:<=?|-|UNDER|BELOW|UP TO|YOUNGER THAN|LESS THAN)\s*(\d{1,3})")
_AND_DOWNWARDS = re.compile(r"(\d{1,3})\s*(?:YEARS?\s*|YRS?\s*)?(?:AND|OR|&)\s*(?:UNDER|YOUNGER|LESS|BELOW)")
_LOWER_END = re.compile(r"(\d{1,3})(?!\d)")  # `17`, `17 yrs`, and the lower end of `10-17`
_MINOR = frozenset("JUVENILE JUV MINOR CHILD YOUTH".split())
_ADULT = frozenset(["ADULT"])


def means_minor(text: str, minor_words: frozenset[str] = frozenset()) -> bool | None:
    """None where the text says nothing. `minor_words` are the agency's own words, in capitals."""
    text = " ".join(text.upper().split())
    if text in minor_words or text in _MINOR:
        return True
    if text in _ADULT:
        return False
    if _DOWNWARDS.match(text) or _AND_DOWNWARDS.match(text):
        return True
    match = _UPWARDS.match(text) or _LOWER_END.match(text)
    if match is None or int(match[1]) > OLDEST:
        return None
    return int(match[1]) < ADULT_FROM
