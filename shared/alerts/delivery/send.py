"""Sends one delivery: claim it, ask again whether it may go, send it, note the provider's id.

A crash at any point is repaired by a later attempt: before the claim by the queue, after it by the sweep, once the
lease is over and no provider event has shown that the message went out.

A sender may hand its message over in the first third of its lease only. If it was paused for longer it gives the claim
back unsent, so that no message leaves after another sender may have taken its place. The other two thirds are for the
request to end and for the provider events to arrive. An event that is later than that is the one thing that can show a
reader a message twice.
"""

from datetime import datetime, timedelta

from shared.alerts.delivery.current_notice import current_notice, reviews_waiting_for
from shared.alerts.delivery.dependencies import Claim, DeliveryClosedError, DeliveryDeps, DeliveryOutcome
from shared.alerts.delivery.fallback import fall_back
from shared.alerts.delivery.messages.compose import alert_message, digest_message, notice_message, withdrawal_message
from shared.alerts.delivery.messages.digest import Digest
from shared.alerts.delivery.messages.notice import Notice
from shared.alerts.delivery.model import SWEEP_INTERVAL, Delivery, DeliveryKey, DeliveryState
from shared.alerts.delivery.revalidate import revalidate
from shared.alerts.delivery.schedule import defer, is_standby
from shared.alerts.model import Alert
from shared.alerts.view import (
    AlertDisclosure,
    ShownAlert,
    current_alert,
    for_recipient,
    show_alert,
    with_other_sources,
)
from shared.arrests.minimisation import NO_FIELDS
from shared.channels import CHANNELS
from shared.channels.channel import Message, PermanentFailureError, TemporaryFailureError, may_be_repeated
from shared.errors import TryLater
from shared.offices.model import Office
from shared.offices.preferences import Urgency
from shared.offices.recipient import Recipient

GIVEN_UP_AFTER = timedelta(hours=72)


def deliver(key: DeliveryKey, deps: DeliveryDeps) -> DeliveryOutcome:
    """Sends a delivery, or decides what becomes of it instead.

    Raises TryLater when nothing was sent and a later attempt may succeed. Any other exception leaves open whether the
    provider took the message; the claim then holds until its lease is over.
    """
    now = deps.clock()
    delivery = deps.alerts.deliveries.claim(key, now, deps.lease)
    if delivery is None:
        return DeliveryOutcome.NOT_OURS
    content = _find_content(key, deps)
    if content is None:
        return _wait_for_alert(delivery, deps)
    try:
        return _deliver(content, Claim(delivery, _permitting_office(delivery, now, deps), now, deps))
    except DeliveryClosedError as closed:
        return _close(delivery, closed, deps)


def _find_content(key: DeliveryKey, deps: DeliveryDeps) -> Alert | Digest | Notice | None:
    """What is to be sent. None while its alert, or this revision of it, is not stored."""
    if alert := deps.alerts.find(key.alert_id):
        return alert if alert.revision >= key.revision else None
    return deps.alerts.digests.find(key.alert_id) or deps.alerts.notices.find(key.alert_id)


def _wait_for_alert(delivery: Delivery, deps: DeliveryDeps) -> DeliveryOutcome:
    """Deliveries are stored before their alert. Whoever was storing them crashed and will be repeated, so the delivery
    is looked at again ever more rarely."""
    now = deps.clock()
    waited = now - delivery.queued_at
    if waited > GIVEN_UP_AFTER:
        why = "its alert was never told"
        deps.alerts.deliveries.advance(delivery.key, DeliveryState.SUPPRESSED, now, why=why)
        return DeliveryOutcome.SUPPRESSED
    deps.alerts.deliveries.release(delivery.key, delivery.attempt, retry_at=now + max(SWEEP_INTERVAL, waited))
    return DeliveryOutcome.NOT_STORED_YET


def _permitting_office(delivery: Delivery, now: datetime, deps: DeliveryDeps) -> Office:
    """Returns the office. Raises DeliveryClosedError if it is gone or this delivery can no longer be sent."""
    office = deps.offices.office(delivery.office_id)
    if office is None:
        raise DeliveryClosedError(DeliveryState.SUPPRESSED, "the office is gone")
    if delivery.may_have_been_sent and not may_be_repeated(CHANNELS[delivery.channel]):
        why = "a sender ended without a word, and this provider cannot be asked"
        raise DeliveryClosedError(DeliveryState.UNCONFIRMED, why, needs_fallback=True)
    if now - delivery.waits_since > GIVEN_UP_AFTER:
        raise DeliveryClosedError(DeliveryState.FAILED, "it could not be sent for three days", needs_fallback=True)
    if reason := deps.alerts.suppression_list.reason(delivery.channel, delivery.address):
        raise DeliveryClosedError(DeliveryState.SUPPRESSED, reason, needs_fallback=True)
    return office


