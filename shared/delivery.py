"""Send one delivery: claim it, ask again whether it may go, send it, note the provider's id.

A crash at any point is repaired by a later attempt: before the claim by the queue, after it by the sweep, once the
lease is over and none of the provider's own events has said that the message went out.

A claim may hand its message over in the first third of its lease only. A sender that was paused for longer gives the
claim back unsent, so no message leaves after somebody else may have taken its place; the other two thirds are for the
request to end and for the provider's events to arrive. An event later than that is the one thing that can show a
reader a message twice.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from shared.channels import CHANNELS
from shared.channels.contract import Message, NotNow, Proof, Refused, Send
from shared.domain import wording
from shared.domain.alerts import Alert, Delivery, DeliveryState, Digest, digest_for
from shared.domain.arrests import Arrest
from shared.domain.errors import TryLater
from shared.domain.offices import Office
from shared.domain.urgency import Preferences, Urgency, digest_time, quiet_until
from shared.tables.alerts import AlertsTable, DeliveryKey
from shared.tables.arrests import ArrestsTable
from shared.tables.digests import DigestsTable
from shared.tables.offices import OfficesTable
from shared.tables.people import PeopleTable
from shared.tables.subscriptions import Key, SubscriptionsTable

GIVEN_UP_AFTER = timedelta(hours=72)


class Outcome(StrEnum):
    SENT = "sent"
    NOT_OURS = "not ours to send"  # sent before, or another sender holds the claim
    PUT_OFF = "put off"
    GATHERED = "gathered"
    HELD = "held: the office's hourly ceiling"
    SUPPRESSED = "suppressed"
    FAILED = "failed"
    UNCONFIRMED = "unconfirmed"


@dataclass(frozen=True)
class Delivering:
    """Where this use case reads, writes and sends. `lease` is three times longer than our time-out and one and a half
    times longer than the provider's events are late."""

    alerts: AlertsTable
    arrests: ArrestsTable
    offices: OfficesTable
    subscriptions: SubscriptionsTable
    digests: DigestsTable
    people: PeopleTable
    send: dict[str, Send]
    console: str
    lease: timedelta
    clock: Callable[[], datetime]
    told: Callable[[Alert, datetime], None] = lambda *_: None  # hears of each alert when it was sent


class _Ended(Exception):  # noqa: N818
    """Nothing is to be sent; says what became of the delivery instead."""

    def __init__(self, state: DeliveryState, why: str) -> None:
        super().__init__(why)
        self.state, self.why = state, why


@dataclass(frozen=True)
class _Claim:
    """A delivery that is ours for now."""

    key: DeliveryKey
    delivery: Delivery
    office: Office
    now: datetime
    at: Delivering


def deliver(key: DeliveryKey, at: Delivering) -> Outcome:
    """Raises TryLater when the provider certainly did not take the message and may later."""
    now = at.clock()
    delivery = at.alerts.claim(key, now, at.lease)
    if delivery is None:
        return Outcome.NOT_OURS
    try:
        claim = _Claim(key, delivery, _allowed(key, delivery, now, at), now, at)
        alert = at.alerts.find(key.alert_id)
        if alert is None:
            return _deliver_digest(claim)
        if alert.withdrawn_at:
            return _take_back(claim, alert)
        return _deliver_alert(claim, alert)
    except _Ended as end:
        at.alerts.advance(key, end.state, at.clock(), why=end.why)
        return Outcome(end.state.value)


def _allowed(key: DeliveryKey, delivery: Delivery, now: datetime, at: Delivering) -> Office:
    """The office, if it may still write to this address on this channel."""
    office = at.offices.office(delivery.office_id)
    if office is None:
        raise _Ended(DeliveryState.SUPPRESSED, "the office is gone")
    if delivery.may_have_been_sent and CHANNELS[key.channel].PROOF is Proof.NONE:
        raise _Ended(DeliveryState.UNCONFIRMED, "a sender ended without a word, and this provider cannot be asked")
    if now - delivery.waits_since > GIVEN_UP_AFTER:
        raise _Ended(DeliveryState.FAILED, "it could not be sent for three days")
    if barred := at.digests.barred(key.channel, delivery.address):
        raise _Ended(DeliveryState.SUPPRESSED, barred)
    return office


