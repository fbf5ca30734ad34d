"""Signs a prosecutor in as the console would, with a password and the code of an authenticator app; and a machine, with
its secret."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import struct
import time
import urllib.error
import urllib.parse
import urllib.request
from dataclasses import dataclass

from tests.local.cloud import PATIENCE, LocalCloud

STEP = 30  # seconds, RFC 6238
DIGITS = 6


def one_time_code(secret: str, seconds: float) -> str:
    """RFC 6238 with its defaults: HMAC-SHA-1 over the number of 30-second steps since 1970."""
    key = base64.b32decode(secret + "=" * (-len(secret) % 8), casefold=True)
    digest = hmac.digest(key, struct.pack(">Q", int(seconds // STEP)), hashlib.sha1)
    start = digest[-1] & 0x0F
    number = struct.unpack(">I", digest[start : start + 4])[0] & 0x7FFFFFFF
    return f"{number % 10**DIGITS:0{DIGITS}}"


def machine_token(cloud: LocalCloud, client_id: str, secret: str, scope: str = "") -> str | None:
    """An access token with these scopes, or with all of the client's. None when the pool refuses it."""
    form = {"grant_type": "client_credentials"} | ({"scope": scope} if scope else {})
    credentials = base64.b64encode(f"{client_id}:{secret}".encode()).decode()
    headers = {"authorization": f"Basic {credentials}", "content-type": "application/x-www-form-urlencoded"}
    address = f"{cloud.endpoint}/oauth2/token"  # on AWS the TokenUrl of the stack's outputs
    body = urllib.parse.urlencode(form).encode()
    try:
        with urllib.request.urlopen(urllib.request.Request(address, body, headers), timeout=PATIENCE) as answer:  # noqa: S310
            return str(json.loads(answer.read())["access_token"])
    except urllib.error.HTTPError:
        return None


@dataclass(frozen=True)
class Office:
    """The sign-in of one user of an office."""

    cloud: LocalCloud
    pool_id: str
    client_id: str
    email: str
    password: str
    authenticator: str

    @classmethod
    def enrol(
        cls, cloud: LocalCloud, *, pool_id: str, client_id: str, office: str, email: str, password: str
    ) -> Office:
        """Makes the user as an administrator does, and registers an authenticator app for them."""
        cognito = cloud.client("cognito-idp")
        attributes = {"email": email, "email_verified": "true", "custom:office": office}
        cognito.admin_create_user(
            UserPoolId=pool_id,
            Username=email,
            UserAttributes=[{"Name": name, "Value": value} for name, value in attributes.items()],
            TemporaryPassword=password,
            MessageAction="SUPPRESS",
        )
        cognito.admin_set_user_password(UserPoolId=pool_id, Username=email, Password=password, Permanent=True)
        return cls(cloud, pool_id, client_id, email, password, _authenticator(cloud, client_id, email, password))

    @staticmethod
    def enrol_without_a_code(cloud: LocalCloud, *, pool_id: str, client_id: str, email: str, password: str) -> str:
        """The id token of a new user of a pool that asks for no second factor."""
        cognito = cloud.client("cognito-idp")
        cognito.admin_create_user(UserPoolId=pool_id, Username=email, MessageAction="SUPPRESS")
        cognito.admin_set_user_password(UserPoolId=pool_id, Username=email, Password=password, Permanent=True)
        signed_in = cognito.initiate_auth(
            ClientId=client_id, AuthFlow="USER_PASSWORD_AUTH",
            AuthParameters={"USERNAME": email, "PASSWORD": password},
        )  # fmt: skip
        return signed_in["AuthenticationResult"]["IdToken"]

    def id_token(self) -> str:
        """The bearer token of the office API."""
        return self.tokens()["IdToken"]

    def tokens(self) -> dict[str, str]:
        """Password and code, both checked."""
        cognito = self.cloud.client("cognito-idp")
        challenge = cognito.initiate_auth(
            ClientId=self.client_id,
            AuthFlow="USER_PASSWORD_AUTH",
            AuthParameters={"USERNAME": self.email, "PASSWORD": self.password},
        )
        signed_in = cognito.respond_to_auth_challenge(
            ClientId=self.client_id,
            ChallengeName="SOFTWARE_TOKEN_MFA",
            Session=challenge["Session"],
            ChallengeResponses={
                "USERNAME": self.email,
                "SOFTWARE_TOKEN_MFA_CODE": one_time_code(self.authenticator, time.time()),
            },
        )
        return dict(signed_in["AuthenticationResult"])  # type: ignore[arg-type]


def _authenticator(cloud: LocalCloud, client_id: str, email: str, password: str) -> str:
    """The secret of a new authenticator app.

    AWS answers the first sign-in with MFA_SETUP. The emulator answers with tokens, and enrols with the access token.
    """
    cognito = cloud.client("cognito-idp")
    first = cognito.initiate_auth(
        ClientId=client_id,
        AuthFlow="USER_PASSWORD_AUTH",
        AuthParameters={"USERNAME": email, "PASSWORD": password},
    )
    access = first["AuthenticationResult"]["AccessToken"]
    secret = cognito.associate_software_token(AccessToken=access)["SecretCode"]
    cognito.verify_software_token(AccessToken=access, UserCode=one_time_code(secret, time.time()))
    return secret
