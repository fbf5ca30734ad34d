"""Validation, renewal and cancellation of subscriptions, one or several."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Annotated, Any

from pydantic import BaseModel, Field, StringConstraints

from shared.access import Action
from shared.alerts.view import ShownSubscription
from shared.aws.optimistic_lock import ConflictError
from shared.errors import TryLater
from shared.office_api import dependencies
from shared.office_api.answers.etags import may_match
from shared.office_api.answers.problems import RefusalError
from shared.office_api.endpoints import Ids, Replay, Routes
from shared.office_api.gate.resources import readable_subscription
from shared.office_api.middleware.authorization import AuthorizedRequest, current_request
from shared.office_api.routes import examples
from shared.office_api.routes.subscriptions.subscriptions import SubscriptionId, read_again
from shared.subscriptions import subscribe
from shared.subscriptions.errors import SubscriptionOverError
from shared.subscriptions.model import Subscription
from shared.value import FrozenModel

routes = Routes("subscriptions")
router = routes.router


class NewEndDate(FrozenModel):
    ends: date | None = Field(description="The new last day; null for none.")


class SubscriptionIds(FrozenModel):
    ids: list[Annotated[str, StringConstraints(pattern="^[0-9a-f]{32}$")]] = Field(min_length=1, max_length=200)


class RenewalOutcome(BaseModel):
    """`problem` says why nothing was done with this subscription."""

    subscription_id: str
    done: bool
    validation_due: date | None = None
    problem: str = ""


class RenewalOutcomes(BaseModel):
    items: list[RenewalOutcome]


@routes.post(
    "/v1/subscriptions/{subscription_id}/validate",
    action=Action.VOUCH_FOR_SUBSCRIPTION,
    summary="Confirm that a subscription is still needed",
    replay=Replay(answer=read_again),
)
def validate_subscription(subscription_id: SubscriptionId) -> ShownSubscription:
    """The next validation is due in a year (supervision: five years), or on the subscription's last day if that is
    earlier. The dates of the subscription do not change."""
    request = current_request(router)
    may_match(router.current_event, request.resource(Subscription))
    return readable_subscription(request.by, _validate(request))


@routes.post(
    "/v1/subscriptions/{subscription_id}/renew",
    action=Action.VOUCH_FOR_SUBSCRIPTION,
    summary="Give a subscription a new last day",
    example=examples.NEW_END_DATE,
    replay=Replay(answer=read_again),
)
def renew_subscription(subscription_id: SubscriptionId, new_end: NewEndDate) -> ShownSubscription:
    """Counts as a validation. A subscription that was cancelled or has expired alerts again. With If-Match, only in the
    state that you read."""
    request = current_request(router)
    email, office = request.caller
    before = request.resource(Subscription)
    may_match(router.current_event, before)
    after = subscribe.renew(before, new_end.ends, email, office, dependencies.subscribe_deps(), datetime.now(UTC))
    return readable_subscription(request.by, after)


@routes.post(
    "/v1/subscriptions/{subscription_id}/uncancel",
    action=Action.VOUCH_FOR_SUBSCRIPTION,
    summary="Undo the cancellation of a subscription",
    replay=Replay(answer=read_again),
)
def uncancel_subscription(subscription_id: SubscriptionId) -> ShownSubscription:
    """The subscription alerts again within its own dates. If its validation is overdue, it must be validated too."""
    request = current_request(router)
    before, office = request.resource(Subscription), request.by.office
    may_match(router.current_event, before)
    after = subscribe.uncancel(before, office, dependencies.subscribe_deps(), datetime.now(UTC))
    return readable_subscription(request.by, after)


def _ids_of(document: Any) -> Ids:
    return {"items": [[item["subscription_id"], item["done"]] for item in document["items"]]}


def _outcomes_again(ids: Ids, **_arguments: object) -> RenewalOutcomes:
    request = current_request(router)
    return RenewalOutcomes(items=[_outcome_again(item, request) for item in ids["items"]])


def _outcome_again(result: tuple[str, bool], request: AuthorizedRequest) -> RenewalOutcome:
    subscription_id, done = result
    if not done:
        problem = "It was not done the first time. Send it again with a new Idempotency-Key."
        return RenewalOutcome(subscription_id=subscription_id, done=False, problem=problem)
    try:
        current = request.authorize_named("subscription_id", subscription_id, Action.READ_SUBSCRIPTION)
    except RefusalError as refusal:
        return RenewalOutcome(subscription_id=subscription_id, done=True, problem=refusal.detail)
    due = current.resource(Subscription).validation_due
    return RenewalOutcome(subscription_id=subscription_id, done=True, validation_due=due)


@routes.post(
    "/v1/subscriptions/validations",
    action=Action.CHANGE_SUBSCRIPTIONS,
    summary="Validate several subscriptions",
    example=examples.SUBSCRIPTION_IDS,
    replay=Replay(answer=_outcomes_again, ids=_ids_of),
)
def validate_subscriptions(selection: SubscriptionIds) -> RenewalOutcomes:
    """Each has its own result. One that cannot be validated does not hold up the others."""
    return _each(selection, _validate, Action.VOUCH_FOR_SUBSCRIPTION)


@routes.post(
    "/v1/subscriptions/cancellations",
    action=Action.CHANGE_SUBSCRIPTIONS,
    summary="Cancel several subscriptions",
    example=examples.SUBSCRIPTION_IDS,
    replay=Replay(answer=_outcomes_again, ids=_ids_of),
)
def cancel_subscriptions(selection: SubscriptionIds) -> RenewalOutcomes:
    """Each has its own result. One that cannot be cancelled does not hold up the others."""
    return _each(selection, _cancel, Action.CHANGE_SUBSCRIPTION)


def _validate(request: AuthorizedRequest) -> Subscription:
    email, office = request.caller
    return subscribe.validate(
        request.resource(Subscription), email, office, dependencies.subscribe_deps(), datetime.now(UTC)
    )


def _cancel(request: AuthorizedRequest) -> Subscription:
    return subscribe.cancel(
        request.resource(Subscription), request.caller.email, dependencies.subscribe_deps(), datetime.now(UTC)
    )


def _each(
    selection: SubscriptionIds, act: Callable[[AuthorizedRequest], Subscription], action: Action
) -> RenewalOutcomes:
    request = current_request(router)
    return RenewalOutcomes(
        items=[_outcome(subscription_id, act, action, request) for subscription_id in dict.fromkeys(selection.ids)]
    )


def _outcome(
    subscription_id: str, act: Callable[[AuthorizedRequest], Subscription], action: Action, request: AuthorizedRequest
) -> RenewalOutcome:
    try:
        after = act(request.authorize_named("subscription_id", subscription_id, action))
    except RefusalError as refusal:
        return RenewalOutcome(subscription_id=subscription_id, done=False, problem=refusal.detail)
    except SubscriptionOverError as fault:
        return RenewalOutcome(subscription_id=subscription_id, done=False, problem=str(fault))
    except (ConflictError, TryLater):
        return RenewalOutcome(
            subscription_id=subscription_id, done=False, problem="It was changed a moment ago. Send it again."
        )
    return RenewalOutcome(subscription_id=subscription_id, done=True, validation_due=after.validation_due)
