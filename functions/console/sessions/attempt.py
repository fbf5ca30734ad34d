"""One attempt to sign in: what the browser is sent to Cognito's pages with, and what it must bring back.

The verifier (PKCE, RFC 7636), the state and the nonce lie in a cookie of the browser that began, for as long as the
sign-in may take. Somebody who learns the code or plants one has no such cookie. Nothing in it is believed without the
pool's own answer: whoever alters it only breaks their own sign-in.
"""

import hashlib
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from hmac import compare_digest
from urllib.parse import urlencode, urlsplit

from pydantic import ValidationError

from shared.value import FrozenModel

ATTEMPT_COOKIE = "__Host-sign-in"
ATTEMPT_SECONDS = 1800  # setting up an authenticator app takes a while
HOME = "/console/alerts"
SCOPES = "openid email"


class SignInAttempt(FrozenModel):
    """`goal` is the page of the console that was asked for."""

    client_id: str
    goal: str
    state: str
    nonce: str
    verifier: str

    @classmethod
    def begin(cls, client_id: str, goal: str) -> "SignInAttempt":
        state, nonce, verifier = (secrets.token_urlsafe(32) for _ in range(3))
        return cls(client_id=client_id, goal=own_page(goal), state=state, nonce=nonce, verifier=verifier)

    def began_with(self, state: str) -> bool:
        return compare_digest(self.state.encode(), state.encode())

    def authorization_url(self, sign_in_url: str, redirect_uri: str) -> str:
        """Where the browser is sent. `prompt=login`: a session of ours that is over is not opened again by one of
        Cognito's that is not (it lasts for an hour), at a desk that somebody has left."""
        challenge = urlsafe_b64encode(hashlib.sha256(self.verifier.encode()).digest()).decode().rstrip("=")
        query = {
            "response_type": "code",
            "client_id": self.client_id,
            "redirect_uri": redirect_uri,
            "scope": SCOPES,
            "state": self.state,
            "nonce": self.nonce,
            "code_challenge": challenge,
            "code_challenge_method": "S256",
            "prompt": "login",
        }
        return f"{sign_in_url}/oauth2/authorize?{urlencode(query)}"

    @property
    def as_cookie(self) -> str:
        return urlsafe_b64encode(self.model_dump_json().encode()).decode().rstrip("=")


def attempt_of(cookie: str) -> SignInAttempt | None:
    """Reads the cookie. Returns None for one that cannot be read."""
    try:
        attempt = SignInAttempt.model_validate_json(urlsafe_b64decode(cookie + "=" * (-len(cookie) % 4)))
    except (ValueError, ValidationError):
        return None
    return attempt.model_copy(update={"goal": own_page(attempt.goal)})


def own_page(address: str) -> str:
    """The address, if it is the path of a page of the console, else the home page: nobody is led elsewhere after a
    sign-in. Browsers read `//host`, `/\\host` and control characters otherwise than we do, so none of them passes."""
    readable = address.isprintable() and "\\" not in address
    parts = urlsplit(address) if readable and address.startswith("/") and not address.startswith("//") else None
    if parts is None or parts.scheme or parts.netloc or ".." in parts.path.split("/"):
        return HOME
    return address if parts.path == "/console" or parts.path.startswith("/console/") else HOME
