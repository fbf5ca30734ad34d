"""Evaluate the candidates of an arrest: which subscriptions it meets, and whom nobody may notify. Pure.

A candidate is a subscription that the index brought up (blocking, a percolator look-up) and that no rule has decided
yet. `Lookup` holds everything that a batch of versions is evaluated against; `match_arrests.load_lookup` reads it.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from shared.alerts.audience import Audience
from shared.alerts.matches.model import Match, RefusedDisclosure
from shared.arrests.minimisation import NO_FIELDS, WithheldFields, redact
from shared.arrests.model import Arrest
from shared.arrests.nonconviction import without_nonconviction
from shared.arrests.table import Version
from shared.matching.criteria import Reason, is_about
from shared.matching.rules import ArrestFeatures, compile_rule
from shared.offices.agreements import PURPOSE_OF_BASIS
from shared.offices.criminal_justice import may_have_nonconviction
from shared.offices.model import Office
from shared.subscriptions.model import Subscription, SubscriptionKey


class Candidates(NamedTuple):
    """One version, its features, and the keys of the subscriptions that may match it, in order."""

    version: Version
    features: ArrestFeatures
    keys: Sequence[SubscriptionKey]


@dataclass(frozen=True)
class Lookup:
    """The reads of one batch. A candidate whose document is gone or broken is missing from `subscriptions`."""

    candidates: Sequence[Candidates]
    subscriptions: Mapping[SubscriptionKey, Subscription]
    broken_subscriptions: list[str]
    offices: Mapping[str, Office]
    broken_offices: frozenset[str]
    audience: Audience


class Evaluation(NamedTuple):
    """What one version comes to. `blocked_offices` have broken rules and a subscription that it meets: the version must
    be matched again once the rules are mended. `unagreed` counts candidates without an agreement in force."""

    version: Version
    matches: list[Match]
    refused: list[RefusedDisclosure]
    blocked_offices: frozenset[str]
    unagreed: int


def evaluate(candidates: Candidates, lookup: Lookup, now: datetime) -> Evaluation:
    """Decides every candidate of one version. Matches of the grade `possible` still need a review.

    A rule sees the arrest as far as the office's agreement shares it (minimisation), and as far as the office may know
    of it for the basis of its subscription (28 CFR 20.21): nonconviction data matches nothing of who may not have it.
    An office that has the agency's feed switched off now, or had when the version was stored, has no candidates.
    """
    version, audience = candidates.version, lookup.audience
    offices_off = {
        office_id
        for office_id in {key.office_id for key in candidates.keys}
        if audience.is_switched_off(office_id, version.arrest.agency, version.stored_at, now)
    }
    subscriptions = [
        lookup.subscriptions[key]
        for key in candidates.keys
        if key in lookup.subscriptions and key.office_id not in offices_off
    ]
    pairs = [(subscription.subscription_id, version.arrest.agency) for subscription in subscriptions]
    withheld = [audience.withheld.get(pair, NO_FIELDS) for pair in pairs]
    features: dict[tuple[bool, WithheldFields], ArrestFeatures] = {}
    matches: list[Match] = []
    refused: list[RefusedDisclosure] = []
    for subscription, pair, fields in zip(subscriptions, pairs, withheld, strict=True):
        office = lookup.offices.get(subscription.office_id)
        asked = audience.events.get(subscription.subscription_id)
        if office is None or not is_about(subscription.criterion, version.arrest.kind, asked):
            continue
        may_have_all = may_have_nonconviction(office.ori, PURPOSE_OF_BASIS[subscription.basis.kind])
        held = version.arrest if may_have_all else without_nonconviction(version.arrest, office.local_day(now))
        if held is None:
            continue
        is_whole = held is version.arrest
        if (is_whole, fields) not in features:
            features[is_whole, fields] = _features(candidates.features, held, fields)
        reason = _reason(features[is_whole, fields], subscription, office, now)
        if reason is None:
            continue
        if pair in audience.eligible:
            eligible = audience.eligible[pair]
            match = Match(subscription=subscription, reason=reason, eligible=eligible, withheld=fields)
            matches.append(match if may_have_all else match.model_copy(update={"only_charges_of": held}))
        refused += _refused_disclosures(version, subscription, audience)
    return Evaluation(
        version,
        matches,
        refused,
        blocked_offices=_blocked_offices(candidates.features, subscriptions, lookup.broken_offices),
        unagreed=sum(pair not in audience.eligible for pair in pairs),
    )


def _features(features: ArrestFeatures, held: Arrest, withheld: WithheldFields) -> ArrestFeatures:
    if held is features.arrest and not withheld:
        return features
    return ArrestFeatures(redact(withheld, held), features.frequencies)


def _blocked_offices(
    features: ArrestFeatures, subscriptions: Sequence[Subscription], broken_offices: frozenset[str]
) -> frozenset[str]:
    return frozenset(
        subscription.office_id
        for subscription in subscriptions
        if subscription.office_id in broken_offices and compile_rule(subscription.criterion)(features)
    )


def _reason(features: ArrestFeatures, subscription: Subscription, office: Office, now: datetime) -> Reason | None:
    """Why the subscription matches. None if it does not or is not in force."""
    if not subscription.covers(features.arrest, office.local_day(now), office.goes_by):
        return None
    return compile_rule(subscription.criterion)(features)


def _refused_disclosures(
    version: Version, subscription: Subscription, audience: Audience
) -> Iterator[RefusedDisclosure]:
    """Who is not notified although the subscription matches. Without an agreement in force nobody was asked about, so
    nobody is named."""
    subject = subscription.office_id, version.arrest.arrest_id, subscription.subscription_id
    if (subscription.subscription_id, version.arrest.agency) not in audience.eligible:
        yield RefusedDisclosure(*subject, recipient=None)
        return
    for refused in audience.refused[subscription.subscription_id]:
        yield RefusedDisclosure(*subject, refused.recipient)
