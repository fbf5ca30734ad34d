"""Authorization middleware, the one gate before every route: who calls, which action, on which record, for what
purpose, and the decision.

The action stands in the route's declaration (`endpoints.py`). A path that names a record by an id of a new kind needs a
line in `resources.RESOURCE_LOADERS`. A route that is not declared is refused.
"""

from collections.abc import Iterable, Mapping
from http import HTTPStatus
from typing import Any, NamedTuple, TypeVar

from aws_lambda_powertools.event_handler import APIGatewayHttpResolver, Response
from aws_lambda_powertools.event_handler.middlewares import NextMiddleware
from aws_lambda_powertools.event_handler.router import APIGatewayHttpRouter

from functions.office_api import purposes
from functions.office_api.authentication import Caller, SignedIn, signed_in
from functions.office_api.endpoints import Endpoint, EndpointResolver
from functions.office_api.problems import Refusal, not_found
from functions.office_api.resources import NEW_CATEGORY, RESOURCE_LOADERS, LoadedResource
from shared.access import Action, Decision, Resource, ResourceKind, decide_access, permits, permits_each

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


def endpoint_of(app: APIGatewayHttpResolver) -> Endpoint | None:
    """Returns the declaration of the route that the resolver has chosen."""
    if not isinstance(app, EndpointResolver):
        raise TypeError("the resolver has no list of routes")
    return app.endpoints.find(app.request.method, app.request.route)


def gate(app: APIGatewayHttpResolver, next_middleware: NextMiddleware) -> Response[Any]:
    """Every request to a route passes here, after its form was checked and before the route runs."""
    endpoint = endpoint_of(app)
    if endpoint is None:
        raise not_found("route")
    if endpoint.action is None:
        return next_middleware(app)
    by = signed_in(app.current_event)
    purpose = purposes.stated_purpose(endpoint, app.current_event.headers.get(purposes.HEADER.lower()))
    by = by._replace(purpose=purpose)
    resource = _found(app.request.path_parameters, by)
    app.append_context(asked=passed(_decided(by, endpoint.action, purpose, resource)))
    return next_middleware(app)


def passed(request: AuthorizedRequest) -> AuthorizedRequest:
    """THE SEAM. Every decision about a route's action passes here, before anything is done or answered: the one about
    the path's record, or the office where it names none, and one for each record that a body names. All is known that
    a rule about purposes or a record of decisions needs: `asked.by.user`, `asked.by.office`, `asked.action`,
    `asked.purpose` as it was sent, `asked.about` with kind and id, of an unknown id too, and `asked.decision` with the
    policies that decided, denials included. An exception here withholds the answer."""
    if not request.decision.allowed:
        raise _refusal(request)
    return request


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


def _refusal(request: AuthorizedRequest) -> Refusal:
    """Whoever may not even read a record is told what is told when there is none."""
    about = request.about
    readable = READS.get(about.kind)
    if readable and about.id != NEW_CATEGORY and not (request.record is not None and request.may(readable, about)):
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
