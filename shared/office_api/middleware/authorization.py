"""Authorization middleware: the one gate before every route.

The gate answers four questions: who calls, for what purpose, which action, on which record. Then it asks the policy
(`shared/access`) for a decision. The action is in the route's declaration (`endpoints.py`). The record is the one that
the path names by an id: a new kind of id needs a line in `resources.RESOURCE_LOADERS`. A route without a declaration is
refused, and so is one that declares neither an action nor another way in.
"""

from collections.abc import Iterable, Mapping
from http import HTTPStatus
from typing import Any, NamedTuple, TypeVar

from aws_lambda_powertools.event_handler import APIGatewayHttpResolver, Response
from aws_lambda_powertools.event_handler.middlewares import NextMiddleware
from aws_lambda_powertools.event_handler.router import APIGatewayHttpRouter

from shared.access import Action, Decision, Resource, ResourceKind, decide_access, permits, permits_each
from shared.office_api.answers.problems import RefusalError, not_found
from shared.office_api.endpoints import Endpoint, EndpointResolver, Entry
from shared.office_api.gate import purposes
from shared.office_api.gate.audited_subjects import SUBJECTS, AuditedSubjects
from shared.office_api.gate.authentication import Caller, SignedIn, signed_in
from shared.office_api.gate.entry import entry_refusal
from shared.office_api.gate.resources import NEW_CATEGORY, READ_ACTIONS, RESOURCE_LOADERS, LoadedResource

Record = TypeVar("Record")
REQUEST = "request"  # the key of the authorized request in the resolver's context


class AuthorizedRequest(NamedTuple):
    """One request with its decision. `record` is what the path names, read once; None when the path names nothing.
    `subjects` hears of every denial."""

    by: SignedIn
    action: Action
    purpose: str
    about: Resource
    record: Any
    decision: Decision
    subjects: AuditedSubjects | None = None

    @property
    def caller(self) -> Caller:
        return self.by.caller

    def resource(self, kind: type[Record]) -> Record:
        """Returns the record that the path names, as the gate read it."""
        if not isinstance(self.record, kind):
            raise TypeError(f"the path names no {kind.__name__}")
        return self.record

    def authorize_named(self, name: str, id_: str, action: Action) -> "AuthorizedRequest":
        """Authorizes an action on a record that the body names. Raises RefusalError, as the gate does."""
        resource = _load_resource({name: id_}, self.by)
        return require_allowed(_decide(self.by, action, self.purpose, resource, self.subjects))

    def authorize_new(self, action: Action, resource: LoadedResource) -> "AuthorizedRequest":
        """Authorizes an action on a record that the body describes. Raises RefusalError, as the gate does."""
        return require_allowed(_decide(self.by, action, self.purpose, resource, self.subjects))

    def may(self, action: Action, about: Resource) -> bool:
        """Whether the same caller may do this as well, for the same purpose."""
        return permits(self.by.principal, action, about, self.purpose)

    def filter_allowed(self, action: Action, resources: Iterable[LoadedResource]) -> list[Any]:
        """Returns the records that the caller may read, in order. Every list is filtered with it."""
        candidates = list(resources)
        allowed = permits_each(self.by.principal, action, [resource.about for resource in candidates], self.purpose)
        return [resource.record for resource, permitted in zip(candidates, allowed, strict=True) if permitted]


def endpoint_of(app: APIGatewayHttpResolver) -> Endpoint | None:
    """Returns the declaration of the route that the resolver has chosen."""
    if not isinstance(app, EndpointResolver):
        raise TypeError("the resolver has no list of routes")
    return app.endpoints.find(app.request.method, app.request.route)


def gate(app: APIGatewayHttpResolver, next_middleware: NextMiddleware) -> Response[Any]:
    """Runs for every request to a route, after its form was checked and before the route's function."""
    endpoint = endpoint_of(app)
    if endpoint and endpoint.entry is not Entry.SIGNED_IN:
        return next_middleware(app)
    if endpoint is None or endpoint.action is None:
        raise not_found("route")
    by = signed_in(app.current_event)
    purpose = purposes.stated_purpose(endpoint, app.current_event.headers.get(purposes.HEADER.lower()))
    by = by._replace(purpose=purpose)
    subjects: AuditedSubjects = app.context[SUBJECTS]
    subjects.request(app.current_event.path, app.context["_route_args"])
    resource = _load_resource(app.request.path_parameters, by)
    if resource.about.kind is ResourceKind.ALERT and resource.exists:  # also if the path has its number
        subjects.reach(resource.about)
    app.append_context(**{REQUEST: require_allowed(_decide(by, endpoint.action, purpose, resource, subjects))})
    return next_middleware(app)


def require_allowed(request: AuthorizedRequest) -> AuthorizedRequest:
    """Returns the request if its decision allows it. Raises RefusalError (403 or 404) if not.

    Every decision about a route's action comes through here before anything is done or answered: one about the path's
    record (or the office, if the path names none) and one for each record that the body names. A rule that concerns
    every decision belongs here: the request carries the user, the office, the action, the purpose, the kind and id of
    the record (of an unknown id too), and the policies that decided.
    """
    if not request.decision.allowed:
        if request.subjects:
            request.subjects.deny(request.about)
        raise _refusal(request)
    return request


def current_request(router: APIGatewayHttpRouter) -> AuthorizedRequest:
    """Returns the request that the gate let through, for the function of its route."""
    request = router.context[REQUEST]
    if not isinstance(request, AuthorizedRequest):
        raise TypeError("the gate was not passed")
    return request


def _decide(
    by: SignedIn, action: Action, purpose: str, resource: LoadedResource, subjects: AuditedSubjects | None = None
) -> AuthorizedRequest:
    decision = decide_access(by.principal, action, resource.about, purpose) if resource.exists else Decision(False, ())
    return AuthorizedRequest(by, action, purpose, resource.about, resource.record, decision, subjects)


def _load_resource(path_parameters: Mapping[str, str], by: SignedIn) -> LoadedResource:
    """Returns the record that the first known id names, or the office itself."""
    for name, id_ in path_parameters.items():
        if loader := RESOURCE_LOADERS.get(name):
            unknown = LoadedResource(Resource(loader.kind, id_, by.office.office_id), None, exists=False)
            return loader.load(by, id_) or unknown
    return LoadedResource(Resource(ResourceKind.OFFICE, by.office.office_id, by.office.office_id), None)


def _refusal(request: AuthorizedRequest) -> RefusalError:
    """Whoever may not even read a record gets the answer for a record that does not exist. Who must see to something
    first reads none at all, and hears of that."""
    about = request.about
    if refusal := entry_refusal(request.by):
        return refusal
    read_action = READ_ACTIONS.get(about.kind)
    may_read = read_action and request.record is not None and request.may(read_action, about)
    if read_action and about.id != NEW_CATEGORY and not may_read:
        return not_found(about.kind.lower())
    return RefusalError(HTTPStatus.FORBIDDEN, "Your rights in this office do not allow that.")
