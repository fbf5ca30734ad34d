"""`python -m tests.office_api.document` writes what is derived from the routes to where it is committed: the OpenAPI
document, and the gateway's routes that `infra` reads."""

import json
import os
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
TOKEN_URL = "https://sign-in.arrest-alert.example/oauth2/token"  # each deployment has its own
DOCUMENT = ROOT / "functions" / "office_api" / "openapi.json"


def committed() -> Any:
    """What the code would write, as one test holds."""
    return json.loads(DOCUMENT.read_text())


def main() -> None:
    from functions.office_api.settings import Settings  # noqa: PLC0415 - the handler reads its settings when imported

    os.environ |= {field.upper(): "true" for field in Settings.__annotations__}
    os.environ["TOKEN_URL"] = TOKEN_URL
    os.environ |= {"AWS_DEFAULT_REGION": "us-east-1", "POWERTOOLS_TRACE_DISABLED": "true"}
    from functions.office_api.gateway_routes import FILE, gateway_routes  # noqa: PLC0415
    from functions.office_api.handler import app  # noqa: PLC0415
    from functions.office_api.routes.documentation import written  # noqa: PLC0415

    DOCUMENT.write_text(written(app) + "\n")
    FILE.write_text(gateway_routes(app.endpoints.all))


if __name__ == "__main__":
    main()
