"""Writes the committed files that are derived from the routes: the OpenAPI document, and the gateway's routes for
`infra`.

    python -m tests.office_api.document
"""

import json
import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from shared.office_api.endpoints import Endpoint

ROOT = Path(__file__).resolve().parents[2]
TOKEN_URL = "https://sign-in.arrest-alert.example/oauth2/token"  # each deployment has its own
GATEWAY_ROUTES = ROOT / "infra" / "office_api_routes.json"  # `infra` imports nothing of the product
DOCUMENT = ROOT / "shared" / "office_api" / "openapi.json"


def gateway_routes(endpoints: Iterable[Endpoint]) -> str:
    """Returns a JSON array with one object for each path: `path`, `methods`, `entry`, as they were declared."""
    by_path: dict[tuple[str, str], list[str]] = {}
    for endpoint in endpoints:
        by_path.setdefault((endpoint.gateway_path, endpoint.entry.value), []).append(endpoint.method)
    routes = [{"path": path, "methods": methods, "entry": entry} for (path, entry), methods in by_path.items()]
    return "[\n" + ",\n".join(f"  {json.dumps(route)}" for route in routes) + "\n]\n"


def committed() -> Any:
    """Returns the committed document. A test checks that the code would write the same."""
    return json.loads(DOCUMENT.read_text())


def main() -> None:
    from shared.office_api.settings import Settings  # noqa: PLC0415 - the handler reads its settings when imported

    os.environ |= {field.upper(): "true" for field in Settings.__annotations__}
    os.environ["TOKEN_URL"] = TOKEN_URL
    os.environ |= {"AWS_DEFAULT_REGION": "us-east-1", "POWERTOOLS_TRACE_DISABLED": "true"}
    from shared.office_api.application import app  # noqa: PLC0415
    from shared.office_api.routes.documentation import document_json  # noqa: PLC0415

    DOCUMENT.write_text(document_json(app) + "\n")
    GATEWAY_ROUTES.write_text(gateway_routes(app.endpoints.all))


if __name__ == "__main__":
    main()
