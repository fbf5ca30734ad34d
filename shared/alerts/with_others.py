"""Who else is hit by the same arrest, so that two offices that mean the same person speak to each other."""

from collections.abc import Mapping, Sequence

from shared.alerts.model import Match
from shared.matching.criteria import Grade
from shared.offices.model import Office
from shared.subscriptions.deconfliction import others_of, persons_in
from shared.subscriptions.other_subscribers import shown_subscriptions
from shared.subscriptions.table import SubscriptionsTable


def with_others(matches: Sequence[Match], offices: Mapping[str, Office], at: SubscriptionsTable) -> list[Match]:
    """Matches of one arrest, each with who else was hit by the same person. What is no more than possible may be
    somebody else and names nobody."""
    about = [one.subscription for one in matches if one.reason.grade is not Grade.POSSIBLE]
    persons = [one for one in about if persons_in(one)]
    if len({(one.office_id, one.owner) for one in persons}) < 2:
        return list(matches)
    seen = shown_subscriptions(persons, at)
    ids = {one.subscription_id for one in persons}
    return [
        one.model_copy(update={"others": others_of(one.subscription, seen, offices)})
        if one.subscription.subscription_id in ids
        else one
        for one in matches
    ]
