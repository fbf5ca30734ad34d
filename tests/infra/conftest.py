from typing import TYPE_CHECKING

import pytest

from tests.infra.template import Assembly

if TYPE_CHECKING:
    from infra.environments import Environment


ASSEMBLIES = {
    "dev": Assembly("dev"),
    "gov": Assembly("prod", "us-gov-west-1"),
    "local": Assembly("local"),
    "prod": Assembly("prod"),
}


@pytest.fixture(scope="session")
def environments() -> "dict[str, Environment]":
    from infra.environments import ENVIRONMENTS  # noqa: PLC0415 - starts Node

    return ENVIRONMENTS


@pytest.fixture(scope="session")
def assemblies() -> dict[str, Assembly]:
    return ASSEMBLIES


@pytest.fixture(params=ASSEMBLIES)
def assembly(request: pytest.FixtureRequest, assemblies: dict[str, Assembly]) -> Assembly:
    return assemblies[request.param]


@pytest.fixture(scope="session")
def gov(assemblies: dict[str, Assembly]) -> Assembly:
    """prod, in GovCloud."""
    return assemblies["gov"]


@pytest.fixture(scope="session")
def prod(assemblies: dict[str, Assembly]) -> Assembly:
    return assemblies["prod"]
