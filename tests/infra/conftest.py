from typing import TYPE_CHECKING

import pytest

from tests.infra.template import Assembly

if TYPE_CHECKING:
    from infra.environments import Environment


NAMES = ["dev", "local", "prod"]


@pytest.fixture(scope="session")
def environments() -> "dict[str, Environment]":
    from infra.environments import ENVIRONMENTS  # noqa: PLC0415 - starts Node

    return ENVIRONMENTS


@pytest.fixture(scope="session")
def assemblies() -> dict[str, Assembly]:
    return {name: Assembly(name) for name in NAMES}


@pytest.fixture(params=NAMES)
def assembly(request: pytest.FixtureRequest, assemblies: dict[str, Assembly]) -> Assembly:
    return assemblies[request.param]


@pytest.fixture(scope="session")
def prod(assemblies: dict[str, Assembly]) -> Assembly:
    return assemblies["prod"]
