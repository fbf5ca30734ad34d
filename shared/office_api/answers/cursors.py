"""Cursors of lists (pagination). A cursor is opaque and signed: it is valid only for its list and its office."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from hmac import compare_digest
from http import HTTPStatus
from typing import Annotated

from aws_lambda_powertools.event_handler.openapi.params import Query

from shared.office_api import dependencies
from shared.office_api.answers.problems import FieldProblem, RefusalError

Cursor = Annotated[str, Query(max_length=400, description="`next` of the previous page; leave it out for the first")]
Limit = Annotated[int, Query(ge=1, le=100, description="The most items of a page.")]
_MAC_LENGTH = 32  # hexadecimal digits


def cursor_of(place: str | None, *of: str) -> str | None:
    """Returns the cursor for a place in the list `of` (the name of the list and its owner). None stays None."""
    if place is None:
        return None
    return urlsafe_b64encode(f"{_mac(place, of)}{place}".encode()).decode().rstrip("=")


def place_of(cursor: str, *of: str) -> str | None:
    """Returns the place in the list, None for the first page. Raises RefusalError 422 for a cursor of another list."""
    if not cursor:
        return None
    try:
        text = urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode()
    except ValueError:
        text = ""
    mac, place = text[:_MAC_LENGTH], text[_MAC_LENGTH:]
    if not compare_digest(mac.encode(), _mac(place, of).encode()):  # of texts, it takes ASCII alone
        problem = FieldProblem(field="after", mend="send `next` of the previous page, or leave it out")
        raise RefusalError(HTTPStatus.UNPROCESSABLE_ENTITY, "This cursor is not valid for this list.", [problem])
    return place


def _mac(place: str, of: tuple[str, ...]) -> str:
    return dependencies.pseudonyms().of("cursor", *of, place)
