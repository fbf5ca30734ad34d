"""What is done to the trail is found by the command. In a deployment of its own: others run the command too."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator

import pytest

from shared.audit.append_chain import export_chain
from shared.audit.event import AuditEvent
from shared.audit.stream import ALTERED
from tests.e2e.scene import Scene
from tests.local.cloud import REGION, REPOSITORY
from tests.local.deployed import Deployed, deployed, eventually

pytestmark = pytest.mark.thorough


@pytest.fixture(scope="module")
def product() -> Iterator[Deployed]:
    with deployed() as deployment:
        yield deployment


def command(product: Deployed, *words: str) -> "subprocess.CompletedProcess[str]":
    environment = os.environ | {
        "AWS_ENDPOINT_URL": product.cloud.endpoint, "AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_DEFAULT_REGION": REGION,
    }  # fmt: skip
    words = ("audit", "--stack", "arrest-alert-local", *words)
    call = [sys.executable, "-m", "functions.cli.main", *words]
    return subprocess.run(call, cwd=REPOSITORY, env=environment, capture_output=True, text=True, check=False)


def test_p2_the_command_proves_the_chain_and_says_what_is_wrong_with_it(product: Deployed, scene: Scene) -> None:
    ada, at = scene.prosecutor(), product.chaining
    ada.api("GET", "/v1/subscriptions")
    eventually(lambda: at.heads.head(scene.name).sequence, what="the first link")

    whole = command(product, "--office", scene.name, "verify")
    assert (whole.returncode, whole.stderr) == (0, "")
    assert "nothing wrong" in whole.stdout
    lines = command(product, "--office", scene.name, "export").stdout.splitlines()
    assert json.loads(lines[0])["who"] == ada.email

    product.s3.put_object(Bucket=at.bucket, Key=at.heads.head(scene.name).key, Body=b"{}")
    broken = command(product, "--office", scene.name, "verify")
    assert broken.returncode == 1
    assert "was overwritten or deleted" in broken.stdout


def test_tb3_a_row_that_is_replaced_raises_its_alarm_as_it_happens_and_is_in_the_chain_for_good(
    product: Deployed, scene: Scene
) -> None:
    ada, at = scene.prosecutor(), product.chaining
    ada.api("GET", "/v1/subscriptions")
    eventually(lambda: at.heads.head(scene.name).sequence, what="the first link")
    row = next(item for item in product.items("AuditTable") if item["pk"]["S"].startswith(f"office#{scene.name}#"))
    forged = row | {"doc": {"S": row["doc"]["S"].replace(ada.email, "nobody@example.gov")}}
    product.dynamodb.put_item(TableName=product.outputs["AuditTable"], Item=forged)  # the table's policy cannot refuse

    def altered() -> AuditEvent | None:
        return next((event for event in export_chain(scene.name, at) if event.action == ALTERED), None)

    event = eventually(altered, what="the altered row in the chain")
    assert event.subjects == (f"row:{row['pk']['S']} {row['sk']['S']}",)
    [original] = [kept for kept in export_chain(scene.name, at) if kept.action == "GET /v1/subscriptions"]
    assert original.who == ada.email
    assert any('"AuditRowAltered"' in line for line in product.log_lines("ChainAuditFunction"))
    checked = command(product, "--office", scene.name, "verify")
    assert (checked.returncode, row["sk"]["S"] in checked.stdout) == (1, True)
