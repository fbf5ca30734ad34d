"""The rules that are shipped, read from `rules.yaml`."""

from functools import cache
from pathlib import Path

import yaml

from shared.disputes.model import DisputeRules, ShippedRules


@cache
def shipped_rules() -> ShippedRules:
    text = Path(__file__).with_name("rules.yaml").read_text(encoding="utf-8")
    return ShippedRules.model_validate(yaml.safe_load(text))


def default_rules(ori: str) -> DisputeRules:
    """Those of the state that the ORI of an office begins with."""
    shipped = shipped_rules()
    return shipped.states.get(ori[:2], shipped.otherwise)