def _close(delivery: Delivery, closed: DeliveryClosedError, deps: DeliveryDeps) -> DeliveryOutcome:
    """The fallback comes before the end is noted, so that a crash between the two repeats it."""
    if closed.needs_fallback:
        fall_back(delivery, deps.alerts, deps.offices, deps.clock())
    deps.alerts.deliveries.advance(delivery.key, closed.state, deps.clock(), why=closed.why)
    return DeliveryOutcome(closed.state.value)


def _deliver(content: Alert | Digest | Notice, claim: Claim) -> DeliveryOutcome:
    if isinstance(content, Digest):
        return _deliver_digest(claim, content)
    if isinstance(content, Notice):
        return _deliver_notice(claim, content)
    return _deliver_withdrawal(claim, content) if content.withdrawn_at else _deliver_alert(claim, content)


def _deliver_alert(claim: Claim, alert: Alert) -> DeliveryOutcome:
    if alert.revision != claim.delivery.revision:
        raise _superseded(claim.delivery, "a newer telling of the same alert has taken its place")
    if claim.delivery.channel not in alert.recipient.root:
        why = "this telling was stored for its recipient without this channel"
        raise DeliveryClosedError(DeliveryState.SUPPRESSED, why)
    _check_address(claim, alert.recipient)
    shown, is_corrected, is_switched_off = revalidate(alert, claim.office, claim.deps, claim.now, claim.delivery)
    if is_corrected:
        raise DeliveryClosedError(DeliveryState.SUPPRESSED, "no reason holds for the arrest as it is now")
    if is_switched_off:
        raise DeliveryClosedError(DeliveryState.SUPPRESSED, "the office has switched this agency's feed off")
    if shown.alert.withdrawn_at:
        why = "no subscription in force names this recipient any more"
        raise DeliveryClosedError(DeliveryState.SUPPRESSED, why, needs_fallback=alert.on_behalf_of is not None)
    is_urgent = shown.alert.urgency is Urgency.URGENT
    if not is_urgent and (deferred := defer(claim, shown.alert)):
        return deferred
    if is_standby(claim, shown.alert):
        return _put_aside(claim)
    shown = with_other_sources(shown, _first_of_custody(alert, claim))
    outcome = _send(claim, alert_message(shown, claim), urgent=is_urgent)
    if outcome is DeliveryOutcome.SENT:
        claim.deps.on_sent(shown.alert, claim.deps.clock())
    return outcome


def _first_of_custody(alert: Alert, claim: Claim) -> list[AlertDisclosure]:
    """The alert of which this one is an update, as far as it may be shown to its recipient now."""
    first = claim.deps.alerts.find(alert.custody.alert_id) if alert.custody else None
    if first is None or first.withdrawn_at:
        return []
    return [revalidate(first, claim.office, claim.deps, claim.now).shown]


def _check_address(claim: Claim, recipient: Recipient, *, needs_fallback: bool = True) -> None:
    """Raises DeliveryClosedError if the office may not write to the address any more."""
    if refusal := claim.channel.refusal(claim.delivery.address, recipient, claim.office):
        raise DeliveryClosedError(DeliveryState.SUPPRESSED, refusal, needs_fallback=needs_fallback)


def _put_aside(claim: Claim) -> DeliveryOutcome:
    if not claim.deps.alerts.deliveries.stand_by(claim.key, claim.delivery.attempt):
        claim.release()
        raise TryLater("the mail beside this text failed in the same moment")
    return DeliveryOutcome.STANDS_BY


def _deliver_digest(claim: Claim, digest: Digest) -> DeliveryOutcome:
    _check_address(claim, digest.recipient)
    if not digest.flood and not claim.preferences_of(digest.recipient.email).digest_by_mail:
        why = "its recipient wants no digest; the alerts wait under /v1/alerts"
        raise DeliveryClosedError(DeliveryState.SUPPRESSED, why)
    alerts = _current_alerts(claim, digest)
    if not alerts:
        raise DeliveryClosedError(DeliveryState.SUPPRESSED, "nothing in this digest may be told any more")
    waiting = None if digest.flood else reviews_waiting_for(claim, digest.recipient)
    return _send(claim, digest_message(digest, alerts, claim, waiting))


def _current_alerts(claim: Claim, digest: Digest) -> list[ShownAlert]:
    """The digest's alerts that are not withdrawn and have a reason in force."""
    alerts_table = claim.deps.alerts
    alerts = alerts_table.read(alerts_table.digests.alert_ids(digest.digest_id)).values()
    shown = [revalidate(alert, claim.office, claim.deps, claim.now).shown.alert for alert in alerts]
    return [alert for alert in shown if not alert.withdrawn_at]


