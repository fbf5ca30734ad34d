"""The steps that are shipped, read from `steps.toml`."""

from functools import cache

from shared.breaches.model import BreachSteps
from shared.value import read_rules


@cache
def default_steps() -> BreachSteps:
    return read_rules(__file__, "steps.toml", BreachSteps)
