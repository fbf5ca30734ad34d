"""`make sbom` lists what is shipped: each library of a layer, and the package whose tables lie in one."""

import json
import re
import shlex
from pathlib import Path
from typing import NamedTuple

import pytest

from infra import bundle
from tests.infra.shipped import LAYERS

MAKEFILE = (bundle.ROOT / "Makefile").read_text()
GROUPS = sorted({group for groups in LAYERS.values() for group in groups})


class Component(NamedTuple):
    name: str
    version: str


def normal(name: str) -> str:
    """Packaging's normal form of a name (PEP 503)."""
    return re.sub(r"[-_.]+", "-", name).lower()


@pytest.fixture(scope="module")
def listed(tmp_path_factory: pytest.TempPathFactory) -> set[Component]:
    """What the recipe of `make sbom` writes, without the network."""
    [shipped] = re.findall(r"^SHIPPED := (.+)$", MAKEFILE, re.MULTILINE)
    [recipe] = re.findall(r"\$\(UV\) (export .+ --format cyclonedx1\.5 .+)$", MAKEFILE, re.MULTILINE)
    groups = " ".join(f"--only-group {group}" for group in shipped.split())
    command = recipe.replace("$(SHIPPED:%=--only-group %)", groups).partition(" --output-file ")[0]
    assert "$" not in command, "the recipe has a variable that this test does not know"
    output = tmp_path_factory.mktemp("sbom") / "sbom.json"
    bundle.run([bundle.uv(), *shlex.split(command), "--offline", "--output-file", str(output)])
    document = json.loads(output.read_text())
    assert document["bomFormat"] == "CycloneDX"
    return {Component(normal(entry["name"]), entry.get("version", "")) for entry in document["components"]}


def libraries_in(layer: Path) -> set[Component]:
    names = (path.name.removesuffix(".dist-info") for path in (layer / "python").glob("*.dist-info"))
    return {Component(normal(name), version) for name, _, version in (entry.partition("-") for entry in names)}


@pytest.mark.parametrize("group", GROUPS)
def test_every_library_of_a_layer_is_listed_with_its_version(listed: set[Component], group: str) -> None:
    folder, _ = bundle.layer(group)
    libraries = libraries_in(folder)
    assert libraries
    assert libraries - listed == set()


def test_what_the_notice_names_is_listed_too_though_only_its_tables_are_shipped(listed: set[Component]) -> None:
    named = re.findall(r"^- (\w+) ([\d.]+\d)", (bundle.ROOT / "NOTICE").read_text(), re.MULTILINE)
    assert {name for name, _ in named} == {"names", "nicknames"}
    assert {Component(name, version) for name, version in named} <= listed


def test_what_is_not_shipped_is_not_listed(listed: set[Component]) -> None:
    assert {"pytest", "moto", "aws-cdk-lib", "ministack"} & {component.name for component in listed} == set()
