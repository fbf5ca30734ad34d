"""Candidates are decided with plain values: no table stands behind these tests."""

from dataclasses import replace

from shared.alerts.audience import Audience
from shared.alerts.matches.evaluate import Candidates, Evaluation, Lookup, evaluate
from shared.arrests.minimisation import NO_FIELDS, WithheldField, WithheldFields
from shared.arrests.model import Arrest
from shared.arrests.table import Version
from shared.matching.criteria import Grade
from shared.matching.rules import ArrestFeatures
from shared.offices.recipient import Recipient
from shared.subscriptions.eligible_recipients import EligibleRecipient
from shared.subscriptions.model import Subscription, SubscriptionKey
from tests.builders import CHARGE_WATCH, NAME_WATCH, NOW, SID_WATCH, a_subscription, an_arrest, an_office

ADA = EligibleRecipient(Recipient.from_email("ada.example@da.example.gov"))
BO = EligibleRecipient(Recipient.from_email("bo@da.example.gov"))


def key_of(subscription: Subscription) -> SubscriptionKey:
    return SubscriptionKey(subscription.office_id, subscription.subscription_id)


def a_lookup(*subscriptions: Subscription, withheld: WithheldFields = NO_FIELDS) -> Lookup:
    """Everything is in order: one office, an agreement in force with `roster`, one eligible recipient each."""
    pairs = [(subscription.subscription_id, "roster") for subscription in subscriptions]
    return Lookup(
        candidates=(),
        subscriptions={key_of(subscription): subscription for subscription in subscriptions},
        broken_subscriptions=[],
        offices={"kings": an_office()},
        broken_offices=frozenset(),
        audience=Audience(
            eligible=dict.fromkeys(pairs, (ADA,)),
            withheld=dict.fromkeys(pairs, withheld),
            refused={subscription.subscription_id: () for subscription in subscriptions},
        ),
    )


def evaluated(lookup: Lookup, *more_keys: SubscriptionKey, arrest: Arrest | None = None) -> Evaluation:
    version = Version(arrest or an_arrest(), None, NOW, NOW)
    candidates = Candidates(version, ArrestFeatures(version.arrest), [*lookup.subscriptions, *more_keys])
    return evaluate(candidates, lookup, NOW)


def test_a_candidate_whose_criterion_holds_is_a_match_with_its_eligible_recipients():
    subscription = a_subscription(SID_WATCH)
    [match] = evaluated(a_lookup(subscription)).matches
    assert (match.subscription, match.eligible, match.reason.grade) == (subscription, (ADA,), Grade.IDENTIFIER)


def test_matches_come_in_the_order_of_the_candidates():
    subscriptions = [a_subscription(criterion) for criterion in (CHARGE_WATCH, SID_WATCH, NAME_WATCH)]
    matches = evaluated(a_lookup(*subscriptions)).matches
    assert [match.subscription for match in matches] == subscriptions


def test_a_candidate_whose_criterion_does_not_hold_is_nothing():
    lookup = a_lookup(a_subscription(SID_WATCH))
    assert evaluated(lookup, arrest=an_arrest(sid="99999999Z")) == Evaluation(
        Version(an_arrest(sid="99999999Z"), None, NOW, NOW), [], [], frozenset(), 0
    )


def test_a_candidate_whose_document_is_gone_is_passed_over():
    assert evaluated(a_lookup(), key_of(a_subscription())).matches == []


def test_a_subscription_out_of_force_does_not_match():
    assert evaluated(a_lookup(a_subscription(status="cancelled"))).matches == []


def test_p6_a_rule_does_not_see_what_the_agreement_withholds():
    subscriptions = a_subscription(SID_WATCH), a_subscription(CHARGE_WATCH)
    without_identifiers = frozenset({WithheldField.IDENTIFIERS})
    [match] = evaluated(a_lookup(*subscriptions, withheld=without_identifiers)).matches
    assert (match.subscription, match.withheld) == (subscriptions[1], without_identifiers)


def test_p6_each_subscription_is_decided_under_its_own_agreement():
    mine, theirs = a_subscription(SID_WATCH), a_subscription(SID_WATCH, office_id="queens")
    lookup = a_lookup(mine, theirs)
    withheld = {**lookup.audience.withheld, (theirs.subscription_id, "roster"): frozenset({WithheldField.IDENTIFIERS})}
    lookup = replace(
        lookup,
        offices={"kings": an_office(), "queens": an_office("queens")},
        audience=lookup.audience._replace(withheld=withheld),
    )
    assert [match.subscription for match in evaluated(lookup).matches] == [mine]


def test_p6_without_an_agreement_nobody_is_notified_and_nobody_is_named():
    subscription = a_subscription(SID_WATCH)
    lookup = a_lookup(subscription)
    lookup = replace(lookup, audience=Audience({}, {}, {subscription.subscription_id: (BO,)}))
    evaluation = evaluated(lookup)
    assert (evaluation.matches, evaluation.unagreed) == ([], 1)
    [refusal] = evaluation.refused
    assert (refusal.recipient, refusal.subscription_id) == (None, subscription.subscription_id)


def test_p6_a_candidate_without_an_agreement_is_counted_even_if_it_does_not_match():
    lookup = replace(a_lookup(a_subscription(SID_WATCH)), audience=Audience({}, {}, {}))
    evaluation = evaluated(lookup, arrest=an_arrest(sid="99999999Z"))
    assert (evaluation.unagreed, evaluation.refused) == (1, [])


def test_p1_whom_the_policy_refuses_is_named_as_refused_and_the_others_are_notified():
    subscription = a_subscription(SID_WATCH)
    lookup = a_lookup(subscription)
    refused = {subscription.subscription_id: (BO,)}
    evaluation = evaluated(replace(lookup, audience=lookup.audience._replace(refused=refused)))
    assert [match.eligible for match in evaluation.matches] == [(ADA,)]
    assert [refusal.recipient for refusal in evaluation.refused] == [BO.recipient]


def test_an_office_with_broken_rules_is_blocked_only_by_an_arrest_that_its_subscription_meets():
    lookup = a_lookup(a_subscription(SID_WATCH))
    lookup = replace(lookup, offices={}, broken_offices=frozenset({"kings"}), audience=Audience({}, {}, {}))
    blocked = evaluated(lookup)
    assert (blocked.matches, blocked.blocked_offices) == ([], frozenset({"kings"}))
    assert evaluated(lookup, arrest=an_arrest(sid="99999999Z")).blocked_offices == frozenset()
