"""Whether an alert goes out now, later or as a line of a digest."""

from datetime import datetime, timedelta

from shared.alerts.delivery.dependencies import Claim, DeliveryOutcome
from shared.alerts.delivery.messages.digest import Digest, digest_for
from shared.alerts.model import Alert
from shared.channels import CHANNELS
from shared.errors import TryLater
from shared.offices.preferences import Preferences, TextMessageRule, Urgency, next_digest_time, quiet_until


def defer(claim: Claim, alert: Alert) -> DeliveryOutcome | None:
    """What becomes of an alert that need not go out this minute; None when it goes all the same."""
    prefers = preferences(claim, alert)
    zone = prefers.zone(claim.office.zone)
    until = prefers.muted_until if prefers.is_muted(claim.now) else quiet_until(prefers.quiet, zone, claim.now)
    if alert.urgency is Urgency.DIGEST:
        return _gather(claim, alert, next_digest_time(prefers.digest_at, zone, until or claim.now), flood=False)
    if until:
        claim.at.alerts.deliveries.release(claim.key, claim.delivery.attempt, until)
        return DeliveryOutcome.PUT_OFF
    if _too_many(claim):
        return _gather(claim, alert, _next_hour(claim.now), flood=True)
    return None


def is_standby(claim: Claim, alert: Alert) -> bool:
    """Whether this is a text that its recipient wants only when the mail beside it fails."""
    if not CHANNELS[claim.key.channel].CAN_STAND_BY or claim.delivery.called_up or not alert.recipient.email:
        return False
    texts = preferences(claim, alert).texts
    return texts is TextMessageRule.INSTEAD or (texts is TextMessageRule.URGENT and alert.urgency is not Urgency.URGENT)


def _too_many(claim: Claim) -> bool:
    """Each alert is counted at its first attempt; where the ceiling is high, one in ten counts for ten, which is as
    good and costs a fifth."""
    office, digests = claim.office, claim.at.digests
    step = 10 if office.alerts_an_hour >= 1_000 else 1
    first = claim.delivery.attempt == 1 or claim.delivery.not_before is not None
    counts = first and int(claim.key.alert_id, 16) % step == 0
    return digests.counted(office.office_id, claim.now, step if counts else 0) > office.alerts_an_hour


def preferences(claim: Claim, alert: Alert | Digest) -> Preferences:
    """Of a person; a topic or a webhook has none."""
    email = alert.recipient.email
    return claim.at.people.find(alert.office_id, email) if email else Preferences()


def _next_hour(now: datetime) -> datetime:
    return now.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)


def _gather(claim: Claim, alert: Alert, due: datetime, *, flood: bool) -> DeliveryOutcome:
    """Into the digest that goes out at `due`, or, when that one is out already, a day or an hour later."""
    for _ in range(2):
        if claim.at.digests.gather(claim.delivery, digest_for(alert, due, flood=flood)):
            return DeliveryOutcome.HELD if flood else DeliveryOutcome.GATHERED
        due += timedelta(hours=1 if flood else 24)
    claim.at.alerts.deliveries.release(claim.key, claim.delivery.attempt)
    raise TryLater("the digest was sent in the same moment")
