"""Send one delivery: claim it, ask again whether it may go, send it, note the provider's id.

A crash at any point is repaired by a later attempt: before the claim by the queue, after it by the sweep, once the
lease is over and none of the provider's own events has said that the message went out.

A claim may hand its message over in the first third of its lease only. A sender that was paused for longer gives the
claim back unsent, so no message leaves after somebody else may have taken its place; the other two thirds are for the
request to end and for the provider's events to arrive. An event later than that is the one thing that can show a
reader a message twice.
"""

from datetime import datetime, timedelta

from shared.alerts.delivery.compose import digest_message, message_of, notice_message
from shared.alerts.delivery.dependencies import Claim, DeliveryClosed, DeliveryDeps, DeliveryOutcome
from shared.alerts.delivery.fallback import fail_over
from shared.alerts.delivery.messages.digest import Digest
from shared.alerts.delivery.messages.notice import Notice
from shared.alerts.delivery.model import Delivery, DeliveryState
from shared.alerts.delivery.revalidate import revalidate
from shared.alerts.delivery.schedule import defer, is_standby, preferences
from shared.alerts.delivery.table import DeliveryKey
from shared.alerts.expiry import is_still_due, reminder_title
from shared.alerts.model import Alert
from shared.channels import CHANNELS
from shared.channels.channel import Message, PermanentFailureError, TemporaryFailureError, may_be_repeated
from shared.errors import TryLater
from shared.offices.model import Office
from shared.offices.preferences import Urgency
from shared.subscriptions.model import SubscriptionKey

GIVEN_UP_AFTER = timedelta(hours=72)
_ROUND = timedelta(minutes=1)  # of the sweep, which queues again what waits for its turn


def deliver(key: DeliveryKey, deps: DeliveryDeps) -> DeliveryOutcome:
    """Raises TryLater when the provider certainly did not take the message and may later."""
    now = deps.clock()
    delivery = deps.alerts.deliveries.claim(key, now, deps.lease)
    if delivery is None:
        return DeliveryOutcome.NOT_OURS
    about = _about(key, deps)
    if about is None:
        return _wait_to_be_told(key, delivery, deps)
    try:
        return _deliver(about, Claim(key, delivery, _allowed(key, delivery, now, deps), now, deps))
    except DeliveryClosed as end:
        if end.unreachable:
            fail_over(delivery, deps.alerts, deps.digests, deps.offices, deps.clock())
        deps.alerts.deliveries.advance(key, end.state, deps.clock(), why=end.why)
        return DeliveryOutcome(end.state.value)


def _about(key: DeliveryKey, deps: DeliveryDeps) -> Alert | Digest | Notice | None:
    """What is to be sent; None while its alert, or this telling of it, is not stored."""
    if alert := deps.alerts.find(key.alert_id):
        return alert if alert.revision >= key.revision else None
    return deps.digests.find(key.alert_id) or deps.alerts.notices.find(key.alert_id)


def _wait_to_be_told(key: DeliveryKey, delivery: Delivery, deps: DeliveryDeps) -> DeliveryOutcome:
    """Whoever was about to tell it died after opening the delivery, and is repeated: looked at ever more rarely."""
    now = deps.clock()
    waited = now - delivery.queued_at
    if waited > GIVEN_UP_AFTER:
        deps.alerts.deliveries.advance(key, DeliveryState.SUPPRESSED, now, why="its alert was never told")
        return DeliveryOutcome.SUPPRESSED
    deps.alerts.deliveries.release(key, delivery.attempt, again=now + max(_ROUND, waited))
    return DeliveryOutcome.UNTOLD


def _deliver(about: Alert | Digest | Notice, claim: Claim) -> DeliveryOutcome:
    if isinstance(about, Digest):
        return _deliver_digest(claim, about)
    if isinstance(about, Notice):
        return _deliver_notice(claim, about)
    return _take_back(claim, about) if about.withdrawn_at else _deliver_alert(claim, about)


def _allowed(key: DeliveryKey, delivery: Delivery, now: datetime, deps: DeliveryDeps) -> Office:
    """The office, if it may still write to this address on this channel."""
    office = deps.offices.office(delivery.office_id)
    if office is None:
        raise DeliveryClosed(DeliveryState.SUPPRESSED, "the office is gone")
    if delivery.may_have_been_sent and not may_be_repeated(CHANNELS[key.channel]):
        why = "a sender ended without a word, and this provider cannot be asked"
        raise DeliveryClosed(DeliveryState.UNCONFIRMED, why, unreachable=True)
    if now - delivery.waits_since > GIVEN_UP_AFTER:
        raise DeliveryClosed(DeliveryState.FAILED, "it could not be sent for three days", unreachable=True)
    if barred := deps.digests.barred(key.channel, delivery.address):
        raise DeliveryClosed(DeliveryState.SUPPRESSED, barred, unreachable=True)
    return office


