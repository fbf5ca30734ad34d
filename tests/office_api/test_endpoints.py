"""The list of routes: what is declared beside a route is what the gate, the document and the gateway go by."""

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from shared.access import Action
from shared.office_api.endpoints import Endpoint, EndpointList, Entry, Routes
from tests.office_api.document import GATEWAY_ROUTES, committed, gateway_routes

COMMAND = ".venv/bin/python -m tests.office_api.document"
INTEGRATION = "OfficeApiPOSTv1subscriptionsOfficeApi0E736B4E"


@pytest.fixture
def endpoints(handler: Any) -> EndpointList:
    declared: EndpointList = handler.app.endpoints
    return declared


def documented(endpoints: EndpointList) -> list[Endpoint]:
    return [endpoint for endpoint in endpoints.all if endpoint.entry is not Entry.DOCUMENTATION]


def resolved(handler: Any) -> set[str]:
    """Method and path of every route that the resolver answers."""
    routes = handler.app._static_routes + handler.app._dynamic_routes
    return {f"{route.method} {route.openapi_path}" for route in routes}


def test_the_resolver_the_declarations_and_the_document_name_the_same_routes(
    endpoints: EndpointList, handler: Any
) -> None:
    declared = {endpoint.key for endpoint in documented(endpoints)}
    in_document = {f"{method.upper()} {path}" for path, methods in committed()["paths"].items() for method in methods}
    assert declared == in_document, f"declare the route with @routes.get(...) or the like, then run {COMMAND}"
    added_when_asked_for = {endpoint.key for endpoint in endpoints.all} - declared
    assert resolved(handler) - added_when_asked_for == declared, "declare the route with @routes.get(...) or the like"


def omissions(endpoint: Endpoint, operation: dict[str, Any]) -> list[str]:
    """What the declaration of a route still lacks, as sentences that say what to write."""
    signed_in = endpoint.entry is Entry.SIGNED_IN
    lacks = {
        "action=Action...: the action of shared/access/actions.py that the gate asks about, or entry= if nobody signs "
        "in for it": signed_in and endpoint.action is None,
        'summary="...": what the operation does, in one line': not endpoint.summary,
        "a docstring of its function: it is the description in the OpenAPI document": not endpoint.description,
        "example=examples...: a request body, in shared/office_api/routes/examples.py": "requestBody" in operation
        and endpoint.example is None,
    }
    return [f"{endpoint.key} lacks {sentence}" for sentence, missing in lacks.items() if missing]


def test_every_declaration_is_complete(endpoints: EndpointList) -> None:
    paths = committed()["paths"]
    operations = [(endpoint, paths[endpoint.path][endpoint.method.lower()]) for endpoint in documented(endpoints)]
    sentences = [sentence for endpoint, operation in operations for sentence in omissions(endpoint, operation)]
    assert not sentences, "\n".join(sentences)


def test_every_module_of_routes_is_served(handler: Any) -> None:
    folder = Path(handler.__file__).with_name("routes")
    declaring = {
        ".".join(path.relative_to(folder).with_suffix("").parts)
        for path in folder.rglob("*.py")
        if "routes = Routes(" in path.read_text(encoding="utf-8")
    }
    served = {module.__name__.partition(".routes.")[2] for module in handler.MODULES}
    assert declaring == served, "write the module in MODULES of shared/office_api/application.py, not as the first"


def test_each_omission_of_a_declaration_is_named() -> None:
    routes = Routes("incomplete")

    @routes.post("/v1/incomplete")  # type: ignore[call-arg]
    def incomplete() -> None: ...

    sentences = omissions(routes.endpoints[0], {"requestBody": {}})
    assert [sentence.split(":")[0].split("=")[0] for sentence in sentences] == [
        "POST /v1/incomplete lacks action", "POST /v1/incomplete lacks summary",
        "POST /v1/incomplete lacks a docstring of its function", "POST /v1/incomplete lacks example",
    ]  # fmt: skip


def test_a_route_without_an_action_is_refused_rather_than_open(handler: Any, call: Any) -> None:
    undeclared = [replace(endpoint, action=None) for endpoint in handler.app.endpoints.all]
    before, handler.app.endpoints = handler.app.endpoints, EndpointList(undeclared)
    try:
        assert call("GET", "/v1/me").status == 404
    finally:
        handler.app.endpoints = before


def test_the_integration_of_a_deployed_stack_keeps_its_logical_id(handler: Any, template: dict[str, Any]) -> None:
    """CDK names the API's integration after the first route that is bound to it."""
    assert handler.MODULES[0] is handler.subscriptions, "keep `subscriptions` first in MODULES"
    integrations = [
        logical_id
        for logical_id, resource in template["Resources"].items()
        if resource["Type"] == "AWS::ApiGatewayV2::Integration"
    ]
    assert INTEGRATION in integrations, "another first route would replace the integration of every deployed stack"


