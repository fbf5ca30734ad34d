"""An environment lies in a region of the United States, in either partition. In GovCloud and in production the
functions call validated endpoints (FIPS 140) alone. The SDK's own data of endpoints is the oracle."""

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import boto3
import pytest
from botocore.awsrequest import AWSResponse
from botocore.compat import HTTPHeaders
from botocore.loaders import create_loader

from infra.bundle import ROOT
from infra.environments import DEV, LOCAL, PROD, environment_named
from infra.preflight.__main__ import main as preflight
from infra.regions import REGIONS, UnknownRegionError
from shared.aws.presigning import signing_s3_client
from tests.infra.template import FUNCTIONS, Assembly, listed

# What a function does by its role, by the service's name in IAM -> the client, and a call of it.
QUEUE = "https://sqs.us-east-1.amazonaws.com/123456789012/feeds"  # as CloudFormation gives it, without FIPS
CALLS: dict[str, tuple[Any, str, dict[str, Any]]] = {
    "cognito-idp": ("cognito-idp", "admin_get_user", {"UserPoolId": "us-east-1_a", "Username": "a"}),
    "dynamodb": ("dynamodb", "get_item", {"TableName": "arrests", "Key": {"arrest_id": {"S": "a"}}}),
    "kms": ("kms", "decrypt", {"CiphertextBlob": b"a"}),
    "lambda": ("lambda", "invoke", {"FunctionName": "a"}),
    "s3": ("s3", "head_object", {"Bucket": "feeds", "Key": "nypd/in/a.csv"}),
    "secretsmanager": ("secretsmanager", "get_secret_value", {"SecretId": "a"}),
    "ses": ("sesv2", "get_account", {}),
    "sns": ("sns", "publish", {"PhoneNumber": "+12125550100", "Message": "a"}),
    "sqs": ("sqs", "send_message", {"QueueUrl": QUEUE, "MessageBody": "a"}),
    "states": ("stepfunctions", "list_state_machines", {}),
}
# Lambda itself does these, not the function: it writes the logs and traces, and reads the streams.
NOT_CALLED_BY_FUNCTIONS = {"logs", "xray"}
# The SDK's rules, which are newer than its data, give this host for FIPS.
BY_RULE = {("dynamodb", "us-gov-west-1"): "dynamodb.us-gov-west-1.amazonaws.com"}
AT_ENDPOINTS = {"ses": "email"}  # where the service has another name in the data of endpoints


