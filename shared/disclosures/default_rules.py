"""The rules that are shipped, read from `rules.yaml`."""

from functools import cache
from pathlib import Path

import yaml

from shared.disclosures.model import DisclosureRules


@cache
def default_rules() -> DisclosureRules:
    text = Path(__file__).with_name("rules.yaml").read_text(encoding="utf-8")
    return DisclosureRules.model_validate(yaml.safe_load(text))
