"""Whether an office may notify the recipients that a request names. Each channel decides about its own addresses."""

from shared.channels import CHANNELS
from shared.offices.model import Office
from shared.offices.recipient import Recipient
from shared.subscriptions.errors import RecipientRefusal, RecipientsNotAllowedError


def checked_recipients(recipients: tuple[Recipient, ...], office: Office) -> tuple[Recipient, ...]:
    """Returns the recipients with their addresses as they are stored.

    Raises RecipientsNotAllowedError with every address that must be changed.
    """
    refusals: list[RecipientRefusal] = []
    checked = [
        _checked(f"recipients.{number}", recipient, office, refusals) for number, recipient in enumerate(recipients)
    ]
    if refusals:
        raise RecipientsNotAllowedError(refusals)
    return tuple(checked)


def _checked(path: str, recipient: Recipient, office: Office, refusals: list[RecipientRefusal]) -> Recipient:
    """Adds what is wrong to `refusals`."""
    addresses = {}
    for channel, address in recipient.root.items():
        try:
            addresses[channel] = _checked_address(channel, address, recipient, office)
        except ValueError as error:
            refusals.append(RecipientRefusal(f"{path}.{channel}", str(error)))
    return Recipient(addresses) if addresses else recipient


def _checked_address(channel: str, address: str, recipient: Recipient, office: Office) -> str:
    """Raises ValueError, which says what to write."""
    if channel not in CHANNELS:
        raise ValueError(f"there is no channel {channel!r}; use one of {', '.join(CHANNELS)}")
    normal = CHANNELS[channel].normalise(address)
    if mend := CHANNELS[channel].refusal(normal, recipient, office):
        raise ValueError(mend)
    return normal