def _deliver_alert(claim: _Claim, alert: Alert) -> Outcome:
    if alert.revision != claim.key.revision:
        raise _Ended(DeliveryState.SUPPRESSED, "a newer telling of the same alert has taken its place")
    if refusal := CHANNELS[claim.key.channel].refusal(claim.delivery.address, alert.recipient, claim.office):
        raise _Ended(DeliveryState.SUPPRESSED, refusal)
    alert = _still_lawful(alert, claim.office, claim.at, claim.now)
    if not alert.because:
        raise _Ended(DeliveryState.SUPPRESSED, "no subscription in force names this recipient any more")
    if alert.urgency is not Urgency.URGENT and (instead := _not_now(claim, alert)):
        return instead
    outcome = _send(claim, _message(alert, claim))
    claim.at.told(alert, claim.at.clock())
    return outcome


def _not_now(claim: _Claim, alert: Alert) -> Outcome | None:
    """What becomes of an alert that need not go out this minute; None when it goes all the same."""
    prefers = _preferences(claim, alert)
    zone = prefers.zone(claim.office.zone)
    until = prefers.muted_until if prefers.muted(claim.now) else quiet_until(prefers.quiet, zone, claim.now)
    if alert.urgency is Urgency.DIGEST:
        return _gather(claim, alert, digest_time(prefers.digest_at, zone, until or claim.now), flood=False)
    if until:
        claim.at.alerts.release(claim.key, claim.delivery.attempt, until)
        return Outcome.PUT_OFF
    if _too_many(claim):
        return _gather(claim, alert, _next_hour(claim.now), flood=True)
    return None


def _too_many(claim: _Claim) -> bool:
    """Each alert is counted at its first attempt; where the ceiling is high, one in ten counts for ten, which is as
    good and costs a fifth."""
    office, digests = claim.office, claim.at.digests
    step = 10 if office.alerts_an_hour >= 1_000 else 1
    first = claim.delivery.attempt == 1 or claim.delivery.not_before is not None
    counts = first and int(claim.key.alert_id, 16) % step == 0
    return digests.counted(office.office_id, claim.now, step if counts else 0) > office.alerts_an_hour


def _preferences(claim: _Claim, alert: Alert) -> Preferences:
    """Of a person; a topic or a webhook has none."""
    email = alert.recipient.root.get("email")
    return claim.at.people.preferences(alert.office_id, email) if email else Preferences()


def _next_hour(now: datetime) -> datetime:
    return now.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)


def _gather(claim: _Claim, alert: Alert, due: datetime, *, flood: bool) -> Outcome:
    """Into the digest that goes out at `due`, or, when that one is out already, a day or an hour later."""
    for _ in range(2):
        if claim.at.digests.gather(claim.delivery, digest_for(alert, due, flood=flood)):
            return Outcome.HELD if flood else Outcome.GATHERED
        due += timedelta(hours=1 if flood else 24)
    claim.at.alerts.release(claim.key, claim.delivery.attempt)
    raise TryLater("the digest was sent in the same moment")


def _deliver_digest(claim: _Claim) -> Outcome:
    digest = claim.at.digests.find(claim.key.alert_id)
    if digest is None:
        raise _Ended(DeliveryState.SUPPRESSED, "the alert is gone")
    if refusal := CHANNELS[claim.key.channel].refusal(claim.delivery.address, digest.recipient, claim.office):
        raise _Ended(DeliveryState.SUPPRESSED, refusal)
    found = claim.at.alerts.read(claim.at.digests.lines(digest.digest_id)).values()
    alerts = [one for one in found if not one.withdrawn_at]
    alerts = [one for one in alerts if _still_lawful(one, claim.office, claim.at, claim.now).because]
    if not alerts:
        raise _Ended(DeliveryState.SUPPRESSED, "nothing in this digest may be told any more")
    return _send(claim, _digest_message(digest, alerts, claim))