def test_every_operation_has_a_name_of_its_own_in_plain_words(endpoints: EndpointList) -> None:
    names = [endpoint.operation_id for endpoint in documented(endpoints)]
    assert len(names) == len(set(names)), "two route functions have one name; a client could call only one of them"
    assert [name for name in names if not re.fullmatch("[a-z]+(_[a-z]+)+", name)] == [], (
        "name the function of the route verb_noun"
    )


def test_the_gateway_has_the_declared_routes(endpoints: EndpointList, template: dict[str, Any]) -> None:
    assert GATEWAY_ROUTES.read_text() == gateway_routes(endpoints.all), f"run {COMMAND}"
    routes = [
        resource["Properties"]
        for resource in template["Resources"].values()
        if resource["Type"] == "AWS::ApiGatewayV2::Route" and " /v1/" in resource["Properties"]["RouteKey"]
    ]
    signed_in = {route["RouteKey"] for route in routes if route.get("AuthorizationType") == "JWT"}
    assert {route["RouteKey"] for route in routes} == {endpoint.route_key for endpoint in endpoints.all}
    assert signed_in == {endpoint.route_key for endpoint in endpoints.all if endpoint.entry is Entry.SIGNED_IN}, (
        "the local environment's documentation is public, everything but links is not"
    )


def test_every_route_that_is_signed_in_to_has_an_action_and_every_action_that_a_person_asks_for_a_route(
    endpoints: EndpointList,
) -> None:
    for endpoint in endpoints.all:
        assert (endpoint.action is None) == (endpoint.entry is not Entry.SIGNED_IN), (
            f"{endpoint.key}: say which action (shared/access/actions.py) it is, or why nobody signs in for it (entry=)"
        )
    # these are decided about a record that a body names, or without any request
    without_route = {Action.FILE_SUBSCRIPTION, Action.PUT_FOLDER, Action.BE_TOLD}
    unused = set(Action) - {endpoint.action for endpoint in endpoints.all} - without_route
    assert not unused, "an action without a route: declare the route, or name it in this test with the reason"


# These change nothing: what they ask for is in a body, because addresses are written into logs.
POSTS_THAT_READ = {
    "POST /v1/agencies/{agency_id}/dry-run",
    "POST /v1/agencies/{agency_id}/suggest",
    "POST /v1/agencies/{agency_id}/uploads",  # permission to put a file
    "POST /v1/arrests/search",
    "POST /v1/places/history",
    "POST /v1/audit/search",
    "POST /v1/backtest",
    "POST /v1/subscriptions/search",
    "POST /v1/uploads/preview",
}


def test_ta4_a_post_that_changes_something_says_how_it_is_answered_again_and_one_that_reads_keeps_nothing(
    endpoints: EndpointList,
) -> None:
    for endpoint in endpoints.all:
        changes = endpoint.method == "POST" and endpoint.key not in POSTS_THAT_READ
        assert endpoint.idempotent == (changes and endpoint.entry is Entry.SIGNED_IN), (
            f"{endpoint.key}: declare replay=Replay(...) if it changes something, or name it in POSTS_THAT_READ; PUT "
            "and DELETE need no key"
        )


def test_the_document_says_of_each_route_what_its_declaration_says(endpoints: EndpointList) -> None:
    paths = committed()["paths"]
    for endpoint in documented(endpoints):
        operation = paths[endpoint.path][endpoint.method.lower()]
        headers = {
            parameter["name"]: parameter for parameter in operation.get("parameters", []) if parameter["in"] == "header"
        }
        if endpoint.entry is Entry.SIGNED_LINK:
            assert operation["security"] == []
            continue
        assert headers["Purpose"]["required"] == endpoint.needs_purpose, endpoint.key
        assert ("Idempotency-Key" in headers) == endpoint.idempotent, endpoint.key
        assert ("If-Match" in headers) == endpoint.conditional, endpoint.key
        succeeds = {int(status) for status in operation["responses"] if int(status) < 300}
        assert succeeds == {int(status) for status in endpoint.success}, endpoint.key


def test_two_routes_of_one_method_and_path_are_refused() -> None:
    routes = Routes("twice")
    for _ in range(2):
        routes.get("/v1/twice", action=Action.READ_ME, summary="Twice")(lambda: None)
    with pytest.raises(ValueError, match="one method and path"):
        EndpointList(routes.endpoints)


def test_the_gateways_file_is_read_without_the_product() -> None:
    routes = json.loads(GATEWAY_ROUTES.read_text())
    assert {key for route in routes for key in route} == {"path", "methods", "entry"}
