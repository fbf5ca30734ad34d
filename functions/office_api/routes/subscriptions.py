from collections.abc import Iterable
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Annotated
from uuid import uuid4

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Path, Query
from pydantic import BaseModel, Field

from functions.office_api import dependencies
from functions.office_api.cursors import Cursor, cursor_of, place_of
from functions.office_api.endpoints import Routes
from functions.office_api.etags import may_match, must_match, tagged
from functions.office_api.middleware.authorization import AuthorizedRequest, current_request
from functions.office_api.problems import FieldProblem, RefusalError
from functions.office_api.resources import folder_trees, is_owner, readable_subscription, subscription_resource
from shared.access import Action
from shared.offices.recipient import Email, Recipient
from shared.subscriptions import subscribe as enrolment
from shared.subscriptions.model import Subscription, SubscriptionRequest
from shared.subscriptions.validity import ValidityStatus, validity_status
from shared.value import FrozenModel

routes = Routes("subscriptions")
router = routes.router
SubscriptionId = Annotated[str, Path(pattern="^[0-9a-f]{32}$")]


class SubscriptionsPage(BaseModel):
    items: list[Subscription]
    next: str | None


@routes.post(
    "/v1/subscriptions",
    action=Action.CREATE_SUBSCRIPTION,
    summary="Watch a person, a charge or a place",
    success=(HTTPStatus.OK, HTTPStatus.CREATED),
)
def create(subscription_request: SubscriptionRequest) -> Response[Subscription]:
    """Asking again for what you already watch for the same case changes that subscription and answers 200. A machine
    names recipients or folders, for it is told nothing itself, and asking again validates nothing."""
    request = current_request(router)
    (email, office), machine = request.caller, request.by.user.machine
    if machine and not (subscription_request.recipients or subscription_request.folders):
        problem = FieldProblem(field="recipients", mend="name somebody, or a folder: a machine is told nothing itself")
        raise RefusalError(HTTPStatus.UNPROCESSABLE_ENTITY, "Nobody would be told.", [problem])
    _may_file(subscription_request.folders, request)
    subscribe = enrolment.subscribe_by_machine if machine else enrolment.subscribe
    subscribe_result = subscribe(
        subscription_request, email, office, dependencies.subscribe_deps(), uuid4().hex, datetime.now(UTC)
    )
    return tagged(subscribe_result.subscription, HTTPStatus.CREATED if subscribe_result.created else HTTPStatus.OK)


@routes.get("/v1/subscriptions", action=Action.LIST_SUBSCRIPTIONS, summary="What your office watches")
def index(
    limit: Annotated[int, Query(ge=1, le=100)] = 50,
    after: Cursor = "",
    stands: Annotated[list[ValidityStatus], Query(description="only those that stand so today")] = [],  # noqa: B006
) -> SubscriptionsPage:
    """Those that you may read. A page may hold fewer than `limit`, even none, and still have a next one."""
    request = current_request(router)
    of = ("subscriptions", request.by.office.office_id)
    subscriptions, following = dependencies.subscriptions.page(of[1], limit, place_of(after, *of))
    trees = folder_trees(request.by)
    today = datetime.now(request.by.office.zone).date()
    in_status = (
        subscription for subscription in subscriptions if not stands or validity_status(subscription, today) in stands
    )
    items = request.filter_allowed(
        Action.READ_SUBSCRIPTION, (subscription_resource(request.by, subscription, trees) for subscription in in_status)
    )
    read = [readable_subscription(request.by, item, trees) for item in items]
    return SubscriptionsPage(items=read, next=cursor_of(following, *of))


@routes.get("/v1/subscriptions/{subscription_id}", action=Action.READ_SUBSCRIPTION, summary="One subscription")
def show(subscription_id: SubscriptionId) -> Response[Subscription]:
    """Its ETag says which state of it you have read."""
    request = current_request(router)
    return tagged(readable_subscription(request.by, request.resource(Subscription)))


@routes.put(
    "/v1/subscriptions/{subscription_id}",
    action=Action.CHANGE_SUBSCRIPTION,
    summary="Change a subscription as a whole",
    conditional=True,
)
def change(subscription_id: SubscriptionId, subscription_request: SubscriptionRequest) -> Response[Subscription]:
    """If-Match says which state of it you mean to replace."""
    request = current_request(router)
    email, office = request.caller
    before = request.resource(Subscription)
    must_match(router.current_event, before)
    _may_file(set(subscription_request.folders) - set(before.folders), request)
    by = before.owner if is_owner(request.by, before) else email
    after = enrolment.change(before, subscription_request, by, office, dependencies.subscribe_deps(), datetime.now(UTC))
    return tagged(readable_subscription(request.by, after))


class RecipientsChange(FrozenModel):
    """`add` are recipients of this subscription alone, `remove` e-mail addresses that are told of it no more."""

    add: tuple[Recipient, ...] = Field(default=(), max_length=50)
    remove: tuple[Email, ...] = Field(default=(), max_length=50)


@routes.post(
    "/v1/subscriptions/{subscription_id}/recipients",
    action=Action.CHANGE_SUBSCRIPTION,
    summary="Tell somebody also, or no more",
)
def tell_also(subscription_id: SubscriptionId, recipients_change: RecipientsChange) -> Subscription:
    request = current_request(router)
    office = request.by.office
    before, now = request.resource(Subscription), datetime.now(UTC)
    after = enrolment.change_recipients(
        before, recipients_change.add, recipients_change.remove, office, dependencies.subscribe_deps(), now
    )
    return readable_subscription(request.by, after)


@routes.delete(
    "/v1/subscriptions/{subscription_id}",
    action=Action.CHANGE_SUBSCRIPTION,
    summary="Cancel a subscription; it stays readable",
)
def cancel(subscription_id: SubscriptionId) -> Response[Subscription]:
    """If-Match is taken and not asked for: cancelled is cancelled."""
    request = current_request(router)
    email, before = request.caller.email, request.resource(Subscription)
    may_match(router.current_event, before)
    return tagged(
        readable_subscription(
            request.by, enrolment.cancel(before, email, dependencies.subscribe_deps(), datetime.now(UTC))
        )
    )


def _may_file(folders: Iterable[str], request: AuthorizedRequest) -> None:
    """Into each of these one must be allowed to put a subscription. Raises RefusalError."""
    for folder_id in folders:
        request.authorize_named("folder_id", folder_id, Action.FILE_SUBSCRIPTION)
