"""What keeps a subscription alive or ends it, for one and for many."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Annotated

from aws_lambda_powertools.event_handler.router import APIGatewayHttpRouter
from pydantic import BaseModel, Field, StringConstraints

from functions.office_api import parts
from functions.office_api.access import Asked, asked_on
from functions.office_api.problems import Refusal
from functions.office_api.records import shown_to
from functions.office_api.routes.subscriptions import SubscriptionId
from shared import enrolment
from shared.domain.errors import TryLater
from shared.domain.policy import Action
from shared.domain.subscriptions import Subscription
from shared.domain.value import Value
from shared.tables.watch_list import Overtaken

router = APIGatewayHttpRouter()
_TAGS = ["subscriptions"]


class NewEnd(Value):
    ends: date | None = Field(description="the new last day; null for none")


class Several(Value):
    ids: list[Annotated[str, StringConstraints(pattern="^[0-9a-f]{32}$")]] = Field(min_length=1, max_length=200)


class Outcome(BaseModel):
    """`problem` says why nothing was done with this one; the others are not held up by it."""

    subscription_id: str
    done: bool
    validation_due: date | None = None
    problem: str = ""


class Outcomes(BaseModel):
    items: list[Outcome]


@router.post("/v1/subscriptions/<subscription_id>/validate", tags=_TAGS, summary="It is still needed")
def validate(subscription_id: SubscriptionId) -> Subscription:
    """It is due again a year from today (supervision: five years), at most on its own last day. Its dates stay."""
    asked = asked_on(router)
    return shown_to(asked.by, _validated(asked))


@router.post("/v1/subscriptions/<subscription_id>/renew", tags=_TAGS, summary="Give it a new last day, or none")
def renew(subscription_id: SubscriptionId, new: NewEnd) -> Subscription:
    """It counts as a validation. What was cancelled or over alerts again."""
    asked = asked_on(router)
    email, office = asked.caller
    after = enrolment.renew(asked.the(Subscription), new.ends, email, office, parts.enrolling(), datetime.now(UTC))
    return shown_to(asked.by, after)


@router.post("/v1/subscriptions/<subscription_id>/uncancel", tags=_TAGS, summary="Take a cancellation back")
def uncancel(subscription_id: SubscriptionId) -> Subscription:
    """Within its own dates; where it is overdue, it must be validated as well."""
    asked = asked_on(router)
    office = asked.by.office
    after = enrolment.uncancel(asked.the(Subscription), office, parts.enrolling(), datetime.now(UTC))
    return shown_to(asked.by, after)


@router.post("/v1/subscriptions/validations", tags=_TAGS, summary="Validate several")
def validate_several(several: Several) -> Outcomes:
    """One result for each; one that cannot be validated holds up none of the others."""
    return _each(several, _validated, Action.VOUCH_FOR_SUBSCRIPTION)


@router.post("/v1/subscriptions/cancellations", tags=_TAGS, summary="Cancel several")
def cancel_several(several: Several) -> Outcomes:
    return _each(several, _cancelled, Action.CHANGE_SUBSCRIPTION)


def _validated(asked: Asked) -> Subscription:
    email, office = asked.caller
    return enrolment.validate(asked.the(Subscription), email, office, parts.enrolling(), datetime.now(UTC))


def _cancelled(asked: Asked) -> Subscription:
    return enrolment.cancel(asked.the(Subscription), asked.caller.email, parts.enrolling(), datetime.now(UTC))


def _each(several: Several, act: Callable[[Asked], Subscription], action: Action) -> Outcomes:
    asked = asked_on(router)
    return Outcomes(items=[_outcome(one, act, action, asked) for one in dict.fromkeys(several.ids)])


def _outcome(subscription_id: str, act: Callable[[Asked], Subscription], action: Action, asked: Asked) -> Outcome:
    try:
        after = act(asked.named("subscription_id", subscription_id, action))
    except Refusal as refusal:
        return Outcome(subscription_id=subscription_id, done=False, problem=refusal.detail)
    except enrolment.TooLate as fault:
        return Outcome(subscription_id=subscription_id, done=False, problem=str(fault))
    except (Overtaken, TryLater):
        return Outcome(subscription_id=subscription_id, done=False, problem="It was changed just now: send it again.")
    return Outcome(subscription_id=subscription_id, done=True, validation_due=after.validation_due)
