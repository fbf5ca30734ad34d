from collections.abc import Iterator

import pytest

from infra.environments import ENVIRONMENTS
from tests.infra.template import Assembly
from tests.local.deployment import assembly as assembly_of


@pytest.fixture(scope="session")
def assemblies() -> dict[str, Assembly]:
    return {name: Assembly(name, assembly_of(name)) for name in ENVIRONMENTS}


@pytest.fixture(params=sorted(ENVIRONMENTS))
def assembly(request: pytest.FixtureRequest, assemblies: dict[str, Assembly]) -> Iterator[Assembly]:
    return assemblies[request.param]


@pytest.fixture(scope="session")
def prod(assemblies: dict[str, Assembly]) -> Assembly:
    return assemblies["prod"]
