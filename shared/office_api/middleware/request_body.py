"""The body of a request is read within limits before anything else: the resolver's own parser has none."""

from base64 import b64decode
from http import HTTPStatus
from typing import Any

from shared.bounded_reader import UnreadableDocumentError, read_json
from shared.office_api.answers.problems import FieldProblem, RefusalError

_JSON = "application/json"
_LINKS = "/v1/links/"


def require_readable_body(event: dict[str, Any]) -> None:
    """Raises RefusalError 422 for a body that is no JSON within the limits, or that says it is something else.

    The body of a signed link is not read at all: a mail program posts a form (RFC 8058).
    """
    if not event.get("body") or str(event.get("rawPath", "")).startswith(_LINKS):
        return
    content_type = str(event.get("headers", {}).get("content-type", "")).strip()
    if content_type and content_type.partition(";")[0].strip() != _JSON:  # the resolver compares letter by letter too
        raise _refusal("Content-Type", f"send the body as JSON, with the header Content-Type: {_JSON}")
    try:
        read_json(_text_of(event))
    except UnreadableDocumentError as error:
        raise _refusal("body", f"{error.reason} {error.fix}") from error


def _text_of(event: dict[str, Any]) -> str | bytes:
    body: str = event["body"]
    if not event.get("isBase64Encoded"):
        return body
    try:
        return b64decode(body, validate=True)
    except ValueError as error:
        raise _refusal("body", "is not base64, as the gateway says it is; send it as plain JSON") from error


def _refusal(field: str, mend: str) -> RefusalError:
    problem = FieldProblem(field=field, mend=mend)
    return RefusalError(HTTPStatus.UNPROCESSABLE_ENTITY, "The body cannot be read. Correct it.", [problem])
