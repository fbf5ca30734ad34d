"""Tokens that open nothing: forged, of somebody else, of another kind."""

import base64
import hashlib
import hmac
import json
from collections.abc import Iterator
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from tests.local.cloud import LocalCloud
from tests.local.deployed import PASSWORD, Deployed
from tests.local.sign_in import LOOPBACK
from tests.local.sign_in import Office as SignIn

Document = dict[str, Any]


def encoded(document: Document) -> str:
    return base64.urlsafe_b64encode(json.dumps(document).encode()).rstrip(b"=").decode()


def decoded(part: str) -> Document:
    document: Document = json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    return document


def forged_tokens(token: str, victim: Document, jwks: Document) -> Iterator[tuple[str, str]]:
    """Yields (what it tries, token) from a valid token, the claims of somebody else and the pool's public keys."""
    header, claims, signature = token.split(".")
    mine, head = decoded(claims), decoded(header)
    theirs = mine | victim
    yield from (
        ("no token", ""),
        ("garbage", "garbage"),
        ("three words", "a.b.c"),
        ("no signature", f"{header}.{claims}."),
    )
    for name in ("none", "None", "NONE", "nOnE"):
        for content in (mine, theirs):
            unsigned = f"{encoded(head | {'alg': name})}.{encoded(content)}"
            yield f"alg {name}", f"{unsigned}."
            yield f"alg {name}, old signature", f"{unsigned}.{signature}"
    yield "claims of another", f"{header}.{encoded(theirs)}.{signature}"
    yield "a longer life", f"{header}.{encoded(mine | {'exp': mine['exp'] + 86_400})}.{signature}"
    yield from _signed_with_public_keys(head, theirs, jwks)
    yield from _signed_by_us(head, mine, theirs)
    yield "half a signature", f"{header}.{claims}.{signature[: len(signature) // 2]}"
    yield "parts swapped", f"{claims}.{header}.{signature}"
    yield "four parts", f"{token}.{signature}"


def _signed_with_public_keys(head: Document, claims: Document, jwks: Document) -> Iterator[tuple[str, str]]:
    """HS256 with what everybody knows as the secret: RFC 8725 section 2.1."""
    (key,) = [key for key in jwks["keys"] if key["kid"] == head["kid"]]
    for name, secret in {"modulus": key["n"], "key": json.dumps(key), "keys": json.dumps(jwks), "nothing": ""}.items():
        for alg in ("HS256", "HS512"):
            signed = f"{encoded(head | {'alg': alg})}.{encoded(claims)}"
            digest = hashlib.sha256 if alg == "HS256" else hashlib.sha512
            mac = hmac.new(secret.encode(), signed.encode(), digest).digest()
            yield f"{alg} with the public {name}", f"{signed}.{base64.urlsafe_b64encode(mac).rstrip(b'=').decode()}"


def _signed_by_us(head: Document, mine: Document, theirs: Document) -> Iterator[tuple[str, str]]:
    """A key of our own, and headers that ask to take it."""
    ours = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    number = ours.public_key().public_numbers().n
    modulus = base64.urlsafe_b64encode(number.to_bytes(256, "big")).rstrip(b"=").decode()
    jwk = {"kty": "RSA", "n": modulus, "e": "AQAB", "kid": "ours", "alg": "RS256"}
    headers = {
        "the pool's kid": head,
        "an unknown kid": head | {"kid": "ours"},
        "a path as kid": head | {"kid": "../../../../dev/null"},
        "a query as kid": head | {"kid": "' OR 1=1 --"},
        "no kid": {"alg": "RS256"},
        "a list as kid": head | {"kid": [head["kid"]]},
        "a key in the header": {"alg": "RS256", "kid": "ours", "jwk": jwk},
        "an address of keys": {"alg": "RS256", "kid": "ours", "jku": "https://keys.elsewhere.example/jwks.json"},
        "an address of certificates": {"alg": "RS256", "kid": "ours", "x5u": "https://keys.elsewhere.example/x"},
    }
    for name, header in headers.items():
        for content in (theirs, mine | {"iss": "https://elsewhere.example/pool"}):
            signed = f"{encoded(header)}.{encoded(content)}"
            mark = ours.sign(signed.encode(), padding.PKCS1v15(), hashes.SHA256())
            yield name, f"{signed}.{base64.urlsafe_b64encode(mark).rstrip(b'=').decode()}"


def genuine_tokens_of_another_kind(
    product: Deployed, office: str, email: str, sign_in: SignIn
) -> Iterator[tuple[str, str]]:
    """Yields tokens that the emulator's Cognito did sign: of another pool, another client, another kind."""
    tokens = sign_in.tokens()
    yield "an access token", tokens["access_token"]
    yield "a refresh token", tokens["refresh_token"]
    cognito = product.cloud.client("cognito-idp")
    other = cognito.create_user_pool(PoolName=f"{office}-other")["UserPool"]["Id"]
    yield "another pool's", _of_other_pool(product.cloud, other, email)
    pool = product.outputs["UserPoolId"]
    client = cognito.create_user_pool_client(
        UserPoolId=pool, ClientName=f"{office}-other", AllowedOAuthFlows=["code"], CallbackURLs=[LOOPBACK],
        AllowedOAuthFlowsUserPoolClient=True, AllowedOAuthScopes=["openid", "email"],
    )  # fmt: skip
    client_id = client["UserPoolClient"]["ClientId"]
    other_client = SignIn(product.cloud, pool, client_id, email, PASSWORD, sign_in.authenticator)
    yield "another client's", other_client.id_token()
    cognito.delete_user_pool_client(UserPoolId=pool, ClientId=client_id)
    cognito.delete_user_pool(UserPoolId=other)


def _of_other_pool(cloud: LocalCloud, pool_id: str, email: str) -> str:
    cognito = cloud.client("cognito-idp")
    flows: Any = ["ALLOW_USER_PASSWORD_AUTH"]
    made = cognito.create_user_pool_client(UserPoolId=pool_id, ClientName="other", ExplicitAuthFlows=flows)
    return SignIn.enrol_without_a_code(
        cloud, pool_id=pool_id, client_id=made["UserPoolClient"]["ClientId"], email=email, password=PASSWORD
    )
