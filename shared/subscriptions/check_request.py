"""What is asked of a request before it is stored: can its criterion ever match, and may its recipients be notified.

Each channel decides about its own addresses. What is stored is not asked again.
"""

from collections.abc import Callable
from datetime import date

from shared.channels import CHANNELS
from shared.matching.criteria import Combination, Leaf, kinds_told
from shared.matching.criteria.can_hit import never_hits
from shared.offices.model import Office
from shared.offices.recipient import Recipient
from shared.subscriptions.errors import NeverHitsError, RecipientRefusal, RecipientsNotAllowedError
from shared.subscriptions.events import EventGroups, kinds_in
from shared.subscriptions.model import SubscriptionRequest
from shared.value import FieldFault

_RULED_OUT = (
    "names only events that the event watches of the criterion rule out; choose one that they allow, or leave it out"
)


def checked_request(
    request: SubscriptionRequest, office: Office, today: date, is_enrolled: Callable[[str], bool]
) -> SubscriptionRequest:
    """Returns the request with its addresses as they are stored. `is_enrolled` says whether an agency sends arrests.

    Raises NeverHitsError and RecipientsNotAllowedError.
    """
    require_can_hit(request.criterion, today, is_enrolled, request.events)
    return request.model_copy(update={"recipients": checked_recipients(request.recipients, office)})


def require_can_hit(
    criterion: Leaf | Combination, today: date, is_enrolled: Callable[[str], bool], events: EventGroups = ()
) -> None:
    """Raises NeverHitsError for a criterion that no arrest can meet, or of which no event that is asked for can be."""
    faults = [
        FieldFault(("criterion", *fault.location), fault.mend) for fault in never_hits(criterion, today, is_enrolled)
    ]
    if events and not kinds_told(criterion, kinds_in(events)):
        faults.append(FieldFault(("events",), _RULED_OUT))
    if faults:
        raise NeverHitsError(faults)


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
