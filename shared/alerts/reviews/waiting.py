"""Possible matches that wait for a verdict, by the people who are to give it: the owner of the watch, and the owners
and editors of its folders. What was decided or closed meanwhile waits for nobody, nor what the office may not see: it
is in no count."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from shared.access import Action, Relation, Resource, ResourceKind, permits, principal_of
from shared.alerts.reviews.model import Review
from shared.alerts.reviews.table import ReviewsTable
from shared.arrests.model import Arrest
from shared.arrests.table import ArrestsTable
from shared.offices.agreements import PURPOSE_OF_BASIS, OfficeAgreements
from shared.offices.criminal_justice import held_for, may_have_nonconviction
from shared.offices.model import Office
from shared.offices.users import User
from shared.subscriptions.folders.model import FolderTree, Role
from shared.subscriptions.model import Status, Subscription, SubscriptionKey
from shared.subscriptions.table import SubscriptionsTable

HeldForReader = Callable[[Arrest], Arrest | None]


class WaitingReviews(NamedTuple):
    """How many wait for one person, and since when the oldest does."""

    number: int
    oldest: datetime


def waiting_reviews(
    office: Office,
    reviews_table: ReviewsTable,
    subscriptions_table: SubscriptionsTable,
    now: datetime,
    arrests: ArrestsTable | None = None,
    held: HeldForReader | None = None,
) -> dict[str, WaitingReviews]:
    """Maps e-mail addresses of active users to what waits for them. Reads the office's waiting reviews, their
    subscriptions, folders and users, in batches. Their arrests only if the office may not have nonconviction data for
    the basis of a watch, or if `held` says what its reader may know. Without `arrests` all count: whoever sends the
    count asks again with them."""
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
    if arrests:
        reviews = _held(reviews, subscriptions, office, arrests, held, now)
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


def _held(
    reviews: Sequence[Review],
    subscriptions: Mapping[SubscriptionKey, Subscription],
    office: Office,
    arrests: ArrestsTable,
    held: HeldForReader | None,
    now: datetime,
) -> list[Review]:
    """Those with an arrest that is held as far as office and reader may know (28 CFR 20.21 (c)(2))."""
    purpose_of = {
        subscription.subscription_id: PURPOSE_OF_BASIS[subscription.basis.kind]
        for subscription in subscriptions.values()
    }
    if held is None and all(may_have_nonconviction(office.ori, purpose) for purpose in purpose_of.values()):
        return list(reviews)
    versions = arrests.versions(arrest_id for review in reviews for arrest_id in review.arrests)
    readable = [version.arrest for version in versions if held is None or held(version.arrest)]
    today = office.local_day(now)
    ids_for = {
        purpose: {arrest.arrest_id for arrest in readable if held_for(arrest, office.ori, [purpose], today)}
        for purpose in set(purpose_of.values())
    }
    return [
        review
        for review in reviews
        if review.subscription_id in purpose_of
        and not ids_for[purpose_of[review.subscription_id]].isdisjoint(review.arrests)
    ]


def _is_open(
    review: Review, subscription: Subscription, office: Office, agreements: OfficeAgreements, now: datetime
) -> bool:
    today = office.local_day(now)
    purpose = PURPOSE_OF_BASIS[subscription.basis.kind]
    is_shared = not review.agency or agreements.covers(office, review.agency, purpose, today)
    is_wanted = not agreements.is_off(review.agency, now)
    return subscription.status is Status.ACTIVE and is_shared and is_wanted


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