def _take_back(claim: _Claim, alert: Alert) -> Outcome:
    """Only who was told is told that it is withdrawn, so an earlier delivery whose end is open is waited for."""
    if alert.revision != claim.key.revision:
        raise _Ended(DeliveryState.SUPPRESSED, "the alert was withdrawn before this was sent")
    everything = claim.at.alerts.deliveries(alert.alert_id)
    earlier = [one for one in everything if one.channel == claim.key.channel and one.revision < alert.revision]
    if any(one.state is DeliveryState.CLAIMED for one in earlier):
        claim.at.alerts.release(claim.key, claim.delivery.attempt)
        raise TryLater("whether the alert itself was sent is not known yet")
    if not any(_was_told(one, claim.at) for one in earlier):
        raise _Ended(DeliveryState.SUPPRESSED, "this recipient was not told, so there is nothing to take back")
    return _send(claim, _message(alert, claim))


def _was_told(delivery: Delivery, at: Delivering) -> bool:
    if not delivery.gathered_in:
        return delivery.state.reached_the_reader
    return any(one.state.reached_the_reader for one in at.alerts.deliveries(delivery.gathered_in))


def _send(claim: _Claim, message: Message) -> Outcome:
    key, delivery, at = claim.key, claim.delivery, claim.at
    if at.clock() >= claim.now + at.lease / 3:
        at.alerts.release(key, delivery.attempt)
        raise TryLater("the sender was held up for so long that another may take its place")
    try:
        provider_id = at.send[key.channel](delivery.address, message, delivery.delivery_id)
    except NotNow as refusal:
        at.alerts.release(key, delivery.attempt)
        raise TryLater(f"the provider of {key.channel} says {refusal}") from refusal
    except Refused as refusal:
        raise _Ended(DeliveryState.FAILED, str(refusal)) from refusal
    at.alerts.advance(key, DeliveryState.SENT, at.clock(), provider_id=provider_id)
    return Outcome.SENT


def _still_lawful(alert: Alert, office: Office, at: Delivering, now: datetime) -> Alert:
    """The alert with just those reasons whose subscription is in force and still names this recipient, or the one on
    whose behalf it goes to somebody else."""
    keys = {one.subscription_id: Key(alert.office_id, one.subscription_id) for one in alert.because}
    found, _ = at.subscriptions.read(keys.values())
    today = now.astimezone(office.zone).date()
    named = alert.on_behalf_of.recipient if alert.on_behalf_of else alert.recipient
    because = tuple(
        one
        for one in alert.because
        if (subscription := found.get(keys[one.subscription_id]))
        and subscription.in_force(today, office.goes_by)
        and any(recipient.key == named.key for recipient in subscription.recipients)
    )
    return alert.model_copy(update={"because": because})


def _message(alert: Alert, claim: _Claim) -> Message:
    office, at = claim.office, claim.at
    full = CHANNELS[claim.key.channel].CARRIES_DETAIL and office.has_agreed(claim.delivery.address)
    parts = wording.sections(alert, _arrest(alert, at) if full else None, office)
    return Message(
        subject=wording.subject(alert),
        short=wording.short(alert, at.console),
        text=wording.as_text(alert, office, parts, at.console),
        html=wording.as_html(alert, office, parts, at.console),
        ids={"alert": alert.alert_id, "number": alert.number, "office": alert.office_id}
        | ({"withdrawn": "yes"} if alert.withdrawn_at else {}),
    )


def _arrest(alert: Alert, at: Delivering) -> Arrest | None:
    return None if alert.withdrawn_at else at.arrests.find(alert.arrest_id)


def _digest_message(digest: Digest, alerts: list[Alert], claim: _Claim) -> Message:
    console, parts = claim.at.console, wording.digest_sections(digest, alerts, claim.at.console)
    title = wording.digest_subject(digest, alerts, claim.office)
    return Message(
        subject=title,
        short=wording.digest_short(title, console),
        text=wording.page_as_text(title, claim.office, parts, f"{console.rstrip('/')}/v1/alerts"),
        html=wording.page_as_html(title, claim.office, parts, f"{console.rstrip('/')}/v1/alerts"),
        ids={"digest": digest.digest_id, "office": digest.office_id},
    )
