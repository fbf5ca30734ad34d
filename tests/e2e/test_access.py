"""P1 on the whole way: an office's case system gets a token of its own and keeps the case list, and can do no more; who
is removed is signed out as well."""

import os
from collections.abc import Iterator
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path

import boto3
import pytest
import yaml

from functions.cli.main import main
from shared.offices.users import Right
from tests.e2e.scene import Scene
from tests.local.cloud import REGION
from tests.local.deployed import Api, Deployed
from tests.local.sign_in import machine_token

STACK, NAME = "arrest-alert-local", "case-system"


def command(product: Deployed, name: str, *words: str) -> str:
    """What it prints, run in this process: that it is a command as well is `test_audit_trail.py`'s to show."""
    account = {
        "AWS_ENDPOINT_URL": product.cloud.endpoint, "AWS_DEFAULT_REGION": REGION, "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test", "AWS_CONFIG_FILE": os.devnull, "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
    }  # fmt: skip
    with pytest.MonkeyPatch.context() as here, redirect_stdout(StringIO()) as said:
        for variable in [variable for variable in os.environ if variable.startswith("AWS_")]:
            here.delenv(variable)
        for variable, value in account.items():
            here.setenv(variable, value)
        here.setattr(boto3, "DEFAULT_SESSION", None)
        assert main([name, "--stack", STACK, *words]) == 0
    return said.getvalue()


def issued(product: Deployed, *words: str) -> tuple[str, str]:
    """Client id and secret, as the command shows them."""
    said = yaml.safe_load(command(product, "machine-secret", *words, NAME))
    return said["client_id"], said["client_secret"]


def token(product: Deployed, client_id: str, secret: str, scope: str = "") -> str | None:
    return machine_token(product.cloud, client_id, secret, scope)


@pytest.fixture
def head(product: Deployed, scene: Scene, tmp_path: Path) -> Iterator[Api]:
    """A super-owner of the office, whose file names its case system. Another office may name it afterwards."""
    ada, olga = scene.prosecutor(), scene.prosecutor("olga")
    machine = {"name": NAME, "scopes": ["lists", "subscriptions"], "purpose": "prosecution"}
    users = [
        {"email": ada.email}, {"email": olga.email, "rights": [Right.SUPER_OWNER.value]},
        {"email": f"{NAME}@{scene.domain}", "machine": machine},
    ]  # fmt: skip
    file = tmp_path / "office.yaml"
    file.write_text(yaml.safe_dump({"office": scene.office.model_dump(mode="json"), "users": users}))
    assert f"user {NAME}@{scene.domain}  (lists, subscriptions)" in command(product, "set-up", "--apply", str(file))
    yield olga.api
    assert olga.api("DELETE", f"/v1/users/{NAME}@{scene.domain}").status in (200, 404)


def test_p1_s13_a_case_system_keeps_the_case_list_reads_nothing_else_and_is_out_once_it_is_removed(
    product: Deployed, scene: Scene, head: Api
) -> None:
    ada = scene.prosecutors[0]
    said = token(product, *issued(product, "--only"))
    system, purpose = product.api(said), "prosecution"
    row = {"case_number": scene.name, "prosecutor": ada.email, "state": "open", **scene.watch_for_pat}
    del row["watch"]
    kept = system("POST", "/v1/lists/cases", {"rows": [row]}, purpose=purpose)
    assert (kept.status, kept.body["counts"]) == (200, {"made": 1})
    [watch] = ada.api("GET", "/v1/subscriptions").body["items"]
    assert (watch["owner"], watch["basis"]["case_number"]) == (ada.email, scene.name)

    one = f"/v1/subscriptions/{watch['subscription_id']}"
    asked = {path: system("GET", path, purpose=purpose).status
             for path in (one, "/v1/alerts", "/v1/users", "/v1/audit", "/v1/reports/noise", "/v1/me")}  # fmt: skip
    assert asked == {path: 404 if path == one else 403 for path in asked}
    assert system("POST", "/v1/lists/cases", {"rows": [row]}).status == 403, "for another purpose"
    narrow = product.api(token(product, *issued(product), "arrest-alert/subscriptions"))
    assert narrow("POST", "/v1/lists/cases", {"rows": [row]}, purpose=purpose).status == 403

    assert head("DELETE", f"/v1/users/{NAME}@{scene.domain}").status == 200
    assert system("POST", "/v1/lists/cases", {"rows": [row]}, purpose=purpose).status == 403


def test_p1_a_secret_is_shown_once_and_the_one_before_it_goes_on_until_the_next(product: Deployed) -> None:
    client, first = issued(product, "--only")
    second = issued(product)[1]
    assert token(product, client, first)
    assert token(product, client, second)
    third = issued(product)[1]
    assert token(product, client, first) is None
    assert token(product, client, second)
    fourth = issued(product, "--only")[1]
    assert [token(product, client, one) for one in (first, second, third)] == [None] * 3
    assert token(product, client, fourth)


def test_p1_the_account_of_who_is_removed_is_closed_and_opened_when_they_are_let_in_again(
    product: Deployed, scene: Scene, head: Api
) -> None:
    ada = scene.prosecutors[0]
    cognito, of = product.cloud.client("cognito-idp"), {"UserPoolId": product.outputs["UserPoolId"]}

    def enabled() -> bool:
        return bool(cognito.admin_get_user(**of, Username=ada.email)["Enabled"])

    assert head("DELETE", f"/v1/users/{ada.email}").status == 200
    assert not enabled()
    assert ada.api("GET", "/v1/me").status in (401, 403)
    assert head("POST", "/v1/users", {"email": ada.email}).status == 201
    assert enabled()
