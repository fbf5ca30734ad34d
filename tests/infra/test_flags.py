"""The CDK library behaves as its makers recommend for new projects, but for what is said here."""

import json
import tarfile
from pathlib import Path

import aws_cdk
import pytest

from infra.bundle import ROOT

# Flag -> what it is here, and why it is not as recommended.
OTHERWISE = {
    "@aws-cdk/aws-iam:minimizePolicies": (False, "a grant stays the row that is written, which test_permissions reads"),
    "@aws-cdk/core:defaultCrossStackReferences": ("strong", "an export protects what a deployed service still names"),
    "@aws-cdk/core:target-partitions": (["aws", "aws-us-gov"], "the partitions of infra/regions.py"),
}


def recommended() -> dict[str, object]:
    """What `cdk init` of the installed library writes into a new project."""
    [archive] = (Path(aws_cdk.__file__).parent / "_jsii").glob("aws-cdk-lib@*.jsii.tgz")
    with tarfile.open(archive) as packed:
        member = packed.extractfile("package/recommended-feature-flags.json")
        assert member
        flags: dict[str, object] = json.load(member)
        return flags


def test_every_recommended_flag_is_set_or_its_absence_explained() -> None:
    ours = json.loads((ROOT / "cdk.json").read_text())["context"]
    assert ours == recommended() | {flag: value for flag, (value, _) in OTHERWISE.items()}
    assert all(recommended()[flag] != value for flag, (value, _) in OTHERWISE.items()), "it is as recommended by now"


@pytest.mark.exhaustive  # CDK is started for it alone: ten seconds
def test_a_new_layer_is_a_new_version_of_its_functions(tmp_path: Path) -> None:
    """Otherwise `live` would go on with the libraries of the release before."""
    assert _version_with("boto3 1", tmp_path / "one") == _version_with("boto3 1", tmp_path / "same")
    assert _version_with("boto3 1", tmp_path / "one") != _version_with("boto3 2", tmp_path / "two")


def _version_with(library: str, folder: Path) -> str:
    """Returns the logical id of the version of a function with this library in its layer."""
    from aws_cdk import App, Stack  # noqa: PLC0415 - starts Node
    from aws_cdk import aws_lambda as lambda_  # noqa: PLC0415
    from aws_cdk.assertions import Template  # noqa: PLC0415

    folder.mkdir(exist_ok=True)
    (folder / "library.txt").write_text(library)
    stack = Stack(App(context=json.loads((ROOT / "cdk.json").read_text())["context"]), "releases")
    function = lambda_.Function(
        stack,
        "Function",
        runtime=lambda_.Runtime.PYTHON_3_13,
        handler="index.handler",
        code=lambda_.Code.from_inline("def handler(event, context): ..."),
        layers=[lambda_.LayerVersion(stack, "Layer", code=lambda_.Code.from_asset(str(folder)))],
    )
    assert function.current_version
    [id_] = Template.from_stack(stack).find_resources("AWS::Lambda::Version")
    return str(id_)