@pytest.fixture
def fips(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in (("AWS_ACCESS_KEY_ID", "none"), ("AWS_SECRET_ACCESS_KEY", "none")):
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("AWS_USE_FIPS_ENDPOINT", "true")


def validated_host(service: str, region: str) -> str:
    """Raises StopIteration where the service has no FIPS endpoint."""
    if (service, region) in BY_RULE:
        return BY_RULE[service, region]
    data = create_loader().load_data("endpoints")
    partition = next(entry for entry in data["partitions"] if region in entry["regions"])
    described = partition["services"][service]
    variants = described["endpoints"][region]["variants"]
    defaults = [*described.get("defaults", {}).get("variants", []), *partition["defaults"]["variants"]]
    own = next(variant for variant in variants if variant["tags"] == ["fips"])
    default = next(variant for variant in defaults if variant["tags"] == ["fips"])
    pattern: str = own.get("hostname") or default["hostname"]
    return pattern.format(service=service, region=region, dnsSuffix=partition["dnsSuffix"])


def test_every_service_that_a_role_may_call_is_looked_at(prod: Assembly) -> None:
    statements = [statement for name in FUNCTIONS for statement in prod.statements(name)]
    services = {action.partition(":")[0] for entry in statements for action in listed(entry["Action"])}
    assert services - NOT_CALLED_BY_FUNCTIONS == set(CALLS)


@pytest.mark.parametrize("region", REGIONS)
@pytest.mark.parametrize("service", CALLS)
@pytest.mark.usefixtures("fips")
def test_cjis_sc_13_each_client_calls_the_validated_endpoint_of_its_region(service: str, region: str) -> None:
    name, operation, words = CALLS[service]
    client = boto3.client(name, region_name=region)
    hosts: list[str] = []

    def note(request: Any, **_: Any) -> AWSResponse:
        hosts.append(urlsplit(request.url).netloc)
        return AWSResponse(request.url, 400, HTTPHeaders(), None)

    client.meta.events.register("before-send", note)
    with pytest.raises(Exception):  # noqa: B017, PT011 - of the answer, which says nothing
        getattr(client, operation)(**words)
    assert {host.removeprefix("feeds.") for host in hosts} == {
        validated_host(AT_ENDPOINTS.get(service, service), region)
    }


@pytest.mark.parametrize("region", REGIONS)
@pytest.mark.usefixtures("fips")
def test_links_and_upload_forms_lead_to_the_validated_endpoint(region: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_DEFAULT_REGION", region)
    client = signing_s3_client()
    link = client.generate_presigned_url("get_object", Params={"Bucket": "feeds", "Key": "a"})
    form = client.generate_presigned_post("feeds", "a")
    assert {urlsplit(url).netloc for url in (link, form["url"])} == {f"feeds.{validated_host('s3', region)}"}


def test_functions_call_validated_endpoints_in_production_and_in_govcloud(assembly: Assembly) -> None:
    told = {name: assembly.settings(name).get("AWS_USE_FIPS_ENDPOINT") for name in FUNCTIONS}
    is_validated = environment_named(assembly.name, assembly.moved_to).uses_fips
    assert set(told.values()) == ({"true"} if is_validated else {None})
    assert {"prod": True, "dev": False, "local": False}[assembly.name] is is_validated


def test_govcloud_has_no_other_endpoints() -> None:
    assert environment_named("dev", "us-gov-west-1").uses_fips
    assert (DEV.uses_fips, PROD.uses_fips, LOCAL.uses_fips) == (False, True, False)


def test_cjis_sc_13_people_and_machines_sign_in_at_a_validated_host(gov: Assembly, prod: Assembly) -> None:
    for assembly, region in ((gov, "us-gov-west-1"), (prod, "us-east-1")):
        for output in ("SignInUrl", "TokenUrl"):
            assert f".auth-fips.{region}.amazoncognito.com" in json.dumps(assembly.template["Outputs"][output])


def test_nothing_in_govcloud_names_the_commercial_partition_or_a_region_of_it(gov: Assembly) -> None:
    text = "".join(path.read_text() for path in gov.template_files)
    assert set(re.findall(r"arn:(aws[a-z-]*):", text)) == {"aws-us-gov"}
    assert set(re.findall(r"\bus-(?:gov-)?(?:east|west)-\d", text)) == {"us-gov-west-1"}
    assert ".auth.us-gov" not in text


# A text of the source -> why it may name a partition, a host or a region of AWS.
MAY_NAME = {
    "shared/aws/handshakes.py": "messages as AWS publishes them; they are compared by their form",
    "functions/cli/commands/drops.py": "the two hosts of the AWS console, by partition",
    "functions/cli/main.py": "an example of a region",
    "infra/regions.py": "the regions themselves",
    "infra/environments.py": "the region of each environment",
}
# The same in both partitions: the name by which a service is a principal in IAM (IAM User Guide, "AWS service
# principals"), a service in a condition (`kms:ViaService`), and the issuer of Cognito's tokens, which is not called.
PRINCIPAL = r"(?:[a-z]+\.)?[a-z0-9{]+\}?\.amazonaws\.com|[a-z0-9{}]+\.\{(?:stack\.)?region\}\.amazonaws\.com"
ISSUER = r"https://cognito-idp\.\{[^{}]*\}\.amazonaws\.com/.*"
NAMED = re.compile(r"arn:aws\b|amazonaws\.com|amazoncognito|\.aws\.amazon\.com|\bus-(?:gov-)?(?:east|west)-\d")


def test_no_source_names_a_partition_a_host_or_a_region() -> None:
    files = [path for room in ("infra", "shared", "functions") for path in sorted((ROOT / room).rglob("*.py"))]
    naming = {
        f"{path.relative_to(ROOT)}: {text}"
        for path in files
        for text in texts(path)
        if NAMED.search(text) and not re.fullmatch(f"{PRINCIPAL}|{ISSUER}", text)
    }
    assert {line.partition(":")[0] for line in naming} == set(MAY_NAME), naming


def texts(path: Path) -> Iterator[str]:
    """Yields the strings of a source but for its docstrings; what is filled in later stands in braces."""
    tree = ast.parse(path.read_text())
    docstrings = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    inside = {id(text) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for text in node.values}
    for node in ast.walk(tree):
        if id(node) in docstrings or id(node) in inside:
            continue
        if isinstance(node, ast.JoinedStr):
            yield ast.unparse(node)[2:-1]
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


@pytest.mark.parametrize("region", ["eu-west-1", "us-gov-east-1", "us-gov-west-2", "cn-north-1"])
def test_a_region_outside_or_without_validated_endpoints_is_refused_in_words(
    region: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(UnknownRegionError, match=f"cannot lie in the region '{region}'.*us-east-1.*us-gov-west-1"):
        environment_named("prod", region)
    monkeypatch.setattr("sys.argv", ["preflight", "prod", region])
    assert preflight() == 2
    assert f"'{region}'" in capsys.readouterr().out


def test_a_moved_environment_is_named_to_make_with_its_region() -> None:
    assert (PROD.for_make, environment_named("prod", "us-gov-west-1").for_make) == (
        "ENV=prod", "ENV=prod REGION=us-gov-west-1"
    )  # fmt: skip
