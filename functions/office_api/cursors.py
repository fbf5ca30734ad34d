"""Where a list goes on: opaque, and good only for the list and the office that it was given out for."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from hmac import compare_digest
from http import HTTPStatus
from typing import Annotated

from aws_lambda_powertools.event_handler.openapi.params import Query

from functions.office_api import dependencies
from functions.office_api.problems import Mend, Refusal

Cursor = Annotated[str, Query(max_length=400, description="`next` of the page before; the first page has none")]
_MARK = 32  # hexadecimal digits


def given_out(place: str | None, *of: str) -> str | None:
    """The cursor of this place in the list `of`, which names the list and whose it is."""
    if place is None:
        return None
    return urlsafe_b64encode(f"{_mark(place, of)}{place}".encode()).decode().rstrip("=")


def place_of(cursor: str, *of: str) -> str | None:
    """None for the first page. Raises Refusal when this cursor was not given out for this list."""
    if not cursor:
        return None
    try:
        text = urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode()
    except ValueError:
        text = ""
    mark, place = text[:_MARK], text[_MARK:]
    if not compare_digest(mark, _mark(place, of)):
        mend = Mend(field="after", mend="send `next` of the page before as it was, or leave it out for the first page")
        raise Refusal(HTTPStatus.UNPROCESSABLE_ENTITY, "This list cannot go on from there.", [mend])
    return place


def _mark(place: str, of: tuple[str, ...]) -> str:
    return dependencies.keyed().of("cursor", *of, place)
