"""Synthesise the CDK app once, and deploy what came out onto the local cloud, unchanged."""

from __future__ import annotations

import compileall
import fcntl
import hashlib
import io
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass
from graphlib import TopologicalSorter
from pathlib import Path
from py_compile import PycInvalidationMode
from typing import Any

from botocore.exceptions import ClientError

from infra.bundle import remove_old
from tests.local.cloud import ACCOUNT, PATIENCE, REGION, REPOSITORY, LocalCloud
from tests.local.handshakes import send_handshakes

NAG_REPORT = "validation-report.json"
CLOUDFORMATION = "aws:cloudformation:stack"  # an artifact's type in the manifest
INFRA = ("infra", "cdk.json", "pyproject.toml", "uv.lock")
CODE = ("functions", "shared")


class SynthError(Exception):
    pass


class DeployError(Exception):
    pass


def assembly(environment: str = "local", region: str = "", *, app: Path = REPOSITORY / "infra" / "app.py") -> Path:
    """The cloud assembly of the app, in another region than the environment's own if one is given. It is synthesised
    (10 s) when a file that it is made from has changed."""
    cache = REPOSITORY / ".cache" / "assemblies"
    cache.mkdir(parents=True, exist_ok=True)
    made = cache / f"{environment}{region}-{_fingerprint(INFRA)}-{_fingerprint(CODE)}"
    with (cache / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # whoever comes second finds what the first has made
        if not made.exists():
            making = Path(tempfile.mkdtemp(dir=cache))
            _synthesise(app, {"environment": environment, "region": region}, making)
            making.rename(made)
            remove_old(cache)
    return made


def assembly_of_any_code(environment: str = "local") -> Path:
    """An assembly of the present infrastructure, perhaps with older code: tables, queues and grants are the same."""
    made = (REPOSITORY / ".cache" / "assemblies").glob(f"{environment}-{_fingerprint(INFRA)}-*")
    return next(made, None) or assembly(environment)


def product_template(assembly_dir: Path) -> dict[str, Any]:
    """The templates of all stacks as one: an imported value is what its stack exports, as though it were of this one.

    Raises DeployError where two stacks use one logical id.
    """
    templates = [json.loads(stack.template.read_text()) for stack in Stack.all(assembly_dir)]
    exports = {
        output["Export"]["Name"]: output["Value"]
        for template in templates
        for output in template.get("Outputs", {}).values()
        if "Export" in output
    }
    merged: dict[str, Any] = {"Resources": {}, "Outputs": {}}
    for template in templates:
        if both := merged["Resources"].keys() & template["Resources"].keys():
            raise DeployError(f"two stacks have a resource of the name {', '.join(sorted(both))}")
        merged["Resources"] |= _with_imports(template["Resources"], exports)
        merged["Outputs"] |= _with_imports(template.get("Outputs", {}), exports)
    return merged


def _with_imports(value: Any, exports: dict[str, Any]) -> Any:
    match value:
        case {"Fn::ImportValue": str(name)}:
            return exports[name]
        case dict():
            return {key: _with_imports(entry, exports) for key, entry in value.items()}
        case list():
            return [_with_imports(entry, exports) for entry in value]
    return value


def _fingerprint(sources: Iterable[str]) -> str:
    digest = hashlib.sha256()
    for source in sources:
        path = REPOSITORY / source
        files = sorted(path.rglob("*")) if path.is_dir() else [path]
        for file in files:
            if file.is_file() and "__pycache__" not in file.parts:
                digest.update(str(file.relative_to(REPOSITORY)).encode() + b"\0" + file.read_bytes() + b"\0")
    return digest.hexdigest()[:16]


def _synthesise(app: Path, of: dict[str, str], folder: Path) -> None:
    settings = REPOSITORY / "cdk.json"
    context = json.loads(settings.read_text()).get("context", {}) if settings.exists() else {}
    ran = subprocess.run(
        [sys.executable, str(app)],
        cwd=REPOSITORY,
        env=os.environ
        | {
            "CDK_OUTDIR": str(folder),
            "CDK_CONTEXT_JSON": json.dumps(context | of),
            "PYTHONPATH": str(REPOSITORY),
        },
        capture_output=True,
        text=True,
        check=False,
    )
    # What cdk-nag finds fails the synth after everything is written; its test reads the findings from the report.
    if ran.returncode and not (folder / NAG_REPORT).exists():
        shutil.rmtree(folder)
        raise SynthError(f"{app} failed:\n{ran.stdout}\n{ran.stderr}")


@dataclass(frozen=True)
class Stack:
    name: str
    template: Path
    assets: dict[str, Any]

    @classmethod
    def all(cls, assembly_dir: Path) -> list[Stack]:
        """In the order of deployment: each after those that it imports values from."""
        artifacts = json.loads((assembly_dir / "manifest.json").read_text())["artifacts"]
        stacks = {name: artifact for name, artifact in artifacts.items() if artifact["type"] == CLOUDFORMATION}
        order = TopologicalSorter({name: stacks.keys() & stack["dependencies"] for name, stack in stacks.items()})
        return [cls._read(assembly_dir, name, stacks[name]["properties"]) for name in order.static_order()]

    @classmethod
    def _read(cls, assembly_dir: Path, name: str, properties: dict[str, Any]) -> Stack:
        assets = json.loads((assembly_dir / f"{name}.assets.json").read_text())
        return cls(properties.get("stackName", name), assembly_dir / properties["templateFile"], assets["files"])

    def layer_keys(self) -> set[str]:
        resources = json.loads(self.template.read_text())["Resources"].values()
        layers = [r["Properties"] for r in resources if r["Type"] == "AWS::Lambda::LayerVersion"]
        return {str(layer["Content"]["S3Key"]) for layer in layers}


def deploy(cloud: LocalCloud, assembly_dir: Path) -> dict[str, str]:
    """Creates or updates the stacks, and tries their destinations as providers do. Returns the outputs of the last one,
    the services: the outputs of the others are for it."""
    stacks = Stack.all(assembly_dir)
    # CDK's default synthesizer asks which bootstrap version the account has; 21 is this release's.
    cloud.client("ssm").put_parameter(
        Name="/cdk-bootstrap/hnb659fds/version", Value="21", Type="String", Overwrite=True
    )
    for stack in stacks:
        _create_or_update(cloud, stack.name, _upload(cloud, stack, assembly_dir))
    send_handshakes(cloud)
    described = cloud.client("cloudformation").describe_stacks(StackName=stacks[-1].name)["Stacks"][0]
    return {output["OutputKey"]: output["OutputValue"] for output in described.get("Outputs", [])}


def _upload(cloud: LocalCloud, stack: Stack, assembly_dir: Path) -> str:
    """Uploads every asset; the address of the template among them."""
    s3 = cloud.client("s3")
    layers = stack.layer_keys()
    template_url = ""
    for asset in stack.assets.values():
        destination = next(iter(asset["destinations"].values()))
        bucket, key = _here(destination["bucketName"]), _here(destination["objectKey"])
        source = assembly_dir / asset["source"]["path"]
        s3.create_bucket(Bucket=bucket)
        s3.put_object(Bucket=bucket, Key=key, Body=EMPTY_LAYER if key in layers else _content(source))
        if source == stack.template:
            template_url = f"https://s3.{REGION}.amazonaws.com/{bucket}/{key}"
    return template_url


def _here(text: str) -> str:
    for pseudo, value in (("Partition", "aws"), ("AccountId", ACCOUNT), ("Region", REGION)):
        text = text.replace(f"${{AWS::{pseudo}}}", value)
    return text


def _content(source: Path) -> bytes:
    return _zipped(source) if source.is_dir() else source.read_bytes()


def _zipped(folder: Path) -> bytes:
    """The folder, with bytecode of the Python that the workers run under; packed once for an assembly. Without it each
    worker would compile everything, for half a second: bytecode in the folder itself is for Lambda's own Python."""
    archive_path = folder.parent / f"{folder.name}.{sys.implementation.cache_tag}.zip"
    if not archive_path.exists():
        with tempfile.TemporaryDirectory(dir=folder.parent) as making:
            code, packed = Path(making, "code"), Path(making, "packed.zip")
            shutil.copytree(folder, code, ignore=shutil.ignore_patterns("__pycache__"))
            compileall.compile_dir(
                code, quiet=2, invalidation_mode=PycInvalidationMode.UNCHECKED_HASH, stripdir=str(code)
            )
            with zipfile.ZipFile(packed, "w") as archive:
                for path in sorted(file for file in code.rglob("*") if file.is_file()):
                    archive.write(path, path.relative_to(code))
            packed.rename(archive_path)
    return archive_path.read_bytes()


def _empty_layer() -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("python/README", "The dependencies are those of the environment that runs the local cloud.\n")
    return packed.getvalue()


# Workers run under the Python of our own environment, which has the dependencies; the real layers hold arm64 wheels.
EMPTY_LAYER = _empty_layer()


def _create_or_update(cloud: LocalCloud, name: str, template_url: str) -> None:
    formation = cloud.client("cloudformation")
    try:
        formation.describe_stacks(StackName=name)
    except ClientError:
        formation.create_stack(StackName=name, TemplateURL=template_url, Capabilities=["CAPABILITY_NAMED_IAM"])
    else:
        try:
            formation.update_stack(StackName=name, TemplateURL=template_url, Capabilities=["CAPABILITY_NAMED_IAM"])
        except ClientError as refused:
            if "No updates are to be performed" in str(refused):
                return
            raise
    _wait_for(cloud, name)


def _wait_for(cloud: LocalCloud, name: str) -> None:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        status = cloud.client("cloudformation").describe_stacks(StackName=name)["Stacks"][0]["StackStatus"]
        if status in {"CREATE_COMPLETE", "UPDATE_COMPLETE"}:
            return
        if not status.endswith("IN_PROGRESS"):
            break
        time.sleep(0.1)
    raise DeployError(f"stack {name}:\n{_reasons(cloud, name)}")


def _reasons(cloud: LocalCloud, name: str) -> str:
    events = cloud.client("cloudformation").describe_stack_events(StackName=name)["StackEvents"]
    failed = [e for e in reversed(events) if "FAILED" in e.get("ResourceStatus", "")]
    return "\n".join(f"{e['LogicalResourceId']}: {e.get('ResourceStatusReason', '')}" for e in failed)
