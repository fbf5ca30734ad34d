"""Headers that every answer of the API carries, errors and link pages too (OWASP, "REST Security Cheat Sheet")."""

from typing import Any

SECURITY_HEADERS = {
    "Cache-Control": "no-store",  # no proxy and no browser keeps what it says of a person
    "Strict-Transport-Security": "max-age=63072000; includeSubDomains",  # seconds: two years
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
_POLICY = "Content-Security-Policy"
_NOTHING = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"


def with_security_headers(response: dict[str, Any]) -> dict[str, Any]:
    """Returns the answer, in the form of a Lambda proxy, with these headers. A page brings its own policy of what it
    may load; anything else is no page, and may load nothing if a browser takes it for one."""
    return response | {"headers": {_POLICY: _NOTHING, **response.get("headers", {}), **SECURITY_HEADERS}}
