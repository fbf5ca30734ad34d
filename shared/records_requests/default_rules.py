"""The rules that are shipped, read from `rules.toml`."""

from functools import cache

from shared.records_requests.model import RequestRules
from shared.value import read_rules


@cache
def default_rules() -> RequestRules:
    return read_rules(__file__, "rules.toml", RequestRules)
