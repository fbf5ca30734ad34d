"""The one gate before every route: who calls, which action, on which record, for what purpose, and the decision.

A new route needs a line in ACTIONS here, its action in `shared/access/` and, when its path names a record by an
id of a new kind, a line in `resources.RESOURCE_LOADERS`. A route that is not in ACTIONS is refused.
"""

from collections.abc import Iterable, Mapping
from http import HTTPStatus
from typing import Any, NamedTuple, TypeVar

from aws_lambda_powertools.event_handler import APIGatewayHttpResolver, Response
from aws_lambda_powertools.event_handler.middlewares import NextMiddleware
from aws_lambda_powertools.event_handler.router import APIGatewayHttpRouter

from functions.office_api import purposes
from functions.office_api.authentication import Caller, SignedIn, signed_in
from functions.office_api.problems import Refusal, not_found
from functions.office_api.resources import NEW_CATEGORY, RESOURCE_LOADERS, LoadedResource
from functions.office_api.routes.documentation import DOCUMENT, PAGE
from shared.access import Action, Decision, Resource, ResourceKind, decide_access, permits, permits_each

ACTIONS: Mapping[str, Action] = {
    "GET /v1/me": Action.READ_ME,
    "GET /v1/me/preferences": Action.READ_ME,
    "PUT /v1/me/preferences": Action.SET_PREFERENCES,
    "POST /v1/subscriptions": Action.CREATE_SUBSCRIPTION,
    "GET /v1/subscriptions": Action.LIST_SUBSCRIPTIONS,
    "GET /v1/subscriptions/{subscription_id}": Action.READ_SUBSCRIPTION,
    "PUT /v1/subscriptions/{subscription_id}": Action.CHANGE_SUBSCRIPTION,
    "DELETE /v1/subscriptions/{subscription_id}": Action.CHANGE_SUBSCRIPTION,
    "POST /v1/subscriptions/{subscription_id}/validate": Action.VOUCH_FOR_SUBSCRIPTION,
    "POST /v1/subscriptions/{subscription_id}/renew": Action.VOUCH_FOR_SUBSCRIPTION,
    "POST /v1/subscriptions/{subscription_id}/uncancel": Action.VOUCH_FOR_SUBSCRIPTION,
    "POST /v1/subscriptions/{subscription_id}/recipients": Action.CHANGE_SUBSCRIPTION,
    "GET /v1/subscriptions/{subscription_id}/others": Action.READ_OTHERS,
    "POST /v1/subscriptions/validations": Action.CHANGE_SUBSCRIPTIONS,
    "POST /v1/subscriptions/cancellations": Action.CHANGE_SUBSCRIPTIONS,
    "POST /v1/uploads/preview": Action.UPLOAD_SUBSCRIPTIONS,
    "POST /v1/uploads": Action.UPLOAD_SUBSCRIPTIONS,
    "POST /v1/lists/{kind}": Action.KEEP_LISTS,
    "GET /v1/folders": Action.LIST_FOLDERS,
    "POST /v1/folders": Action.CREATE_FOLDERS,
    "GET /v1/folders/{folder_id}": Action.READ_FOLDER,
    "PUT /v1/folders/{folder_id}": Action.CHANGE_FOLDER,
    "DELETE /v1/folders/{folder_id}": Action.CHANGE_FOLDER,
    "POST /v1/folders/{folder_id}/archive": Action.CHANGE_FOLDER,
    "DELETE /v1/folders/{folder_id}/archive": Action.CHANGE_FOLDER,
    "PUT /v1/folders/{folder_id}/roles/{email}": Action.CHANGE_FOLDER,
    "DELETE /v1/folders/{folder_id}/roles/{email}": Action.CHANGE_FOLDER,
    "GET /v1/users": Action.KEEP_USERS,
    "POST /v1/users": Action.KEEP_USERS,
    "PUT /v1/users/{email}": Action.KEEP_USERS,
    "DELETE /v1/users/{email}": Action.KEEP_USERS,
    "POST /v1/users/{email}/recertification": Action.KEEP_USERS,
    "GET /v1/reports/recertification": Action.KEEP_USERS,
    "POST /v1/backtest": Action.BACKTEST,
    "GET /v1/alerts": Action.LIST_ALERTS,
    "GET /v1/alerts/{alert_id}": Action.READ_ALERT,
    "PUT /v1/alerts/{alert_id}/acknowledgement": Action.ANSWER_ALERT,
    "PUT /v1/alerts/{alert_id}/verdict": Action.ANSWER_ALERT,
    "POST /v1/alerts/{alert_id}/recall": Action.RECALL_ALERT,
    "POST /v1/arrests/search": Action.SEARCH_ARRESTS,
    "GET /v1/arrests/{arrest_id}": Action.READ_ARREST,
    "GET /v1/arrests/{arrest_id}/history": Action.READ_ARREST,
    "GET /v1/reviews": Action.LIST_REVIEWS,
    "GET /v1/reviews/{review_id}": Action.READ_REVIEW,
    "POST /v1/reviews/{review_id}/confirm": Action.DECIDE_REVIEW,
    "POST /v1/reviews/{review_id}/dismiss": Action.DECIDE_REVIEW,
    "GET /v1/reports/noise": Action.READ_REPORTS,
    "GET /v1/reports/folders": Action.READ_REPORTS,
    "GET /v1/reports/areas": Action.READ_REPORTS,
    "GET /v1/reports/acknowledgements": Action.READ_REPORTS,
    "GET /v1/reports/lapsing": Action.READ_REPORTS,
    "GET /v1/reports/users": Action.READ_ACTIVITY,
    "GET /v1/reports/delivery-times": Action.READ_REPORTS,
    "GET /v1/agreements": Action.READ_AGREEMENTS,
    "GET /v1/agencies/{agency_id}": Action.READ_AGENCY,
    "GET /v1/agencies/{agency_id}/profile": Action.READ_AGENCY,
    "PUT /v1/agencies/{agency_id}/profile": Action.CHANGE_PROFILE,
    "GET /v1/agencies/{agency_id}/drops": Action.READ_DROPS,
    "GET /v1/agencies/{agency_id}/drops/{drop_id}": Action.READ_DROPS,
    "GET /v1/agencies/{agency_id}/drops/{drop_id}/rejects": Action.READ_DROPS,
    "POST /v1/agencies/{agency_id}/drops/{drop_id}/release": Action.DECIDE_DROP,
    "POST /v1/agencies/{agency_id}/drops/{drop_id}/discard": Action.DECIDE_DROP,
    "POST /v1/agencies/{agency_id}/drops/{drop_id}/replay": Action.DECIDE_DROP,
    "POST /v1/agencies/{agency_id}/uploads": Action.SEND_FEED,
    "POST /v1/agencies/{agency_id}/dry-run": Action.SEND_FEED,
    "POST /v1/agencies/{agency_id}/arrests": Action.SEND_FEED,
    "POST /v1/agencies/{agency_id}/seals": Action.SEAL_ARREST,
    "GET /v1/audit": Action.READ_AUDIT,
    "POST /v1/audit/search": Action.READ_AUDIT,
    "GET /v1/audit/tellings": Action.READ_AUDIT,
    "GET /v1/audit/reviews": Action.READ_AUDIT,
    "POST /v1/audit/reviews/{week}": Action.SIGN_AUDIT,
}
OPEN = (  # they hold no data of anybody; a link in a mail says by its signature what it is for
    f"GET {DOCUMENT}", f"GET {PAGE}", "GET /v1/links/{token}", "POST /v1/links/{token}",
)  # fmt: skip
Record = TypeVar("Record")


