"""What would this criterion have hit? The same code that matches, asked about the arrests that are stored."""

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from time import monotonic

from shared.arrests.model import Arrest
from shared.arrests.table import ArrestsTable
from shared.matching.criteria import Combination, Grade, Leaf, Reason, is_about
from shared.matching.linkage.frequencies import FrequenciesOf
from shared.matching.rules import ArrestFeatures, compile_rule, selective_terms
from shared.matching.rules.rule import Matcher
from shared.value import FrozenModel

SHOWN = 50  # hits in full, the latest; the counts are of all
SEGMENTS = 8


class BacktestHit(FrozenModel):
    arrest_id: str
    agency: str
    number: str
    arrested_on: date | None
    reason: Reason


class Backtest(FrozenModel):
    """`complete` is false when time ran out: then the counts are of `searched` arrests only."""

    days: int
    searched: int
    complete: bool
    alerts: int
    possible: int
    hits: tuple[BacktestHit, ...]


def _by_the_census(_: str) -> None:
    return None


@dataclass(frozen=True)
class BacktestDeps:
    """Where this use case reads."""

    arrests: ArrestsTable
    names_of: FrequenciesOf = _by_the_census


def backtest(
    criterion: Leaf | Combination,
    days: int,
    deps: BacktestDeps,
    shown: Callable[[Arrest], Arrest | None],
    now: datetime,
    seconds: float,
) -> Backtest:
    """Over the arrests stored in the last `days`, as far as they are `shown`. Raises TooBroadError for what could not
    be watched anyway."""
    selective_terms(criterion)
    matches, until = compile_rule(criterion), monotonic() + seconds
    since = now - timedelta(days=days)
    names_of = cache(deps.names_of)

    def searched(segment: int) -> tuple[int, bool, list[BacktestHit]]:
        count = 0
        hits: list[BacktestHit] = []
        for page in deps.arrests.since(since, segment, SEGMENTS):
            open_ = [arrest for stored in page if (arrest := shown(stored))]
            count += len(open_)
            hits += hits_in([arrest for arrest in open_ if is_about(criterion, arrest.kind)], matches, names_of)
            if monotonic() > until:
                return count, False, hits
        return count, True, hits

    with ThreadPoolExecutor(SEGMENTS) as pool:
        parts = list(pool.map(searched, range(SEGMENTS)))
    hits = sorted((hit for _, _, some in parts for hit in some), key=_latest_first)
    possible = sum(hit.reason.grade is Grade.POSSIBLE for hit in hits)
    return Backtest(
        days=days,
        searched=sum(count for count, _, _ in parts),
        complete=all(done for _, done, _ in parts),
        alerts=len(hits) - possible,
        possible=possible,
        hits=tuple(hits[:SHOWN]),
    )


def hits_in(
    page: Iterable[Arrest], matches: Matcher, names_of: FrequenciesOf = _by_the_census
) -> Iterator[BacktestHit]:
    for arrest in page:
        if not arrest.juvenile and (reason := matches(ArrestFeatures(arrest, names_of(arrest.agency)))):
            yield BacktestHit(
                arrest_id=arrest.arrest_id,
                agency=arrest.agency,
                number=arrest.number,
                arrested_on=arrest.arrested_on,
                reason=reason,
            )


def _latest_first(hit: BacktestHit) -> tuple[int, str]:
    return -(hit.arrested_on or date.min).toordinal(), hit.arrest_id
