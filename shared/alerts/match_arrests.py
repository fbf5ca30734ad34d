"""Match a batch of arrests: read, decide, then store alerts and queue their deliveries.

Gather: `load_lookup` reads everything that the batch is evaluated against, one batch read a table, and the reviews of
possible matches. Decide: `evaluate` and `triage`, pure. Apply, in this order: refused disclosures, reviews, the circuit
breaker, alerts with their deliveries, and corrections of alerts that a version takes back (`correct_alerts.py`).
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import NamedTuple

from shared.alerts.audience import resolve_audience
from shared.alerts.correct_alerts import alerts_about, correct, was_just_stored, withdrawal_reaches
from shared.alerts.delivery.model import Enqueue
from shared.alerts.disclosures.events import refusal_events
from shared.alerts.matches.circuit_breaker import CircuitBreaker, Reach
from shared.alerts.matches.evaluate import Candidates, Evaluation, Lookup, evaluate
from shared.alerts.matches.model import RefusedDisclosure, by_recipient
from shared.alerts.model import alert_id
from shared.alerts.notify import NotificationDeps, QueuedInTens, StoredAlert, notify
from shared.alerts.reviews.model import Triage, review_id, triage
from shared.alerts.table import AlertsTable
from shared.arrests.table import ArrestsTable, Version
from shared.audit.table import AuditTable
from shared.matching.criteria import Grade
from shared.matching.linkage.frequencies import FrequenciesOf
from shared.matching.rules import ArrestFeatures, terms_of
from shared.offices.table import OfficesTable
from shared.pseudonyms import Pseudonyms
from shared.subscriptions.index.table import SubscriptionIndex
from shared.subscriptions.model import SubscriptionKey
from shared.subscriptions.table import SubscriptionsTable


@dataclass(frozen=True)
class MatchSummary:
    """What a batch came to, in counts and ids fit for a log."""

    arrests: int
    withheld: int  # arrests of juveniles, never matched, and silent versions
    held: int  # arrests of drops that would notify too many people
    matches: int
    alerts: int
    updates: int
    withdrawn: int  # alerts of which no reason holds any more
    waiting: int  # reviews newly stored, or with a new arrest
    candidates: int  # subscriptions read
    unagreed: int  # candidates whose office has no agreement in force with the agency
    refused: int  # recipients not notified: the policy or a missing agreement forbids it
    unread_charges: int  # statutes that their state's notation does not explain; they match by their own text
    broken: list[str]  # ids of subscriptions whose stored document is broken


@dataclass(frozen=True)
class MatchDeps:
    """What matching reads and writes."""

    index: SubscriptionIndex
    subscriptions: SubscriptionsTable
    offices: OfficesTable
    alerts: AlertsTable
    pseudonyms: Pseudonyms
    enqueue: Enqueue
    circuit_breaker: CircuitBreaker | None = None  # none where a person has just decided that somebody is notified
    audit: AuditTable | None = None  # none where the request that caused the match is audited itself
    frequencies_of: FrequenciesOf | None = None  # of names, by agency; none means the census everywhere
    arrests: ArrestsTable | None = None  # none: what several agencies tell of one custody is not linked
    only: frozenset[SubscriptionKey] | None = None  # the subscriptions that are matched; none means all


class BrokenOfficesError(Exception):
    """Arrests match subscriptions of offices whose stored rules are broken. Everybody else was notified. Mend the rules
    and match the arrests again."""


class Outcome(NamedTuple):
    """What is to be done about one version."""

    version: Version
    triage: Triage


def match_versions(versions: Sequence[Version], deps: MatchDeps, now: datetime) -> MatchSummary:
    """Matches a batch of versions, stores every notification that follows and queues its deliveries.

    May run twice for the same batch. Versions of one arrest must come in their order. A juvenile's arrest is never
    matched. A possible match waits until a person has confirmed it. Alerts that a version takes back are withdrawn or
    lose reasons. Raises BrokenOfficesError, after everybody else was notified.
    """
    lookup = load_lookup(versions, deps, now)
    notifying = NotificationDeps(deps.alerts, deps.subscriptions, deps.pseudonyms, deps.enqueue, deps.arrests)
    about = alerts_about(versions, lookup.subscriptions, notifying, _just_stored_alert_ids(versions, deps, now))
    evaluations = [evaluate(candidates, lookup, now) for candidates in lookup.candidates]
    outcomes = _triage_all(evaluations, deps, now)

    refused = [refusal for evaluation in evaluations for refusal in evaluation.refused]
    _store_refused_disclosures(refused, deps.audit, now)
    waiting = _store_reviews(outcomes, deps.alerts)
    held = _hold_over_limit(outcomes, withdrawal_reaches(versions, about, now), deps.circuit_breaker)
    to_notify = [outcome for outcome in outcomes if outcome.version.arrest.arrest_id not in held]
    counts = Counter[str]()
    queue = QueuedInTens(deps.enqueue)
    for outcome in to_notify:  # in order, each version whole: what one takes back the next may give again
        stored_alerts = notify(outcome.version, outcome.triage.confirmed, lookup.offices, notifying, queue, now)
        counts += _count(stored_alerts)
        about = about.with_alerts(stored.alert for stored in stored_alerts)
        counts["withdrawn"] += correct(outcome.version, about, notifying, now)
    queue.flush()
    _note_missed(to_notify, deps.alerts, now)

    if blocked := frozenset[str]().union(*(evaluation.blocked_offices for evaluation in evaluations)):
        raise BrokenOfficesError(", ".join(sorted(blocked)))
    return MatchSummary(
        arrests=len(versions),
        withheld=sum(not is_matched(version) for version in versions),
        held=len(held),
        matches=sum(len(outcome.triage.confirmed) for outcome in to_notify),
        alerts=counts["alerts"],
        updates=counts["updates"],
        withdrawn=counts["withdrawn"],
        waiting=waiting,
        candidates=sum(len(candidates.keys) for candidates in lookup.candidates),
        unagreed=sum(evaluation.unagreed for evaluation in evaluations),
        refused=len(refused),
        unread_charges=sum(
            candidates.features.unread_charges for candidates in lookup.candidates if is_matched(candidates.version)
        ),
        broken=lookup.broken_subscriptions,
    )


def _note_missed(outcomes: Iterable[Outcome], alerts: AlertsTable, now: datetime) -> None:
    """Whoever answers for a watch that reaches nobody hears that it has matched (`incidents/`)."""
    matches = (match for outcome in outcomes for match in outcome.triage.confirmed)
    for key in {match.subscription.key for match in matches if not match.eligible}:
        alerts.missed_matches.note(key, now)


def is_matched(version: Version) -> bool:
    """Whether somebody may be notified of this version. The others only take back what was said before."""
    return not (version.arrest.juvenile or version.silent)


def load_lookup(versions: Sequence[Version], deps: MatchDeps, now: datetime) -> Lookup:
    """Reads what these versions are evaluated against: term frequencies, postings, subscriptions, offices, audience.

    The number of calls does not grow with the number of subscriptions.
    """
    agencies = {version.arrest.agency for version in versions}
    frequencies = {agency: deps.frequencies_of(agency) for agency in agencies} if deps.frequencies_of else {}
    features = [ArrestFeatures(version.arrest, frequencies.get(version.arrest.agency)) for version in versions]
    candidates = _find_candidates(versions, features, deps, now)
    subscriptions, broken_subscriptions = deps.subscriptions.read(
        key for version_candidates in candidates for key in version_candidates.keys
    )
    offices, broken_offices = deps.offices.offices(key.office_id for key in subscriptions)
    audience = resolve_audience(subscriptions.values(), offices, agencies, deps.subscriptions, now)
    return Lookup(candidates, subscriptions, broken_subscriptions, offices, frozenset(broken_offices), audience)


def _find_candidates(
    versions: Sequence[Version], features: Sequence[ArrestFeatures], deps: MatchDeps, now: datetime
) -> list[Candidates]:
    """Looks the index terms of all versions up at once. A posting that cannot match is no candidate."""
    terms = [
        set(terms_of(version_features)) if is_matched(version) else set()
        for version, version_features in zip(versions, features, strict=True)
    ]
    postings = deps.index.postings_under(term for version_terms in terms for term in version_terms)
    candidates = []
    for version, version_features, version_terms in zip(versions, features, terms, strict=True):
        keys = {
            posting.key
            for term in version_terms
            for posting in postings.get(term, ())
            if (deps.only is None or posting.key in deps.only) and posting.may_hit(version_features, now.date())
        }
        candidates.append(Candidates(version, version_features, sorted(keys)))
    return candidates


def _triage_all(evaluations: Sequence[Evaluation], deps: MatchDeps, now: datetime) -> list[Outcome]:
    """Reads the reviews of possible matches, and no others, in one batch read."""
    review_ids = {
        review_id(match.subscription, evaluation.version.arrest, deps.pseudonyms)
        for evaluation in evaluations
        for match in evaluation.matches
        if match.reason.grade is Grade.POSSIBLE
    }
    reviews = deps.alerts.reviews.read(review_ids)
    return [
        Outcome(
            evaluation.version,
            triage(evaluation.matches, evaluation.version.arrest, reviews, deps.pseudonyms, now),
        )
        for evaluation in evaluations
    ]


def _just_stored_alert_ids(versions: Sequence[Version], deps: MatchDeps, now: datetime) -> set[str]:
    """The ids of the alerts that the versions before brought a moment ago, found by matching these once more."""
    befores = [
        replace(version, arrest=version.before, before=None)
        for version in versions
        if version.before and was_just_stored(version)
    ]
    if not befores:
        return set()
    lookup = load_lookup(befores, deps, now)
    ids: set[str] = set()
    for candidates in lookup.candidates:
        arrest_id, matches = candidates.version.arrest.arrest_id, evaluate(candidates, lookup, now).matches
        for (office_id, _), (recipient, _) in by_recipient(matches).items():
            ids.add(alert_id(deps.pseudonyms, arrest_id, office_id, recipient))
    return ids


def _store_refused_disclosures(refused: Iterable[RefusedDisclosure], audit: AuditTable | None, now: datetime) -> None:
    if audit:
        for event in refusal_events(refused, now):
            audit.write(event)


def _store_reviews(outcomes: Iterable[Outcome], alerts: AlertsTable) -> int:
    """Returns how many reviews that wait are new or have a new arrest."""
    stored = 0
    for outcome in outcomes:
        for review in outcome.triage.to_review:
            stored += alerts.reviews.add_arrest(review)
        for review in outcome.triage.further:
            alerts.reviews.add_arrest(review)
    return stored


def _hold_over_limit(
    outcomes: Iterable[Outcome], withdrawals: Iterable[Reach], circuit_breaker: CircuitBreaker | None
) -> set[str]:
    """Returns the ids of the held arrests. Whoever hears of a withdrawal counts like whoever hears of an alert."""
    if circuit_breaker is None:
        return set()
    alerts = (Reach(outcome.version, by_recipient(outcome.triage.confirmed).keys()) for outcome in outcomes)
    return circuit_breaker.hold_over_limit([*alerts, *withdrawals])


def _count(stored: Iterable[StoredAlert]) -> Counter[str]:
    return Counter("alerts" if alert.revision == 1 else "updates" for alert, is_new in stored if is_new)
