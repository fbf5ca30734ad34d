"""Who else is hit by the same arrest, so that two offices that mean the same person speak to each other."""

from collections.abc import Mapping, Sequence

from shared.alerts.model import Match
from shared.matching.criteria import Grade
from shared.offices.model import Office
from shared.subscriptions.deconfliction import describe_others, person_leaves
from shared.subscriptions.other_subscribers import shown_subscriptions
from shared.subscriptions.table import SubscriptionsTable


def with_others(
    matches: Sequence[Match], offices: Mapping[str, Office], subscriptions_table: SubscriptionsTable
) -> list[Match]:
    """Matches of one arrest, each with who else was hit by the same person. What is no more than possible may be
    somebody else and names nobody."""
    about = [match.subscription for match in matches if match.reason.grade is not Grade.POSSIBLE]
    persons = [subscription for subscription in about if person_leaves(subscription)]
    if len({(subscription.office_id, subscription.owner) for subscription in persons}) < 2:
        return list(matches)
    seen = shown_subscriptions(persons, subscriptions_table)
    ids = {subscription.subscription_id for subscription in persons}
    return [
        match.model_copy(update={"others": describe_others(match.subscription, seen, offices)})
        if match.subscription.subscription_id in ids
        else match
        for match in matches
    ]
