"""Subscriptions: create, list, read, replace, change recipients, cancel."""

from collections.abc import Iterable
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Annotated, Any
from uuid import uuid4

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Path, Query
from pydantic import BaseModel, Field

from shared.access import Action
from shared.alerts.view import ShownSubscription
from shared.office_api import dependencies
from shared.office_api.answers.cursors import Cursor, Limit, cursor_of, place_of
from shared.office_api.answers.etags import may_match, must_match, tagged
from shared.office_api.answers.past import SavedSubscription, SubscriptionSaveRequest, past_of, with_past
from shared.office_api.answers.problems import FieldProblem, RefusalError
from shared.office_api.endpoints import Ids, Replay, Routes
from shared.office_api.gate.relations import folder_trees
from shared.office_api.gate.resources import check_not_widening, is_owner, readable_subscription, subscription_resource
from shared.office_api.middleware.authorization import AuthorizedRequest, current_request
from shared.office_api.routes import examples
from shared.offices.recipient import Email, Recipient
from shared.subscriptions import subscribe as enrolment
from shared.subscriptions.model import Subscription
from shared.subscriptions.validity import ValidityStatus, validity_status
from shared.value import FrozenModel

routes = Routes("subscriptions")
router = routes.router
SubscriptionId = Annotated[str, Path(pattern="^[0-9a-f]{32}$", description="The id of the subscription.")]


class SubscriptionsPage(BaseModel):
    items: list[ShownSubscription]
    next: str | None


def read_again(_ids: Ids, **_arguments: object) -> ShownSubscription:
    """The answer to a repeated change of the subscription that the path names."""
    request = current_request(router)
    return readable_subscription(request.by, request.resource(Subscription))


def _ids_of_saved(document: Any) -> Ids:
    return {"subscription_id": document["subscription_id"], "looked_back": document.get("past") is not None}


def _read_saved(ids: Ids, **_arguments: object) -> Response[SavedSubscription]:
    request = current_request(router)
    allowed = request.authorize_named("subscription_id", ids["subscription_id"], Action.READ_SUBSCRIPTION)
    subscription = allowed.resource(Subscription)
    past = past_of([subscription], request, alert_past=False) if ids["looked_back"] else None
    return tagged(with_past(readable_subscription(request.by, subscription), past))


@routes.post(
    "/v1/subscriptions",
    action=Action.CREATE_SUBSCRIPTION,
    summary="Create a subscription",
    example=examples.SUBSCRIPTION,
    success=(HTTPStatus.OK, HTTPStatus.CREATED),
    replay=Replay(answer=_read_saved, ids=_ids_of_saved),
)
def create_subscription(subscription_request: SubscriptionSaveRequest) -> Response[SavedSubscription]:
    """Your office is alerted when an arrest meets the criterion. If you already watch the same criterion for the same
    case, that subscription is changed instead and the answer is 200. This also counts as a validation. `past` says
    which arrests of the last seven days it would have alerted of; they alert nobody unless you send `alert_past`. A
    machine must name recipients or folders, because it is not notified itself, and its requests never validate."""
    request = current_request(router)
    (email, office), machine = request.caller, request.by.user.machine
    if machine and not (subscription_request.recipients or subscription_request.folders):
        problem = FieldProblem(
            field="recipients", mend="name a recipient or a folder; a machine is not notified itself"
        )
        raise RefusalError(HTTPStatus.UNPROCESSABLE_ENTITY, "Nobody would be notified.", [problem])
    _authorize_filing(subscription_request.folders, request)
    subscribe = enrolment.subscribe_by_machine if machine else enrolment.subscribe
    subscribe_result = subscribe(
        subscription_request, email, office, dependencies.subscribe_deps(), uuid4().hex, datetime.now(UTC)
    )
    subscription, alert_past = subscribe_result.subscription, subscription_request.alert_past
    looks_back = subscribe_result.alerts_anew or alert_past
    past = past_of([subscription], request, alert_past=alert_past) if looks_back else None
    status = HTTPStatus.CREATED if subscribe_result.created else HTTPStatus.OK
    return tagged(with_past(readable_subscription(request.by, subscription), past), status)


