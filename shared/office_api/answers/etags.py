"""ETag and If-Match (RFC 9110): a client changes only the state that it has read (optimistic locking)."""

from http import HTTPStatus
from typing import Any, Protocol

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.utilities.data_classes import APIGatewayProxyEventV2

from shared.office_api.answers.problems import FieldProblem, RefusalError

_IF_MATCH = "If-Match"

_CHANGED = "The resource changed. Fetch it again and retry with the new ETag."


class HasRevision(Protocol):
    """A record that counts its states. The number is its ETag."""

    @property
    def revision(self) -> int: ...


def tagged(record: HasRevision, status: HTTPStatus = HTTPStatus.OK) -> Response[Any]:
    """Returns the record as JSON with its ETag."""
    return Response(status_code=status, content_type="application/json", body=record, headers={"ETag": etag_of(record)})


def must_match(event: APIGatewayProxyEventV2, record: HasRevision) -> None:
    """Raises RefusalError: 428 without If-Match, 412 if the record has changed since it was read."""
    if not names_state(event):
        problem = FieldProblem(field=_IF_MATCH, mend="send the ETag of the record as you read it")
        raise RefusalError(
            HTTPStatus.PRECONDITION_REQUIRED,
            "Say which state of the resource you change: send the ETag that you read in If-Match.",
            [problem],
        )
    may_match(event, record)


def may_match(event: APIGatewayProxyEventV2, record: HasRevision) -> None:
    """Raises RefusalError 412 if If-Match names a state that the record is not in. If-Match may be left out."""
    header = _if_match(event)
    tags = [tag.strip().removeprefix("W/") for tag in header.split(",")]
    if header not in ("", "*") and etag_of(record) not in tags:
        raise RefusalError(HTTPStatus.PRECONDITION_FAILED, _CHANGED)


def names_state(event: APIGatewayProxyEventV2) -> bool:
    """Whether the request has an If-Match."""
    return bool(_if_match(event))


def etag_of(record: HasRevision) -> str:
    return f'"{record.revision}"'


def _if_match(event: APIGatewayProxyEventV2) -> str:
    return event.headers.get(_IF_MATCH.lower(), "").strip()
