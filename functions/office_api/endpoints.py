"""The list of routes. Each is declared once, beside its function, by `@routes.get(...)` and the like.

Everything else is derived from the declarations: the decision of the gate (`middleware/authorization.py`), the purpose
that a request states, the idempotency key, the subjects of its audit event, the extras of the OpenAPI document, and the
gateway's routes in `infra/office_api_routes.json` (`python -m tests.office_api.document` writes that file).
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import Flag, StrEnum, auto
from http import HTTPStatus
from typing import Any, TypeVar

from aws_lambda_powertools.event_handler import APIGatewayHttpResolver
from aws_lambda_powertools.event_handler.router import APIGatewayHttpRouter

from shared.access import Action

Function = TypeVar("Function", bound=Callable[..., Any])


class Entry(StrEnum):
    """How a caller gets in."""

    SIGNED_IN = "signed in"  # a token of the user pool; the gate asks the policy
    SIGNED_LINK = "signed link"  # the link in a mail says by its signature whose it is and what for
    DOCUMENTATION = "documentation"  # holds nobody's data; with a token where the environment says so


class AuditedPart(Flag):
    """The parts of a request whose ids and persons are subjects of its audit event."""

    PATH = auto()
    BODY = auto()
    ANSWER = auto()


EVERY_PART = AuditedPart.PATH | AuditedPart.BODY | AuditedPart.ANSWER


@dataclass(frozen=True, kw_only=True)
class Endpoint:
    """One route. `path` has its parameters in braces; `action` is None where no token is asked for.

    `conditional` means that the request names the state which it changes (If-Match, RFC 9110 section 13.1.1).
    `idempotent` means that it takes an Idempotency-Key. `success` are the statuses of an answer that is no problem.
    """

    method: str
    path: str
    action: Action | None
    entry: Entry = Entry.SIGNED_IN
    needs_purpose: bool = True
    idempotent: bool = False
    conditional: bool = False
    success: tuple[HTTPStatus, ...] = (HTTPStatus.OK,)
    audited: AuditedPart = EVERY_PART
    tag: str = ""  # under which the document lists it; else its module's
    example: Any = None

    @property
    def key(self) -> str:
        """Method and path, as the resolver knows them."""
        return f"{self.method} {self.path}"

    @property
    def gateway_path(self) -> str:
        """The path in the gateway, whose names of parameters are part of the stack's logical ids."""
        path = self.path
        for parameter, name in _GATEWAY_NAMES.items():
            path = path.replace(f"{{{parameter}}}", f"{{{name}}}")
        return path

    @property
    def route_key(self) -> str:
        """As the gateway names the route in its events."""
        return f"{self.method} {self.gateway_path}"


_GATEWAY_NAMES = {
    "subscription_id": "id",
    "alert_id": "id",
    "arrest_id": "id",
    "review_id": "id",
    "folder_id": "id",
    "agency_id": "id",
    "drop_id": "drop",
}


class Routes:
    """The routes of one module, with their declarations. `router` is what the resolver includes."""

    def __init__(self, tag: str) -> None:
        self.router = APIGatewayHttpRouter()
        self.endpoints: list[Endpoint] = []
        self._tag = tag

    def get(self, path: str, *, action: Action | None, summary: str, **declared: Any) -> Callable[[Function], Function]:
        return self._route(Endpoint(method="GET", path=path, action=action, **declared), summary)

    def put(self, path: str, *, action: Action | None, summary: str, **declared: Any) -> Callable[[Function], Function]:
        return self._route(Endpoint(method="PUT", path=path, action=action, **declared), summary)

    def delete(
        self, path: str, *, action: Action | None, summary: str, **declared: Any
    ) -> Callable[[Function], Function]:
        return self._route(Endpoint(method="DELETE", path=path, action=action, **declared), summary)

    def post(
        self, path: str, *, action: Action | None, summary: str, **declared: Any
    ) -> Callable[[Function], Function]:
        """A POST takes an Idempotency-Key unless it is declared otherwise."""
        endpoint = Endpoint(method="POST", path=path, action=action, **{"idempotent": True} | declared)
        return self._route(endpoint, summary)

    def _route(self, endpoint: Endpoint, summary: str) -> Callable[[Function], Function]:
        self.endpoints.append(endpoint)
        rule = endpoint.path.replace("{", "<").replace("}", ">")
        status = endpoint.success[0]
        return self.router.route(
            rule, endpoint.method, summary=summary, tags=[endpoint.tag or self._tag], status_code=status
        )


class EndpointList:
    """Every endpoint of the API, by the resolver's key and by the gateway's."""

    def __init__(self, endpoints: Iterable[Endpoint]) -> None:
        self.all = tuple(endpoints)
        self._by_key = {endpoint.key: endpoint for endpoint in self.all}
        self._by_route_key = {endpoint.route_key: endpoint for endpoint in self.all}
        if len(self._by_key) < len(self.all) or len(self._by_route_key) < len(self.all):
            raise ValueError("two routes have one method and path")

    def find(self, method: str, path: str) -> Endpoint | None:
        return self._by_key.get(f"{method} {path}")

    def of_gateway(self, route_key: str) -> Endpoint | None:
        return self._by_route_key.get(route_key)


class EndpointResolver(APIGatewayHttpResolver):
    """The resolver of the API with the list of its routes."""

    endpoints: EndpointList

    def include(self, routes: Iterable[Routes], others: Iterable[Endpoint] = ()) -> None:
        """Registers the routes of every module. `others` are those that the resolver itself adds."""
        modules = tuple(routes)
        for module in modules:
            self.include_router(module.router)
        self.endpoints = EndpointList([*(endpoint for module in modules for endpoint in module.endpoints), *others])
