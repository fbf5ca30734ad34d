"""The office API's door: nobody comes in without a password, a code and a token that Cognito signed."""

import base64
import http.client
import json
import urllib.parse
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from botocore.exceptions import ClientError

from tests.local.cloud import LocalCloud
from tests.local.deployment import assembly, deploy
from tests.local.sign_in import Office, one_time_code

PASSWORD = "Correct-horse-battery-9"


@dataclass(frozen=True)
class Door:
    cloud: LocalCloud
    outputs: dict[str, str]
    office: Office

    def status(self, token: str | None) -> int:
        address = urllib.parse.urlsplit(self.cloud.api(self.outputs["ApiId"]) + "/v1/me")
        connection = http.client.HTTPConnection(address.netloc, timeout=30)
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
    assert [one_time_code(secret, at) for at in (59, 1111111109, 20000000000)] == ["287082", "081804", "353130"]


def test_a_token_says_which_office_the_user_belongs_to(door: Door) -> None:
    payload = door.office.id_token().split(".")[1]
    claims = json.loads(base64.urlsafe_b64decode(payload + "=="))
    assert claims["custom:office"] == "ada-1"
    assert claims["aud"] == door.outputs["UserPoolClientId"]


def test_a_wrong_code_is_refused(door: Door) -> None:
    cognito = door.cloud.client("cognito-idp")
    challenge = cognito.initiate_auth(
        ClientId=door.office.client_id,
        AuthFlow="USER_PASSWORD_AUTH",
        AuthParameters={"USERNAME": door.office.email, "PASSWORD": PASSWORD},
    )
    assert challenge["ChallengeName"] == "SOFTWARE_TOKEN_MFA"
    with pytest.raises(ClientError, match="CodeMismatch"):
        cognito.respond_to_auth_challenge(
            ClientId=door.office.client_id,
            ChallengeName="SOFTWARE_TOKEN_MFA",
            Session=challenge["Session"],
            ChallengeResponses={"USERNAME": door.office.email, "SOFTWARE_TOKEN_MFA_CODE": "000000"},
        )


def test_without_a_token_that_the_pool_signed_the_api_answers_401(door: Door) -> None:
    header, payload, signature = door.office.id_token().split(".")
    claims = json.loads(base64.urlsafe_b64decode(payload + "==")) | {"custom:office": "another"}
    forged = base64.urlsafe_b64encode(json.dumps(claims).encode()).decode().rstrip("=")
    assert door.status(None) == 401
    assert door.status(f"{header}.{forged}.{signature}") == 401
    assert door.status(f"{header}.{payload}.{signature}") != 401