def _deliver_alert(claim: Claim, alert: Alert) -> DeliveryOutcome:
    if alert.revision != claim.key.revision:
        raise DeliveryClosed(DeliveryState.SUPPRESSED, "a newer telling of the same alert has taken its place")
    if claim.key.channel not in alert.recipient.root:
        raise DeliveryClosed(DeliveryState.SUPPRESSED, "this telling was stored for its recipient without this channel")
    if refusal := CHANNELS[claim.key.channel].refusal(claim.delivery.address, alert.recipient, claim.office):
        raise DeliveryClosed(DeliveryState.SUPPRESSED, refusal, unreachable=True)
    alert, withheld = revalidate(alert, claim.office, claim.at, claim.now, claim.delivery)
    if not alert.because:
        why = "no subscription in force names this recipient any more"
        raise DeliveryClosed(DeliveryState.SUPPRESSED, why, unreachable=alert.on_behalf_of is not None)
    if alert.urgency is not Urgency.URGENT and (instead := defer(claim, alert)):
        return instead
    if is_standby(claim, alert):
        return _put_aside(claim)
    outcome = _send(claim, message_of(alert, claim, withheld), urgent=alert.urgency is Urgency.URGENT)
    if outcome is DeliveryOutcome.SENT:
        claim.at.told(alert, claim.at.clock())
    return outcome


def _put_aside(claim: Claim) -> DeliveryOutcome:
    if not claim.at.alerts.deliveries.stand_by(claim.key, claim.delivery.attempt):
        claim.at.alerts.deliveries.release(claim.key, claim.delivery.attempt)
        raise TryLater("the mail beside this text failed in the same moment")
    return DeliveryOutcome.STANDS_BY


def _deliver_digest(claim: Claim, digest: Digest) -> DeliveryOutcome:
    if refusal := CHANNELS[claim.key.channel].refusal(claim.delivery.address, digest.recipient, claim.office):
        raise DeliveryClosed(DeliveryState.SUPPRESSED, refusal, unreachable=True)
    if not digest.flood and not preferences(claim, digest).digest_by_mail:
        raise DeliveryClosed(
            DeliveryState.SUPPRESSED, "its recipient wants no digest; the alerts wait under /v1/alerts"
        )
    found = claim.at.alerts.read(claim.at.digests.lines(digest.digest_id)).values()
    alerts = [alert for alert in found if not alert.withdrawn_at]
    alerts = [alert for alert in alerts if revalidate(alert, claim.office, claim.at, claim.now).alert.because]
    if not alerts:
        raise DeliveryClosed(DeliveryState.SUPPRESSED, "nothing in this digest may be told any more")
    return _send(claim, digest_message(digest, alerts, claim))


def _deliver_notice(claim: Claim, notice: Notice) -> DeliveryOutcome:
    if refusal := CHANNELS[claim.key.channel].refusal(claim.delivery.address, notice.recipient, claim.office):
        raise DeliveryClosed(DeliveryState.SUPPRESSED, refusal)
    if notice.lapses:
        subscriptions, _ = claim.at.subscriptions.read(
            SubscriptionKey(notice.office_id, warning.subscription_id) for warning in notice.lapses
        )
        known = {key.subscription_id: subscription for key, subscription in subscriptions.items()}
        left = tuple(warning for warning in notice.lapses if is_still_due(warning, known.get(warning.subscription_id)))
        if not left:
            raise DeliveryClosed(DeliveryState.SUPPRESSED, "everything in it was seen to meanwhile")
        notice = notice.model_copy(update={"lapses": left, "title": reminder_title(left)})
    return _send(claim, notice_message(notice, claim))


def _take_back(claim: Claim, alert: Alert) -> DeliveryOutcome:
    """Only who was told is told that it is withdrawn, so an earlier delivery whose end is open is waited for."""
    if alert.revision != claim.key.revision:
        raise DeliveryClosed(DeliveryState.SUPPRESSED, "the alert was withdrawn before this was sent")
    everything = claim.at.alerts.deliveries.of(alert.alert_id)
    earlier = [
        delivery
        for delivery in everything
        if delivery.channel == claim.key.channel and delivery.revision < alert.revision
    ]
    if any(delivery.state is DeliveryState.CLAIMED for delivery in earlier):
        claim.at.alerts.deliveries.release(claim.key, claim.delivery.attempt)
        raise TryLater("whether the alert itself was sent is not known yet")
    if not any(_was_told(delivery, claim.at) for delivery in earlier):
        raise DeliveryClosed(DeliveryState.SUPPRESSED, "this recipient was not told, so there is nothing to take back")
    return _send(claim, message_of(alert, claim))


def _was_told(delivery: Delivery, deps: DeliveryDeps) -> bool:
    if not delivery.gathered_in:
        return delivery.state.reached_the_reader
    return any(one.state.reached_the_reader for one in deps.alerts.deliveries.of(delivery.gathered_in))


def _send(claim: Claim, message: Message, *, urgent: bool = False) -> DeliveryOutcome:
    key, delivery, deps = claim.key, claim.delivery, claim.at
    if deps.rate and not deps.rate.take(key.channel, delivery.office_id, urgent=urgent):
        deps.alerts.deliveries.release(key, delivery.attempt, again=deps.clock() + _ROUND)
        return DeliveryOutcome.WAITS
    if deps.clock() >= claim.now + deps.lease / 3:
        deps.alerts.deliveries.release(key, delivery.attempt)
        raise TryLater("the sender was held up for so long that another may take its place")
    try:
        provider_id = deps.send[key.channel](delivery.address, message, delivery.delivery_id)
    except TemporaryFailureError as refusal:
        deps.alerts.deliveries.release(key, delivery.attempt)
        raise TryLater(f"the provider of {key.channel} says {refusal}") from refusal
    except PermanentFailureError as refusal:
        raise DeliveryClosed(DeliveryState.FAILED, str(refusal), unreachable=True) from refusal
    deps.alerts.deliveries.sent(delivery, provider_id, deps.clock())
    return DeliveryOutcome.SENT
