"""Bodies, queries, paths and headers that nobody sends by accident. None may be a fault."""

import json
from collections.abc import Iterator
from typing import Any

from tests.e2e.attack.estate import Estate
from tests.e2e.attack.requests import Attempt, Route, attempt

_DEPTH = 100_000
_PLACE = "@here@"
# name -> JSON in the place of a field
VALUES = {
    "half a letter": '"\\ud800"',
    "a NUL": '"a\\u0000b"',
    "a number of 5,000 digits": "9" * 5_000,
    "a float of no size": "1e999",
    "minus one": "-1",
    "true": "true",
    "null": "null",
    "an empty list": "[]",
    "an empty object": "{}",
    "an empty text": '""',
    "a list of 3,000 texts": json.dumps(["x"] * 3_000),
    "5,000 lists in lists": "[" * 5_000 + "]" * 5_000,
    "a day that is none": '"2026-02-30"',
    "a path": '"../../../etc/passwd"',
    "a formula": '"=HYPERLINK(1)"',
    "markup": '"<script>alert(1)</script>"',
    "another reading order": '"\\u202egpj.exe"',
    "NaN": "NaN",
}
LONG = '"' + "x" * 1_000_000 + '"'
BODIES = {
    "nothing": b"",
    "a word": b"null",
    "a list": b"[]",
    "a text": b'"x"',
    "a number": b"7",
    "no JSON": b"{criterion",
    "no UTF-8": b'{"\xff\xfe": 1}',
    "UTF-16": '{"a": 1}'.encode("utf-16"),
    "a byte order mark": b"\xef\xbb\xbf{}",
    "100,000 lists in lists": b"[" * _DEPTH + b"]" * _DEPTH,
    "100,000 objects in objects": b'{"a":' * _DEPTH + b"1" + b"}" * _DEPTH,
    "a field named twice": b'{"name": "a", "name": "b"}',
    "a prototype": b'{"__proto__": {"rights": []}, "constructor": 1}',
    "NaN": b"NaN",
    "two documents": b"{}{}",
    "a form": b"name=a&rights=audit",
}
QUERIES = {
    "an unknown name": "colour=red",
    "no limit": "limit=-1",
    "a huge limit": f"limit={'9' * 400}",
    "no number": "limit=NaN",
    "a cursor that is no base64": "after=w6k",
    "a long cursor": f"after={'A' * 4_000}",
    "a NUL": "after=%00",
    "half a letter": "after=%ed%a0%80",
    "no UTF-8": "day=%ff%fe",
    "no day": "day=2026-13-45",
    "a name twice": "limit=1&limit=2",
    "a cursor of nothing": "after=e30",
    "half an escape": "after=%",
    "brackets": "limit[]=1&after[$gt]=",
}
SEGMENTS = {
    "a NUL": "%00",
    "a way up": "..%2f..%2fetc",
    "a long one": "A" * 3_000,
    "half a letter": "%ed%a0%80",
    "a quote": "%27%20OR%201=1",
    "capitals": "A" * 32,
    "a line more": "0" * 32 + "%0a",
    "nobody's": "0" * 32,
    "a star": "*",
    "the first day of all": "0001-01-01",
    "the last day of all": "9999-12-31",
    "a cell": "=1+1",
}
HEADERS: dict[str, dict[str, str]] = {
    "no purpose": {"purpose": ""},
    "an unknown purpose": {"purpose": "curiosity"},
    "a long purpose": {"purpose": "x" * 4_000},
    "two purposes": {"purpose": "investigation, prosecution"},
    "a key of letters": {"idempotency_key": "\u00e9" * 3},
    "a long key": {"idempotency_key": "k" * 4_000},
    "an empty match": {"if_match": '""'},
    "a match of no number": {"if_match": '"x"'},
    "a weak match": {"if_match": 'W/"1"'},
    "a huge match": {"if_match": f'"{"9" * 400}"'},
    "a picture": {"accept": "image/png"},
    "a form": {"content_type": "multipart/form-data; boundary=x"},
    "an alphabet": {"content_type": "application/json; charset=utf-7"},
    "another method": {"x_http_method_override": "DELETE", "x_method_override": "DELETE"},
    "another caller": {"x_forwarded_for": "127.0.0.1", "x_amzn_oidc_identity": "root", "x_forwarded_user": "root"},
    "gzip": {"content_encoding": "gzip"},
    "a range": {"range": "bytes=0-9999999"},
}
IMMIGRATION = ("immigration enforcement", "immigration", "ICE removal", "deportation")


def hostile_bodies(route: Route, estate: Estate, token: str) -> Iterator[Attempt]:
    if route.example is None:
        return
    path = estate.path(route)
    for name, body in BODIES.items():
        yield attempt(f"body: {name}", route, path, token, body, refused=False)
    yield attempt("body: of another type", route, path, token, content_type="text/plain", refused=False)
    for number, field in enumerate(route.example):
        values = VALUES if number else VALUES | {"a million letters": LONG}
        for name, value in values.items():
            text = json.dumps(route.example | {field: _PLACE}).replace(f'"{_PLACE}"', value)
            yield attempt(f"{field}: {name}", route, path, token, text.encode(), refused=False)
        twice = json.dumps(route.example)[:-1] + f', {json.dumps(field)}: "x"}}'
        yield attempt(f"{field}: named twice", route, path, token, twice.encode(), refused=False)


def hostile_queries(route: Route, estate: Estate, token: str) -> Iterator[Attempt]:
    """The parameters of the route with values that they cannot have, and others that it does not know."""
    path = estate.path(route)
    for name, query in QUERIES.items():
        known = query.partition("=")[0] in route.query
        if known or name == "an unknown name":
            yield attempt(f"query: {name}", route, f"{path}?{query}", token, refused=False)
    for parameter in route.query:
        for name, value in SEGMENTS.items():
            yield attempt(f"{parameter}: {name}", route, f"{path}?{parameter}={value}", token, refused=False)


def hostile_paths(route: Route, estate: Estate, token: str) -> Iterator[Attempt]:
    for parameter in route.parameters:
        for name, value in SEGMENTS.items():
            path = route.path.format_map(estate.ids | {parameter: value})
            yield attempt(f"{parameter}: {name}", route, path, token, refused=False)


def hostile_headers(route: Route, estate: Estate, token: str) -> Iterator[Attempt]:
    path = estate.path(route)
    for name, headers in HEADERS.items():
        yield attempt(f"header: {name}", route, path, token, refused=False, **headers)
    if "purpose" in route.headers:
        for purpose in ("", "curiosity", *IMMIGRATION):
            yield attempt(f"purpose: {purpose}", route, path, token, purpose=purpose)


def bodies_that_name_records_of(victim: Estate, route: Route, estate: Estate, token: str) -> Iterator[Attempt]:
    """The example of the route, with each id and address replaced by those of another office."""
    if route.example is None or route.parameters == ("token",):
        return
    path = estate.path(route)
    for kind, id_ in victim.ids.items():
        body = _with_ids(route.example, id_, victim.ada.email)
        if body != route.example:
            yield attempt(f"body with their {kind}", route, path, token, body, refused=False)


def _with_ids(example: Any, id_: str, email: str) -> Any:
    if isinstance(example, dict):
        return {name: _with_ids(value, id_, email) for name, value in example.items()}
    if isinstance(example, list):
        return [_with_ids(value, id_, email) for value in example]
    if isinstance(example, str) and len(example) == 32 and example.isalnum():
        return id_
    return email if isinstance(example, str) and "@" in example else example
