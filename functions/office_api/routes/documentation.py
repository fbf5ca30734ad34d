"""The OpenAPI document, generated from the routes, and a page to read it with. Both hold no data of anybody."""

from aws_lambda_powertools.event_handler import APIGatewayHttpResolver, Response
from aws_lambda_powertools.event_handler.openapi.models import HTTPBearer, SecurityScheme

TITLE, VERSION = "Arrest Alert", "1"
_BEARER: dict[str, SecurityScheme] = {"id token": HTTPBearer(bearerFormat="JWT")}


def document(app: APIGatewayHttpResolver) -> str:
    return app.get_openapi_json_schema(
        title=TITLE, version=VERSION, security_schemes=_BEARER, security=[{"id token": []}],
        description="Prosecutors subscribe to persons, charges and places, and read the alerts that follow.",
    )  # fmt: skip


def add_to(app: APIGatewayHttpResolver) -> None:
    app.enable_swagger(
        path="/v1/swagger", title=TITLE, version=VERSION, security_schemes=_BEARER, security=[{"id token": []}],
        persist_authorization=False,
    )  # fmt: skip

    @app.get("/v1/openapi.json", include_in_schema=False)
    def openapi() -> Response[str]:
        return Response(status_code=200, content_type="application/json", body=document(app))
