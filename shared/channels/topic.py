import json
from typing import Final

from shared.channels.channel import Message, Proof, Send
from shared.channels.dependencies import ChannelDeps
from shared.channels.provider_errors import answers
from shared.offices.model import Office
from shared.offices.recipient import Recipient

CARRIES_DETAIL: Final = False
PROOF: Final = Proof.RECEIVER


def refusal(address: str, recipient: Recipient, office: Office) -> str | None:  # noqa: ARG001
    if address not in office.topics:
        known = ", ".join(office.topics) or "none yet"
        return f"{address!r} is not a topic of this office (its topics: {known})"
    return None


def sending(route: ChannelDeps) -> Send:
    """To the deployment's SNS topic: ids only, with office and topic as attributes for the subscribers' filters."""

    def send(address: str, message: Message, delivery_id: str) -> str:
        attributes = {"office": message.ids["office"], "topic": address}
        with answers():
            answer = route.sns.publish(
                TopicArn=route.alerts_topic,
                Message=json.dumps(message.ids | {"delivery": delivery_id}),
                MessageAttributes={
                    name: {"DataType": "String", "StringValue": value} for name, value in attributes.items()
                },
            )
        return answer["MessageId"]

    return send
