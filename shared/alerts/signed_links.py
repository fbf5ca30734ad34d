"""Signed links: a link in a mail lets its reader do one thing without signing in.

A token says what for, about what and until when, in 50 characters of base64url. It is signed with HMAC-SHA256 (RFC
2104), cut to 128 bits, and shows nobody anything: only the deployment's keys of links can make or verify one.
"""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import UTC, datetime, timedelta
from enum import Enum
from hmac import compare_digest

from pydantic import AwareDatetime

from shared.aws.signing_keys import SigningKeys, mac
from shared.value import FrozenModel

_SIGNATURE_BYTES = 16
_BODY_BYTES = 21  # purpose 1, id 16, expiry in seconds since 1970 4


class LinkPurpose(Enum):
    """The byte that stands for it in a token, and how long such a link is valid."""

    ANSWER = b"a", timedelta(days=14)  # acknowledge an alert, give a verdict on it
    NO_DIGEST = b"d", timedelta(days=60)  # stop the daily digest

    @property
    def letter(self) -> bytes:
        return self.value[0]

    @property
    def lasts(self) -> timedelta:
        return self.value[1]


class SignedLink(FrozenModel):
    purpose: LinkPurpose
    about: str  # the id of an alert or a digest
    expires: AwareDatetime


def signed_token(purpose: LinkPurpose, about: str, now: datetime, keys: SigningKeys) -> str:
    """`about` is an id of 32 hexadecimal digits."""
    expires = int((now + purpose.lasts).timestamp())
    body = purpose.letter + bytes.fromhex(about) + expires.to_bytes(4, "big")
    return urlsafe_b64encode(body + _signature(body, keys.of().signing(now))).decode().rstrip("=")


def read_token(token: str, now: datetime, keys: SigningKeys) -> SignedLink | None:
    """None if the token was signed with none of these keys, is written in another way than we do it, or has expired."""
    try:
        raw = urlsafe_b64decode(token.encode() + b"=" * (-len(token) % 4))
    except ValueError:  # not base64, or not ASCII
        return None
    body, signature = raw[:-_SIGNATURE_BYTES], raw[-_SIGNATURE_BYTES:]
    if urlsafe_b64encode(raw).decode().rstrip("=") != token:  # what base64 forgives: signs of no alphabet, spare bits
        return None
    signed = any(compare_digest(signature, _signature(body, key)) for key in keys.of().valid(now))
    if len(body) != _BODY_BYTES or not signed:
        return None
    purpose = next(link_purpose for link_purpose in LinkPurpose if link_purpose.letter == body[:1])
    expires = datetime.fromtimestamp(int.from_bytes(body[17:], "big"), UTC)
    return SignedLink(purpose=purpose, about=body[1:17].hex(), expires=expires) if now < expires else None


def _signature(body: bytes, key: bytes) -> bytes:
    return mac(key, body)[:_SIGNATURE_BYTES]
