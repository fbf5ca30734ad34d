import json
from typing import Final

from shared.channels.contract import Message, Proof, Send
from shared.channels.providers import answers
from shared.channels.route import Route
from shared.domain.offices import Office
from shared.domain.subscriptions import Recipient

CARRIES_DETAIL: Final = False
PROOF: Final = Proof.RECEIVER


def refusal(address: str, recipient: Recipient, office: Office) -> str | None:  # noqa: ARG001
    if address not in office.topics:
        known = ", ".join(office.topics) or "none yet"
        return f"{address!r} is not a topic of this office (its topics: {known})"
    return None


def sending(route: Route) -> Send:
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
