"""The deployment's SNS topic, to which an office's own systems subscribe. A message holds ids only.

Office and topic travel as message attributes, for the subscribers' filters. The delivery id is in the message, and a
subscriber ignores one that it has seen.
"""

import json
import re
from typing import Final

from shared.channels.channel import Content, Message, ProviderEvents, Send
from shared.channels.dependencies import ChannelDeps
from shared.channels.provider_errors import translated_errors
from shared.offices.model import Office
from shared.offices.recipient import Recipient

NOUN: Final = "Message on a topic"
CONTENT: Final = Content.IDS
EVENTS: Final = ProviderEvents.NONE
RECEIVER_DEDUPLICATES: Final = True
CAN_STAND_BY: Final = False
ADDRESS_FORM: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,62}")
IAM_ACTION: Final = "sns:Publish"


def normalise(address: str) -> str:
    return address


def refusal(address: str, recipient: Recipient, office: Office) -> str | None:  # noqa: ARG001
    """The allow-list is the office's `topics`."""
    if address not in office.topics:
        topics = ", ".join(office.topics) or "none yet"
        return f"{address!r} is not a topic of this office (its topics: {topics})"
    return None


def messages_a_second(deps: ChannelDeps) -> int | None:  # noqa: ARG001
    """No limit: SNS takes far more ids a second than there are alerts."""
    return None


def sender(deps: ChannelDeps) -> Send:
    def send(address: str, message: Message, delivery_id: str) -> str:
        attributes = {"office": message.ids["office"], "topic": address}
        with translated_errors():
            answer = deps.sns.publish(
                TopicArn=deps.alerts_topic,
                Message=json.dumps(message.ids | {"delivery": delivery_id}),
                MessageAttributes={
                    name: {"DataType": "String", "StringValue": value} for name, value in attributes.items()
                },
            )
        return answer["MessageId"]

    return send


def unsuppress_at_provider(address: str) -> None:
    """A topic is never suppressed."""
