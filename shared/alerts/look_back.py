"""Look back when a subscription is saved: which arrests of the last days it would have alerted of. Often last night's
arrest is the reason why somebody watches a person this morning.

One scan serves all subscriptions of a list. The stored arrests were matched before the subscription was there, so
nobody is notified of them, unless whoever saves it asks for that.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from types import MappingProxyType
from typing import NamedTuple

from shared.alerts.backtest import MAX_HITS, BacktestDeps, BacktestHit, latest_first, scan
from shared.alerts.match_arrests import MatchDeps, match_versions
from shared.alerts.matches.reason_words import with_sentence
from shared.alerts.view import ShownArrest
from shared.arrests.model import Arrest, EventKind
from shared.batching import batches
from shared.matching.criteria import Grade, Reason
from shared.matching.rules.screen import Screen
from shared.offices.model import Office
from shared.subscriptions.model import Subscription, SubscriptionKey
from shared.subscriptions.validity import LOOKS_BACK
from shared.value import FrozenModel

_ARRESTS_AT_ONCE = 25  # matched in one go


class PastHit(BacktestHit):
    """An arrest that a subscription would have alerted of."""

    subscription_id: str


class PastMatches(FrozenModel):
    """What the saved subscriptions would have alerted of in the last `days`. `complete` is false when time ran out:
    then there may be more. `hits` are the latest; the counts are of all."""

    days: int
    complete: bool
    alerts: int
    possible: int
    hits: tuple[PastHit, ...]
    sentence: str


class LookBack(NamedTuple):
    """`matches` is what may be shown; `arrest_ids` are the arrests to match if the past is to be alerted of."""

    matches: PastMatches
    arrest_ids: tuple[str, ...]


@dataclass(frozen=True)
class LookBackDeps:
    stored: BacktestDeps
    matching: MatchDeps


def look_back(
    subscriptions: Sequence[Subscription],
    office: Office,
    deps: BacktestDeps,
    shown: Callable[[Arrest], ShownArrest | None],
    now: datetime,
    events: Mapping[str, frozenset[EventKind] | None] = MappingProxyType({}),
) -> LookBack:
    """Matches the arrests of the last days with subscriptions of one office, each as far as it is `shown`. `events`
    maps subscription_id to the kinds of event of which it tells; the others tell of the default."""
    screen = screen_of(subscriptions, events)
    watched = {subscription.key: subscription for subscription in subscriptions}
    today = office.local_day(now)

    def hits_of(arrest: Arrest | None) -> Iterator[PastHit]:
        if arrest is None:
            return
        for key, reason in screen.hits(arrest, deps.frequencies_of(arrest.agency)):
            if watched[key].covers(arrest, today, office.goes_by):
                yield _hit(arrest, watched[key], reason)

    def search(arrests: list[Arrest]) -> list[tuple[str, list[PastHit]]]:
        hit = [arrest for arrest in arrests if any(hits_of(arrest))]
        return [(arrest.arrest_id, list(hits_of(shown(arrest)))) for arrest in hit]

    pages, complete = scan(deps.arrests, now - LOOKS_BACK, deps.seconds, search)
    pairs = [pair for page in pages for pair in page]
    hits = sorted((hit for _, shown_hits in pairs for hit in shown_hits), key=latest_first)
    return LookBack(_summary(hits, complete), tuple(sorted(arrest_id for arrest_id, _ in pairs)))


def alert_of_past(
    arrest_ids: Sequence[str], subscriptions: Sequence[Subscription], deps: LookBackDeps, now: datetime
) -> None:
    """Notifies of stored arrests as if they had come now, for these subscriptions alone. May run twice.

    What an alert of the same arrest says already is matched again beside them, so that it still says all.
    """
    saved = {subscription.key for subscription in subscriptions}
    alerts = deps.matching.alerts
    for batch in batches(arrest_ids, _ARRESTS_AT_ONCE):
        stored = alerts.read(id_ for arrest_id in batch for id_ in alerts.ids_of_arrest(arrest_id)).values()
        given = {
            SubscriptionKey(alert.office_id, reason.subscription_id) for alert in stored for reason in alert.because
        }
        only = frozenset(saved | given)
        match_versions(deps.stored.arrests.versions(batch), replace(deps.matching, only=only), now)


def screen_of(
    subscriptions: Iterable[Subscription], events: Mapping[str, frozenset[EventKind] | None] = MappingProxyType({})
) -> Screen[SubscriptionKey]:
    screen = Screen[SubscriptionKey]()
    for subscription in subscriptions:
        screen.add(subscription.key, subscription.criterion, events.get(subscription.subscription_id))
    return screen


def _hit(arrest: Arrest, subscription: Subscription, reason: Reason) -> PastHit:
    return PastHit(
        arrest_id=arrest.arrest_id,
        agency=arrest.agency,
        number=arrest.number,
        arrested_on=arrest.arrested_on,
        reason=with_sentence(reason),
        subscription_id=subscription.subscription_id,
    )


def _summary(hits: Sequence[PastHit], complete: bool) -> PastMatches:
    possible = sum(hit.reason.grade is Grade.POSSIBLE for hit in hits)
    alerts = len(hits) - possible
    return PastMatches(
        days=LOOKS_BACK.days,
        complete=complete,
        alerts=alerts,
        possible=possible,
        hits=tuple(hits[:MAX_HITS]),
        sentence=_sentence(alerts, possible, complete),
    )


def _sentence(alerts: int, possible: int, complete: bool) -> str:
    waiting = f", and {_count(possible, 'possible match', 'possible matches')} would have waited" if possible else ""
    unread = "" if complete else " Not every arrest of these days could be read in time: there may be more."
    arrests = _count(alerts, "arrest", "arrests")
    return f"In the last {LOOKS_BACK.days} days this would have alerted of {arrests}{waiting}.{unread}"


def _count(number: int, singular: str, plural: str) -> str:
    return f"{number or 'no'} {singular if number == 1 else plural}"
