"""The office API as a page calls it: in the same process, as the person who is signed in and for their purpose.

Every call passes the API's own audit, gate and idempotency; the console has no second set of rules. A route is named by
its path as declared (`shared/office_api/routes`), its ids as arguments:

    visit.api.get("/v1/alerts/{alert_id}", AlertView, alert_id=number)
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Generic, TypeVar
from urllib.parse import quote, urlencode

from aws_lambda_powertools.utilities.typing import LambdaContext
from pydantic import TypeAdapter

from shared.bounded_reader import read_json
from shared.office_api.application import answer_request, app
from shared.offices.purposes import Purpose

_OF_PATHS = "!$&'()*+,;=:@"  # RFC 3986, section 3.3: the router reads an id as it stands in the path
Model = TypeVar("Model")
Query = Mapping[str, str | int | bool | None]


@dataclass(frozen=True)
class FieldMend:
    """One field that is wrong: its place in the request, such as `recipients.0.email`, and what to do about it."""

    field: str
    mend: str


class ApiRefusedError(Exception):
    """The API answered with a problem (RFC 9457)."""

    def __init__(self, status: int, detail: str, errors: tuple[FieldMend, ...] = ()) -> None:
        super().__init__(detail)
        self.status, self.detail, self.errors = status, detail, errors

    @property
    def is_stale(self) -> bool:
        """Somebody changed the record after the form was filled in for it."""
        return self.status in {HTTPStatus.PRECONDITION_FAILED, HTTPStatus.PRECONDITION_REQUIRED}


@dataclass(frozen=True)
class Read(Generic[Model]):
    """What was read, and its ETag, which a form sends back as `If-Match`."""

    value: Model
    etag: str


def api_of(event: Mapping[str, Any], *, claims: Mapping[str, str], purpose: Purpose | None) -> "Api":
    """The API for whoever sent this request to the console."""
    request = event["requestContext"]
    return Api(
        claims=claims,
        purpose=purpose,
        source_ip=request["http"].get("sourceIp", ""),
        request_id=request.get("requestId", ""),
    )


class Api:
    def __init__(
        self,
        *,
        claims: Mapping[str, str],
        purpose: str | None,
        source_ip: str,
        request_id: str,
    ) -> None:
        self._claims, self._purpose = dict(claims), purpose
        self._source_ip, self._request_id = source_ip, request_id

    def stating(self, purpose: str) -> "Api":
        """The same caller, who states this purpose, whatever it is: the API decides on it."""
        return Api(claims=self._claims, purpose=purpose, source_ip=self._source_ip, request_id=self._request_id)

    def get(self, path: str, model: type[Model], query: Query | None = None, **ids: str) -> Model:
        """Raises ApiRefusedError. So do the others."""
        return self.read(path, model, query, **ids).value

    def read(self, path: str, model: type[Model], query: Query | None = None, **ids: str) -> Read[Model]:
        """`model` is that of the answer's JSON."""
        answer = self._call("GET", path, ids, query=query)
        value = TypeAdapter(model).validate_json(answer["body"])
        return Read(value, _header(answer, "etag"))

    def csv(self, path: str, query: Query | None = None, **ids: str) -> str:
        """The table of a route that also answers `text/csv`."""
        return str(self._call("GET", path, ids, query=query, headers={"accept": "text/csv"})["body"])

    def send(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        query: Query | None = None,
        key: str = "",
        if_match: str = "",
        **ids: str,
    ) -> Any:
        """Changes something; returns the answer's JSON. `key` is the form's own (`visit.form.key`): a form that is sent
        twice takes effect once. `if_match` is the ETag of the record that the form was filled in for."""
        headers = {"content-type": "application/json", "idempotency-key": key, "if-match": if_match}
        answer = self._call(method, path, ids, query=query, headers=headers, body=body)
        return read_json(answer["body"]) if answer.get("body") else None

    def _call(
        self,
        method: str,
        path: str,
        ids: Mapping[str, str],
        query: Query | None = None,
        headers: Mapping[str, str] | None = None,
        body: Any = None,
    ) -> dict[str, Any]:
        event = self._event(method, path, ids, _texts(query or {}), headers or {}, body)
        answer = answer_request(event, LambdaContext())
        if answer["statusCode"] >= 400:
            raise _refusal(answer)
        return answer

    def _event(
        self,
        method: str,
        path: str,
        ids: Mapping[str, str],
        query: Mapping[str, str],
        headers: Mapping[str, str],
        body: Any,
    ) -> dict[str, Any]:
        """The request as API Gateway hands it over. Raises LookupError for a route that the API does not have."""
        endpoint = app.endpoints.find(method, path)
        if endpoint is None:
            raise LookupError(f"the API has no route {method} {path}")
        actual = path.format(**{name: quote(value, safe=_OF_PATHS) for name, value in ids.items()})
        stated = {"purpose": self._purpose} if self._purpose and endpoint.needs_purpose else {}
        sent = {name: value for name, value in {**headers, **stated}.items() if value}
        return {
            "version": "2.0",
            "routeKey": endpoint.route_key,
            "rawPath": actual,
            "rawQueryString": urlencode(query),
            "queryStringParameters": dict(query),
            "headers": sent,
            "requestContext": {
                "http": {"method": method, "path": actual, "sourceIp": self._source_ip},
                "stage": "$default",
                "requestId": self._request_id,
                "authorizer": {"jwt": {"claims": self._claims, "scopes": None}},
            },
            "isBase64Encoded": False,
            "body": None if body is None else json.dumps(body),
        }


def _texts(query: Query) -> dict[str, str]:
    """None and the empty text ask for nothing."""
    written = {
        name: str(value).lower() if isinstance(value, bool) else str(value or "") for name, value in query.items()
    }
    return {name: text for name, text in written.items() if text}


def _header(answer: Mapping[str, Any], name: str) -> str:
    headers = {key.lower(): value for key, value in (answer.get("headers") or {}).items()}
    several = {key.lower(): values for key, values in (answer.get("multiValueHeaders") or {}).items()}
    return str(headers.get(name) or (several.get(name) or [""])[0])


def _refusal(answer: Mapping[str, Any]) -> ApiRefusedError:
    problem = read_json(answer["body"])
    mends = tuple(FieldMend(error["field"], error["mend"]) for error in problem.get("errors", []))
    return ApiRefusedError(answer["statusCode"], problem["detail"], mends)
