"""The gateway's routes, of the declarations.

`infra` imports nothing of the product, so it reads them from `infra/office_api_routes.json`. The command
`python -m tests.office_api.document` writes that file, and a test holds it to the declarations.
"""

import json
from collections.abc import Iterable
from pathlib import Path

from functions.office_api.endpoints import Endpoint

FILE = Path(__file__).resolve().parents[2] / "infra" / "office_api_routes.json"


def gateway_routes(endpoints: Iterable[Endpoint]) -> str:
    """Returns a JSON array with one object for each path: `path`, `methods`, `entry`, as they were declared."""
    by_path: dict[tuple[str, str], list[str]] = {}
    for endpoint in endpoints:
        by_path.setdefault((endpoint.gateway_path, endpoint.entry.value), []).append(endpoint.method)
    routes = [{"path": path, "methods": methods, "entry": entry} for (path, entry), methods in by_path.items()]
    return "[\n" + ",\n".join(f"  {json.dumps(route)}" for route in routes) + "\n]\n"
