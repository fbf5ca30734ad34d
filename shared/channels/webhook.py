"""A signed HTTPS request to an office's own system, such as its case system. It holds ids only.

Headers: `X-Arrest-Alert-Delivery`, the delivery's id, and `X-Arrest-Alert-Signature: t=<unix seconds>,v1=<HMAC-SHA256
of "<t>.<body>">`. A receiver checks the signature, refuses what is older than five minutes, and leaves a delivery id
aside that it has seen: `verified` does the first two. `secret_of` derives the secret that the office is given.
"""

import hashlib
import hmac
import json
from datetime import UTC, datetime, timedelta
from typing import Final
from urllib.parse import urlsplit

from shared.channels.channel import Message, PermanentFailure, Proof, Send, TemporaryFailure
from shared.channels.dependencies import ChannelDeps
from shared.channels.network import Forbidden, post
from shared.offices.model import Office
from shared.offices.recipient import Recipient

CARRIES_DETAIL: Final = False
PROOF: Final = Proof.RECEIVER
_LATER: Final = {408, 425, 429, 500, 502, 503, 504}
_TOLERANCE: Final = timedelta(minutes=5)


def refusal(address: str, recipient: Recipient, office: Office) -> str | None:  # noqa: ARG001
    if address not in office.webhooks:
        known = ", ".join(office.webhooks) or "none yet"
        return f"{address!r} is not a webhook of this office (its webhooks: {known})"
    if urlsplit(address).scheme != "https":
        return f"{address} is not https"
    return None


def secret_of(key: bytes, office_id: str, address: str) -> str:
    """What signs the messages of one office to one address; derived, so that it is stored nowhere."""
    return hmac.new(key, f"webhook\x1f{office_id}\x1f{address}".encode(), hashlib.sha256).hexdigest()


def signature(secret: str, body: bytes, now: datetime) -> str:
    at = int(now.timestamp())
    return f"t={at},v1={hmac.new(secret.encode(), f'{at}.'.encode() + body, hashlib.sha256).hexdigest()}"


def verified(secret: str, said: str, body: bytes, now: datetime) -> bool:
    """Whether this header signs this body, and did so within the last five minutes."""
    parts = dict(part.partition("=")[::2] for part in said.split(","))
    if not parts.get("t", "").isdecimal():
        return False
    at = datetime.fromtimestamp(int(parts["t"]), UTC)
    return abs(now - at) <= _TOLERANCE and hmac.compare_digest(signature(secret, body, at), said)


def sending(route: ChannelDeps) -> Send:
    def send(address: str, message: Message, delivery_id: str) -> str:
        body = json.dumps(message.ids | {"delivery": delivery_id}).encode()
        secret = secret_of(route.secret(), message.ids["office"], address)
        headers = {
            "content-type": "application/json",
            "x-arrest-alert-delivery": delivery_id,
            "x-arrest-alert-signature": signature(secret, body, datetime.now(UTC)),
        }
        try:
            status = post(address, body, headers, route.network)
        except Forbidden as reason:
            raise PermanentFailure(str(reason)) from reason
        except OSError as fault:  # taken or not: the receiver leaves a second one aside
            raise TemporaryFailure(f"no answer ({type(fault).__name__})") from fault
        if status in _LATER:
            raise TemporaryFailure(f"HTTP {status}")
        if not 200 <= status < 300:  # a redirect is not followed: it could lead inside
            raise PermanentFailure(f"HTTP {status}")
        return delivery_id

    return send
