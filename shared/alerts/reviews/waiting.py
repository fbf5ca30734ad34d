"""Possible matches that wait for a verdict, by the people who are to give it: the owner of the watch, and the owners
and editors of its folders. What was decided or closed meanwhile waits for nobody, nor what the office may not see."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import NamedTuple

from shared.access import Action, Relation, Resource, ResourceKind, permits, principal_of
from shared.alerts.reviews.model import Review
from shared.alerts.reviews.table import ReviewsTable
from shared.offices.agreements import PURPOSE_OF_BASIS, OfficeAgreements
from shared.offices.model import Office
from shared.offices.users import User
from shared.subscriptions.folders.model import FolderTree, Role
from shared.subscriptions.model import Status, Subscription, SubscriptionKey
from shared.subscriptions.table import SubscriptionsTable


class WaitingReviews(NamedTuple):
    """How many wait for one person, and since when the oldest does."""

    number: int
    oldest: datetime


def waiting_reviews(
    office: Office, reviews_table: ReviewsTable, subscriptions_table: SubscriptionsTable, now: datetime
) -> dict[str, WaitingReviews]:
    """Maps e-mail addresses of active users to what waits for them. Reads the office's waiting reviews, their
    subscriptions, folders and users, in batches."""
    reviews = [review for review in reviews_table.waiting(office.office_id) if review.arrests]
    if not reviews:
        return {}
    keys = (SubscriptionKey(review.office_id, review.subscription_id) for review in reviews)
    subscriptions, _ = subscriptions_table.read(keys)
    trees = subscriptions_table.read_trees(subscriptions.values())
    agreements = subscriptions_table.agreements.of(office.office_id)
    deciders = {
        key: _proposed_deciders(subscription, trees[subscription.subscription_id])
        for key, subscription in subscriptions.items()
    }
    emails = {email for relations in deciders.values() for email in relations}
    users = subscriptions_table.users.read((office.office_id, email) for email in emails)
    since: defaultdict[str, list[datetime]] = defaultdict(list)
    for review in reviews:
        key = SubscriptionKey(review.office_id, review.subscription_id)
        subscription = subscriptions.get(key)
        if subscription and _is_open(review, subscription, office, agreements, now):
            for email in _allowed_deciders(review, deciders[key], office, users):
                since[email].append(review.created_at)
    return {email: WaitingReviews(len(instants), min(instants)) for email, instants in since.items()}


def _is_open(
    review: Review, subscription: Subscription, office: Office, agreements: OfficeAgreements, now: datetime
) -> bool:
    today = office.local_day(now)
    purpose = PURPOSE_OF_BASIS[subscription.basis.kind]
    is_shared = not review.agency or agreements.covers(office, review.agency, purpose, today)
    return subscription.status is Status.ACTIVE and is_shared


def _proposed_deciders(subscription: Subscription, trees: Iterable[FolderTree]) -> dict[str, Relation]:
    relations = {subscription.owner.casefold(): Relation.MAKER}
    for tree in trees:
        for folder_id in subscription.folders:
            for email, role in tree.roles_on(folder_id).items():
                if role is not Role.VISITOR:
                    relations.setdefault(email.casefold(), Relation(role.value))
    return relations


def _allowed_deciders(
    review: Review, relations: Mapping[str, Relation], office: Office, users: Mapping[tuple[str, str], User]
) -> Iterator[str]:
    for email, relation in relations.items():
        user = users.get((office.office_id, email))
        about = Resource(ResourceKind.REVIEW, review.review_id, review.office_id, frozenset({relation}))
        if user and not user.machine and permits(principal_of(user, office), Action.DECIDE_REVIEW, about):
            yield email
