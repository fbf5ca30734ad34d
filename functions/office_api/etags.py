"""ETag and If-Match: nobody changes what somebody else has changed since."""

from http import HTTPStatus
from typing import Any, Protocol

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.utilities.data_classes import APIGatewayProxyEventV2

from functions.office_api.problems import Mend, Refusal

_IF_MATCH = "If-Match"


class Revised(Protocol):
    """Whatever counts its states."""

    @property
    def revision(self) -> int: ...


def tagged(revised: Revised, status: HTTPStatus = HTTPStatus.OK) -> Response[Any]:
    return Response(
        status_code=status, content_type="application/json", body=revised, headers={"ETag": f'"{revised.revision}"'}
    )


def must_match(event: APIGatewayProxyEventV2, revised: Revised) -> None:
    """Raises Refusal: 428 when it is not said which one is meant, 412 when that one is no more."""
    said = event.headers.get(_IF_MATCH.lower(), "").strip()
    if not said:
        mend = Mend(field=_IF_MATCH, mend="send the ETag of it as you read it")
        raise Refusal(HTTPStatus.PRECONDITION_REQUIRED, "Say which state of it you mean to change.", [mend])
    may_match(event, revised)


def may_match(event: APIGatewayProxyEventV2, revised: Revised) -> None:
    """Raises Refusal 412 when one was named that is no more."""
    said = event.headers.get(_IF_MATCH.lower(), "").strip()
    if said not in ("", "*") and f'"{revised.revision}"' not in [
        tag.strip().removeprefix("W/") for tag in said.split(",")
    ]:
        raise Refusal(HTTPStatus.PRECONDITION_FAILED, "It was changed since you read it. Read it again.")
