"""Deconfliction in alerts: who else watches the arrested person, so that two owners of one person's case can talk."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from shared.alerts.matches.model import Match
from shared.matching.criteria import Grade
from shared.offices.model import Office
from shared.subscriptions.deconfliction import describe_others, person_leaves
from shared.subscriptions.other_subscribers import switched_off_offices, visible_subscriptions
from shared.subscriptions.table import SubscriptionsTable


def add_other_subscribers(
    matches: Sequence[Match], offices: Mapping[str, Office], subscriptions_table: SubscriptionsTable, now: datetime
) -> list[Match]:
    """Returns the matches of one arrest, each with the other subscribers of the same person.

    Possible matches may be of somebody else and name nobody. Folders are read only if two owners watch the person.
    """
    about_person = [
        match.subscription
        for match in matches
        if match.reason.grade is not Grade.POSSIBLE and person_leaves(match.subscription)
    ]
    if len({(subscription.office_id, subscription.owner) for subscription in about_person}) < 2:
        return list(matches)
    shown = visible_subscriptions(about_person, subscriptions_table)
    is_off = switched_off_offices({subscription.office_id for subscription in shown}, subscriptions_table, now)
    ids = {subscription.subscription_id for subscription in about_person}
    return [
        match.model_copy(update={"others": describe_others(match.subscription, shown, offices, is_off)})
        if match.subscription.subscription_id in ids
        else match
        for match in matches
    ]
