"""The OpenAPI document and a page to read it with. Neither holds personal data."""

from functools import cache
from typing import Any

from aws_lambda_powertools.event_handler import APIGatewayHttpResolver, Response
from aws_lambda_powertools.utilities.typing import LambdaContext

from shared.office_api import dependencies
from shared.office_api.endpoints import Endpoint, Entry
from shared.offices.users import Scope

DOCUMENT, PAGE = "/v1/openapi.json", "/v1/swagger"
ENDPOINTS = tuple(
    Endpoint(method="GET", path=path, action=None, entry=Entry.DOCUMENTATION, needs_purpose=False)
    for path in (DOCUMENT, PAGE)
)
TITLE, VERSION = "Arrest Alert", "1"
PERSON, MACHINE = "id token", "machine"  # the ways in
_SCOPES = {
    Scope.LISTS: "Send the office's case and warrant lists",
    Scope.SUBSCRIPTIONS: "Make subscriptions, and read, change and cancel those",
    Scope.FEEDS: "Send the feeds of the office's agencies, and read their receipts",
    Scope.ALERTS: "Read and acknowledge the alerts that went to its webhooks and topics",
}


def _document_options() -> dict[str, Any]:
    """Loads the models when needed: they would make every other cold start 100 ms longer."""
    from aws_lambda_powertools.event_handler.openapi import models  # noqa: PLC0415

    tokens = models.OAuthFlowClientCredentials(
        tokenUrl=dependencies.settings.token_url, scopes={scope.in_token: _SCOPES[scope] for scope in Scope}
    )
    schemes: dict[str, models.SecurityScheme] = {
        PERSON: models.HTTPBearer(bearerFormat="JWT"),
        MACHINE: models.OAuth2(flows=models.OAuthFlows(clientCredentials=tokens)),
    }
    return {
        "title": TITLE,
        "version": VERSION,
        "security_schemes": schemes,
        "security": [{PERSON: []}],
        "servers": [models.Server(url="..")],  # relative to the page and the document, wherever the API is served
        "description": "Prosecutors subscribe to persons, charges and places, and read the alerts that follow.",
    }


def document_json(app: APIGatewayHttpResolver) -> str:
    return app.get_openapi_json_schema(**_document_options())


def answer(app: APIGatewayHttpResolver, event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """The document, or the page. The page runs scripts at the console's own address, so it may load nothing, and ask
    nobody but the API and where machines get their tokens."""
    _add_to(app)
    response = app.resolve(event, context)
    policy = {"Content-Security-Policy": _page_policy()} if event["rawPath"] == PAGE else {}
    return response | {"headers": policy | response.get("headers", {})}


def _page_policy() -> str:
    return (
        "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data:; "
        f"connect-src 'self' {dependencies.settings.token_url}; "
        "frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
    )


@cache
def _add_to(app: APIGatewayHttpResolver) -> None:
    """Adds the two routes to the resolver. Called at the first request for one of them."""
    app.enable_swagger(path=PAGE, persist_authorization=False, **_document_options())

    @app.get(DOCUMENT, include_in_schema=False)
    def document() -> Response[str]:
        return Response(status_code=200, content_type="application/json", body=document_json(app))
