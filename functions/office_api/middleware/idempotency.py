"""`Idempotency-Key`: a request that may have been taken is sent again and makes nothing twice.

Every POST may carry one. Kept for 24 hours by office, person, route and key: the same request has the same answer,
another one under the same key is refused, and one that is still at work says so. Only what was done is kept; what was
refused is asked anew.
"""

import hashlib
import json
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any

from aws_lambda_powertools.event_handler import APIGatewayHttpResolver, Response
from aws_lambda_powertools.event_handler.middlewares import NextMiddleware

from functions.office_api import dependencies
from functions.office_api.middleware.authorization import AuthorizedRequest, endpoint_of
from functions.office_api.problems import Mend, Refusal

HEADER = "Idempotency-Key"
LONGEST = 200
REPEATED = "Idempotent-Replayed"


def idempotent(app: APIGatewayHttpResolver, next_middleware: NextMiddleware) -> Response[Any]:
    """Stands behind the gate: who may not, gets no kept answer either."""
    said, asked = app.current_event.headers.get(HEADER.lower()), app.context.get("asked")
    endpoint = endpoint_of(app)
    if endpoint is None or not endpoint.idempotent or said is None or not isinstance(asked, AuthorizedRequest):
        return next_middleware(app)
    if not 1 <= len(said) <= LONGEST:
        raise _refusal(HTTPStatus.UNPROCESSABLE_ENTITY, f"send 1 to {LONGEST} characters, such as a new UUID")
    path, body = app.current_event.path, app.current_event.body or ""
    office_id = asked.by.office.office_id
    key = dependencies.keyed().of("repeat", asked.by.user.email, path, said)
    request = hashlib.sha256(body.encode()).hexdigest()
    idempotency_record = dependencies.repeats.begin(office_id, key, request, datetime.now(UTC))
    if idempotency_record:
        return _again(idempotency_record.request_hash, request, idempotency_record.answer)
    return _first(app, next_middleware, office_id, key, request)


def _again(first: str, request: str, answer: str | None) -> Response[Any]:
    if first and first != request:
        raise _refusal(HTTPStatus.UNPROCESSABLE_ENTITY, "was used for another request; send a new one")
    if answer is None:
        raise _refusal(HTTPStatus.CONFLICT, "the first such request is still at work; send it again in a moment")
    return Response(**json.loads(answer), headers={REPEATED: "true"})


def _first(
    app: APIGatewayHttpResolver, next_middleware: NextMiddleware, office_id: str, key: str, request: str
) -> Response[Any]:
    done = False
    try:
        response = next_middleware(app)
        done = response.status_code < 300
    finally:
        if not done:
            dependencies.repeats.release(office_id, key)
    body = response.body if isinstance(response.body, str) else json.dumps(response.body)
    kept = {"status_code": response.status_code, "content_type": response.content_type, "body": body}
    if done:
        dependencies.repeats.finish(office_id, key, request, json.dumps(kept), datetime.now(UTC))
    return response


def _refusal(status: HTTPStatus, mend: str) -> Refusal:
    return Refusal(status, f"The header {HEADER} stands in the way.", [Mend(field=HEADER, mend=mend)])
