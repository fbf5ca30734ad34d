"""Criteria: what an office may watch, as values. How each of them is indexed and decided is in `shared/matching/rules`,
which needs libraries that the rest of the product starts without."""

from shared.matching.criteria.criterion import (
    Combination,
    Criterion,
    default_kinds,
    is_about,
    kinds_told,
    names_person,
    positive_leaves,
)
from shared.matching.criteria.reason import Contrast, Grade, Reason, ReasonKind, Term, Watch
from shared.matching.criteria.refusals import STORED
from shared.matching.criteria.registry import Leaf

__all__ = [
    "STORED",
    "Combination",
    "Contrast",
    "Criterion",
    "Grade",
    "Leaf",
    "Reason",
    "ReasonKind",
    "Term",
    "Watch",
    "default_kinds",
    "is_about",
    "kinds_told",
    "names_person",
    "positive_leaves",
]
