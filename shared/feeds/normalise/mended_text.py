"""Letters that were decoded with the wrong encoding: `MUÃ‘OZ` is MUÑOZ, whose UTF-8 was read as cp1252.

A text that is UTF-8 under cp1252 is hardly ever anything else, so it is mended and the arrest is flagged. Files whose
profile names the wrong encoding are read so, and files whose export had the fault before.
"""

import re
from itertools import chain
from typing import TypeVar

from shared.feeds.record import CaseText, ChargeText, EventText, NameText, PersonText, PlaceText, RawRecord

Texts = TypeVar("Texts", EventText, NameText, PersonText, PlaceText, ChargeText, CaseText)

_CONTINUATION = "\u0080-\u00bf\u0152\u0153\u0160\u0161\u0178\u017d\u017e\u0192\u02c6\u02dc\u2013-\u203a\u20ac\u2122"
_SUSPICIOUS = re.compile(f"[\u00c2-\u00f4][{_CONTINUATION}]")


def is_suspicious(record: RawRecord) -> bool:
    """A quick test on the row; where a format gives none, or withholds it, on the texts."""
    row = record.row
    if row and not row.startswith("("):
        return not row.isascii() and _SUSPICIOUS.search(row) is not None
    texts = [*chain.from_iterable(_text_tuples(record))]
    return not "".join(texts).isascii() and any(map(_SUSPICIOUS.search, texts))


def mend_record(record: RawRecord) -> tuple[RawRecord, bool]:
    """Returns the record with its letters, and whether any was wrong."""
    mended = record._replace(
        event=_mend_all(record.event),
        names=tuple(map(_mend_all, record.names)),
        person=_mend_all(record.person),
        place=_mend_all(record.place),
        charges=tuple(map(_mend_all, record.charges)),
        case=_mend_all(record.case),
    )
    return mended, mended != record


def mend(text: str) -> str:
    if text.isascii() or not _SUSPICIOUS.search(text):
        return text
    try:
        return b"".join(map(_as_byte, text)).decode()
    except UnicodeError:
        return text


def _as_byte(letter: str) -> bytes:
    """cp1252 leaves five bytes out, which programs take as they are."""
    return bytes([ord(letter)]) if ord(letter) < 256 else letter.encode("cp1252")


def _text_tuples(record: RawRecord) -> tuple[tuple[str, ...], ...]:
    return (record.event, *record.names, record.person, record.place, *record.charges, record.case)


def _mend_all(texts: Texts) -> Texts:
    return type(texts)(*map(mend, texts))
