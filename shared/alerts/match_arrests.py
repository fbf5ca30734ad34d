"""Who must be told of these arrests: candidates from the index, reasons from the domain, tellings into the table."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from shared.alerts.audience import Audience, resolve_audience
from shared.alerts.circuit_breaker import Breaker
from shared.alerts.delivery.model import deliveries_of
from shared.alerts.delivery.table import DeliveryKey, key_of
from shared.alerts.disclosures.events import RefusedDisclosure, named, refusals
from shared.alerts.model import Alert, Match, Stages, alert_id, by_recipient, next_notification
from shared.alerts.reviews.model import Review, ReviewVerdict, confirmed, review_id, review_of
from shared.alerts.table import AlertsTable
from shared.alerts.with_others import with_others
from shared.arrests.diff import Difference
from shared.arrests.minimisation import NO_FIELDS, redact, redact_differences
from shared.arrests.table import Version
from shared.audit.table import AuditTable
from shared.batching import batches
from shared.matching.criteria import Grade, Reason, is_about
from shared.matching.linkage.frequencies import FrequenciesOf
from shared.matching.rules import ArrestFeatures, compile_rule, terms_of
from shared.offices.model import Office
from shared.offices.recipient import Recipient
from shared.offices.table import OfficesTable
from shared.pseudonyms import Pseudonyms
from shared.subscriptions.index.table import SubscriptionIndex
from shared.subscriptions.model import Subscription
from shared.subscriptions.table import SubscriptionsTable

_QUEUED_AT_ONCE = 10  # as many as one call to the queue takes

Enqueue = Callable[[Iterable[DeliveryKey]], None]


@dataclass
class MatchSummary:
    """What became of a batch, in counts and ids, fit for a log."""

    arrests: int = 0
    withheld: int = 0
    held: int = 0  # arrests of a drop that would tell too many people
    matches: int = 0
    alerts: int = 0
    updates: int = 0
    waiting: int = 0  # possible matches newly put before a person
    candidates: int = 0  # documents read
    unagreed: int = 0  # of these, those whose office has no agreement in force with the agency
    refused: int = 0  # people who would have been told if the policy let them
    unread_charges: int = 0  # statutes that their state's notation does not explain; they match by their own text
    broken: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class MatchDeps:
    """Where this use case reads and writes."""

    watch_list: SubscriptionIndex
    subscriptions: SubscriptionsTable
    offices: OfficesTable
    alerts: AlertsTable
    pseudonyms: Pseudonyms
    enqueue: Enqueue
    breaker: Breaker | None = None  # none where a person has just said that somebody is to be told
    audit: AuditTable | None = None  # none where the request that has it told is itself written down
    names_of: FrequenciesOf | None = None  # how common names are at an agency, where its own are counted


class BrokenOfficesError(Exception):
    """Arrests hit watches of offices whose stored rules are broken: everybody else was told, these must be mended and
    the arrests matched again."""


class _Found(NamedTuple):
    """What one version is a hit for, and what somebody must look at first."""

    version: Version
    matches: list[Match]
    stuck: set[str]  # offices that it hits and whose rules are broken
    offices: Mapping[str, Office]
    refused: list[RefusedDisclosure]  # whom nobody tells


def match_versions(versions: Sequence[Version], deps: MatchDeps, now: datetime) -> MatchSummary:
    """Match a batch of versions and store and queue every telling that follows. May run twice for the same batch.

    A juvenile's arrest is never matched. Versions of one arrest must come in their order. A possible match waits
    until a person has confirmed it. Raises BrokenOfficesError, after everybody else was told.
    """
    match_summary = MatchSummary(arrests=len(versions), withheld=sum(version.arrest.juvenile for version in versions))
    matchable = [version for version in versions if not version.arrest.juvenile]
    founds = list(_found(matchable, deps, now, match_summary))
    if deps.audit:
        for event in refusals((refused for found in founds for refused in found.refused), now):
            deps.audit.write(event)
    reviews = deps.alerts.reviews.read(_review_ids(founds, deps))
    sure = [(found, list(_sure(found, reviews, deps, now, match_summary))) for found in founds]
    held = (
        deps.breaker.held((found.version, by_recipient(matches).keys()) for found, matches in sure)
        if deps.breaker
        else set()
    )
    match_summary.held = len(held)
    free = ((found, matches) for found, matches in sure if found.version.arrest.arrest_id not in held)
    for keys in batches(
        (key for found, matches in free for key in _tellings(found, matches, deps, now, match_summary)), _QUEUED_AT_ONCE
    ):
        deps.enqueue(keys)
    if stuck := {office_id for found in founds for office_id in found.stuck}:
        raise BrokenOfficesError(", ".join(sorted(stuck)))
    return match_summary


def _found(
    versions: Sequence[Version], deps: MatchDeps, now: datetime, match_summary: MatchSummary
) -> Iterator[_Found]:
    """The matches of each version; the whole batch shares its look-ups."""
    agencies = {version.arrest.agency for version in versions}
    names = {agency: deps.names_of(agency) for agency in agencies} if deps.names_of else {}
    facts = [ArrestFeatures(version.arrest, names.get(version.arrest.agency)) for version in versions]
    match_summary.unread_charges = sum(features.unread_charges for features in facts)
    terms = [set(terms_of(features)) for features in facts]
    posted = deps.watch_list.postings_under(term for some in terms for term in some)
    wanted = [
        sorted({row.key for term in some for row in posted.get(term, ()) if row.may_hit(features, now.date())})
        for features, some in zip(facts, terms, strict=True)
    ]
    subscriptions, match_summary.broken = deps.subscriptions.read(key for keys in wanted for key in keys)
    offices, broken = deps.offices.offices(key.office_id for key in subscriptions)
    heard = resolve_audience(subscriptions.values(), offices, agencies, deps.subscriptions, now)
    match_summary.candidates = sum(map(len, wanted))
    for version, one, keys in zip(versions, facts, wanted, strict=True):
        known = [subscriptions[key] for key in keys if key in subscriptions]
        match_summary.unagreed += sum(
            (subscription.subscription_id, version.arrest.agency) not in heard.by for subscription in known
        )
        seen = _seen(one, known, heard)
        hits = [
            (subscription, reason)
            for subscription in known
            if (
                reason := _reason(
                    seen[subscription.subscription_id], subscription, offices.get(subscription.office_id), now
                )
            )
        ]
        matches = [
            Match(subscription=subscription, reason=reason, hearers=heard.by[pair], withheld=heard.withheld[pair])
            for subscription, reason in hits
            if (pair := (subscription.subscription_id, version.arrest.agency)) in heard.by
        ]
        refused = [no for subscription, _ in hits for no in _refused(version, subscription, heard)]
        match_summary.refused += len(refused)
        stuck = {
            subscription.office_id
            for subscription in known
            if subscription.office_id in broken and compile_rule(subscription.criterion)(one)
        }
        yield _Found(version, matches, stuck, offices, refused)


def _seen(whole: ArrestFeatures, known: Iterable[Subscription], heard: Audience) -> Mapping[str, ArrestFeatures]:
    """What each subscription is decided on: the arrest as far as its office's agreement shares it."""
    made = {NO_FIELDS: whole}
    found = {}
    for subscription in known:
        withheld = heard.withheld.get((subscription.subscription_id, whole.arrest.agency), NO_FIELDS)
        if withheld not in made:
            made[withheld] = ArrestFeatures(redact(withheld, whole.arrest), whole.frequencies)
        found[subscription.subscription_id] = made[withheld]
    return found


