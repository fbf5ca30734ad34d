"""What the pages say of an alert and its arrest. Pure; the sentences are those of the catalogue (`shared/words`)."""

from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from shared.alerts.delivery.messages import arrest_lines, court_lines
from shared.alerts.delivery.messages.rendering import news_lines
from shared.alerts.delivery.messages.subjects import listed, missed_people
from shared.alerts.delivery.model import Delivery, DeliveryState
from shared.alerts.matches.reason_words import (
    ShownDifference,
    reason_sentence,
    shown_differences,
    sureness,
    surest_first,
)
from shared.alerts.model import AlertReason
from shared.alerts.responses.model import AlertResponse
from shared.alerts.view import ShownAlert, ShownArrest
from shared.arrests.charges import Charge
from shared.arrests.model import CUSTODY_BEGINS, EventKind
from shared.arrests.person import Identifier, IdentifierKind, Sex, age_on
from shared.channels import CHANNELS
from shared.words import counted, words
from shared.words.agencies import agency_title
from shared.words.charges import american, readable_charge
from shared.words.moments import birth_text, instant_or_day

EVENTS = {
    EventKind.ARREST: "Arrested",
    EventKind.BOOKING: "Booked",
    EventKind.RELEASE_SCHEDULED: "To be released",
    EventKind.RELEASE: "Released",
    EventKind.WARRANT: "New warrant",
    EventKind.WARRANT_CLEARED: "Warrant cleared",
    EventKind.DISPOSITION: "Case decided",
    EventKind.COURT_DATE: "Court date",
    EventKind.CUSTODY_CHANGE: "Custody changed",
    EventKind.TRANSFER: "Transferred",
    EventKind.ESCAPE: "Escaped",
    EventKind.DEATH: "Died",
    EventKind.SUPERVISION: "Under supervision",
    EventKind.SUPERVISION_ENDED: "Supervision ended",
}
_IDENTIFIERS = {
    IdentifierKind.SID: "State ID",
    IdentifierKind.FBI: "FBI number",
    IdentifierKind.PERSON: "Person number",
    IdentifierKind.BOOKING: "Booking number",
    IdentifierKind.CJTN: "Tracking number",
}
_ISSUED_BY_AGENCY = {IdentifierKind.PERSON, IdentifierKind.BOOKING}
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
_NOT_SENT_YET = {DeliveryState.QUEUED, DeliveryState.STANDS_BY}
NOT_REPORTED = "Not reported"


class Fact(NamedTuple):
    """A label and what stands beside it, a line each."""

    label: str
    lines: tuple[str, ...]


class ShownReason(NamedTuple):
    """Why somebody is told, as one watch of theirs."""

    sentence: str
    sureness: str
    differences: tuple[ShownDifference, ...]
    reason: AlertReason


class DeliveryLine(NamedTuple):
    text: str
    when: datetime | None


class People(NamedTuple):
    """How colleagues are called: `names` are by their addresses in lower case, `reader` is who reads the page."""

    names: Mapping[str, str]
    reader: str = ""

    def called(self, email: str) -> str:
        """`You`, `Bo Example (bo@da.example)`, or the address alone."""
        if email.casefold() == self.reader.casefold():
            return "You"
        name = self.names.get(email.casefold())
        return f"{name} ({email})" if name else email


def heading(alert: ShownAlert, arrest: ShownArrest | None) -> str:
    if alert.withdrawn_at:
        return f"Alert {alert.short_number} is withdrawn. Do not act on it."
    return arrest_lines.happened(arrest) if arrest else f"Alert {alert.short_number}"


def event_facts(arrest: ShownArrest, zone: ZoneInfo) -> list[Fact]:
    """What happened, when, where, and who reported it."""
    other_event = arrest.kind not in CUSTODY_BEGINS and (arrest.event_at or arrest.event_on)
    return [
        Fact("Charges" if len(arrest.charges) != 1 else "Charge", charge_lines(arrest) or (NOT_REPORTED,)),
        *_decision_facts(arrest, zone),
        Fact("When", (arrest_lines.when_line(arrest, zone),)),
        *([Fact("Arrested", (arrest_lines.arrested_when(arrest, zone),))] if other_event else []),
        Fact("Where", (arrest_lines.place_line(arrest.place) or NOT_REPORTED,)),
        *([Fact("Court and bail", cases)] if (cases := court_lines.case_lines(arrest, zone)) else []),
        *([Fact("Release", release)] if (release := court_lines.release_lines(arrest)) else []),
        Fact("Source", (arrest_lines.source_line(arrest),)),
        *([Fact("Your watch", advice)] if (advice := court_lines.advice_lines(arrest)) else []),
    ]


def _decision_facts(arrest: ShownArrest, zone: ZoneInfo) -> list[Fact]:
    decision = court_lines.decision_line(arrest, instant_or_day(arrest.event_at, arrest.event_on, zone))
    return [Fact("Decision", (decision,))] if decision else []


