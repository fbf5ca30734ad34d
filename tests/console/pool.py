"""A user pool for the door: it hands out tokens for codes, publishes its key, and can be told to answer otherwise."""

from __future__ import annotations

import json
import threading
import time
from base64 import urlsafe_b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

from tests.office_api.conftest import ADA

POOL = "us-east-1_Example"
ISSUER = f"https://cognito-idp.us-east-1.amazonaws.com/{POOL}"
CLIENT = "console-client"
HOUR = 3600
OURS = rsa.generate_private_key(public_exponent=65537, key_size=2048)
ANOTHER = rsa.generate_private_key(public_exponent=65537, key_size=2048)


def id_token(key: Any = OURS, headers: dict[str, str] | None = None, **claims: Any) -> str:
    now = int(time.time())
    usual = ADA | {"sub": "ada-sub", "iss": ISSUER, "aud": CLIENT, "iat": now, "exp": now + HOUR}
    return jwt.encode(usual | claims, key, algorithm="RS256", headers={"kid": "ours", **(headers or {})})


@dataclass
class Pool:
    """`claims` are what the next ID token says otherwise than Ada's; `key` signs it. `refuses` and `is_silent` are how
    the token endpoint answers."""

    address: str = ""
    claims: dict[str, Any] = field(default_factory=dict)
    key: Any = OURS
    refuses: bool = False
    is_silent: bool = False
    asked: list[dict[str, str]] = field(default_factory=list)
    revoked: list[str] = field(default_factory=list)
    _codes: dict[str, dict[str, str]] = field(default_factory=dict)

    def lets_in(self, authorization_url: str) -> dict[str, str]:
        """The query with which the pool's pages lead back to the console."""
        asked = {name: values[0] for name, values in parse_qs(urlsplit(authorization_url).query).items()}
        code = f"code-{len(self._codes)}"
        self._codes[code] = asked
        return {"code": code, "state": asked["state"]}

    def token(self, form: dict[str, str]) -> tuple[int, dict[str, str]]:
        self.asked.append(form)
        if self.is_silent:
            return 503, {}
        if self.refuses:
            return 400, {"error": "invalid_grant"}
        if form["grant_type"] == "refresh_token":
            return 200, {"id_token": id_token(self.key, **self.claims)}
        asked = self._codes.pop(form["code"], None)
        challenge = urlsafe_b64encode(sha256(form["code_verifier"].encode()).digest()).decode().rstrip("=")
        if asked is None or asked["code_challenge"] != challenge or asked["redirect_uri"] != form["redirect_uri"]:
            return 400, {"error": "invalid_grant"}
        token = id_token(self.key, **{"nonce": asked["nonce"], "aud": asked["client_id"]} | self.claims)
        return 200, {"id_token": token, "refresh_token": "a-refresh-token"}


@contextmanager
def a_pool() -> Iterator[Pool]:
    pool = Pool()

    class Answering(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if self.path.startswith("/console/sign-in"):  # the console at the same address, for `arrest-alert sign-in`
                self.send_response(303)
                self.send_header("Location", f"{pool.address}/oauth2/authorize?client_id={CLIENT}&state=x")
                self.end_headers()
                return
            public = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(OURS.public_key()))
            known = self.path == f"/{POOL}/.well-known/jwks.json"
            self._write(200 if known else 404, {"keys": [public | {"kid": "ours", "use": "sig", "alg": "RS256"}]})

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            if self.path == "/oauth2/token":
                self._write(*pool.token({name: values[0] for name, values in parse_qs(body).items()}))
            else:
                assert self.headers["X-Amz-Target"].endswith(".RevokeToken")
                pool.revoked.append(json.loads(body)["Token"])
                self._write(200, {})

        def _write(self, status: int, document: Any) -> None:
            content = json.dumps(document).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            """Quiet."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Answering) as server:
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        pool.address = f"http://127.0.0.1:{server.server_port}"
        yield pool
        server.shutdown()
