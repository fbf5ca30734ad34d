"""Cells that hold two things, such as `QUILL, ANA #1031`: which part of them is which field."""

import re
from collections.abc import Mapping, Sequence
from itertools import islice

from shared.feeds.layout import Cut
from shared.feeds.suggest.columns.column_evidence import ColumnEvidence
from shared.feeds.suggest.columns.value_shapes import Shape, shapes_of

_NAME_AND_NUMBER = re.compile(r"[^#\d]+(?P<sign> ?#)\d[\w-]*")
_STATUTE_AND_TEXT = re.compile(r"(?P<statute>[^\s(]\S*(?: \S{1,12}){0,2}?)(?P<sign> -{1,2} | – |: )(?P<text>\S.*)")
_TEXT_AND_CLASS = re.compile(r"[^()\[\]]+?(?P<open> ?[(\[])(?P<charge_class>[^()\[\]]+)[)\]]")
_CLOSING = {"(": ")", "[": "]"}
_CLASSES = {Shape.CLASS, Shape.DEGREE_CLASS}
_MOST = 0.8  # share of the cells
_LOOKED_AT = 1_000


def cuts_of_name(evidence: ColumnEvidence) -> Mapping[str, Cut]:
    """The cuts for the name and the number in one cell; empty where the cell has a name alone."""
    matches = [match for text in islice(evidence.texts, _LOOKED_AT) if (match := _NAME_AND_NUMBER.fullmatch(text))]
    if not matches or len(matches) < min(len(evidence.texts), _LOOKED_AT) * _MOST:
        return {}
    return {"name": Cut(before=matches[0]["sign"]), "number": Cut(after="#"), "booking_number": Cut(after="#")}


def cuts_of_charge(evidence: ColumnEvidence, *, has_class: bool) -> Mapping[str, Cut]:
    """The cuts for `13A-8-3 - THEFT (FELONY)`, with or without its class; empty where a cell is written otherwise.

    A cell without the sign would be read as no charge, so that every cell of the sample must have it, once.
    """
    matches = [_STATUTE_AND_TEXT.fullmatch(text) for text in evidence.texts]
    if evidence.separator or not matches or not all(matches):
        return {}
    split = [match for match in matches if match]
    [sign, *others] = {match["sign"] for match in split}
    is_statute = all(Shape.STATUTE in shapes_of(match["statute"]) for match in split)
    if others or not is_statute:
        return {}
    opening = "" if has_class else _opening_of_class([match["text"] for match in split])
    cuts = {"statute": Cut(before=sign), "charge": Cut(after=sign, before=opening)}
    return cuts | ({"charge_class": Cut(after=opening, before=_CLOSING[opening.strip()])} if opening else {})


def _opening_of_class(texts: Sequence[str]) -> str:
    """The bracket in which all texts have their class; empty where one has none."""
    matches = [_TEXT_AND_CLASS.fullmatch(text) for text in texts]
    openings = {match["open"] if match else "" for match in matches}
    are_classes = all(match and _CLASSES & shapes_of(match["charge_class"]) for match in matches)
    return openings.pop() if are_classes and len(openings) == 1 else ""


def cuts_of_sex(evidence: ColumnEvidence) -> Mapping[str, Cut]:
    """Race and sex in one cell: nothing but what follows the slash is read."""
    return {"sex": Cut(after="/")} if evidence.share(Shape.SEX_BEHIND) > _MOST else {}
