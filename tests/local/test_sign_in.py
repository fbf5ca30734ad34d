"""Sign-in at the office API: nobody comes in without a password, a code and a token that Cognito signed."""

import base64
import hmac
import http.client
import json
import time
import urllib.parse
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from mypy_boto3_cognito_idp.literals import ExplicitAuthFlowsTypeType

from tests.local.cloud import PATIENCE, LocalCloud
from tests.local.deployment import assembly, deploy
from tests.local.sign_in import LOOPBACK, Office, one_time_code

pytestmark = pytest.mark.thorough  # of what the end-to-end tests stand on, and would fall with

# `update_user_pool_client` sets what it is not given to its default.
SETTINGS_OF_A_CLIENT = {
    "ExplicitAuthFlows", "IdTokenValidity", "TokenValidityUnits", "AllowedOAuthFlows", "AllowedOAuthScopes",
    "AllowedOAuthFlowsUserPoolClient", "CallbackURLs", "ReadAttributes", "WriteAttributes",
}  # fmt: skip
PASSWORD = "Correct-horse-battery-9"


@dataclass(frozen=True)
class Door:
    cloud: LocalCloud
    outputs: dict[str, str]
    office: Office

    def status(self, token: str | None) -> int:
        address = urllib.parse.urlsplit(self.cloud.api(self.outputs["ApiId"]) + "/v1/me")
        connection = http.client.HTTPConnection(address.netloc, timeout=PATIENCE)
        connection.request("GET", address.path, headers={"Authorization": f"Bearer {token}"} if token else {})
        return connection.getresponse().status


@pytest.fixture(scope="module")
def door() -> Iterator[Door]:
    with LocalCloud() as cloud:
        outputs = deploy(cloud, assembly())
        office = Office.enrol(
            cloud,
            pool_id=outputs["UserPoolId"],
            client_id=outputs["UserPoolClientId"],
            office="ada-1",
            email="prosecutor@example.org",
            password=PASSWORD,
        )
        yield Door(cloud, outputs, office)


def test_the_one_time_code_is_that_of_rfc_6238() -> None:
    secret = base64.b32encode(b"12345678901234567890").decode()  # appendix B, its 8 digits cut to 6
    codes = {59: "287082", 1111111109: "081804", 20000000000: "353130"}
    assert {seconds: one_time_code(secret, seconds) for seconds in codes} == codes


def test_a_token_says_which_office_the_user_belongs_to(door: Door) -> None:
    payload = door.office.id_token().split(".")[1]
    claims = json.loads(base64.urlsafe_b64decode(payload + "=="))
    assert claims["custom:office"] == "ada-1"
    assert claims["aud"] == door.outputs["UserPoolClientId"]


def test_a_wrong_code_is_refused(door: Door) -> None:
    with pytest.raises(ValueError, match=r"That code is not right\."):
        door.office.sign_in_on_the_page({"client_id": door.office.client_id, "redirect_uri": LOOPBACK}, code="000000")


def test_a_wrong_password_shows_no_page_for_the_code(door: Door) -> None:
    with pytest.raises(ValueError, match="Incorrect username or password"):
        replace(door.office, password="Another-phrase-1!").id_token()


def test_without_a_token_that_the_pool_signed_the_api_answers_401(door: Door) -> None:
    header, payload, signature = door.office.id_token().split(".")
    claims = json.loads(base64.urlsafe_b64decode(payload + "==")) | {"custom:office": "another"}
    forged = base64.urlsafe_b64encode(json.dumps(claims).encode()).decode().rstrip("=")
    assert door.status(None) == 401
    assert door.status(f"{header}.{forged}.{signature}") == 401
    assert door.status(f"{header}.{payload}.{signature}") != 401


def _part(values: dict[str, object]) -> str:
    return base64.urlsafe_b64encode(json.dumps(values).encode()).decode().rstrip("=")


