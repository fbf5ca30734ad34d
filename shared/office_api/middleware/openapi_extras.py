"""OpenAPI extras: what the document says of every operation beside what powertools generates from its function.

Added are the headers that the middleware reads, every answer that is an error, examples, and the ways to sign in. The
schemas are tidied so that client generators can read them: one name for one schema, and no titles inside a schema.
"""

import json
from collections.abc import Iterator
from functools import cache
from http import HTTPStatus
from pathlib import Path
from typing import TYPE_CHECKING, Any

from shared.access import scopes_for
from shared.office_api.answers.problems import Problem, title
from shared.office_api.endpoints import Endpoint, EndpointList, EndpointResolver, Entry
from shared.office_api.gate.purposes import HEADER as PURPOSE
from shared.office_api.middleware.idempotency import HEADER as IDEMPOTENCY_KEY
from shared.office_api.middleware.idempotency import LONGEST
from shared.office_api.routes.documentation import MACHINE, PERSON
from shared.offices.purposes import Purpose

if TYPE_CHECKING:
    from aws_lambda_powertools.event_handler.openapi.models import OpenAPI

Operation = dict[str, Any]
IF_MATCH = "If-Match"
_ANSWER_EXAMPLES = Path(__file__).parents[1] / "answer_examples.json"
_ERRORS = {
    401: "There is no valid token, or it lacks a claim. Sign in again.",
    403: "Your rights, your office's rules or the stated purpose do not allow this.",
    404: "Your office has no such record, or you may not see it.",
    409: "The record was changed meanwhile, exists already, or is in a state that does not allow this.",
    412: "The resource changed; fetch it again and retry with the new ETag.",
    422: "Something in the request is not valid. `errors` names each field and what to do about it.",
    428: "If-Match is missing. Send the ETag of the state that you read.",
    429: "Too many requests. Wait as long as Retry-After says, or a moment.",
    503: "The request could not be handled or recorded now. Send the same request again.",
}
_JSON = "application/json"
_SUCCESS = {
    HTTPStatus.CREATED: "Created",
    HTTPStatus.ACCEPTED: "Accepted. The receipt follows.",
    HTTPStatus.NO_CONTENT: "Done. The answer has no body.",
}
_LINK_PAGES = {"200": "A page that names nobody", "410": "A page that says that the link is no longer valid"}
_MADE_BY_THE_FRAMEWORK = ("HTTPValidationError", "ResponseValidationError", "ValidationError")


class DocumentedResolver(EndpointResolver):
    def get_openapi_schema(self, **options: Any) -> "OpenAPI":
        generated = super().get_openapi_schema(**options)
        document = generated.model_dump(mode="json", by_alias=True, exclude_none=True)
        return type(generated).model_validate(with_extras(document, self.endpoints))


def with_extras(document: dict[str, Any], endpoints: EndpointList) -> dict[str, Any]:
    """Returns the document with its extras. It may change the one that it is given."""
    schemas = document.setdefault("components", {}).setdefault("schemas", {})
    for name in _MADE_BY_THE_FRAMEWORK:
        schemas.pop(name, None)
    problem = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
    schemas |= problem.pop("$defs", {}) | {"Problem": problem}
    document = _merge_input_and_output(document)
    _tidy(document["components"]["schemas"])
    _tidy(document["paths"])
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            if endpoint := endpoints.find(method.upper(), path):
                _complete(endpoint, operation)
    return document


def _merge_input_and_output(document: dict[str, Any]) -> dict[str, Any]:
    """Pydantic makes `X-Input` and `X-Output` of a model that is both sent and answered; here they are one, `X`."""
    schemas = document["components"]["schemas"]
    for name in [name.removesuffix("-Input") for name in schemas if name.endswith("-Input")]:
        received, answered = (json.dumps(schemas[f"{name}-{use}"]).replace(f"{name}-{use}", name) for use in _USES)
        if received == answered:
            schemas[name] = schemas.pop(f"{name}-Input")
            del schemas[f"{name}-Output"]
            text = json.dumps(document)
            for use in _USES:
                text = text.replace(f"#/components/schemas/{name}-{use}", f"#/components/schemas/{name}")
            document = json.loads(text)
            schemas = document["components"]["schemas"]
    return document


_USES = ("Input", "Output")


