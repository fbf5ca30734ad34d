"""When an alert goes out: now, after quiet hours, or as a line of a digest."""

from datetime import datetime, timedelta

from shared.alerts.delivery.dependencies import Claim, DeliveryOutcome
from shared.alerts.delivery.messages.digest import digest_for
from shared.alerts.model import Alert
from shared.errors import TryLater
from shared.offices.preferences import TextMessageRule, Urgency, next_digest_time, quiet_until

_HIGH_CEILING = 1_000  # alerts an hour
_LONGEST_MUTED = timedelta(days=366)
_SAMPLE = 10  # above it, one alert in so many is counted


def defer(claim: Claim, alert: Alert) -> DeliveryOutcome | None:
    """Postpones or gathers an alert that is not urgent. None if it goes out now.

    In order: while its recipient is muted or in quiet hours, a digest alert goes into the first digest after them and a
    normal one waits for their end. Above the office's hourly ceiling, a normal one goes into the summary of the flood.
    """
    preferences = claim.preferences_of(alert.recipient.email)
    zone = preferences.zone(claim.office.zone)
    quiet_end: datetime | None
    if preferences.is_muted(claim.now):
        quiet_end = min(preferences.muted_until or claim.now, claim.now + _LONGEST_MUTED)
    else:
        quiet_end = quiet_until(preferences.quiet, zone, claim.now)
    if alert.urgency is Urgency.DIGEST:
        due = next_digest_time(preferences.digest_at, zone, quiet_end or claim.now)
        return _gather(claim, alert, due, flood=False)
    if quiet_end:
        claim.release(not_before=quiet_end)
        return DeliveryOutcome.PUT_OFF
    if _is_above_ceiling(claim):
        return _gather(claim, alert, _next_hour(claim.now), flood=True)
    return None


def is_standby(claim: Claim, alert: Alert) -> bool:
    """Whether its recipient wants this delivery only if the mail beside it fails."""
    if not claim.channel.CAN_STAND_BY or claim.delivery.called_up or not alert.recipient.email:
        return False
    rule = claim.preferences_of(alert.recipient.email).texts
    return rule is TextMessageRule.INSTEAD or (rule is TextMessageRule.URGENT and alert.urgency is not Urgency.URGENT)


def _is_above_ceiling(claim: Claim) -> bool:
    """Whether the office has more alerts in this hour than its ceiling. Each is counted at its first attempt.

    Under a high ceiling, one alert in ten counts for ten: that is as good and costs a fifth.
    """
    office, delivery = claim.office, claim.delivery
    step = _SAMPLE if office.alerts_an_hour >= _HIGH_CEILING else 1
    is_first_attempt = delivery.attempt == 1 or delivery.not_before is not None
    is_counted = is_first_attempt and int(delivery.alert_id, 16) % step == 0
    count = claim.deps.alerts.hourly_counts.add(office.office_id, claim.now, step if is_counted else 0)
    return count > office.alerts_an_hour


def _next_hour(now: datetime) -> datetime:
    return now.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)


def _gather(claim: Claim, alert: Alert, due: datetime, *, flood: bool) -> DeliveryOutcome:
    """Puts the alert into the digest of `due` or, if that one is out already, into the next one: an hour later in a
    flood, else a day. Raises TryLater if that one is out too."""
    for _ in range(2):
        if claim.deps.alerts.digests.gather(claim.delivery, digest_for(alert, due, flood=flood)):
            return DeliveryOutcome.HELD if flood else DeliveryOutcome.GATHERED
        due += timedelta(hours=1 if flood else 24)
    claim.release()
    raise TryLater("the digest was sent in the same moment")
