import re
from typing import Final

from shared.channels.channel import Message, Proof, Send
from shared.channels.dependencies import ChannelDeps
from shared.channels.provider_errors import answers
from shared.offices.model import Office
from shared.offices.recipient import Recipient

CARRIES_DETAIL: Final = False
PROOF: Final = Proof.NONE
_E164 = re.compile(r"^\+[1-9][0-9]{7,14}$")


def refusal(address: str, recipient: Recipient, office: Office) -> str | None:  # noqa: ARG001 - the same for all offices
    if not _E164.match(address):
        return f"{address!r} is not a telephone number; write it with the country code, like +12125550100"
    if "email" not in recipient.root:
        return "a telephone number says nothing of whose it is; give the same person's e-mail address beside it"
    return None


def sending(route: ChannelDeps) -> Send:
    def send(address: str, message: Message, delivery_id: str) -> str:  # noqa: ARG001 - SMS carries no tag
        with answers():
            answer = route.sns.publish(
                PhoneNumber=address,
                Message=message.short,
                MessageAttributes={
                    "AWS.SNS.SMS.SMSType": {"DataType": "String", "StringValue": "Transactional"},
                },
            )
        return answer["MessageId"]

    return send
