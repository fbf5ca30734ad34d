"""Rules: which criteria an arrest matches, and why. `index_terms` bring up candidates, `evaluate` decides each of
them."""

from shared.matching.rules.arrest_features import ArrestFeatures
from shared.matching.rules.evaluate import compile_rule, reason_of
from shared.matching.rules.index_terms import (
    TooBroadError,
    alias_term,
    posting_terms,
    selective_terms,
    terms_of,
    terms_watched,
)

__all__ = [
    "ArrestFeatures",
    "TooBroadError",
    "alias_term",
    "compile_rule",
    "posting_terms",
    "reason_of",
    "selective_terms",
    "terms_of",
    "terms_watched",
]
