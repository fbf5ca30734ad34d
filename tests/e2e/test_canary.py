"""The canary goes the whole way, is measured, and nobody but its own office ever meets it."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from functions.cli.main import main
from shared.arrests.synthetic import CANARY
from tests.builders import a_wish, an_office
from tests.e2e.test_readme_commands import operator  # noqa: F401 - the commands' account
from tests.local.deployed import Deployed, eventually

MAILBOX = "success+canary@simulator.amazonses.com"
BOB = "bob.broad@da.example.gov"


@pytest.mark.usefixtures("operator")
def test_a_drop_of_the_canary_ends_in_its_mailbox_and_in_no_other_offices_sight(
    product: Deployed,
    capsys: pytest.CaptureFixture[str],
) -> None:
    set_up = ["set-up", "--stack", "arrest-alert-local", "--apply", "functions/cli/canary/office.yaml"]
    assert main(set_up) == 0, capsys.readouterr().err
    kings = an_office("kings-of-canaries")
    product.offices.enrol(kings)
    bob = product.sign_in(BOB, kings)
    person = {"watch": "person", "surname": "Canary", "given": "Synthetic", "date_of_birth": "1990-01-01"}
    for criterion in (person, {"watch": "charge", "statute": "CANARY 1"}):
        made = bob("POST", "/v1/subscriptions", a_wish(criterion, recipients=[{"email": BOB}]))
        assert made.status == 201

    invoked = product.cloud.client("lambda").invoke(
        FunctionName=product.outputs["KeepHouseFunction"], Payload=json.dumps({"task": "canary"})
    )
    assert json.loads(invoked["Payload"].read()) == {"found": 1}
    product.settle()

    [mail] = eventually(lambda: to(product, MAILBOX), what="the canary's mail")
    assert "Canary" not in mail["Subject"]
    assert to(product, BOB) == []
    assert CANARY not in json.dumps(bob("GET", "/v1/agencies").body)
    basis = {"kind": "investigation", "case_number": "INV-2026-0001"}
    backtest = bob("POST", "/v1/backtest", {"basis": basis, "criterion": person, "days": 30}).body
    assert (backtest["alerts"], backtest["possible"], backtest["hits"]) == (0, 0, [])
    query = {"person": {name: person[name] for name in ("surname", "given", "date_of_birth")}}
    assert bob("POST", "/v1/arrests/search", query).body["items"] == []
    [arrest] = [item for item in product.items("ArrestsTable") if item["agency"]["S"] == CANARY]
    assert datetime.now(UTC).timestamp() < float(arrest["expires"]["N"]) < datetime.now(UTC).timestamp() + 86_400


def to(product: Deployed, address: str) -> list[dict[str, Any]]:
    return [mail for mail in product.cloud.emails() if address in mail["To"]]
