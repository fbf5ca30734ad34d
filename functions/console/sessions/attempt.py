"""One attempt to sign in, which the browser keeps in a cookie for as long as it may take.

Somebody who learns the code or plants one has no such cookie. Nothing in it is believed without the pool's own answer:
whoever alters it only breaks their own sign-in.
"""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from urllib.parse import unquote, urlsplit

from pydantic import ValidationError

from shared.offices.authorization_code import CodeRequest

ATTEMPT_COOKIE = "__Host-sign-in"
ATTEMPT_SECONDS = 1800  # setting up an authenticator app takes a while
HOME = "/console/alerts"


class SignInAttempt(CodeRequest):
    """`goal` is the page of the console that was asked for."""

    goal: str

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
    if parts is None or parts.scheme or parts.netloc or ".." in unquote(parts.path).split("/"):
        return HOME
    return address if parts.path == "/console" or parts.path.startswith("/console/") else HOME
