"""What keeps a subscription alive or ends it, for one and for many."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Annotated

from pydantic import BaseModel, Field, StringConstraints

from functions.office_api import dependencies
from functions.office_api.endpoints import Routes
from functions.office_api.middleware.authorization import AuthorizedRequest, current_request
from functions.office_api.problems import RefusalError
from functions.office_api.resources import readable_subscription
from functions.office_api.routes.subscriptions import SubscriptionId
from shared.access import Action
from shared.aws.optimistic_lock import ConflictError
from shared.errors import TryLater
from shared.subscriptions import subscribe
from shared.subscriptions.errors import SubscriptionOverError
from shared.subscriptions.model import Subscription
from shared.value import FrozenModel

routes = Routes("subscriptions")
router = routes.router


class NewEndDate(FrozenModel):
    ends: date | None = Field(description="the new last day; null for none")


class SubscriptionIds(FrozenModel):
    ids: list[Annotated[str, StringConstraints(pattern="^[0-9a-f]{32}$")]] = Field(min_length=1, max_length=200)


class RenewalOutcome(BaseModel):
    """`problem` says why nothing was done with this one; the others are not held up by it."""

    subscription_id: str
    done: bool
    validation_due: date | None = None
    problem: str = ""


class RenewalOutcomes(BaseModel):
    items: list[RenewalOutcome]


@routes.post(
    "/v1/subscriptions/{subscription_id}/validate", action=Action.VOUCH_FOR_SUBSCRIPTION, summary="It is still needed"
)
def validate(subscription_id: SubscriptionId) -> Subscription:
    """It is due again a year from today (supervision: five years), at most on its own last day. Its dates stay."""
    request = current_request(router)
    return readable_subscription(request.by, _validate(request))


@routes.post(
    "/v1/subscriptions/{subscription_id}/renew",
    action=Action.VOUCH_FOR_SUBSCRIPTION,
    summary="Give it a new last day, or none",
)
def renew(subscription_id: SubscriptionId, new: NewEndDate) -> Subscription:
    """It counts as a validation. What was cancelled or over alerts again."""
    request = current_request(router)
    email, office = request.caller
    after = subscribe.renew(
        request.resource(Subscription), new.ends, email, office, dependencies.subscribe_deps(), datetime.now(UTC)
    )
    return readable_subscription(request.by, after)


@routes.post(
    "/v1/subscriptions/{subscription_id}/uncancel",
    action=Action.VOUCH_FOR_SUBSCRIPTION,
    summary="Take a cancellation back",
)
def uncancel(subscription_id: SubscriptionId) -> Subscription:
    """Within its own dates; where it is overdue, it must be validated as well."""
    request = current_request(router)
    office = request.by.office
    after = subscribe.uncancel(request.resource(Subscription), office, dependencies.subscribe_deps(), datetime.now(UTC))
    return readable_subscription(request.by, after)


@routes.post("/v1/subscriptions/validations", action=Action.CHANGE_SUBSCRIPTIONS, summary="Validate several")
def validate_several(selection: SubscriptionIds) -> RenewalOutcomes:
    """One result for each; one that cannot be validated holds up none of the others."""
    return _each(selection, _validate, Action.VOUCH_FOR_SUBSCRIPTION)


@routes.post("/v1/subscriptions/cancellations", action=Action.CHANGE_SUBSCRIPTIONS, summary="Cancel several")
def cancel_several(selection: SubscriptionIds) -> RenewalOutcomes:
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
            subscription_id=subscription_id, done=False, problem="It was changed just now: send it again."
        )
    return RenewalOutcome(subscription_id=subscription_id, done=True, validation_due=after.validation_due)