def _deliver_notice(claim: Claim, notice: Notice) -> DeliveryOutcome:
    if not notice.agency:  # whose contact is of no office
        _check_address(claim, notice.recipient, needs_fallback=False)
    return _send(claim, notice_message(current_notice(claim, notice), claim))


def _deliver_withdrawal(claim: Claim, alert: Alert) -> DeliveryOutcome:
    """Only a recipient who may have the alert is told that it is withdrawn. If that is still open, it waits."""
    if alert.revision != claim.delivery.revision:
        raise _superseded(claim.delivery, "the alert was withdrawn before this was sent")
    earlier = [
        delivery
        for delivery in claim.deps.alerts.deliveries.of_alert(alert.alert_id)
        if delivery.channel == claim.delivery.channel and delivery.revision < alert.revision
    ]
    if any(_is_being_sent(delivery, claim.deps) for delivery in earlier):
        claim.release()
        raise TryLater("whether the alert itself was sent is not known yet")
    known = max((delivery.revision for delivery in earlier if _reached_the_reader(delivery, claim.deps)), default=None)
    if known in alert.withdrawn_revisions:
        raise DeliveryClosedError(DeliveryState.SUPPRESSED, "its recipient knows that it is withdrawn")
    if known is None:
        why = "this recipient was not told, so there is nothing to take back"
        raise DeliveryClosedError(DeliveryState.SUPPRESSED, why)
    arrest = claim.deps.arrests.find(alert.arrest_id)
    current = for_recipient(current_alert(alert, arrest, {}), claim.office, {}, claim.now)
    shown = show_alert(current, NO_FIELDS, (), claim.now).alert
    return _send(claim, withdrawal_message(shown, claim, is_reported_elsewhere=_is_reported_elsewhere(alert, claim)))


def _is_reported_elsewhere(alert: Alert, claim: Claim) -> bool:
    """Whether the agency took its record away, and the recipient has another agency's alert of the same custody, which
    bears the number too and stays in force."""
    if not alert.is_withdrawn_for_good:
        return False
    others = (
        other
        for other in claim.deps.alerts.numbered(alert.office_id, alert.short_number)
        if (other.number, other.recipient.key) == (alert.number, alert.recipient.key)
        and other.arrest_id != alert.arrest_id
        and not other.withdrawn_at
    )
    return any(revalidate(other, claim.office, claim.deps, claim.now).shown.arrest for other in others)


def _is_being_sent(delivery: Delivery, deps: DeliveryDeps) -> bool:
    """Whether a sender holds it, or the digest that it is a line of."""
    digest_deliveries = deps.alerts.deliveries.of_alert(delivery.gathered_in) if delivery.gathered_in else []
    return any(open_delivery.state is DeliveryState.CLAIMED for open_delivery in (delivery, *digest_deliveries))


def _superseded(delivery: Delivery, why: str) -> DeliveryClosedError:
    """A newer revision has taken its place. If an earlier sender may have handed it over, its reader may have it, and
    is told of a withdrawal."""
    state = DeliveryState.UNCONFIRMED if delivery.may_have_been_sent else DeliveryState.SUPPRESSED
    return DeliveryClosedError(state, why)


def _reached_the_reader(delivery: Delivery, deps: DeliveryDeps) -> bool:
    """Of a delivery that became a line of a digest, the digest's deliveries say it."""
    if not delivery.gathered_in:
        return delivery.state.reached_the_reader
    digest_deliveries = deps.alerts.deliveries.of_alert(delivery.gathered_in)
    return any(digest_delivery.state.reached_the_reader for digest_delivery in digest_deliveries)


def _send(claim: Claim, message: Message, *, urgent: bool = False) -> DeliveryOutcome:
    delivery, deps = claim.delivery, claim.deps
    if deps.rate and not deps.rate.take(delivery.channel, delivery.office_id, urgent=urgent):
        claim.release(retry_at=deps.clock() + SWEEP_INTERVAL)
        return DeliveryOutcome.RATE_LIMITED
    if deps.clock() >= claim.now + deps.lease / 3:
        claim.release()
        raise TryLater("the sender was held up for so long that another may take its place")
    try:
        provider_id = deps.senders[delivery.channel](delivery.address, message, delivery.delivery_id)
    except TemporaryFailureError as failure:
        claim.release()
        raise TryLater(f"the provider of {delivery.channel} says {failure}") from failure
    except PermanentFailureError as failure:
        raise DeliveryClosedError(DeliveryState.FAILED, str(failure), needs_fallback=True) from failure
    deps.alerts.deliveries.mark_sent(delivery, provider_id, deps.clock())
    return DeliveryOutcome.SENT
