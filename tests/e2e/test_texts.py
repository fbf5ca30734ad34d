"""What becomes of a text: from the account's setting over SNS's log to the state of the delivery."""

import os
from collections.abc import Iterator

import boto3
import pytest

from functions.cli.main import main
from tests.e2e.rosters import roster, row
from tests.e2e.scene import Scene
from tests.local.cloud import REGION
from tests.local.deployed import Deployed, eventually

STACK = "arrest-alert-local"
UNREACHABLE = "+14254147167"  # AWS's number for trying failures


@pytest.fixture
def reported(product: Deployed, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """As an operator has it, once an account."""
    account = {
        "AWS_ENDPOINT_URL": product.cloud.endpoint, "AWS_DEFAULT_REGION": REGION, "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test", "AWS_CONFIG_FILE": os.devnull, "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
    }  # fmt: skip
    for name, value in account.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(boto3, "DEFAULT_SESSION", None)
    for _ in range(2):  # it may be run again
        assert main(["texts", "--stack", STACK, "--spend-limit", "50"]) == 0
    yield
    product.cloud.client("sns").set_sms_attributes(attributes={"DeliveryStatusIAMRole": ""})


def test_a_text_is_delivered_when_the_carrier_says_so_and_failed_when_it_does_not(scene: Scene, reported: None) -> None:
    agency, ada, bob = scene.agency(), scene.prosecutor(), scene.prosecutor("bob")
    ada.watch(
        scene.watch_for_pat, {"email": ada.email, "sms": "+12125550145"}, {"email": bob.email, "sms": UNREACHABLE}
    )

    scene.take_in(agency, "day.csv", roster(row("BK-1", **scene.pat)))

    def ended() -> dict[str, tuple[str, str]] | None:
        texts = [one for one in scene.deliveries() if one["part"].endswith("#sms")]
        found = {one["address"]: (one["state"], one.get("why", "")) for one in texts}
        return found if len(found) == 2 and "sent" not in {state for state, _ in found.values()} else None

    assert eventually(ended, what="the carriers' word") == {
        "+12125550145": ("delivered", ""),
        UNREACHABLE: ("failed", "Phone is currently unreachable/unavailable"),
    }
