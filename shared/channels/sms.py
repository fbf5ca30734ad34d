"""Text messages, through Amazon SNS. A text says that there is an alert, and where it is read.

SNS knows a text only by the id that it answers with. So a text that may have gone out is never repeated, and what SNS
reports later is found by that id (`arrest-alert texts` switches these reports on).
"""

import re
from typing import Final

from shared.channels.channel import Content, Message, ProviderEvents, Send
from shared.channels.dependencies import ChannelDeps
from shared.channels.provider_errors import translated_errors
from shared.offices.model import Office
from shared.offices.recipient import Recipient

NOUN: Final = "Text message"
CONTENT: Final = Content.SHORT
EVENTS: Final = ProviderEvents.BY_PROVIDER_ID
RECEIVER_DEDUPLICATES: Final = False
CAN_STAND_BY: Final = True
ADDRESS_FORM: Final = re.compile(r"\+[1-9][0-9]{7,14}")  # ITU-T E.164
IAM_ACTION: Final = "sns:Publish"
_WRITTEN: Final = re.compile(r"\s*(tel:)?\+[0-9 ().-]{7,30}\s*")  # the parser would look for a number in any text
_MEND: Final = (
    "is not a telephone number that exists; write it with the country code and without an extension, like +12125550100"
)


def normalise(address: str) -> str:
    """Returns the number in the form of E.164. Raises ValueError for one that no numbering plan has."""
    import phonenumbers  # noqa: PLC0415 - a tenth of a second that only a saved number should cost

    if not _WRITTEN.fullmatch(address):
        raise ValueError(_MEND)
    try:
        number = phonenumbers.parse(address)
    except phonenumbers.NumberParseException as error:
        raise ValueError(_MEND) from error
    if number.extension or not phonenumbers.is_valid_number(number):
        raise ValueError(_MEND)
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def refusal(address: str, recipient: Recipient, office: Office) -> str | None:  # noqa: ARG001 - the same for all offices
    """There is no allow-list of numbers. The domain of the same person's e-mail address stands for the number."""
    if not ADDRESS_FORM.fullmatch(address):
        return f"{address!r} is not a telephone number; write it with the country code, like +12125550100"
    if not recipient.email:
        return "a telephone number says nothing of whose it is; give the same person's e-mail address beside it"
    return None


def messages_a_second(deps: ChannelDeps) -> int | None:
    return deps.texts_a_second


def sender(deps: ChannelDeps) -> Send:
    def send(address: str, message: Message, delivery_id: str) -> str:  # noqa: ARG001 - SMS carries no tag
        with translated_errors():
            answer = deps.sns.publish(
                PhoneNumber=address,
                Message=message.short,
                MessageAttributes={
                    "AWS.SNS.SMS.SMSType": {"DataType": "String", "StringValue": "Transactional"},
                },
            )
        return answer["MessageId"]

    return send


def unsuppress_at_provider(address: str) -> None:
    """A number that opted out at SNS is let in by its owner alone, who texts START."""
