"""The rules that are shipped, read from `rules.yaml`."""

from functools import cache

from shared.disclosures.model import DisclosureRules
from shared.value import read_rules


@cache
def default_rules() -> DisclosureRules:
    return read_rules(__file__, "rules.yaml", DisclosureRules)
