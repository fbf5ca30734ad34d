"""Which cases of a test `make test` runs, and which only the wider runs."""

from typing import Any

import pytest


def thorough(*cases: Any) -> list[Any]:
    """Cases that `make thorough` runs: beside the one or two of `make test` they show more of the same."""
    return [pytest.param(case, marks=pytest.mark.thorough) for case in cases]


def exhaustive(*cases: Any) -> list[Any]:
    """Cases that only `make exhaustive` runs: still more of the same, for a release."""
    return [pytest.param(case, marks=pytest.mark.exhaustive) for case in cases]
