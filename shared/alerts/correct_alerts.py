"""Correct alerts: a version of an arrest that no longer meets what an alert was given for takes it back.

The agency may have corrected the person, the birth date, a charge or the place. An alert of which no reason holds any
more is withdrawn; one that loses some of its reasons is sent again with the others. Gather: `alerts_about`. Decide:
`correction_of`, pure. Apply: `correct`.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import NamedTuple

from shared.alerts.audience import subscriptions_of
from shared.alerts.delivery.model import deliveries_of
from shared.alerts.matches.circuit_breaker import Reach
from shared.alerts.matches.current_reasons import current_reasons, needs_evaluation
from shared.alerts.model import Alert, WithdrawalCause
from shared.alerts.notify import NotificationDeps
from shared.alerts.reviews.close_reviews import close_reviews
from shared.alerts.revisions import withdrawal_of, without_ended_reasons
from shared.arrests.diff import Difference
from shared.arrests.minimisation import redact_differences
from shared.arrests.model import ArrestChange
from shared.arrests.table import Version
from shared.errors import TryLater
from shared.subscriptions.model import Subscription, SubscriptionKey

_ATTEMPTS = 8
_INDEX_LAG = timedelta(minutes=2)  # a hundred times longer than it is known to be


class AlertsAbout(NamedTuple):
    """What was stored about a batch of arrests: their alerts by arrest_id and alert_id, the ids of their reviews by
    arrest_id, and the subscriptions that these alerts name by subscription_id."""

    alerts: Mapping[str, Mapping[str, Alert]]
    review_ids: Mapping[str, frozenset[str]]
    subscriptions: Mapping[str, Subscription]

    def with_alerts(self, stored: Iterable[Alert]) -> "AlertsAbout":
        """Adds alerts that were stored since: a later version of the same batch may take them back."""
        alerts = dict(self.alerts)
        for alert in stored:
            alerts[alert.arrest_id] = {**alerts.get(alert.arrest_id, {}), alert.alert_id: alert}
        return self._replace(alerts=alerts)


def was_just_stored(version: Version) -> bool:
    """Whether the version before is so young that alerts about it may still be missing from the index by arrest, which
    lags by less than a second."""
    before = version.before_stored_at
    return before is not None and version.stored_at - before < _INDEX_LAG


def alerts_about(
    versions: Iterable[Version],
    known: Mapping[SubscriptionKey, Subscription],
    deps: NotificationDeps,
    just_stored_ids: Iterable[str] = (),
) -> AlertsAbout:
    """Reads what was stored about these arrests. A new arrest has nothing: only those with a version before, or back
    from the records of juveniles, are read. `known` are subscriptions that were read before. `just_stored_ids` are ids
    of alerts that the index may not have yet (`was_just_stored`)."""
    records = deps.alerts.records_of_arrests(
        version.arrest.arrest_id for version in versions if version.before or version.returned
    )
    indexed_ids = {alert_id for ids in records.values() for alert_id in ids.alert_ids}
    stored = deps.alerts.read(indexed_ids.union(just_stored_ids))
    by_arrest: defaultdict[str, dict[str, Alert]] = defaultdict(dict)
    for alert_id, alert in stored.items():
        by_arrest[alert.arrest_id][alert_id] = alert
    return AlertsAbout(
        by_arrest,
        {arrest_id: ids.review_ids for arrest_id, ids in records.items() if ids.review_ids},
        {key.subscription_id: subscription for key, subscription in known.items()}
        | subscriptions_of(stored.values(), deps.subscriptions),
    )


def correction_of(
    alert: Alert, version: Version, subscriptions: Mapping[str, Subscription], now: datetime
) -> Alert | None:
    """The notification that corrects the alert, or None if every reason still holds."""
    arrest = version.arrest
    if alert.withdrawn_at or not needs_evaluation(alert, arrest):
        return None
    reasons = current_reasons(alert, arrest, subscriptions)
    if not reasons:
        cause = WithdrawalCause.UNREADABLE if arrest.juvenile else WithdrawalCause.CORRECTED
        return withdrawal_of(alert, now, cause, _taken_away(alert, version))
    if len(reasons) < len(alert.because):
        return without_ended_reasons(alert, reasons, arrest.content, now)
    return None


def _taken_away(alert: Alert, version: Version) -> tuple[Difference, ...]:
    """The charges that are gone, if the person is the same: the reader knows them. Anything else that changed would
    disclose a version that the reader has no reason to see."""
    before, arrest = version.before, version.arrest
    if before is None or arrest.juvenile or before.person != arrest.person:
        return ()
    withheld = frozenset.intersection(*(reason.withheld for reason in alert.because))
    gone = [difference for difference in version.differences if difference.change is ArrestChange.CHARGE_REMOVED]
    return redact_differences(withheld, gone)


def withdrawal_reaches(versions: Iterable[Version], about: AlertsAbout, now: datetime) -> list[Reach]:
    """Whom the corrections of these versions would notify, for the circuit breaker. A silent version is never held."""
    reaches = []
    for version in versions:
        corrected = [
            (alert.office_id, alert.recipient.key)
            for alert in about.alerts.get(version.arrest.arrest_id, {}).values()
            if correction_of(alert, version, about.subscriptions, now)
        ]
        if corrected and not version.silent:
            reaches.append(Reach(version, corrected))
    return reaches


def correct(version: Version, about: AlertsAbout, deps: NotificationDeps, now: datetime) -> int:
    """Stores and queues every correction that this version brings, and takes the arrest out of reviews of persons whom
    it is not of any more. Returns how many alerts were withdrawn.

    May run twice. Raises TryLater if an alert kept changing (optimistic lock).
    """
    arrest, withdrawn = version.arrest, 0
    for alert in about.alerts.get(arrest.arrest_id, {}).values():
        correction = _store_correction(alert, version, about.subscriptions, deps, now)
        withdrawn += correction is not None and correction.withdrawn_at is not None
    if review_ids := about.review_ids.get(arrest.arrest_id):
        close_reviews(review_ids, arrest, deps.alerts.reviews, deps.subscriptions, deps.pseudonyms)
    return withdrawn


def _store_correction(
    alert: Alert, version: Version, subscriptions: Mapping[str, Subscription], deps: NotificationDeps, now: datetime
) -> Alert | None:
    stored: Alert | None = alert
    for _ in range(_ATTEMPTS):
        correction = correction_of(stored, version, subscriptions, now) if stored else None
        if correction is None:
            return None
        if deps.alerts.store(correction):
            deps.enqueue(delivery.key for delivery in deliveries_of(correction))
            return correction
        stored = deps.alerts.find(alert.alert_id)
    raise TryLater("an alert changed again while it was corrected")