def _reason(facts: ArrestFeatures, subscription: Subscription, office: Office | None, now: datetime) -> Reason | None:
    if office is None or not is_about(subscription.criterion, facts.arrest.kind):
        return None
    if not subscription.covers(facts.arrest, now.astimezone(office.zone).date(), office.goes_by):
        return None
    return compile_rule(subscription.criterion)(facts)


def _refused(version: Version, subscription: Subscription, heard: Audience) -> Iterator[RefusedDisclosure]:
    """Where nothing is agreed, nobody was asked for, so nobody can be named."""
    about = subscription.office_id, version.arrest.arrest_id, subscription.subscription_id
    if (subscription.subscription_id, version.arrest.agency) not in heard.by:
        yield RefusedDisclosure(*about)
    else:
        yield from (
            RefusedDisclosure(*about, named(no.recipient)) for no in heard.refused[subscription.subscription_id]
        )


def _review_ids(founds: Iterable[_Found], deps: MatchDeps) -> set[str]:
    return {
        review_id(match.subscription, found.version.arrest, deps.pseudonyms)
        for found in founds
        for match in found.matches
        if match.reason.grade is Grade.POSSIBLE
    }


def _sure(
    found: _Found, reviews: Mapping[str, Review], deps: MatchDeps, now: datetime, match_summary: MatchSummary
) -> Iterator[Match]:
    """What may be told: everything but possible matches that nobody has confirmed; those are put before somebody."""
    for match in found.matches:
        if match.reason.grade is not Grade.POSSIBLE:
            yield match
            continue
        new = review_of(match, found.version.arrest, deps.pseudonyms, now)
        known = reviews.get(new.review_id)
        if known and known.verdict is ReviewVerdict.CONFIRMED:
            yield match.model_copy(update={"reason": confirmed(match.reason, known)})
        elif known is None or known.verdict is ReviewVerdict.WAITING:
            match_summary.waiting += deps.alerts.reviews.wait(new)


