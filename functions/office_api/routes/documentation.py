"""The OpenAPI document, generated from the routes, and a page to read it with. Both hold no data of anybody."""

from functools import cache
from typing import Any

from aws_lambda_powertools.event_handler import APIGatewayHttpResolver, Response

DOCUMENT, PAGE = "/v1/openapi.json", "/v1/swagger"
TITLE, VERSION = "Arrest Alert", "1"


def _described() -> dict[str, Any]:
    """What it loads would make every other cold start 100 ms longer."""
    from aws_lambda_powertools.event_handler.openapi.models import HTTPBearer, SecurityScheme, Server  # noqa: PLC0415

    bearer: dict[str, SecurityScheme] = {"id token": HTTPBearer(bearerFormat="JWT")}
    return {
        "title": TITLE, "version": VERSION, "security_schemes": bearer, "security": [{"id token": []}],
        "servers": [Server(url="..")],  # relative to the page and the document, wherever the API is served
        "description": "Prosecutors subscribe to persons, charges and places, and read the alerts that follow.",
    }  # fmt: skip


def written(app: APIGatewayHttpResolver) -> str:
    return app.get_openapi_json_schema(**_described())


@cache
def add_to(app: APIGatewayHttpResolver) -> None:
    """Called when one of the two is first asked for."""
    app.enable_swagger(path=PAGE, persist_authorization=False, **_described())

    @app.get(DOCUMENT, include_in_schema=False)
    def document() -> Response[str]:
        return Response(status_code=200, content_type="application/json", body=written(app))
