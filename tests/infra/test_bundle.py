"""The real dependency sets, for this machine: what a function imports must be in its layers."""

import hashlib
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from infra import bundle
from tests.infra.shipped import HERE, LAYERS, imports, init_seconds, secrets, trees
from tests.infra.template import FUNCTIONS, Assembly
from tests.widths import thorough


@pytest.fixture(scope="session")
def installed() -> Iterator[dict[str, Path]]:
    with trees() as made:
        yield made


@pytest.fixture(scope="session")
def secrets_endpoint() -> Iterator[str]:
    with secrets() as endpoint:
        yield endpoint


COMPILED = {
    "core": "pydantic_core",
    "feeds": "yaml",
    "matching": "rapidfuzz",
    "policy": "cedarpy",
    "console": "markupsafe",
}
WORDS_OF_A_LICENCE = re.compile("licen[cs]e|copying|notice", re.IGNORECASE)
SMALL_LAYERS = ["policy", "matching"]  # the latter with the tables of names, which are made here
EACH_LAYER = ["receive_feed", "send_alerts", "console"]  # between them they import from every one


@pytest.mark.parametrize("name", [*EACH_LAYER, *thorough(*sorted(set(FUNCTIONS) - set(EACH_LAYER)))])
def test_a_handler_imports_from_what_is_shipped(
    prod: Assembly, installed: dict[str, Path], secrets_endpoint: str, name: str
):
    """How long it takes is a line of `make bench`."""
    assert init_seconds(name, prod, installed, secrets_endpoint) > 0


def test_senders_carry_the_rules_that_they_load_only_for_an_arrest_that_has_changed(
    installed: dict[str, Path], secrets_endpoint: str
):
    assert imports("send_alerts", "shared.matching.rules.compile_rule", installed, secrets_endpoint)


def test_the_layers_of_the_test_are_those_of_the_template(prod: Assembly):
    shipped = {name: len(prod.function(name)["Layers"]) for name in FUNCTIONS}
    assert shipped == {name: len(groups) for name, groups in LAYERS.items()}


@pytest.fixture(scope="module")
def layers() -> dict[str, tuple[Path, str]]:
    return {group: bundle.layer(group) for group in COMPILED}


def test_the_layers_hold_wheels_of_the_lambda_platform(layers: dict[str, tuple[Path, str]]):
    for group, compiled in COMPILED.items():
        folder, _ = layers[group]
        binaries = [path.name for path in (folder / "python" / compiled).rglob("*.so")]
        assert binaries
        assert all("cpython-313-aarch64-linux-gnu" in name for name in binaries)


def test_boto3_is_shipped_with_the_services_that_our_code_calls(layers: dict[str, tuple[Path, str]]):
    data = layers["core"][0] / "python" / "botocore" / "data"
    services = {path.name for path in data.glob("*/")}
    assert services == bundle.services_called() >= {"dynamodb", "s3", "sqs", "sns", "sesv2", "secretsmanager"}
    assert (data / "endpoints.json").exists()


def test_every_library_in_a_layer_brings_its_licence_or_is_in_the_notice(layers: dict[str, tuple[Path, str]]):
    notice = (bundle.ROOT / "NOTICE").read_text()
    for folder, _ in layers.values():
        for metadata in (folder / "python").glob("*.dist-info"):
            has_text = any(WORDS_OF_A_LICENCE.match(path.name) for path in metadata.rglob("*"))
            assert has_text or f"- {metadata.name.removesuffix('.dist-info').replace('-', ' ')}" in notice, (
                metadata.name
            )


def test_the_code_asset_is_our_two_folders_and_no_rubbish():
    folder, _ = bundle.code()
    assert {path.name for path in folder.iterdir()} == {"functions", "shared"}
    assert not [path for path in folder.rglob("*") if path.name == "tests" or HERE.replace(".", "") in path.suffixes]


def test_the_same_content_is_built_once_and_named_alike(layers: dict[str, tuple[Path, str]]):
    assert bundle.layer("core") == layers["core"]
    assert bundle.code() == bundle.code()


def contents(folder: Path) -> dict[str, str]:
    """The hash of each file."""
    files = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


@pytest.mark.parametrize("group", [*SMALL_LAYERS, *thorough(*sorted(set(COMPILED) - set(SMALL_LAYERS)))])
def test_a_layer_that_two_people_build_is_the_same_to_the_byte(tmp_path: Path, group: str):
    (folder, name), (other_folder, other_name) = (
        bundle.layer(group, cache=tmp_path / builder) for builder in ("ada", "of-a-name-of-another-length")
    )
    assert folder != other_folder
    assert name == other_name
    assert contents(folder) == contents(other_folder) != {}


def test_our_code_that_two_people_build_is_the_same_to_the_byte(tmp_path: Path):
    (folder, name), (other_folder, other_name) = (
        bundle.code(cache=tmp_path / builder) for builder in ("ada", "of-a-name-of-another-length")
    )
    assert folder != other_folder
    assert name == other_name
    assert contents(folder) == contents(other_folder) != {}


@pytest.mark.skipif(bundle.lambda_python() is None, reason="this machine has no Python of Lambda's release")
def test_whoever_has_lambdas_python_ships_bytecode_of_every_module(layers: dict[str, tuple[Path, str]]):
    for folder in (bundle.code()[0], *(folder for folder, _ in layers.values())):
        modules = {path.relative_to(folder) for path in folder.rglob("*.py")}
        compiled = {
            path.parent.parent.relative_to(folder) / f"{path.name.split('.')[0]}.py" for path in folder.rglob("*.pyc")
        }
        assert modules - compiled == set()


def test_with_bytecode_and_without_it_are_two_contents_by_name():
    assert bundle.digest_of_code(bundle.form("python3.13")) != bundle.digest_of_code(bundle.form(None))
