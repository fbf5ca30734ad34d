"""Backtest a criterion: what it would have hit among the stored arrests. Uses the code that matches."""

from collections.abc import Callable, Iterable, Iterator, Set
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from time import monotonic
from typing import NamedTuple, TypeVar

from shared.alerts.matches.reason_words import with_sentence
from shared.alerts.view import ShownArrest
from shared.arrests.model import Arrest, EventKind
from shared.arrests.table import ArrestsTable
from shared.batching import map_in_threads
from shared.matching.criteria import Combination, Grade, Leaf, Reason, is_about
from shared.matching.linkage.frequencies import FrequenciesOf
from shared.matching.rules import ArrestFeatures, compile_rule, selective_terms
from shared.matching.rules.rule import Matcher
from shared.value import FrozenModel

MAX_HITS = 50  # hits in full, the latest; the counts are of all
SEGMENTS = 8  # of the parallel scan
Result = TypeVar("Result")


class BacktestHit(FrozenModel):
    arrest_id: str
    agency: str
    number: str
    arrested_on: date | None
    reason: Reason


class Backtest(FrozenModel):
    """`complete` is false when time ran out: then the counts are of `searched` arrests only. Minors and sealed arrests
    are in no count."""

    days: int
    searched: int
    complete: bool
    alerts: int
    possible: int
    hits: tuple[BacktestHit, ...]


def _census_only(_agency: str) -> None:
    """No agency has term frequencies of its own: the census says how common a name is."""
    return


@dataclass(frozen=True)
class BacktestDeps:
    """What a backtest reads. The search takes at most about `seconds`."""

    arrests: ArrestsTable
    frequencies_of: FrequenciesOf = _census_only
    seconds: float = 20.0


class _Page(NamedTuple):
    """What the search of one page of arrests came to."""

    searched: int
    hits: list[BacktestHit]


def backtest(
    criterion: Leaf | Combination,
    days: int,
    deps: BacktestDeps,
    shown: Callable[[Arrest], ShownArrest | None],
    now: datetime,
    chosen: Set[EventKind] | None = None,
) -> Backtest:
    """Searches the arrests stored in the last `days`, each as far as it is `shown`. `chosen` are the kinds of event
    that are asked for; None means the default.

    Scans the table in eight segments at once. Raises TooBroadError for a criterion that no subscription may have.
    """
    selective_terms(criterion)
    matcher = compile_rule(criterion)
    frequencies_of = cache(deps.frequencies_of)

    def search(page: list[Arrest]) -> _Page:
        visible = [arrest for stored in page if not stored.juvenile and (arrest := shown(stored))]
        relevant = (arrest for arrest in visible if is_about(criterion, arrest.kind, chosen))
        return _Page(len(visible), list(hits_in(relevant, matcher, frequencies_of)))

    return _united(*scan(deps.arrests, now - timedelta(days=days), deps.seconds, search), days)


def scan(
    arrests: ArrestsTable, stored_at: datetime, seconds: float, search: Callable[[list[Arrest]], Result]
) -> tuple[list[Result], bool]:
    """Searches the arrests stored since then, page by page, for at most about `seconds`. Returns the results of the
    pages, and whether every page was searched.

    Scans the table in eight segments at once, because no index knows the days.
    """
    deadline = monotonic() + seconds

    def search_segment(segment: int) -> tuple[list[Result], bool]:
        results: list[Result] = []
        for page in arrests.since(stored_at, segment, SEGMENTS):
            results.append(search(page))
            if monotonic() > deadline:
                return results, False
        return results, True

    segments = list(map_in_threads(search_segment, range(SEGMENTS), SEGMENTS))
    return [result for results, _ in segments for result in results], all(complete for _, complete in segments)


def _united(pages: list[_Page], complete: bool, days: int) -> Backtest:
    hits = sorted((hit for page in pages for hit in page.hits), key=latest_first)
    possible = sum(hit.reason.grade is Grade.POSSIBLE for hit in hits)
    return Backtest(
        days=days,
        searched=sum(page.searched for page in pages),
        complete=complete,
        alerts=len(hits) - possible,
        possible=possible,
        hits=tuple(hits[:MAX_HITS]),
    )


def hits_in(
    arrests: Iterable[ShownArrest], matcher: Matcher, frequencies_of: FrequenciesOf = _census_only
) -> Iterator[BacktestHit]:
    """Yields the arrests that the criterion hits. A juvenile's arrest is never one."""
    for arrest in arrests:
        if not arrest.juvenile and (reason := matcher(ArrestFeatures(arrest, frequencies_of(arrest.agency)))):
            yield BacktestHit(
                arrest_id=arrest.arrest_id,
                agency=arrest.agency,
                number=arrest.number,
                arrested_on=arrest.arrested_on,
                reason=with_sentence(reason),
            )


def latest_first(hit: BacktestHit) -> tuple[int, str]:
    return -(hit.arrested_on or date.min).toordinal(), hit.arrest_id
