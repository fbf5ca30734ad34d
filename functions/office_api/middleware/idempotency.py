"""Idempotency middleware: a POST with an `Idempotency-Key` can be sent again and takes effect once.

The idempotency record of a request is kept for 24 hours by office, user, path and key. The same request again gets the
stored answer (a replay, marked by the header `Idempotent-Replayed`). Another body under the same key is refused with
422, and a request that is still running with 409. Only a success is stored: a refused request may be sent again.
"""

import hashlib
import json
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any

from aws_lambda_powertools.event_handler import APIGatewayHttpResolver, Response
from aws_lambda_powertools.event_handler.middlewares import NextMiddleware

from functions.office_api import dependencies
from functions.office_api.middleware.authorization import REQUEST, AuthorizedRequest, endpoint_of
from functions.office_api.problems import FieldProblem, RefusalError

HEADER = "Idempotency-Key"
LONGEST = 200
REPLAYED = "Idempotent-Replayed"


def idempotent(app: APIGatewayHttpResolver, next_middleware: NextMiddleware) -> Response[Any]:
    """Runs after the gate, so that whoever may not make a request gets no stored answer either."""
    header, request = app.current_event.headers.get(HEADER.lower()), app.context.get(REQUEST)
    endpoint = endpoint_of(app)
    if endpoint is None or not endpoint.idempotent or header is None or not isinstance(request, AuthorizedRequest):
        return next_middleware(app)
    if not 1 <= len(header) <= LONGEST:
        raise _refusal(HTTPStatus.UNPROCESSABLE_ENTITY, f"send 1 to {LONGEST} characters, such as a new UUID")
    path, body = app.current_event.path, app.current_event.body or ""
    office_id = request.by.office.office_id
    key = dependencies.pseudonyms().of("repeat", request.by.user.email, path, header)
    request_hash = hashlib.sha256(body.encode()).hexdigest()
    record = dependencies.idempotency_table.begin(office_id, key, request_hash, datetime.now(UTC))
    if record:
        return _replay(record.request_hash, request_hash, record.answer)
    return _run(app, next_middleware, office_id, key, request_hash)


def _replay(stored_hash: str, request_hash: str, stored_answer: str | None) -> Response[Any]:
    """Returns the stored answer. Raises RefusalError for another body (422) and for a request still running (409)."""
    if stored_hash and stored_hash != request_hash:
        raise _refusal(HTTPStatus.UNPROCESSABLE_ENTITY, "was used for another request; send a new one")
    if stored_answer is None:
        raise _refusal(HTTPStatus.CONFLICT, "the first such request is still at work; send it again in a moment")
    return Response(**json.loads(stored_answer), headers={REPLAYED: "true"})


def _run(
    app: APIGatewayHttpResolver, next_middleware: NextMiddleware, office_id: str, key: str, request_hash: str
) -> Response[Any]:
    """Runs the route and stores its answer. A refusal or a fault gives the key free again."""
    succeeded = False
    try:
        response = next_middleware(app)
        succeeded = response.status_code < 300
    finally:
        if not succeeded:
            dependencies.idempotency_table.release(office_id, key)
    if succeeded:
        dependencies.idempotency_table.finish(office_id, key, request_hash, _stored(response), datetime.now(UTC))
    return response


def _stored(response: Response[Any]) -> str:
    body = response.body if isinstance(response.body, str) else json.dumps(response.body)
    return json.dumps({"status_code": response.status_code, "content_type": response.content_type, "body": body})


def _refusal(status: HTTPStatus, mend: str) -> RefusalError:
    return RefusalError(status, f"The header {HEADER} cannot be accepted.", [FieldProblem(field=HEADER, mend=mend)])
