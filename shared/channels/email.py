"""E-mail, through Amazon SES v2. The only channel that may carry details, and only to agreed domains."""

import re
from contextlib import suppress
from typing import Final

import boto3

from shared.aws.time_limits import ANSWERS_WITHIN
from shared.channels.channel import Content, Message, ProviderEvents, Send
from shared.channels.dependencies import ChannelDeps
from shared.channels.provider_errors import translated_errors
from shared.offices.model import Office
from shared.offices.recipient import Recipient

NOUN: Final = "Mail"
CONTENT: Final = Content.PAGE
EVENTS: Final = ProviderEvents.BY_DELIVERY_ID
RECEIVER_DEDUPLICATES: Final = False
CAN_STAND_BY: Final = False
ADDRESS_FORM: Final = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")
IAM_ACTION: Final = "ses:SendEmail"


def normalise(address: str) -> str:
    return address


def refusal(address: str, recipient: Recipient, office: Office) -> str | None:  # noqa: ARG001
    """The allow-list is the office's `allowed_domains`."""
    if not ADDRESS_FORM.fullmatch(address):
        return f"{address!r} is not an e-mail address; write one like name@{office.allowed_domains[0]}"
    if not office.allows(address):
        return f"{address} lies outside the domains of this office ({', '.join(office.allowed_domains)})"
    return None


def messages_a_second(deps: ChannelDeps) -> int | None:
    return deps.mails_a_second


def sender(deps: ChannelDeps) -> Send:
    """The delivery id travels as the tag `delivery`, which comes back in every event."""

    def send(address: str, message: Message, delivery_id: str) -> str:
        with translated_errors():
            answer = deps.ses.send_email(
                FromEmailAddress=deps.sender,
                Destination={"ToAddresses": [address]},
                ConfigurationSetName=deps.configuration_set,
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


def unsuppress_at_provider(address: str) -> None:
    """SES keeps a suppression list for the account and refuses every address on it."""
    ses = boto3.client("sesv2", config=ANSWERS_WITHIN)
    with suppress(ses.exceptions.NotFoundException):
        ses.delete_suppressed_destination(EmailAddress=address)
