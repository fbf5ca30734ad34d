"""The routes as the document has them, requests that are meant to be refused, and what came back."""

import http.client
import json
import re
import threading
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from tests.local.cloud import PATIENCE
from tests.office_api.document import committed

AT_ONCE = 6


class Route(NamedTuple):
    """`example` is the body that the document shows, `headers` are the names of the headers that must be sent."""

    method: str
    path: str
    parameters: tuple[str, ...]
    query: tuple[str, ...]
    example: Any
    headers: frozenset[str]
    is_idempotent: bool
    needs_sign_in: bool

    @property
    def key(self) -> str:
        return f"{self.method} {self.path}"


def routes() -> list[Route]:
    """Every operation of the committed document, which `tests/office_api` holds equal to the list of routes."""
    return [
        _route(method, path, operation)
        for path, operations in committed()["paths"].items()
        for method, operation in operations.items()
    ]


def _route(method: str, path: str, operation: Mapping[str, Any]) -> Route:
    parameters = operation.get("parameters", [])
    body = operation.get("requestBody", {}).get("content", {}).get("application/json", {})
    headers = [parameter for parameter in parameters if parameter["in"] == "header"]
    return Route(
        method.upper(),
        path,
        tuple(re.findall(r"{(\w+)}", path)),
        tuple(parameter["name"] for parameter in parameters if parameter["in"] == "query"),
        body.get("example"),
        frozenset(header["name"].lower() for header in headers if header["required"]),
        any(header["name"] == "Idempotency-Key" for header in headers),
        operation.get("security") != [],
    )


@dataclass(frozen=True)
class Attempt:
    """A request. `refused` says that any success is a finding; otherwise only faults and secrets are."""

    what: str
    method: str
    path: str
    token: str | None = None
    body: bytes | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    refused: bool = True


class Outcome(NamedTuple):
    attempt: Attempt
    status: int
    body: str
    headers: Mapping[str, str]

    @property
    def came_from_function(self) -> bool:
        """The function's own answers carry these headers, the gateway's do not."""
        return self.headers.get("x-content-type-options") == "nosniff"


def attempt(
    what: str, route: Route, path: str, token: str | None, body: Any = None, *, refused: bool = True, **headers: str
) -> Attempt:
    """A request with all that the route asks for. `headers` have underscores for hyphens; an empty one is left out."""
    usual = {"content-type": "application/json", "purpose": "investigation"}
    usual |= {"if-match": "*"} if "if-match" in route.headers else {}
    usual |= {name.replace("_", "-"): value for name, value in headers.items()}
    example = json.dumps(route.example).encode() if body is None and route.example is not None else body
    content = example if isinstance(example, bytes | None) else json.dumps(example).encode()
    return Attempt(what, route.method, path, token, content, {k: v for k, v in usual.items() if v}, refused)


class Gateway:
    """Sends requests as they are, also those that no client library would send. One connection for each thread."""

    def __init__(self, base: str) -> None:
        self._address = urlsplit(base)
        self._of_thread = threading.local()

    def send_all(self, attempts: Iterable[Attempt]) -> Iterator[Outcome]:
        with ThreadPoolExecutor(AT_ONCE) as pool:
            yield from pool.map(self.send, attempts)

    def send(self, made: Attempt) -> Outcome:
        headers = dict(made.headers) | ({"authorization": f"Bearer {made.token}"} if made.token is not None else {})
        connection = self._connection()
        try:
            connection.request(made.method, self._address.path + made.path, made.body, headers)
            answer = connection.getresponse()
            content = answer.read()
        except (http.client.HTTPException, OSError):
            self._of_thread.connection = None
            raise
        names = {name.lower(): value for name, value in answer.getheaders()}
        return Outcome(made, answer.status, content.decode(errors="replace"), names)

    def _connection(self) -> http.client.HTTPConnection:
        connection: http.client.HTTPConnection | None = getattr(self._of_thread, "connection", None)
        if connection is None:
            connection = http.client.HTTPConnection(self._address.hostname or "", self._address.port, timeout=PATIENCE)
            self._of_thread.connection = connection
        return connection


def findings(outcomes: Iterable[Outcome], secrets: Iterable[str]) -> Iterator[str]:
    """Yields what is wrong: a fault, a success where a refusal is due, a secret in an answer."""
    secrets = list(secrets)
    for outcome in outcomes:
        made = outcome.attempt
        name = f"{made.what}: {made.method} {made.path[:120]} -> {outcome.status}"
        if outcome.status >= 500:
            yield f"{name} is a fault: {outcome.body[:200]}"
        if outcome.status < 400 and made.refused:
            yield f"{name} is a success: {outcome.body[:200]}"
        if leaked := [secret for secret in secrets if secret in outcome.body]:
            yield f"{name} shows {leaked}"
