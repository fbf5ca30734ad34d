import re
from typing import Final

from shared.channels.channel import Message, Proof, Send
from shared.channels.dependencies import ChannelDeps
from shared.channels.provider_errors import answers
from shared.offices.model import Office
from shared.offices.recipient import Recipient

CARRIES_DETAIL: Final = True
PROOF: Final = Proof.EVENTS
_ADDRESS = re.compile(r"^[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+$")


def refusal(address: str, recipient: Recipient, office: Office) -> str | None:  # noqa: ARG001
    if not _ADDRESS.match(address):
        return f"{address!r} is not an e-mail address; write one like name@{office.allowed_domains[0]}"
    if not office.allows(address):
        return f"{address} lies outside the domains of this office ({', '.join(office.allowed_domains)})"
    return None


def sending(route: ChannelDeps) -> Send:
    """Through Amazon SES v2; the delivery id travels as the tag `delivery`, which comes back in every event."""

    def send(address: str, message: Message, delivery_id: str) -> str:
        with answers():
            answer = route.ses.send_email(
                FromEmailAddress=route.sender,
                Destination={"ToAddresses": [address]},
                ConfigurationSetName=route.configuration_set,
                EmailTags=[{"Name": "delivery", "Value": delivery_id}],
                Content={
                    "Simple": {
                        "Headers": [{"Name": name, "Value": value} for name, value in message.headers.items()],
                        "Subject": {"Data": message.subject, "Charset": "UTF-8"},
                        "Body": {
                            "Text": {"Data": message.text, "Charset": "UTF-8"},
                            "Html": {"Data": message.html, "Charset": "UTF-8"},
                        },
                    }
                },
            )
        return answer["MessageId"]

    return send