class AuthorizedRequest(NamedTuple):
    """One request, decided. `record` is what the path names, read once for the decision; None when it names none."""

    by: SignedIn
    action: Action
    purpose: str
    about: Resource
    record: Any
    decision: Decision

    @property
    def caller(self) -> Caller:
        return self.by.caller

    def resource(self, kind: type[Record]) -> Record:
        """The record that the path names, as the gate read it."""
        if not isinstance(self.record, kind):
            raise TypeError(f"the path names no {kind.__name__}")
        return self.record

    def named(self, name: str, id_: str, action: Action) -> "AuthorizedRequest":
        """The same for a record that the body names, one of several. Raises Refusal, as the gate does."""
        resource = _found({name: id_}, self.by)
        return passed(_decided(self.by, action, self.purpose, resource))

    def authorize_new(self, action: Action, resource: LoadedResource) -> "AuthorizedRequest":
        """The same for what the body describes. Raises Refusal, as the gate does."""
        return passed(_decided(self.by, action, self.purpose, resource))

    def may(self, action: Action, about: Resource) -> bool:
        """Whether the same caller may do this as well, for the same purpose."""
        return permits(self.by.principal, action, about, self.purpose)

    def filter_allowed(self, action: Action, resources: Iterable[LoadedResource]) -> list[Any]:
        """The records among these that the caller may have: how every list is filtered."""
        some = list(resources)
        allowed = permits_each(self.by.principal, action, [resource.about for resource in some], self.purpose)
        return [resource.record for resource, yes in zip(some, allowed, strict=True) if yes]