def _tidy(part: Any) -> None:
    """Removes titles, which only repeat names and clash in generated clients. Writes times of day as a pattern: the
    `time` of JSON Schema has a zone, and a person's quiet hours have none."""
    for inner in part.values() if isinstance(part, dict) else part if isinstance(part, list) else ():
        _tidy(inner)
    if not isinstance(part, dict):
        return
    if isinstance(part.get("title"), str):
        del part["title"]
    if part.get("format") == "time":
        del part["format"]
        part["pattern"] = r"^[0-2][0-9]:[0-5][0-9](:[0-5][0-9](\.[0-9]+)?)?$"


def _complete(endpoint: Endpoint, operation: Operation) -> None:
    answers = operation["responses"]
    answers.pop("422", None)  # the framework's own form of it
    if endpoint.example is not None:
        operation["requestBody"]["content"]["application/json"]["example"] = endpoint.example
    if endpoint.entry is Entry.SIGNED_LINK:
        operation["security"] = []
        answers |= {status: _page(description) for status, description in _LINK_PAGES.items()}
        answers |= {str(status): _error(status) for status in (404, 422, 429, 503)}
        answers["429"]["content"] |= _page(_ERRORS[429])["content"]
        return
    operation.setdefault("parameters", []).extend(_headers(endpoint))
    if endpoint.action and (scopes := scopes_for(endpoint.action)):
        operation["security"] = [{PERSON: []}, *({MACHINE: [scope.in_token]} for scope in scopes)]
    answers |= _successes(endpoint, answers[str(int(endpoint.success[0]))])
    for status in _error_statuses(endpoint):
        answers.setdefault(str(status), _error(status))


@cache
def _answer_examples() -> dict[str, Any]:
    """Maps the key of an endpoint to an example of its answer."""
    examples: dict[str, Any] = json.loads(_ANSWER_EXAMPLES.read_text(encoding="utf-8"))
    return examples


def _successes(endpoint: Endpoint, generated: dict[str, Any]) -> dict[str, Any]:
    """The answer of the function under each status that it may have."""
    if HTTPStatus.NO_CONTENT in endpoint.success:
        generated = {}
    if endpoint.media_type != _JSON:
        generated["content"] = {endpoint.media_type: {"schema": {"type": "string"}}}
    if endpoint.also_csv:  # the function returns the report or the text of its table
        report = generated["content"]["application/json"]["schema"]["anyOf"][0]
        generated["content"] = {"application/json": {"schema": report}, "text/csv": {"schema": {"type": "string"}}}
    if (example := _answer_examples().get(endpoint.key)) is not None:
        generated["content"]["application/json"]["example"] = example
    return {
        str(int(status)): generated | {"description": _SUCCESS.get(status, "Successful Response")}
        for status in endpoint.success
    }


def _error_statuses(endpoint: Endpoint) -> Iterator[int]:
    yield from (401, 403, 422, 429, 503)
    if "{" in endpoint.path or endpoint.method != "GET":  # a body may name a record too
        yield 404
    if endpoint.method != "GET":
        yield 409
    if endpoint.conditional:
        yield from (412, 428)


def _error(status: int) -> Any:
    content: Any = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    if status in (401, 404, 429, 503):  # API Gateway's own, before or instead of ours
        content["application/json"] = {"schema": {"type": "object", "properties": {"message": {"type": "string"}}}}
    return {"description": f"{title(status)}. {_ERRORS[status]}", "content": content}


def _page(description: str) -> Any:
    return {"description": description, "content": {"text/html": {"schema": {"type": "string"}}}}


def _headers(endpoint: Endpoint) -> Iterator[Any]:
    purposes = {"type": "string", "enum": [purpose.value for purpose in Purpose]}
    yield _header(PURPOSE, purposes, "What you need the data for.", required=endpoint.needs_purpose)
    if endpoint.idempotent:
        key = {"type": "string", "minLength": 1, "maxLength": LONGEST, "pattern": "^[!-~]+$"}
        description = (
            "A new key for each request. The same request with the same key takes effect once in 24 hours; it is "
            "answered with what you may read when you send it again."
        )
        yield _header(IDEMPOTENCY_KEY, key, description, required=False)
    if endpoint.conditional:
        etag = {"type": "string", "pattern": '^"[0-9]+"$'}
        yield _header(IF_MATCH, etag, "The ETag of the state that you read.", required=True)


def _header(name: str, schema: Any, description: str, *, required: bool) -> Any:
    return {"name": name, "in": "header", "required": required, "schema": schema, "description": description}
