"""A signed HTTPS request to an office's own system, such as its case system. It holds ids only.

Headers: `X-Arrest-Alert-Delivery`, the delivery id, and `X-Arrest-Alert-Signature: t=<unix seconds>,v1=<HMAC-SHA256
of "<t>.<body>">`. A receiver checks the signature, refuses what is older than five minutes (`is_signed` does both),
and ignores a delivery id that it has seen. `signing_secret` derives the secret that the office is given.
"""

import hashlib
import hmac
import json
import re
from datetime import UTC, datetime, timedelta
from typing import Final

from shared.channels.channel import Content, Message, PermanentFailureError, ProviderEvents, Send, TemporaryFailureError
from shared.channels.dependencies import ChannelDeps
from shared.channels.network import ForbiddenAddressError, destination_of, post
from shared.offices.model import Office
from shared.offices.recipient import Recipient

NOUN: Final = "Message to a case system"
CONTENT: Final = Content.IDS
EVENTS: Final = ProviderEvents.NONE
RECEIVER_DEDUPLICATES: Final = True
CAN_STAND_BY: Final = False
ADDRESS_FORM: Final = re.compile(r"https://[^\s]{1,500}", re.IGNORECASE)
IAM_ACTION: Final = ""
_TEMPORARY_STATUSES: Final = {408, 425, 429, 500, 502, 503, 504}
_TOLERANCE: Final = timedelta(minutes=5)


def normalise(address: str) -> str:
    """Raises ValueError for an address that leads, or may lead, inside; a name is looked up at every sending."""
    try:
        destination_of(address)
    except ForbiddenAddressError as error:
        raise ValueError(f"is no webhook that can be reached: {error}") from error
    return address


def refusal(address: str, recipient: Recipient, office: Office) -> str | None:  # noqa: ARG001
    """The allow-list is the office's `webhooks`, whole URLs."""
    if address not in office.webhooks:
        webhooks = ", ".join(office.webhooks) or "none yet"
        return f"{address!r} is not a webhook of this office (its webhooks: {webhooks})"
    if not ADDRESS_FORM.fullmatch(address):
        return f"{address} is not https"
    return None


def messages_a_second(deps: ChannelDeps) -> int | None:  # noqa: ARG001
    """No limit of ours: a receiver that has too much answers 429 and is asked again later."""
    return None


def signing_secret(key: bytes, office_id: str, address: str) -> str:
    """Signs the messages of one office to one address. It is derived, so it is stored nowhere."""
    return hmac.new(key, f"webhook\x1f{office_id}\x1f{address}".encode(), hashlib.sha256).hexdigest()


def signature(secret: str, body: bytes, now: datetime) -> str:
    seconds = int(now.timestamp())
    return f"t={seconds},v1={hmac.new(secret.encode(), f'{seconds}.'.encode() + body, hashlib.sha256).hexdigest()}"


def is_signed(secret: str, header: str, body: bytes, now: datetime) -> bool:
    """Whether this signature header signs this body, and was made within the last five minutes."""
    fields = dict(pair.partition("=")[::2] for pair in header.split(","))
    if not fields.get("t", "").isdecimal():
        return False
    signed_at = datetime.fromtimestamp(int(fields["t"]), UTC)
    return abs(now - signed_at) <= _TOLERANCE and hmac.compare_digest(signature(secret, body, signed_at), header)


def sender(deps: ChannelDeps) -> Send:
    def send(address: str, message: Message, delivery_id: str) -> str:
        body = json.dumps(message.ids | {"delivery": delivery_id}).encode()
        secret = signing_secret(deps.secret(), message.ids["office"], address)
        headers = {
            "content-type": "application/json",
            "x-arrest-alert-delivery": delivery_id,
            "x-arrest-alert-signature": signature(secret, body, datetime.now(UTC)),
        }
        try:
            status = post(address, body, headers, deps.network)
        except ForbiddenAddressError as error:
            raise PermanentFailureError(str(error)) from error
        except OSError as error:  # whether it was taken is open, but the receiver ignores a second one
            raise TemporaryFailureError(f"no answer ({type(error).__name__})") from error
        if status in _TEMPORARY_STATUSES:
            raise TemporaryFailureError(f"HTTP {status}")
        if not 200 <= status < 300:  # a redirect is not followed: it could lead inside
            raise PermanentFailureError(f"HTTP {status}")
        return delivery_id

    return send


def unsuppress_at_provider(address: str) -> None:
    """A webhook is never suppressed."""