def gate(app: APIGatewayHttpResolver, next_middleware: NextMiddleware) -> Response[Any]:
    """Every request to a route passes here, after its form was checked and before the route runs."""
    route = f"{app.request.method} {app.request.route}"
    if route in OPEN:
        return next_middleware(app)
    if route not in ACTIONS:
        raise not_found("route")
    by = signed_in(app.current_event)
    purpose = purposes.said(route, app.current_event.headers.get(purposes.HEADER.lower()))
    by = by._replace(purpose=purpose)
    resource = _found(app.request.path_parameters, by)
    app.append_context(asked=passed(_decided(by, ACTIONS[route], purpose, resource)))
    return next_middleware(app)


def passed(asked: AuthorizedRequest) -> AuthorizedRequest:
    """THE SEAM. Every decision about a route's action passes here, before anything is done or answered: the one about
    the path's record, or the office where it names none, and one for each record that a body names. All is known that
    a rule about purposes or a record of decisions needs: `asked.by.user`, `asked.by.office`, `asked.action`,
    `asked.purpose` as it was sent, `asked.about` with kind and id, of an unknown id too, and `asked.decision` with the
    policies that decided, denials included. An exception here withholds the answer."""
    if not asked.decision.allowed:
        raise _refusal(asked)
    return asked


def current_request(router: APIGatewayHttpRouter) -> AuthorizedRequest:
    """The request that the gate let through, for the route that answers it."""
    found = router.context["asked"]
    if not isinstance(found, AuthorizedRequest):
        raise TypeError("the gate was not passed")
    return found


def _decided(by: SignedIn, action: Action, purpose: str, resource: LoadedResource) -> AuthorizedRequest:
    decision = decide_access(by.principal, action, resource.about, purpose) if resource.exists else Decision(False, ())
    return AuthorizedRequest(by, action, purpose, resource.about, resource.record, decision)


def _found(path: Mapping[str, str], by: SignedIn) -> LoadedResource:
    for name, id_ in path.items():
        if name in RESOURCE_LOADERS:
            kind, find = RESOURCE_LOADERS[name]
            return find(by, id_) or LoadedResource(Resource(kind, id_, by.office.office_id), None, exists=False)
    return LoadedResource(Resource(ResourceKind.OFFICE, by.office.office_id, by.office.office_id), None)


def _refusal(asked: AuthorizedRequest) -> Refusal:
    """Whoever may not even read a record is told what is told when there is none."""
    about = asked.about
    readable = READS.get(about.kind)
    if readable and about.id != NEW_CATEGORY and not (asked.record is not None and asked.may(readable, about)):
        return not_found(about.kind.lower())
    return Refusal(HTTPStatus.FORBIDDEN, "Your rights in this office do not allow that.")


READS: Mapping[ResourceKind, Action] = {
    ResourceKind.SUBSCRIPTION: Action.READ_SUBSCRIPTION,
    ResourceKind.ALERT: Action.READ_ALERT,
    ResourceKind.ARREST: Action.READ_ARREST,
    ResourceKind.REVIEW: Action.READ_REVIEW,
    ResourceKind.FOLDER: Action.READ_FOLDER,
    ResourceKind.AGENCY: Action.READ_AGENCY,
}
