"""A signed HTTPS request to an office's own system, such as its case system. It holds ids only.

Signed as Standard Webhooks 1.0.0 says, so a receiver checks it with a library of that: `webhook-id` is the delivery id,
by which it ignores what it has seen; `webhook-timestamp` is in seconds, and what is older than five minutes is refused;
`webhook-signature` has a signature for each secret that is valid, so that a receiver changes over when it likes.
"""

import json
import re
from base64 import b64encode
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Final

from shared.aws.signing_keys import SigningKeys, mac
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


def keys_of(keys: SigningKeys, office_id: str, address: str) -> SigningKeys:
    """The keys of one office's messages to one address. They are derived, so they are stored nowhere."""
    return keys.of(office_id, address)


def secret_text(key: bytes) -> str:
    """A key as its receiver is given it."""
    return f"whsec_{b64encode(key).decode()}"


def signed_headers(message_id: str, body: bytes, now: datetime, keys: Iterable[bytes]) -> dict[str, str]:
    """A symmetric signature with each key (Standard Webhooks, "Signature scheme")."""
    timestamp = str(int(now.timestamp()))
    signed = f"{message_id}.{timestamp}.".encode() + body
    signatures = " ".join(f"v1,{b64encode(mac(key, signed)).decode()}" for key in keys)
    return {"webhook-id": message_id, "webhook-timestamp": timestamp, "webhook-signature": signatures}


def sender(deps: ChannelDeps) -> Send:
    def send(address: str, message: Message, delivery_id: str) -> str:
        body = json.dumps(message.ids | {"delivery": delivery_id}).encode()
        now, keys = datetime.now(UTC), keys_of(deps.webhook_keys(), message.ids["office"], address)
        headers = {"content-type": "application/json"} | signed_headers(delivery_id, body, now, keys.valid(now))
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
