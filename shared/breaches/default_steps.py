"""The steps that are shipped, read from `steps.yaml`."""

from functools import cache
from pathlib import Path

import yaml

from shared.breaches.model import BreachSteps


@cache
def default_steps() -> BreachSteps:
    text = Path(__file__).with_name("steps.yaml").read_text(encoding="utf-8")
    return BreachSteps.model_validate(yaml.safe_load(text))
