"""The list of routes: what is declared beside a route is what the gate, the document and the gateway go by."""

import json
from typing import Any

import pytest

from functions.office_api.endpoints import AuditedPart, Endpoint, EndpointList, Entry, Routes
from functions.office_api.gateway_routes import FILE, gateway_routes
from shared.access import Action
from tests.office_api.document import committed

COMMAND = "python -m tests.office_api.document"


@pytest.fixture
def endpoints(handler: Any) -> EndpointList:
    declared: EndpointList = handler.app.endpoints
    return declared


def documented(endpoints: EndpointList) -> list[Endpoint]:
    return [endpoint for endpoint in endpoints.all if endpoint.entry is not Entry.DOCUMENTATION]


def test_the_resolver_the_declarations_and_the_document_name_the_same_routes(
    endpoints: EndpointList, handler: Any
) -> None:
    declared = {endpoint.key for endpoint in documented(endpoints)}
    in_document = {f"{method.upper()} {path}" for path, methods in committed()["paths"].items() for method in methods}
    assert declared == in_document, f"declare the route with @routes.get(...) or the like, then run {COMMAND}"
    resolved = {
        (route.method, route.rule.pattern) for route in handler.app._static_routes + handler.app._dynamic_routes
    }
    assert len(resolved) == len(documented(endpoints)), "a route was registered without @routes"


def test_the_gateway_has_the_declared_routes(endpoints: EndpointList, template: dict[str, Any]) -> None:
    assert FILE.read_text() == gateway_routes(endpoints.all), f"run {COMMAND}"
    routes = [
        resource["Properties"]
        for resource in template["Resources"].values()
        if resource["Type"] == "AWS::ApiGatewayV2::Route"
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


def test_a_request_that_changes_something_can_be_sent_again(endpoints: EndpointList) -> None:
    for endpoint in endpoints.all:
        assert endpoint.idempotent == (endpoint.method == "POST" and endpoint.entry is Entry.SIGNED_IN), (
            f"{endpoint.key}: a POST takes an Idempotency-Key; PUT and DELETE need none"
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


def test_every_request_is_audited_by_its_path_its_body_and_its_answer(endpoints: EndpointList) -> None:
    every = AuditedPart.PATH | AuditedPart.BODY | AuditedPart.ANSWER
    assert all(endpoint.audited == every for endpoint in endpoints.all)


def test_two_routes_of_one_method_and_path_are_refused() -> None:
    routes = Routes("twice")
    for _ in range(2):
        routes.get("/v1/twice", action=Action.READ_ME, summary="Twice")
    with pytest.raises(ValueError, match="one method and path"):
        EndpointList(routes.endpoints)


def test_the_gateways_file_is_read_without_the_product() -> None:
    routes = json.loads(FILE.read_text())
    assert {key for route in routes for key in route} == {"path", "methods", "entry"}
