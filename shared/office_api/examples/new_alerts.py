"""Prints the alerts that nobody has acknowledged, all pages of them, and acknowledges each.

It needs Python alone:  API=https://... TOKEN=... python new_alerts.py
A client with a function for every operation is made by `make client`.
"""

import json
import os
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode


def call(method: str, path: str, body: object = None, **headers: str) -> Any:
    """Returns the answer's document. Exits with what the API says is wrong (RFC 9457) and how to correct it."""
    request = urllib.request.Request(
        os.environ["API"] + path,
        method=method,
        data=None if body is None else json.dumps(body).encode(),
        headers={
            "Authorization": f"Bearer {os.environ['TOKEN']}",
            "Content-Type": "application/json",
            "Purpose": "supervision",  # the API refuses a request that does not say what it is for
            **headers,
        },
    )
    try:
        with urllib.request.urlopen(request, timeout=30) as response:
            return json.loads(response.read() or b"null")
    except urllib.error.HTTPError as error:
        sys.exit(f"{error.code}: {error.read().decode()}")


def unacknowledged() -> Iterator[dict[str, Any]]:
    """Yields your own alerts that nobody has acknowledged, the newest first. A page names the one after it."""
    page = call("GET", "/v1/alerts?mine=true&unanswered=true")
    yield from page["items"]
    while page["next"]:
        page = call("GET", "/v1/alerts?mine=true&unanswered=true&" + urlencode({"after": page["next"]}))
        yield from page["items"]


for alert in list(unacknowledged()):  # all pages first: an acknowledged alert is no longer in them
    print(alert["number"], *(reason["sentence"] for reason in alert["because"]), sep="\n  ")
    call("PUT", f"/v1/alerts/{alert['alert_id']}/acknowledgement")
