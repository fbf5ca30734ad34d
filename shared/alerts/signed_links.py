"""A link in a mail that lets its reader do one thing without signing in. It says what for, about what and until when,
in 50 characters, and shows nobody anything: only who has the deployment's key can make or read one."""

import hashlib
import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import UTC, datetime, timedelta
from enum import Enum

from pydantic import AwareDatetime

from shared.value import FrozenModel

_SIGNATURE = 16  # bytes of the HMAC-SHA256


class LinkPurpose(Enum):
    """The letter it travels as, and how long such a link lasts."""

    ANSWER = b"a", timedelta(days=14)  # acknowledge an alert, say whether it was useful
    NO_DIGEST = b"d", timedelta(days=60)  # end the daily digest

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


def signed_token(purpose: LinkPurpose, about: str, now: datetime, key: bytes) -> str:
    expires = int((now + purpose.lasts).timestamp())
    body = purpose.letter + bytes.fromhex(about) + expires.to_bytes(4, "big")
    return urlsafe_b64encode(body + _signature(body, key)).decode().rstrip("=")


def read_token(said: str, now: datetime, key: bytes) -> SignedLink | None:
    """None when it is not ours, or its time is over."""
    try:
        whole = urlsafe_b64decode(said.encode() + b"=" * (-len(said) % 4))
    except ValueError:  # not base64, or not ASCII
        return None
    body, signature = whole[:-_SIGNATURE], whole[-_SIGNATURE:]
    if len(body) != 21 or not hmac.compare_digest(signature, _signature(body, key)):
        return None
    purpose = next(link_purpose for link_purpose in LinkPurpose if link_purpose.letter == body[:1])
    expires = datetime.fromtimestamp(int.from_bytes(body[17:], "big"), UTC)
    return SignedLink(purpose=purpose, about=body[1:17].hex(), expires=expires) if now < expires else None


def _signature(body: bytes, key: bytes) -> bytes:
    return hmac.new(key, b"link\x1f" + body, hashlib.sha256).digest()[:_SIGNATURE]
