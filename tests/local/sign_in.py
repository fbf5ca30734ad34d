"""Signs a prosecutor in on Cognito's own pages, as a browser does, with a password and the code of an authenticator
app; and a machine, with its secret."""

from __future__ import annotations

import base64
import hashlib
import hmac
import http.client
import json
import re
import secrets
import struct
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass, replace

from tests.local.cloud import PATIENCE, LocalCloud

STEP = 30  # seconds, RFC 6238
DIGITS = 6
LOOPBACK = "http://localhost:8976/signed-in"  # an address at which `arrest-alert sign-in` waits


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
class Reply:
    """What a server answers; a redirect is not followed."""

    status: int
    text: str
    location: str
    cookies: tuple[str, ...]


def request(address: str, *, form: Mapping[str, str] | None = None, headers: Mapping[str, str] | None = None) -> Reply:
    """A browser's request: with a form, or without. Names below `.localhost` need not resolve."""
    where = urllib.parse.urlsplit(address)
    connection = http.client.HTTPConnection("127.0.0.1", where.port, timeout=PATIENCE)
    path = f"{where.path}?{where.query}" if where.query else where.path
    sent = {"Host": where.netloc, **(headers or {})}
    if form is not None:
        sent |= {"Content-Type": "application/x-www-form-urlencoded"}
    body = None if form is None else urllib.parse.urlencode(form)
    connection.request("GET" if form is None else "POST", path, body, sent)
    answer = connection.getresponse()
    text = answer.read().decode(errors="replace")
    cookies = tuple(answer.headers.get_all("Set-Cookie") or ())
    connection.close()
    return Reply(answer.status, text, answer.headers.get("Location") or "", cookies)


@dataclass(frozen=True)
class Office:
    """The sign-in of one user of an office. `authenticator` is the key of their authenticator app."""

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
        return cls(cloud, pool_id, client_id, email, password, "").with_a_new_authenticator()

    @classmethod
    def accept(
        cls, cloud: LocalCloud, *, pool_id: str, client_id: str, email: str, first_password: str, password: str
    ) -> Office:
        """The first sign-in of somebody who was invited: with the password of the mail they choose one of their own,
        then set up an authenticator app. Raises ValueError when the page does not let them."""
        invited = cls(cloud, pool_id, client_id, email, first_password, "")
        asked = invited._after_the_password(_authorization(client_id)[0])
        form = {
            "np_token": _found(r'name="np_token" value="([^"]+)"', asked),
            "new_password": password, "confirm_password": password,
        }  # fmt: skip
        request(f"{cloud.endpoint}/login", form=form)
        return replace(invited, password=password).with_a_new_authenticator()

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

    def with_a_new_authenticator(self) -> Office:
        """The first sign-in, at which the page shows the key of a new authenticator app."""
        asked = self._after_the_password(_authorization(self.client_id)[0])
        key = _found(r"<code>(\w+)</code>", asked)
        token = _found(r'name="mfa_token" value="([^"]+)"', asked)
        form = {"mfa_token": token, "code": one_time_code(key, time.time())}
        request(f"{self.cloud.endpoint}/login", form=form)
        return replace(self, authenticator=key)

    def id_token(self) -> str:
        """The bearer token of the office API."""
        return self.tokens()["id_token"]

    def tokens(self) -> dict[str, str]:
        """Password and code, both checked, then the code for the tokens: what `arrest-alert sign-in` does."""
        asked, verifier = _authorization(self.client_id)
        back = urllib.parse.urlsplit(self.sign_in_on_the_page(asked))
        form = {
            "grant_type": "authorization_code", "client_id": self.client_id, "redirect_uri": LOOPBACK,
            "code": urllib.parse.parse_qs(back.query)["code"][0], "code_verifier": verifier,
        }  # fmt: skip
        return dict(json.loads(request(f"{self.cloud.endpoint}/oauth2/token", form=form).text))

    def sign_in_on_the_page(self, asked: Mapping[str, str], code: str = "") -> str:
        """The address that the page leads back to. `asked` is the query of the authorization request, `code` another
        one than the right one. Raises ValueError when the page lets nobody through."""
        page = self._after_the_password(asked)
        shown = {
            "mfa_token": _found(r'name="mfa_token" value="([^"]+)"', page),
            "code": code or one_time_code(self.authenticator, time.time()),
        }
        reply = request(f"{self.cloud.endpoint}/login", form=shown)
        if not reply.location:
            raise ValueError(_found(r'<p class="error">([^<]*)', reply.text))
        return reply.location

    def _after_the_password(self, asked: Mapping[str, str]) -> str:
        """The page that asks for the code."""
        form = {**asked, "username": self.email, "password": self.password}
        return request(f"{self.cloud.endpoint}/login", form=form).text


def _authorization(client_id: str) -> tuple[dict[str, str], str]:
    """The query of an authorization request, and the verifier of its code (RFC 7636)."""
    verifier = secrets.token_urlsafe(48)
    challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).decode().rstrip("=")
    asked = {
        "client_id": client_id, "redirect_uri": LOOPBACK, "scope": "openid", "state": "s",
        "response_type": "code", "code_challenge": challenge, "code_challenge_method": "S256",
    }  # fmt: skip
    return asked, verifier


def _found(pattern: str, page: str) -> str:
    """Raises ValueError, with the page, when it is not there."""
    match = re.search(pattern, page)
    if match is None:
        raise ValueError(f"no {pattern} in {page}")
    return match[1]
