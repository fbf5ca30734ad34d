"""Whether an office may notify the recipients that a request names. Each channel decides about its own addresses."""

from collections.abc import Iterator

from shared.channels import CHANNELS
from shared.offices.model import Office
from shared.offices.recipient import Recipient
from shared.subscriptions.errors import RecipientRefusal, RecipientsNotAllowedError


def check_recipients(recipients: tuple[Recipient, ...], office: Office) -> None:
    """Raises RecipientsNotAllowedError with every address that must be changed."""
    if refusals := list(_refusals(recipients, office)):
        raise RecipientsNotAllowedError(refusals)


def _refusals(recipients: tuple[Recipient, ...], office: Office) -> Iterator[RecipientRefusal]:
    for number, recipient in enumerate(recipients):
        for channel, address in recipient.root.items():
            field = f"recipients.{number}.{channel}"
            if channel not in CHANNELS:
                yield RecipientRefusal(field, f"there is no channel {channel!r}; use one of {', '.join(CHANNELS)}")
            elif mend := CHANNELS[channel].refusal(address, recipient, office):
                yield RecipientRefusal(field, mend)
