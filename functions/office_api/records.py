"""The records that a path can name by an id, each read once and described for the policy."""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from functions.office_api import parts
from functions.office_api.caller import SignedIn
from shared.domain.alerts import Alert
from shared.domain.arrests import Arrest
from shared.domain.policy import Kind, Relation, Resource, State
from shared.domain.reviews import Review
from shared.domain.subscriptions import Subscription


class Found(NamedTuple):
    about: Resource
    record: Any
    exists: bool = True


Find = Callable[[SignedIn, str], Found | None]


class Reviewed(NamedTuple):
    review: Review
    subscription: Subscription


def of_subscription(by: SignedIn, one: Subscription) -> Found:
    about = Resource(Kind.SUBSCRIPTION, one.subscription_id, one.office_id, _relations(by, one))
    return Found(about, one)


def of_alert(by: SignedIn, one: Alert) -> Found:
    return Found(Resource(Kind.ALERT, one.alert_id, one.office_id, _to_alert(by, one)), one)


def of_review(by: SignedIn, one: Review, subscription: Subscription) -> Found:
    about = Resource(Kind.REVIEW, one.review_id, one.office_id, _relations(by, subscription))
    return Found(about, Reviewed(one, subscription))


def of_arrest(by: SignedIn, alert: Alert, one: Arrest) -> Found:
    """As whoever reads the alert would read it."""
    states = frozenset({State.JUVENILE} if one.juvenile else ())
    return Found(Resource(Kind.ARREST, one.arrest_id, alert.office_id, _to_alert(by, alert), states), one)


def _relations(by: SignedIn, one: Subscription) -> frozenset[Relation]:
    email = by.user.email
    told = {recipient.root.get("email", "").casefold() for recipient in one.told}
    found = {Relation.MAKER: email == one.owner.casefold(), Relation.RECIPIENT: email in told}
    return frozenset(relation for relation, holds in found.items() if holds)


def _to_alert(by: SignedIn, one: Alert) -> frozenset[Relation]:
    email = by.user.email
    found = {
        Relation.MAKER: email in {because.owner.casefold() for because in one.because},
        Relation.RECIPIENT: email == one.recipient.root.get("email", "").casefold(),
    }
    return frozenset(relation for relation, holds in found.items() if holds)


def _subscription(by: SignedIn, id_: str) -> Found | None:
    one = parts.subscriptions.find(by.office.office_id, id_)
    return of_subscription(by, one) if one else None


def _alert(by: SignedIn, id_: str) -> Found | None:
    one = parts.alerts.find(id_)
    return of_alert(by, one) if one else None


def _review(by: SignedIn, id_: str) -> Found | None:
    one = parts.alerts.reviews.find(id_)
    subscription = parts.subscriptions.find(one.office_id, one.subscription_id) if one else None
    return of_review(by, one, subscription) if one and subscription else None


RECORDS: Mapping[str, tuple[Kind, Find]] = {
    "subscription_id": (Kind.SUBSCRIPTION, _subscription),
    "alert_id": (Kind.ALERT, _alert),
    "review_id": (Kind.REVIEW, _review),
}