@routes.get("/v1/subscriptions", action=Action.LIST_SUBSCRIPTIONS, summary="List your office's subscriptions")
def list_subscriptions(
    limit: Limit = 50,
    after: Cursor = "",
    stands: Annotated[list[ValidityStatus], Query(description="Only subscriptions in one of these states today.")] = [],  # noqa: B006
) -> SubscriptionsPage:
    """Only those that you may read. A page may hold fewer items than `limit`, or none, and still have a `next`."""
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


@routes.get("/v1/subscriptions/{subscription_id}", action=Action.READ_SUBSCRIPTION, summary="Read a subscription")
def read_subscription(subscription_id: SubscriptionId) -> Response[ShownSubscription]:
    """The ETag of the answer names the state that you have read. Send it as If-Match to change the subscription."""
    request = current_request(router)
    return tagged(readable_subscription(request.by, request.resource(Subscription)))


@routes.put(
    "/v1/subscriptions/{subscription_id}",
    action=Action.CHANGE_SUBSCRIPTION,
    summary="Replace a subscription",
    example=examples.SUBSCRIPTION,
    conditional=True,
)
def replace_subscription(
    subscription_id: SubscriptionId, subscription_request: SubscriptionSaveRequest
) -> Response[SavedSubscription]:
    """The request replaces every field. If-Match names the state that you mean to replace. It does not validate the
    subscription. A new criterion is looked back for, as when a subscription is created."""
    request = current_request(router)
    email, office = request.caller
    before = request.resource(Subscription)
    must_match(router.current_event, before)
    _authorize_filing(set(subscription_request.folders) - set(before.folders), request)
    wanted = {"folders", "recipients", "without"}
    check_not_widening(request.by, before, **{name: getattr(subscription_request, name) for name in wanted})
    by = before.owner if is_owner(request.by, before) else email
    after = enrolment.change(before, subscription_request, by, office, dependencies.subscribe_deps(), datetime.now(UTC))
    alert_past = subscription_request.alert_past
    looks_back = alert_past or before.criterion != after.criterion
    past = past_of([after], request, alert_past=alert_past) if looks_back else None
    return tagged(with_past(readable_subscription(request.by, after), past))


class RecipientsChange(FrozenModel):
    """`add` holds recipients of this subscription only, `remove` e-mail addresses to notify of it no more."""

    add: tuple[Recipient, ...] = Field(default=(), max_length=50)
    remove: tuple[Email, ...] = Field(default=(), max_length=50)


@routes.post(
    "/v1/subscriptions/{subscription_id}/recipients",
    action=Action.CHANGE_SUBSCRIPTION,
    summary="Add or remove recipients of a subscription",
    example=examples.RECIPIENTS_CHANGE,
    replay=Replay(answer=read_again),
)
def change_recipients(subscription_id: SubscriptionId, recipients_change: RecipientsChange) -> ShownSubscription:
    """Changes who is notified of this subscription. Roles on its folders stay as they are."""
    request = current_request(router)
    office = request.by.office
    before, now = request.resource(Subscription), datetime.now(UTC)
    joined = (*before.recipients, *recipients_change.add)
    check_not_widening(request.by, before, recipients=joined, without=())
    after = enrolment.change_recipients(
        before, recipients_change.add, recipients_change.remove, office, dependencies.subscribe_deps(), now
    )
    return readable_subscription(request.by, after)


@routes.delete(
    "/v1/subscriptions/{subscription_id}",
    action=Action.CHANGE_SUBSCRIPTION,
    summary="Cancel a subscription",
)
def cancel_subscription(subscription_id: SubscriptionId) -> Response[ShownSubscription]:
    """It alerts nobody from now on and stays readable. If-Match may be left out."""
    request = current_request(router)
    email, before = request.caller.email, request.resource(Subscription)
    may_match(router.current_event, before)
    return tagged(
        readable_subscription(
            request.by, enrolment.cancel(before, email, dependencies.subscribe_deps(), datetime.now(UTC))
        )
    )


def _authorize_filing(folders: Iterable[str], request: AuthorizedRequest) -> None:
    """Raises RefusalError unless the caller may put a subscription into each folder."""
    for folder_id in folders:
        request.authorize_named("folder_id", folder_id, Action.FILE_SUBSCRIPTION)
