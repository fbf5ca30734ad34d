"""What the pages say of an alert: its heading, its reasons, what became of it. Pure."""

from datetime import datetime
from typing import NamedTuple

from shared.alerts.delivery.model import Delivery, DeliveryState
from shared.alerts.matches.reason_words import (
    ShownDifference,
    reason_sentence,
    shown_differences,
    sureness,
    surest_first,
)
from shared.alerts.model import AlertReason
from shared.alerts.view import ShownAlert, ShownArrest
from shared.arrests.model import EventKind
from shared.arrests.person import Identifier, IdentifierKind
from shared.channels import CHANNELS
from shared.words.agencies import agency_title
from shared.words.charges import readable_charge

_HAPPENED = {
    EventKind.ARREST: "was arrested",
    EventKind.BOOKING: "was booked into custody",
    EventKind.RELEASE_SCHEDULED: "is to be released",
    EventKind.RELEASE: "was released",
    EventKind.WARRANT: "has a new warrant",
    EventKind.WARRANT_CLEARED: "has a warrant that was cleared",
    EventKind.DISPOSITION: "has a case that was decided",
}
_IDENTIFIERS = {
    IdentifierKind.SID: "State ID",
    IdentifierKind.FBI: "FBI number",
    IdentifierKind.PERSON: "Person number",
    IdentifierKind.BOOKING: "Booking number",
}
_STATES = {
    DeliveryState.DELIVERED: "delivered",
    DeliveryState.SENT: "sent, not yet confirmed",
    DeliveryState.BOUNCED: "came back: the address does not work",
    DeliveryState.COMPLAINED: "delivered and marked as spam",
    DeliveryState.SUPPRESSED: "not sent: this address refused mail before",
    DeliveryState.FAILED: "could not be sent",
    DeliveryState.QUEUED: "waiting to be sent",
    DeliveryState.CLAIMED: "being sent",
}


class ShownReason(NamedTuple):
    """Why somebody is told, as one watch of theirs."""

    sentence: str
    sureness: str
    differences: tuple[ShownDifference, ...]
    reason: AlertReason


class DeliveryLine(NamedTuple):
    text: str
    when: datetime | None


def person_of(arrest: ShownArrest | None) -> str:
    """The name of record as it is read out; "" where none may be shown."""
    return str(arrest.person.names[0]) if arrest and arrest.person.names else ""


def heading(alert: ShownAlert, arrest: ShownArrest | None) -> str:
    if alert.withdrawn_at:
        return f"Alert {alert.number} is withdrawn. Do not act on it."
    if arrest is None:
        return f"Alert {alert.number}"
    return f"{person_of(arrest) or 'A person without a name'} {_HAPPENED[arrest.kind]}"


def shown_reasons(alert: ShownAlert) -> list[ShownReason]:
    """Surest first."""
    return [
        ShownReason(reason_sentence(reason), sureness(reason), shown_differences(reason), reason)
        for reason in surest_first(alert.because)
    ]


def charge_lines(arrest: ShownArrest) -> list[str]:
    """Each charge in words, with its statute and class."""
    return [
        ", ".join(
            part
            for part in (readable_charge(charge.text), charge.statute, readable_charge(charge.charge_class or ""))
            if part
        )
        for charge in arrest.charges
    ]


def identifier_lines(arrest: ShownArrest) -> list[tuple[str, str]]:
    """Label and value of each number that somebody issued."""
    return [(_IDENTIFIERS[identifier.kind], _number(identifier)) for identifier in arrest.person.identifiers]


def _number(identifier: Identifier) -> str:
    issued_by_state = identifier.kind is IdentifierKind.SID and identifier.issuer
    return f"{identifier.issuer} {identifier.value}" if issued_by_state else identifier.value


def place_line(arrest: ShownArrest) -> str:
    place = arrest.place
    where = ", ".join(part for part in (place.address, place.city, place.state) if part)
    return ", ".join(part for part in (where, place.precinct and f"precinct {place.precinct}") if part)


def booked_by(arrest: ShownArrest) -> str:
    number = f", number {arrest.number}" if arrest.number else ""
    return f"{agency_title(arrest.agency)}{number}"


def delivery_lines(deliveries: list[Delivery]) -> list[DeliveryLine]:
    """The newest first."""
    return [
        DeliveryLine(
            f"{CHANNELS[delivery.channel].NOUN} to {delivery.address}: "
            f"{_STATES.get(delivery.state, delivery.state.value.lower())}",
            delivery.delivered_at or delivery.sent_at or delivery.ended_at,
        )
        for delivery in sorted(deliveries, key=lambda delivery: delivery.queued_at, reverse=True)
    ]
