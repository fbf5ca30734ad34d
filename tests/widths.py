"""Which cases of a test `make test` runs, and which only the wider runs."""

from typing import Any

import pytest


def thorough(*cases: Any) -> list[Any]:
    """Cases that `make thorough` runs: beside the one or two of `make test` they show more of the same."""
    return [pytest.param(case, marks=pytest.mark.thorough) for case in cases]
