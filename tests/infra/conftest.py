from collections.abc import Iterator
from pathlib import Path

import pytest

from infra.app import assemble
from infra.environments import ENVIRONMENTS
from tests.infra.template import Assembly


def synthesised(name: str, folder: Path) -> Assembly:
    try:
        assemble(ENVIRONMENTS[name], outdir=str(folder)).synth()
    except RuntimeError:
        # cdk-nag's findings raise after everything is written; the tests of nag read them from the report.
        if not (folder / "validation-report.json").exists():
            raise
    return Assembly(name, folder)


@pytest.fixture(scope="session")
def assemblies(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Assembly]:
    return {name: synthesised(name, tmp_path_factory.mktemp(f"cdk-{name}")) for name in ENVIRONMENTS}


@pytest.fixture(params=sorted(ENVIRONMENTS))
def assembly(request: pytest.FixtureRequest, assemblies: dict[str, Assembly]) -> Iterator[Assembly]:
    return assemblies[request.param]


@pytest.fixture(scope="session")
def prod(assemblies: dict[str, Assembly]) -> Assembly:
    return assemblies["prod"]
