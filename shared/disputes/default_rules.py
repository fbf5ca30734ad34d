"""The rules that are shipped, read from `rules.toml`."""

from functools import cache

from shared.disputes.model import DisputeRules, ShippedRules
from shared.value import read_rules


@cache
def shipped_rules() -> ShippedRules:
    return read_rules(__file__, "rules.toml", ShippedRules)


def default_rules(ori: str) -> DisputeRules:
    """Those of the state that the ORI of an office begins with."""
    shipped = shipped_rules()
    return shipped.states.get(ori[:2], shipped.otherwise)
