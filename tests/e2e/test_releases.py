"""A bad release is rolled back: people are served again by the version before, and nothing that was waiting is lost."""

import io
import os
import subprocess
import sys
import zipfile
from collections.abc import Iterator

import pytest

from tests.e2e.rosters import roster, row
from tests.e2e.scene import Scene, handed_out_again_after
from tests.local.cloud import PATIENCE, REGION, REPOSITORY
from tests.local.deployed import Deployed, eventually

BAD_CODE = "def handler(event, context):\n    raise RuntimeError('a release that does not work')\n"
BROKEN = ("OfficeApiFunction", "ReceiveFeedFunction")
FOLDERS = {"OfficeApiFunction": "office_api", "ReceiveFeedFunction": "receive_feed"}


def command(product: Deployed, *words: str) -> str:
    """`arrest-alert`, as an operator runs it."""
    account = {
        "AWS_ENDPOINT_URL": product.cloud.endpoint, "AWS_DEFAULT_REGION": REGION, "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test", "AWS_CONFIG_FILE": os.devnull, "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
    }  # fmt: skip
    name, *rest = words
    ran = subprocess.run(
        [sys.executable, "-m", "functions.cli.main", name, "--stack", "arrest-alert-local", *rest],
        cwd=REPOSITORY, env=os.environ | account, capture_output=True, text=True, timeout=PATIENCE, check=True,
    )  # fmt: skip
    return ran.stdout


def release_bad_code(product: Deployed, output: str) -> None:
    """Publishes a version whose handler raises, and makes it live, as a deployment does."""
    service, name = product.cloud.client("lambda"), product.outputs[output]
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for path, code in {"": "", f"{FOLDERS[output]}/": "", f"{FOLDERS[output]}/handler.py": BAD_CODE}.items():
            archive.writestr(f"functions/{path}" + ("" if path.endswith(".py") else "__init__.py"), code)
    service.update_function_code(FunctionName=name, ZipFile=packed.getvalue())
    version = service.publish_version(FunctionName=name, Description="code bad")["Version"]
    service.update_alias(FunctionName=name, Name="live", FunctionVersion=version)


def live_versions(product: Deployed) -> dict[str, str]:
    service = product.cloud.client("lambda")
    return {
        output: service.get_alias(FunctionName=product.outputs[output], Name="live")["FunctionVersion"]
        for output in BROKEN
    }


def _is_tried(product: Deployed) -> bool:
    attributes = product.sqs.get_queue_attributes(
        QueueUrl=product.outputs["FeedsQueue"], AttributeNames=["ApproximateNumberOfMessagesNotVisible"]
    )["Attributes"]
    return attributes["ApproximateNumberOfMessagesNotVisible"] != "0"


@pytest.fixture
def bad_release(product: Deployed) -> Iterator[dict[str, str]]:
    """Yields the versions that were live before. They are live again afterwards, whatever the test did."""
    before = live_versions(product)
    for output in BROKEN:
        release_bad_code(product, output)
    with handed_out_again_after(product, "FeedsQueue", 5):
        yield before
    for output, version in before.items():
        product.cloud.client("lambda").update_alias(
            FunctionName=product.outputs[output], Name="live", FunctionVersion=version
        )


def test_a_bad_release_is_rolled_back_and_a_drop_of_the_meantime_is_read(
    product: Deployed, scene: Scene, bad_release: dict[str, str]
) -> None:
    agency, ada = scene.agency(), scene.prosecutor()
    assert ada.api("GET", "/v1/me").status in (500, 502)
    key = product.drop(agency, "day.csv", roster(row("BK-1", **scene.pat)))
    eventually(lambda: _is_tried(product), what="an attempt to read the drop")
    shown = command(product, "roll-back")
    assert "Nothing was changed" in shown
    assert live_versions(product) != bad_release

    assert "is live" in command(product, "roll-back", "--apply")

    assert live_versions(product) == bad_release
    assert ada.api("GET", "/v1/me").status == 200
    receipt = product.receipt(key)
    assert receipt.rows.accepted == 1
    assert "code bad" not in command(product, "releases")
    eventually(lambda: product.waiting("FeedsQueue") == 0, what="an empty queue")