def person_facts(arrest: ShownArrest) -> list[Fact]:
    """Names, birth, sex and every number that somebody issued."""
    person = arrest.person
    names = tuple(map(str, person.names))
    return [
        Fact("Name", names[:1] or (NOT_REPORTED,)),
        *([Fact("Also known as", names[1:])] if names[1:] else []),
        Fact("Born", (_born(arrest),)),
        *([Fact("Sex", (words(f"sex.{person.sex}").capitalize(),))] if person.sex is not Sex.UNKNOWN else []),
        *(Fact(_IDENTIFIERS[identifier.kind], (_number(identifier),)) for identifier in person.identifiers),
    ]


def _born(arrest: ShownArrest) -> str:
    born = arrest.person.date_of_birth
    if born is None:
        year = arrest.person.birth_year
        return f"In {year}" if year else NOT_REPORTED
    age = f" (age {age_on(arrest.arrested_on, born)})" if arrest.arrested_on else ""
    return f"{birth_text(born)}{age}"


def _number(identifier: Identifier) -> str:
    issuer = identifier.issuer or ""
    if identifier.kind in _ISSUED_BY_AGENCY and issuer:
        return f"{identifier.value}, {agency_title(issuer)}"
    return f"{issuer} {identifier.value}".strip()


def charge_lines(arrest: ShownArrest) -> tuple[str, ...]:
    return tuple(line for line in dict.fromkeys(map(_charge_line, arrest.charges)) if line)


def _charge_line(charge: Charge) -> str:
    """`Robbery, unclassified, open areas (PL 160.10, felony)`."""
    parts = (readable_charge(charge.text), charge.statute, american(charge.charge_class or ""))
    first, *others = [part for part in parts if part] or [""]
    shown = f"{first} ({', '.join(others)})" if others else first
    unnamed = words("arrest.no charge") if charge.disposition else ""
    return court_lines.decided_charge(shown or unnamed, charge)


def doubts(arrest: ShownArrest) -> list[str]:
    """What somebody disputes, and what the parser was not sure of, as sentences."""
    texts = (american(flag.value) for flag in arrest.flags)
    return [*arrest_lines.dispute_lines(arrest), *(f"{text[:1].upper()}{text[1:]}." for text in texts)]


def shown_reasons(alert: ShownAlert) -> list[ShownReason]:
    """Surest first."""
    return [
        ShownReason(reason_sentence(reason), sureness(reason), shown_differences(reason), reason)
        for reason in surest_first(alert.because)
    ]


def news(alert: ShownAlert, zone: ZoneInfo) -> tuple[str, ...]:
    """What the last update said anew; nothing for the first message."""
    return news_lines(alert, zone, with_details=True) if alert.is_update else ()


def stand_in_sentence(alert: ShownAlert, people: People) -> str:
    """Why somebody gets the alert of somebody else; "" for one's own."""
    if alert.on_behalf_of is None:
        return ""
    key = "stand in.not delivered" if alert.on_behalf_of.undelivered else "stand in.not answered"
    return words(key, names=listed(map(people.called, missed_people(alert.on_behalf_of))))


def told_else_sentence(stand_ins: list[str], people: People) -> str:
    """Who is told if nobody answers in time."""
    if not stand_ins:
        return words("answer.nobody else")
    return counted("answer.else", len(stand_ins), names=listed(map(people.called, stand_ins)))


def holder_sentence(answers: AlertResponse, people: People) -> str:
    """`You have had this alert`, `Bo Example (bo@da.example) has had this alert`; "" if nobody has it."""
    if answers.acknowledged_at is None:
        return ""
    holder = people.called(answers.acknowledged_by) if answers.acknowledged_by else "Somebody"
    return f"{holder} {'have' if holder == 'You' else 'has'} had this alert"


def delivery_lines(deliveries: list[Delivery], alert: ShownAlert) -> list[DeliveryLine]:
    """The newest first. What a withdrawn alert had still to say is never sent: each sending asks first."""
    withdrawal = alert.revision if alert.withdrawn_at else None  # the revision whose messages say that it is withdrawn
    return [
        DeliveryLine(
            f"{CHANNELS[delivery.channel].NOUN} to {delivery.address}{_content(delivery, withdrawal)}: "
            f"{_delivery_state(delivery, withdrawal)}",
            delivery.delivered_at or delivery.sent_at or delivery.ended_at,
        )
        for delivery in sorted(deliveries, key=lambda delivery: delivery.queued_at, reverse=True)
    ]


def _content(delivery: Delivery, withdrawal: int | None) -> str:
    if delivery.revision == withdrawal:
        return ", notice of the withdrawal"
    return ", update" if delivery.revision > 1 else ""


def _delivery_state(delivery: Delivery, withdrawal: int | None) -> str:
    if withdrawal and delivery.revision < withdrawal and delivery.state in _NOT_SENT_YET:
        return "not sent, because the alert was withdrawn"
    return _STATES.get(delivery.state, delivery.state.value.lower())
