"""The rules that are shipped, read from `rules.yaml`."""

from functools import cache
from pathlib import Path

import yaml

from shared.records_requests.model import RequestRules


@cache
def default_rules() -> RequestRules:
    text = Path(__file__).with_name("rules.yaml").read_text(encoding="utf-8")
    return RequestRules.model_validate(yaml.safe_load(text))
