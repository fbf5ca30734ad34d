"""Idempotency middleware: a POST with an `Idempotency-Key` can be sent again and takes effect once.

The idempotency record of a request is kept for 24 hours by office, user, path and key. It holds the status and the ids
of the first answer, and nothing that the answer said. The same request again (a replay, marked by the header
`Idempotent-Replayed`) passes the gate like any other, and its answer is made anew from what the caller may read now, as
the route's declaration says (`endpoints.Replay`). Another body, query or purpose under the same key is refused with
422, and a request that is still running with 409. Only a success is kept: a refused request may be sent again.
"""

import hashlib
import json
import re
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any, NamedTuple

from aws_lambda_powertools.event_handler import APIGatewayHttpResolver, Response
from aws_lambda_powertools.event_handler.middlewares import NextMiddleware

from shared.aws.idempotency_table import IdempotencyRecord
from shared.office_api import dependencies
from shared.office_api.answers.problems import FieldProblem, RefusalError
from shared.office_api.endpoints import REPLAYED_IDS, Ids, Replay
from shared.office_api.middleware.authorization import REQUEST, AuthorizedRequest, endpoint_of

HEADER = "Idempotency-Key"
LONGEST = 200
REPLAYED = "Idempotent-Replayed"
_KEY = re.compile(f"[!-~]{{1,{LONGEST}}}")


class Reservation(NamedTuple):
    """The key that a request has taken. `hashes` are those of this request, the newest way to hash first."""

    office_id: str
    key: str
    hashes: tuple[str, str]


def idempotent(app: APIGatewayHttpResolver, next_middleware: NextMiddleware) -> Response[Any]:
    """Runs after the gate, so that whoever may not make a request gets no replay either."""
    header, request = app.current_event.headers.get(HEADER.lower()), app.context.get(REQUEST)
    endpoint = endpoint_of(app)
    if endpoint is None or endpoint.replay is None or header is None or not isinstance(request, AuthorizedRequest):
        return next_middleware(app)
    if not _KEY.fullmatch(header):
        mend = f"send 1 to {LONGEST} visible ASCII characters, such as a new UUID"
        raise _refusal(HTTPStatus.UNPROCESSABLE_ENTITY, mend)
    key = dependencies.pseudonyms().of("repeat", request.by.user.email, app.current_event.path, header)
    reservation = Reservation(request.by.office.office_id, key, _hashes(app.current_event.raw_event, request.purpose))
    record = dependencies.idempotency_table.begin(*reservation[:2], reservation.hashes[0], datetime.now(UTC))
    if record:
        return _replay(app, next_middleware, endpoint.replay, record, reservation)
    return _run(app, next_middleware, endpoint.replay, reservation)


def _hashes(event: dict[str, Any], purpose: str) -> tuple[str, str]:
    """Returns the hash of the request, and that of release 0.1, which was of the body alone."""
    body = event.get("body") or ""
    whole = json.dumps([purpose, event.get("rawQueryString") or "", body])
    return hashlib.sha256(whole.encode()).hexdigest(), hashlib.sha256(body.encode()).hexdigest()


def _replay(
    app: APIGatewayHttpResolver,
    next_middleware: NextMiddleware,
    replay: Replay,
    record: IdempotencyRecord,
    reservation: Reservation,
) -> Response[Any]:
    """Returns the answer, made anew. Raises RefusalError for another request (422) and for one still running (409)."""
    if record.request_hash and record.request_hash not in reservation.hashes:
        mend = "was used for another request or another purpose; send a new one"
        raise _refusal(HTTPStatus.UNPROCESSABLE_ENTITY, mend)
    if record.answer is None:
        raise _refusal(HTTPStatus.CONFLICT, "the first such request is still at work; send it again in a moment")
    status, ids = _status_and_ids(record.answer, replay)
    app.append_context(**{REPLAYED_IDS: ids})
    response = next_middleware(app)
    response.status_code = status
    response.headers[REPLAYED] = "true"
    return response


def _run(
    app: APIGatewayHttpResolver, next_middleware: NextMiddleware, replay: Replay, reservation: Reservation
) -> Response[Any]:
    """Runs the route and keeps the ids of its answer. A refusal or a fault gives the key free again."""
    table, (office_id, key, hashes) = dependencies.idempotency_table, reservation
    succeeded = False
    try:
        response = next_middleware(app)
        succeeded = response.status_code < 300
    finally:
        if not succeeded:
            table.release(office_id, key)
    if succeeded:
        answer = {"status": int(response.status_code), "ids": replay.ids(_document(response.body))}
        table.finish(office_id, key, hashes[0], json.dumps(answer), datetime.now(UTC))
    return response


def _status_and_ids(answer: str, replay: Replay) -> tuple[int, Ids]:
    """Returns status and ids. Release 0.1 kept the whole answer, of which the ids are taken now."""
    document = json.loads(answer)
    if "ids" in document:
        return document["status"], document["ids"]
    return document["status_code"], replay.ids(_document(document["body"]))


def _document(body: Any) -> Any:
    return json.loads(body) if isinstance(body, str) else body


def _refusal(status: HTTPStatus, mend: str) -> RefusalError:
    return RefusalError(status, f"The header {HEADER} cannot be accepted.", [FieldProblem(field=HEADER, mend=mend)])
