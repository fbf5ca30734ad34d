"""What every route's entry in the OpenAPI document says beside the route itself: the headers that the gate reads, and
every answer that is no success."""

from collections.abc import Iterator
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from functions.office_api.endpoints import Endpoint, EndpointList, EndpointResolver, Entry
from functions.office_api.middleware.idempotency import HEADER as IDEMPOTENCY_KEY
from functions.office_api.middleware.idempotency import LONGEST
from functions.office_api.problems import Problem, title
from functions.office_api.purposes import HEADER as PURPOSE
from functions.office_api.routes.documentation import MACHINE, PERSON
from shared.access import scopes_for
from shared.offices.purposes import Purpose

if TYPE_CHECKING:
    from aws_lambda_powertools.event_handler.openapi.models import OpenAPI

Operation = dict[str, Any]
IF_MATCH = "If-Match"
_STALE = "You have an older one: read it again, with its ETag."
_SAYS = {
    401: "No token of ours, or one that lacks what it must say.",
    403: "Your rights, your office's rules, or the purpose that you say do not allow it.",
    404: "There is none in your office that you may see.",
    409: "It was changed meanwhile, the same is there already, or it is at work.",
    412: _STALE,
    422: "Something cannot be taken as it is; `errors` names each field and the mend.",
    428: "Say which one you mean to change: send its ETag as If-Match.",
    429: "Too many requests a second; wait a moment.",
    503: "Not just now, and nothing was answered unaudited; send the same request again.",
}
_SUCCESS = {HTTPStatus.CREATED: "Created", HTTPStatus.ACCEPTED: "Accepted; its receipt follows"}
_MADE_BY_THE_FRAMEWORK = ("HTTPValidationError", "ValidationError")


class DocumentedResolver(EndpointResolver):
    def get_openapi_schema(self, **said: Any) -> "OpenAPI":
        made = super().get_openapi_schema(**said)
        return type(made).model_validate(
            with_extras(made.model_dump(mode="json", by_alias=True, exclude_none=True), self.endpoints)
        )


def with_extras(document: dict[str, Any], endpoints: EndpointList) -> dict[str, Any]:
    schemas = document.setdefault("components", {}).setdefault("schemas", {})
    for name in _MADE_BY_THE_FRAMEWORK:
        schemas.pop(name, None)
    problem = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
    _without_zone(schemas)
    schemas |= problem.pop("$defs", {}) | {"Problem": problem}
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            if endpoint := endpoints.find(method.upper(), path):
                _complete(endpoint, operation)
    return document


def _without_zone(part: Any) -> None:
    """JSON Schema's `time` has a zone and a person's quiet hours have none: their form is said as a pattern instead."""
    for inner in part.values() if isinstance(part, dict) else part if isinstance(part, list) else ():
        _without_zone(inner)
    if isinstance(part, dict) and part.get("format") == "time":
        del part["format"]
        part["pattern"] = r"^[0-2][0-9]:[0-5][0-9](:[0-5][0-9](\.[0-9]+)?)?$"


def _complete(endpoint: Endpoint, operation: Operation) -> None:
    answers = operation["responses"]
    answers.pop("422", None)  # the framework's own form of it
    if endpoint.entry is Entry.SIGNED_LINK:
        operation["security"] = []
        answers |= {status: _page(says) for status, says in {"200": "A page", "410": "Not valid any more"}.items()}
        answers |= {str(status): _refused(status) for status in (404, 422, 429, 503)}
        return
    operation.setdefault("parameters", []).extend(_headers(endpoint))
    if endpoint.action and (scopes := scopes_for(endpoint.action)):
        operation["security"] = [{PERSON: []}, *({MACHINE: [scope.in_token]} for scope in scopes)]
    first = answers[str(int(endpoint.success[0]))]
    for status in endpoint.success:
        answers[str(int(status))] = first | ({"description": _SUCCESS[status]} if status in _SUCCESS else {})
    for code in _statuses(endpoint):
        answers.setdefault(str(code), _refused(code))


def _statuses(endpoint: Endpoint) -> Iterator[int]:
    yield from (401, 403, 422, 429, 503)
    if "{" in endpoint.path or endpoint.method != "GET":  # a body may name a record too
        yield 404
    if endpoint.method != "GET":
        yield 409
    if endpoint.conditional:
        yield from (412, 428)


def _refused(status: int) -> Any:
    content: Any = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    if status in (401, 404, 429, 503):  # API Gateway's own, before or instead of ours
        content["application/json"] = {"schema": {"type": "object", "properties": {"message": {"type": "string"}}}}
    return {"description": f"{title(status)}. {_SAYS[status]}", "content": content}


def _page(says: str) -> Any:
    return {"description": says, "content": {"text/html": {"schema": {"type": "string"}}}}


def _headers(endpoint: Endpoint) -> Iterator[Any]:
    purposes = {"type": "string", "enum": [purpose.value for purpose in Purpose]}
    yield _header(PURPOSE, purposes, "what the data is asked for", required=endpoint.needs_purpose)
    if endpoint.idempotent:
        key = {"type": "string", "minLength": 1, "maxLength": LONGEST, "pattern": "^[!-~]+$"}
        says = "the same key with the same body has the same answer for 24 hours"
        yield _header(IDEMPOTENCY_KEY, key, says, required=False)
    if endpoint.conditional:
        etag = {"type": "string", "pattern": '^"[0-9]+"$'}
        yield _header(IF_MATCH, etag, "ETag of what you read", required=True)


def _header(name: str, schema: Any, says: str, *, required: bool) -> Any:
    return {"name": name, "in": "header", "required": required, "schema": schema, "description": says}
