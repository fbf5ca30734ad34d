from datetime import UTC, datetime
from http import HTTPStatus
from typing import Annotated
from uuid import uuid4

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Path, Query
from aws_lambda_powertools.event_handler.router import APIGatewayHttpRouter
from pydantic import BaseModel, Field

from functions.office_api import parts
from functions.office_api.caller import caller_of
from functions.office_api.problems import not_found
from shared import enrolment
from shared.domain.subscriptions import Recipient, Subscription, Wish
from shared.domain.urgency import Email
from shared.domain.validity import Standing, standing
from shared.domain.value import Value

router = APIGatewayHttpRouter()
SubscriptionId = Annotated[str, Path(pattern="^[0-9a-f]{32}$")]
_TAGS = ["subscriptions"]


class Page(BaseModel):
    items: list[Subscription]
    next: str | None


@router.post("/v1/subscriptions", tags=_TAGS, summary="Watch a person, a charge or a place")
def create(wish: Wish) -> Response[Subscription]:
    """Asking again for what you already watch for the same case changes that subscription and answers 200."""
    email, office = caller_of(router.current_event)
    done = enrolment.subscribe(wish, email, office, parts.enrolling(), uuid4().hex, datetime.now(UTC))
    status = HTTPStatus.CREATED if done.created else HTTPStatus.OK
    return Response(status_code=status, content_type="application/json", body=done.subscription)


@router.get("/v1/subscriptions", tags=_TAGS, summary="What your office watches")
def index(
    limit: Annotated[int, Query(ge=1, le=100)] = 50,
    after: Annotated[str, Query(pattern="^([0-9a-f]{32})?$")] = "",
    stands: Annotated[list[Standing], Query(description="only those that stand so today")] = [],  # noqa: B006
) -> Page:
    """A page may hold fewer than `limit`, even none, and still have a next one."""
    email, office = caller_of(router.current_event)
    items, following = parts.subscriptions.page(office.office_id, limit, after or None)
    today = datetime.now(office.zone).date()
    items = [one.as_read_by(email) for one in items]
    return Page(items=[one for one in items if not stands or standing(one, today) in stands], next=following)


@router.get("/v1/subscriptions/<subscription_id>", tags=_TAGS, summary="One subscription")
def show(subscription_id: SubscriptionId) -> Subscription:
    return own(subscription_id).as_read_by(caller_of(router.current_event).email)


@router.put("/v1/subscriptions/<subscription_id>", tags=_TAGS, summary="Change a subscription as a whole")
def change(subscription_id: SubscriptionId, wish: Wish) -> Subscription:
    email, office = caller_of(router.current_event)
    after = enrolment.change(own(subscription_id), wish, email, office, parts.enrolling(), datetime.now(UTC))
    return after.as_read_by(email)


class Telling(Value):
    """`add` are recipients of this subscription alone, `remove` e-mail addresses that are told of it no more."""

    add: tuple[Recipient, ...] = Field(default=(), max_length=50)
    remove: tuple[Email, ...] = Field(default=(), max_length=50)


@router.post("/v1/subscriptions/<subscription_id>/recipients", tags=_TAGS, summary="Tell somebody also, or no more")
def tell_also(subscription_id: SubscriptionId, telling: Telling) -> Subscription:
    email, office = caller_of(router.current_event)
    before, now = own(subscription_id), datetime.now(UTC)
    after = enrolment.tell_also(before, telling.add, telling.remove, office, parts.enrolling(), now)
    return after.as_read_by(email)


@router.delete("/v1/subscriptions/<subscription_id>", tags=_TAGS, summary="Cancel a subscription; it stays readable")
def cancel(subscription_id: SubscriptionId) -> Subscription:
    email = caller_of(router.current_event).email
    return enrolment.cancel(own(subscription_id), email, parts.enrolling(), datetime.now(UTC)).as_read_by(email)


def own(subscription_id: str) -> Subscription:
    office = caller_of(router.current_event).office
    found = parts.subscriptions.find(office.office_id, subscription_id)
    if found is None:
        raise not_found("subscription")
    return found
