"""OAuth 2's authorization code with PKCE, as a client without a secret asks for it (RFC 6749, RFC 7636). No I/O."""

import hashlib
import secrets
from base64 import urlsafe_b64encode
from hmac import compare_digest
from typing import Self
from urllib.parse import urlencode

from shared.value import FrozenModel

# Alone it has the ID token hold all that the client may read; `openid email` would hold the address and no office
# (Amazon Cognito, "The user attributes endpoint"; CDK, `OAuthScope.OPENID`).
SCOPES = "openid"


class CodeRequest(FrozenModel):
    """What a browser is sent to the sign-in pages with: it must bring the same state back, the code is of use only to
    whoever knows the verifier, and the ID token must name the nonce."""

    client_id: str
    state: str
    nonce: str
    verifier: str

    @classmethod
    def begin(cls, client_id: str, **facts: str) -> Self:
        """`facts` are the fields of a subclass."""
        state, nonce, verifier = (secrets.token_urlsafe(32) for _ in range(3))
        return cls(client_id=client_id, state=state, nonce=nonce, verifier=verifier, **facts)

    def began_with(self, state: str) -> bool:
        return compare_digest(self.state.encode(), state.encode())

    def address(self, sign_in_url: str, redirect_uri: str) -> str:
        """Where the browser is sent. `prompt=login`: Cognito's own session, which lasts for an hour, opens nothing at a
        desk that somebody has left (Amazon Cognito, "Authorize endpoint")."""
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

    def exchange(self, code: str, redirect_uri: str) -> dict[str, str]:
        """The form for the token endpoint."""
        return {
            "grant_type": "authorization_code",
            "client_id": self.client_id,
            "code": code,
            "code_verifier": self.verifier,
            "redirect_uri": redirect_uri,
        }
