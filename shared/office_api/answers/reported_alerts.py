"""What a report may count: the office's alerts, as far as the reader may read the subscriptions that are their reasons.

A report adds up records, so each of its rows passes the same policy as the record that it is about. A subscription that
answers 404 to the reader is in no row, and a folder that the reader may not read has no name.
"""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta

from shared.access import Action
from shared.alerts.model import Alert
from shared.office_api import dependencies
from shared.office_api.answers.subscription_summaries import readable_folder_paths
from shared.office_api.gate.agreement_filter import agreement_filter
from shared.office_api.gate.relations import folder_trees
from shared.office_api.gate.resources import alerts_for_reader, subscription_resource
from shared.office_api.middleware.authorization import AuthorizedRequest
from shared.subscriptions.model import Subscription, SubscriptionKey

MAX_ALERTS = 1_000  # alerts a report reads, the newest


def reported_alerts(request: AuthorizedRequest, days: int) -> tuple[list[Alert], bool]:
    """Returns the alerts of the last days with the reasons that the reader may know of, and whether these are all: a
    report reads `MAX_ALERTS`. An alert without such a reason is left out."""
    alerts, complete = _recent(request.by.office.office_id, days)
    alerts = _held(request, alerts)
    ids = {(alert.office_id, reason.subscription_id) for alert in alerts for reason in alert.because}
    stored, _ = dependencies.subscriptions.read(SubscriptionKey(*id_) for id_ in ids)
    readable = {subscription.subscription_id for subscription in reported_subscriptions(request, stored.values())}
    folders = _readable_folders(request)
    narrowed = (_narrowed(alert, readable, folders) for alert in alerts)
    return [alert for alert in narrowed if alert.because], complete


def _held(request: AuthorizedRequest, alerts: list[Alert]) -> list[Alert]:
    """Those of which the arrest is held as far as the reader may know, with the reasons that count for that reader: a
    count that others are in would tell of them (28 CFR 20.21 (c)(2), CPL 160.57)."""
    agreed = agreement_filter(request.by)
    if agreed.hides_nothing:
        return alerts
    return [
        current.stored.model_copy(update={"because": current.reasons or current.stored.because})
        for current, is_hidden in alerts_for_reader(request.by, alerts, agreed, datetime.now(UTC))
        if not is_hidden
    ]


def reported_subscriptions(request: AuthorizedRequest, subscriptions: Iterable[Subscription]) -> list[Subscription]:
    """Those that the reader may read."""
    trees = folder_trees(request.by)
    resources = (subscription_resource(request.by, subscription, trees) for subscription in subscriptions)
    return request.filter_allowed(Action.READ_SUBSCRIPTION, resources)


def _narrowed(alert: Alert, readable: set[str], folders: set[str]) -> Alert:
    reasons = (reason for reason in alert.because if reason.subscription_id in readable)
    because = tuple(
        reason if reason.folder in folders else reason.model_copy(update={"folder": ""}) for reason in reasons
    )
    return alert.model_copy(update={"because": because})


def _readable_folders(request: AuthorizedRequest) -> set[str]:
    """The paths of the folders that the reader may read."""
    return set(readable_folder_paths(request, folder_trees(request.by)).values())


def _recent(office_id: str, days: int) -> tuple[list[Alert], bool]:
    since = datetime.now(UTC) - timedelta(days=days)
    alerts: list[Alert] = []
    for alert in _newest(office_id):
        if alert.created_at < since:
            break
        if len(alerts) == MAX_ALERTS:
            return alerts, False
        alerts.append(alert)
    return alerts, True


def _newest(office_id: str) -> Iterator[Alert]:
    after: str | None = None
    while True:
        page, after = dependencies.alerts.page(office_id, 100, after)
        yield from page
        if after is None:
            return
