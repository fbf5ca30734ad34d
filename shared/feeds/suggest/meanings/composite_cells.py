"""Cells that hold two things, such as `QUILL, ANA #1031`: which part of them is which field."""

import re
from collections.abc import Mapping
from itertools import islice

from shared.feeds.layout import Cut
from shared.feeds.suggest.columns.column_evidence import ColumnEvidence
from shared.feeds.suggest.columns.value_shapes import Shape

_NAME_AND_NUMBER = re.compile(r"[^#\d]+(?P<sign> ?#)\d[\w-]*")
_MOST = 0.8  # share of the cells
_LOOKED_AT = 1_000


def cuts_of_name(evidence: ColumnEvidence) -> Mapping[str, Cut]:
    """The cuts for the name and the number in one cell; empty where the cell has a name alone."""
    matches = [match for text in islice(evidence.texts, _LOOKED_AT) if (match := _NAME_AND_NUMBER.fullmatch(text))]
    if not matches or len(matches) < min(len(evidence.texts), _LOOKED_AT) * _MOST:
        return {}
    return {"name": Cut(before=matches[0]["sign"]), "number": Cut(after="#"), "booking_number": Cut(after="#")}


def cuts_of_sex(evidence: ColumnEvidence) -> Mapping[str, Cut]:
    """Race and sex in one cell: nothing but what follows the slash is read."""
    return {"sex": Cut(after="/")} if evidence.share(Shape.SEX_BEHIND) > _MOST else {}