def _parts(token: str) -> tuple[dict[str, object], dict[str, object]]:
    header, payload, _ = (base64.urlsafe_b64decode(part + "==") for part in token.split("."))
    return json.loads(header), json.loads(payload)


def _signed(head: dict[str, object], payload: dict[str, object], sign: Callable[[bytes], bytes]) -> str:
    signing_input = f"{_part(head)}.{_part(payload)}"
    signature = base64.urlsafe_b64encode(sign(signing_input.encode())).decode().rstrip("=")
    return f"{signing_input}.{signature}"


def test_a_token_of_another_algorithm_or_signed_by_another_key_is_refused(door: Door) -> None:
    head, payload = _parts(door.office.id_token())
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    public = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    tokens = {
        "algorithm none": f"{_part(head | {'alg': 'none'})}.{_part(payload)}.",
        "HS256 with a public key for its secret": _signed(
            head | {"alg": "HS256"}, payload, lambda text: hmac.digest(public, text, "sha256")
        ),
        "another key under our key's id": _signed(head, payload, lambda text: key.sign(text, PKCS1v15(), SHA256())),
        "a key that nobody published": _signed(
            head | {"kid": "other"}, payload, lambda text: key.sign(text, PKCS1v15(), SHA256())
        ),
    }  # fmt: skip
    assert {name: door.status(token) for name, token in tokens.items()} == dict.fromkeys(tokens, 401)


def test_a_token_for_another_client_of_another_pool_or_an_access_token_is_refused(door: Door) -> None:
    cognito = door.cloud.client("cognito-idp")
    flows: list[ExplicitAuthFlowsTypeType] = ["ALLOW_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"]
    other = cognito.create_user_pool_client(
        UserPoolId=door.outputs["UserPoolId"], ClientName="other", AllowedOAuthFlows=["code"],
        AllowedOAuthFlowsUserPoolClient=True, AllowedOAuthScopes=["openid", "email"], CallbackURLs=[LOOPBACK],
    )["UserPoolClient"]["ClientId"]  # fmt: skip
    pool = cognito.create_user_pool(PoolName="another")["UserPool"]["Id"]
    client = cognito.create_user_pool_client(UserPoolId=pool, ClientName="other", ExplicitAuthFlows=flows)
    elsewhere = Office.enrol_without_a_code(
        door.cloud, pool_id=pool, client_id=client["UserPoolClient"]["ClientId"], email="x@example.org",
        password=PASSWORD,
    )  # fmt: skip
    tokens = {
        "another client's": replace(door.office, client_id=other).id_token(),
        "another pool's": elsewhere,
        "an access token": door.office.tokens()["access_token"],
    }
    assert {name: door.status(token) for name, token in tokens.items()} == dict.fromkeys(tokens, 401)


def test_a_token_is_refused_when_its_time_is_over(door: Door) -> None:
    cognito = door.cloud.client("cognito-idp")
    pool, client = door.outputs["UserPoolId"], door.outputs["UserPoolClientId"]
    usual: Any = cognito.describe_user_pool_client(UserPoolId=pool, ClientId=client)["UserPoolClient"]
    settings = {name: value for name, value in usual.items() if name in SETTINGS_OF_A_CLIENT}
    seconds = {"IdToken": "seconds", "AccessToken": "minutes", "RefreshToken": "hours"}
    short = settings | {"IdTokenValidity": 2, "TokenValidityUnits": seconds}  # AWS takes no less than five minutes
    cognito.update_user_pool_client(UserPoolId=pool, ClientId=client, **short)
    try:
        token = door.office.id_token()
    finally:
        cognito.update_user_pool_client(UserPoolId=pool, ClientId=client, **settings)
    payload = _parts(token)[1]
    assert isinstance(payload["exp"], int)
    time.sleep(max(0.0, payload["exp"] - time.time() + 1))
    assert door.status(token) == 401
    assert door.status(door.office.id_token()) != 401