def _tellings(
    one: _Found, sure: Sequence[Match], deps: MatchDeps, now: datetime, match_summary: MatchSummary
) -> Iterator[DeliveryKey]:
    """Stores what follows from one version; what it yields is queued together with what follows from others."""
    match_summary.matches += len(sure)
    matches = with_others(sure, one.offices, deps.subscriptions)
    for (office_id, _), (recipient, found) in by_recipient(matches).items():
        alert = _alert(one.version, office_id, recipient, found, deps, now)
        # Queued again even if it was stored before: the attempt that stored it may have died before it queued it.
        # The sender claims a delivery before it sends, so a second message does nothing.
        news = redact_differences(frozenset.intersection(*(match.withheld for match in found)), one.version.differences)
        if telling := _stored(alert, one.version, news, deps, match_summary):
            yield from map(key_of, deliveries_of(telling))


def _stored(
    alert: Alert, version: Version, news: tuple[Difference, ...], deps: MatchDeps, match_summary: MatchSummary
) -> Alert | None:
    """The telling that is to be sent, or the same as stored before. Of a new arrest hardly anybody has been told, so
    what was is only read when the table says so."""
    previous = deps.alerts.find(alert.alert_id) if version.before else None
    for _ in range(2):
        telling = next_notification(previous, alert, version.arrest, news)
        if telling is None:
            return _same_telling(previous, version)
        if deps.alerts.tell(telling):
            match_summary.alerts += telling.revision == 1
            match_summary.updates += telling.revision > 1
            return telling
        previous = deps.alerts.find(alert.alert_id)
    return _same_telling(previous, version)


def _same_telling(previous: Alert | None, version: Version) -> Alert | None:
    return previous if previous and previous.notified_content == version.arrest.content else None


def _alert(
    version: Version, office_id: str, recipient: Recipient, matches: list[Match], deps: MatchDeps, now: datetime
) -> Alert:
    return Alert(
        alert_id=alert_id(deps.pseudonyms, version.arrest.arrest_id, office_id, recipient),
        office_id=office_id,
        arrest_id=version.arrest.arrest_id,
        agency=version.arrest.agency,
        recipient=recipient,
        because=tuple(match.because(recipient) for match in matches),
        notified_content=version.arrest.content,
        created_at=now,
        stages=Stages(dropped_at=version.dropped_at, stored_at=version.stored_at, matched_at=now),
    )
