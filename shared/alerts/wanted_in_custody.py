"""Who is in custody now and is wanted, or has an open case, by the office's own watches (S18).

A roster of a jail lists everybody in custody; the warrant list of an office lists whom it looks for. Somebody may be
on both for weeks. Gather: the last snapshot of each agency, and the watches with the basis warrant or open case.
Decide: the rules that match arrests, on the arrest as the office may see it. Only matches that leave no doubt count.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from time import monotonic
from typing import NamedTuple

from shared.alerts.look_back import screen_of
from shared.alerts.matches.reason_words import with_sentence
from shared.alerts.view import ShownArrest
from shared.arrests.model import CUSTODY_BEGINS, Arrest
from shared.arrests.table import ArrestsTable
from shared.batching import batches
from shared.matching.criteria import Grade, Reason, names_person
from shared.matching.linkage.frequencies import FrequenciesOf
from shared.matching.rules.screen import Screen
from shared.offices.model import Office
from shared.offices.recipient import BasisKind
from shared.subscriptions.model import Subscription, SubscriptionKey

WANTED = frozenset({BasisKind.WARRANT, BasisKind.OPEN_CASE})
_SURE = frozenset({Grade.IDENTIFIER, Grade.STRONG})
_AT_ONCE = 500  # arrests


class WantedMatch(NamedTuple):
    """`reason` has its sentence. `subscription` is the office's own watch."""

    arrest: ShownArrest
    subscription: Subscription
    reason: Reason


@dataclass(frozen=True)
class RosterDeps:
    """`in_custody` maps an agency to the ids of the arrests of its last snapshot; None for an agency that sends none.
    The search takes at most about `seconds`."""

    arrests: ArrestsTable
    frequencies_of: FrequenciesOf
    in_custody: Callable[[str], Sequence[str] | None]
    seconds: float = 20.0


class RosterMatches(NamedTuple):
    """`agencies` are those whose snapshots were read to the end. Without `complete`, time ran out."""

    matches: tuple[WantedMatch, ...]
    agencies: tuple[str, ...]
    complete: bool


def wanted_in_custody(
    agencies: Iterable[str],
    watches: Iterable[Subscription],
    office: Office,
    deps: RosterDeps,
    shown: Callable[[Arrest], ShownArrest | None],
    now: datetime,
) -> RosterMatches:
    """Nobody is notified, and nothing is stored."""
    deadline, today = monotonic() + deps.seconds, office.local_day(now)
    wanted = {watch.key: watch for watch in watches if is_of_wanted(watch, today)}
    screen = screen_of(wanted.values())
    read, matches = list[str](), list[WantedMatch]()
    for agency in agencies:
        ids = deps.in_custody(agency)
        if ids is None:
            continue
        for batch in batches(sorted(ids), _AT_ONCE):
            if monotonic() > deadline:
                return RosterMatches(_in_order(matches), tuple(read), complete=False)
            arrests = (shown(version.arrest) for version in deps.arrests.versions(batch))
            matches += _sure_matches(filter(None, arrests), screen, wanted, deps.frequencies_of)
        read.append(agency)
    return RosterMatches(_in_order(matches), tuple(read), complete=True)


def _sure_matches(
    arrests: Iterable[ShownArrest],
    screen: Screen[SubscriptionKey],
    wanted: Mapping[SubscriptionKey, Subscription],
    frequencies_of: FrequenciesOf,
) -> Iterator[WantedMatch]:
    """Whatever needs a person to look at it first is left out."""
    for arrest in arrests:
        if arrest.kind in CUSTODY_BEGINS:
            for key, reason in screen.hits(arrest, frequencies_of(arrest.agency)):
                if reason.grade in _SURE:
                    yield WantedMatch(arrest, wanted[key], with_sentence(reason))


def _in_order(matches: Iterable[WantedMatch]) -> tuple[WantedMatch, ...]:
    """Warrants before open cases."""
    return tuple(
        sorted(
            matches,
            key=lambda match: (match.subscription.basis.kind is not BasisKind.WARRANT, match.arrest.arrest_id),
        )
    )


def is_of_wanted(watch: Subscription, today: date) -> bool:
    """A watch of a person, in force, because of a warrant or an open case."""
    return watch.basis.kind in WANTED and watch.in_force(today) and names_person(watch.criterion)
