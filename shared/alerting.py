"""Who must be told of these arrests: candidates from the index, reasons from the domain, tellings into the table."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from shared.domain.alerts import Alert, Match, Stages, alert_id, by_recipient, deliveries_of, next_telling
from shared.domain.arrests import Arrest
from shared.domain.offices import Office
from shared.domain.pseudonyms import Pseudonyms
from shared.domain.subscriptions import Recipient, Subscription
from shared.domain.watches import terms_of
from shared.tables.alerts import AlertsTable, DeliveryKey, key_of
from shared.tables.arrests import Version
from shared.tables.offices import OfficesTable
from shared.tables.subscriptions import SubscriptionsTable
from shared.tables.watch_list import WatchList

Enqueue = Callable[[Iterable[DeliveryKey]], None]


@dataclass
class Told:
    """What became of a batch, in counts and ids, fit for a log."""

    arrests: int = 0
    withheld: int = 0
    matches: int = 0
    alerts: int = 0
    updates: int = 0
    broken: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Alerting:
    """Where this use case reads and writes."""

    watch_list: WatchList
    subscriptions: SubscriptionsTable
    offices: OfficesTable
    alerts: AlertsTable
    pseudonyms: Pseudonyms
    enqueue: Enqueue


def tell(versions: Sequence[Version], at: Alerting, now: datetime) -> Told:
    """Match a batch of versions and store and queue every telling that follows. May run twice for the same batch.

    A juvenile's arrest is never matched. Versions of one arrest must come in their order.
    """
    told = Told(arrests=len(versions), withheld=sum(version.arrest.juvenile for version in versions))
    matchable = [version for version in versions if not version.arrest.juvenile]
    matches = _matches([version.arrest for version in matchable], at, now, told)
    for version, found in zip(matchable, matches, strict=True):
        told.matches += len(found)
        _tell_one(version, found, at, now, told)
    return told


def _matches(arrests: Sequence[Arrest], at: Alerting, now: datetime, told: Told) -> Iterator[list[Match]]:
    """The matches of each arrest; the whole batch shares its look-ups."""
    terms = [set(terms_of(arrest)) for arrest in arrests]
    posted = at.watch_list.posted_under(term for some in terms for term in some)
    subscriptions, told.broken = at.subscriptions.read(key for keys in posted.values() for key in keys)
    offices = at.offices.offices(key.office_id for key in subscriptions)
    for arrest, some in zip(arrests, terms, strict=True):
        keys = sorted({key for term in some for key in posted.get(term, ())})
        yield [
            match
            for key in keys
            if (one := subscriptions.get(key)) and (match := _match(arrest, one, offices.get(one.office_id), now))
        ]


def _match(arrest: Arrest, subscription: Subscription, office: Office | None, now: datetime) -> Match | None:
    if office is None or not subscription.covers(arrest, now.astimezone(office.zone).date()):
        return None
    reason = subscription.criterion.reason(arrest)
    return Match(subscription=subscription, reason=reason) if reason else None


def _tell_one(version: Version, matches: list[Match], at: Alerting, now: datetime, told: Told) -> None:
    for (office_id, _), (recipient, found) in by_recipient(matches).items():
        alert = _alert(version, office_id, recipient, found, at, now)
        previous = at.alerts.find(alert.alert_id)
        telling = next_telling(previous, alert, version.arrest, version.changes)
        if telling and at.alerts.tell(telling):
            told.alerts += telling.revision == 1
            told.updates += telling.revision > 1
        # Queued again even if it was stored before: the attempt that stored it may have died before it queued it.
        # The sender claims a delivery before it sends, so a second message does nothing.
        if telling := telling or _same_telling(previous, version):
            at.enqueue(key_of(delivery) for delivery in deliveries_of(telling))


def _same_telling(previous: Alert | None, version: Version) -> Alert | None:
    return previous if previous and previous.told == version.arrest.content else None


def _alert(
    version: Version, office_id: str, recipient: Recipient, found: list[Match], at: Alerting, now: datetime
) -> Alert:
    return Alert(
        alert_id=alert_id(at.pseudonyms, version.arrest.arrest_id, office_id, recipient),
        office_id=office_id, arrest_id=version.arrest.arrest_id, recipient=recipient,
        because=tuple(match.because for match in found), told=version.arrest.content, created_at=now,
        stages=Stages(dropped_at=version.dropped_at, stored_at=version.stored_at, matched_at=now),
    )  # fmt: skip
