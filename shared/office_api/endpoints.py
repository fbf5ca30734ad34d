"""The list of routes. Each route is declared once, beside its function, by `@routes.get(...)` and the like.

Everything else is derived from the declarations: the action that the gate asks about (`middleware/authorization.py`),
whether a purpose and an idempotency key are read, what the OpenAPI document says, and the gateway's routes in
`infra/office_api_routes.json`. `python -m tests.office_api.document` writes the two files. What a declaration lacks,
`tests/office_api/test_endpoints.py` names with a sentence that says what to write.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import wraps
from http import HTTPStatus
from inspect import cleandoc
from typing import Any, Required, TypedDict, TypeVar, Unpack

from aws_lambda_powertools.event_handler import APIGatewayHttpResolver
from aws_lambda_powertools.event_handler.router import APIGatewayHttpRouter

from shared.access import Action

Function = TypeVar("Function", bound=Callable[..., Any])


class Entry(StrEnum):
    """How a caller gets in."""

    SIGNED_IN = "signed in"  # with a token of the user pool; the gate asks the policy
    SIGNED_LINK = "signed link"  # with the link in a mail, whose signature says whose it is and what it is for
    DOCUMENTATION = "documentation"  # no personal data; an environment may ask for a token


Ids = dict[str, Any]
"""What is kept of an answer: ids and words of ours, never a person, a name or a text that somebody wrote."""


@dataclass(frozen=True, kw_only=True)
class Replay:
    """How a route that changes something answers a request that comes again: with what the caller may read now.

    `ids` takes the ids out of the first answer, a JSON document. `answer` gets them with the arguments of the route,
    and returns what the route's function returns. It runs behind the gate, and changes nothing.
    """

    answer: Callable[..., Any]
    ids: Callable[[Any], Ids] = lambda _document: {}


REPLAYED_IDS = "replayed ids"  # the key in the resolver's context; whoever sets it wants the answer made anew


class Declaration(TypedDict, total=False):
    """What a route declares. The fields of the same names in `Endpoint` say the defaults."""

    action: Required[Action | None]
    summary: Required[str]
    entry: Entry
    needs_purpose: bool
    replay: Replay
    conditional: bool
    success: tuple[HTTPStatus, ...]
    also_csv: bool
    media_type: str
    tag: str
    example: Any


@dataclass(frozen=True, kw_only=True)
class Endpoint:
    """One route, as declared. `path` has its parameters in braces."""

    method: str
    path: str
    action: Action | None = None  # None where no token is asked for
    summary: str = ""  # one line of the document
    description: str = ""  # the docstring of the function
    operation_id: str = ""  # the name of the function
    entry: Entry = Entry.SIGNED_IN
    needs_purpose: bool = True  # whether the header Purpose must be sent
    replay: Replay | None = None  # whether an Idempotency-Key is read, and what the repeated request is answered
    conditional: bool = False  # whether If-Match must be sent (RFC 9110 section 13.1.1)
    success: tuple[HTTPStatus, ...] = (HTTPStatus.OK,)
    also_csv: bool = False  # whether `Accept: text/csv` gets a table
    media_type: str = "application/json"  # of the answer; of another one the function returns the text
    tag: str = ""  # the group of the document; else the module's
    example: Any = None  # of the request's body, as JSON

    @property
    def idempotent(self) -> bool:
        return self.replay is not None

    @property
    def key(self) -> str:
        """Method and path, as the resolver knows them."""
        return f"{self.method} {self.path}"

    @property
    def gateway_path(self) -> str:
        """The path in the gateway. Its names of parameters are part of the stack's logical ids, so they stay."""
        path = self.path
        for parameter, name in _GATEWAY_NAMES.items():
            path = path.replace(f"{{{parameter}}}", f"{{{name}}}")
        return path

    @property
    def route_key(self) -> str:
        """The name of the route in the gateway's events."""
        return f"{self.method} {self.gateway_path}"


_GATEWAY_NAMES = {
    "subscription_id": "id",
    "alert_id": "id",
    "arrest_id": "id",
    "review_id": "id",
    "disclosure_id": "id",
    "dispute_id": "id",
    "export_id": "id",
    "breach_id": "id",
    "opening_id": "id",
    "unsealing_id": "id",
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

    def get(self, path: str, **declaration: Unpack[Declaration]) -> Callable[[Function], Function]:
        return self._route("GET", path, declaration)

    def put(self, path: str, **declaration: Unpack[Declaration]) -> Callable[[Function], Function]:
        return self._route("PUT", path, declaration)

    def delete(self, path: str, **declaration: Unpack[Declaration]) -> Callable[[Function], Function]:
        return self._route("DELETE", path, declaration)

    def post(self, path: str, **declaration: Unpack[Declaration]) -> Callable[[Function], Function]:
        """A POST that changes something declares its `replay`."""
        return self._route("POST", path, declaration)

    def _route(self, method: str, path: str, declaration: Declaration) -> Callable[[Function], Function]:
        def register(function: Function) -> Function:
            texts = {"operation_id": function.__name__, "description": _paragraphs(function.__doc__ or "")}
            endpoint = Endpoint(method=method, path=path, **texts, **declaration)
            self.endpoints.append(endpoint)
            self._add(endpoint, self._replayable(function, endpoint.replay) if endpoint.replay else function)
            return function

        return register

    def _replayable(self, function: Callable[..., Any], replay: Replay) -> Callable[..., Any]:
        @wraps(function)
        def run(**arguments: Any) -> Any:
            ids = self.router.context.get(REPLAYED_IDS)
            return function(**arguments) if ids is None else replay.answer(ids, **arguments)

        return run

    def _add(self, endpoint: Endpoint, function: Callable[..., Any]) -> None:
        self.router.route(
            endpoint.path.replace("{", "<").replace("}", ">"),
            endpoint.method,
            summary=endpoint.summary,
            description=endpoint.description,
            operation_id=endpoint.operation_id,
            tags=[endpoint.tag or self._tag],
            status_code=endpoint.success[0],
        )(function)


def _paragraphs(docstring: str) -> str:
    """Returns the docstring without the line breaks inside its paragraphs."""
    return "\n\n".join(" ".join(paragraph.split()) for paragraph in cleandoc(docstring).split("\n\n"))


class EndpointList:
    """Every endpoint of the API. Raises ValueError if two routes have one method and path."""

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
        """Registers the routes of every module. `others` are routes that the resolver itself adds."""
        modules = tuple(routes)
        for module in modules:
            self.include_router(module.router)
        self.endpoints = EndpointList([*(endpoint for module in modules for endpoint in module.endpoints), *others])
