"""The pool's tokens: a code is exchanged for them, server to server, and an ID token is verified before it is believed.

RFC 6749 section 4.1.3 and 6; OpenID Connect Core 1.0, section 3.1.3.7; AWS, "Verifying JSON web tokens".
"""

import json
import urllib.error
import urllib.request
from collections.abc import Mapping
from hmac import compare_digest
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode

import jwt

from functions.console.sessions.pool_answers import PoolTokens, SignInRefusedError, SignInUnavailableError
from shared.bounded_reader import read_json

PATIENCE = 5  # seconds for one answer of the pool
CLOCKS_APART = 30  # seconds
REQUIRED = ["aud", "exp", "iat", "iss", "sub", "token_use"]


class TokenEndpoint:
    """`/oauth2/token` of the pool's domain. Our clients have no secret."""

    def __init__(self, address: str) -> None:
        self._address = address

    def exchange(self, form: Mapping[str, str]) -> PoolTokens:
        """Raises SignInRefusedError for a code that is unknown, used, too old, or another client's or browser's, and
        SignInUnavailableError."""
        return self._ask(form)

    def renew(self, refresh_token: str, *, client_id: str) -> PoolTokens:
        """Raises SignInRefusedError for a person who is signed out, disabled or deleted, and SignInUnavailableError."""
        return self._ask({"grant_type": "refresh_token", "refresh_token": refresh_token, "client_id": client_id})

    def _ask(self, form: Mapping[str, str]) -> PoolTokens:
        content = {"Content-Type": "application/x-www-form-urlencoded"}
        request = urllib.request.Request(self._address, urlencode(form).encode(), content)  # noqa: S310 - ours
        try:
            with urllib.request.urlopen(request, timeout=PATIENCE) as answer:  # noqa: S310 - ours
                tokens = read_json(answer.read())
        except urllib.error.HTTPError as refusal:
            if refusal.code == HTTPStatus.BAD_REQUEST:
                raise SignInRefusedError from refusal
            raise SignInUnavailableError(f"the pool answered {refusal.code}") from refusal
        except OSError as error:  # URLError, TimeoutError and a line that is cut
            raise SignInUnavailableError("the pool did not answer") from error
        return PoolTokens(str(tokens["id_token"]), str(tokens.get("refresh_token", "")))


class IdTokens:
    """Verifies ID tokens of one pool. The pool's keys are read once and kept; a new key is looked for."""

    def __init__(self, keys_url: str, issuer: str) -> None:
        self._keys, self._issuer = jwt.PyJWKClient(keys_url, timeout=PATIENCE), issuer

    def claims(self, id_token: str, *, client_id: str, nonce: str | None = None) -> dict[str, str]:
        """Returns the claims as API Gateway's authorizer hands them on: every value is a text.

        Raises SignInRefusedError unless it is an ID token, signed by the pool, for this client, in its time, and with
        this nonce if one is given. Raises SignInUnavailableError when the pool's keys cannot be read."""
        try:
            key = self._keys.get_signing_key_from_jwt(id_token)
            claims: dict[str, Any] = jwt.decode(
                id_token,
                key,
                algorithms=["RS256"],
                audience=client_id,
                issuer=self._issuer,
                leeway=CLOCKS_APART,
                options={"require": REQUIRED},
            )
        except jwt.PyJWKClientConnectionError as error:
            raise SignInUnavailableError("the pool's keys could not be read") from error
        except jwt.PyJWTError as error:
            raise SignInRefusedError(f"the ID token is not valid: {type(error).__name__}") from error
        if claims["token_use"] != "id":  # noqa: S105 - a kind
            raise SignInRefusedError("this is no ID token")
        if nonce is not None and not compare_digest(str(claims.get("nonce", "")).encode(), nonce.encode()):
            raise SignInRefusedError("the ID token belongs to another sign-in")
        return _texts(claims)


def _texts(claims: Mapping[str, Any]) -> dict[str, str]:
    return {name: value if isinstance(value, str) else json.dumps(value) for name, value in claims.items()}
