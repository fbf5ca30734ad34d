"""Cursors of lists (pagination). A cursor is opaque and signed: it is valid only for its list and its office.

After a rotation of their key the older ones are valid for a quarter of an hour."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import UTC, datetime
from hmac import compare_digest
from http import HTTPStatus
from typing import Annotated

from aws_lambda_powertools.event_handler.openapi.params import Query

from shared.aws.signing_keys import mac
from shared.office_api import dependencies
from shared.office_api.answers.problems import FieldProblem, RefusalError

Cursor = Annotated[str, Query(max_length=400, description="`next` of the previous page; leave it out for the first")]
Limit = Annotated[int, Query(ge=1, le=100, description="The most items of a page.")]
_MAC_LENGTH = 32  # hexadecimal digits


def cursor_of(place: str | None, *of: str) -> str | None:
    """Returns the cursor for a place in the list `of` (the name of the list and its owner). None stays None."""
    if place is None:
        return None
    key = dependencies.cursor_keys().of().signing(datetime.now(UTC))
    return urlsafe_b64encode(f"{_mac(place, of, key)}{place}".encode()).decode().rstrip("=")


def place_of(cursor: str, *of: str) -> str | None:
    """Returns the place in the list, None for the first page. Raises RefusalError 422 for a cursor of another list."""
    if not cursor:
        return None
    try:
        text = urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode()
    except ValueError:
        text = ""
    signature, place = text[:_MAC_LENGTH].encode(), text[_MAC_LENGTH:]  # as bytes: of texts, only ASCII is compared
    keys = dependencies.cursor_keys().of().valid(datetime.now(UTC))
    if not any(compare_digest(signature, _mac(place, of, key).encode()) for key in keys):
        problem = FieldProblem(field="after", mend="send `next` of the previous page, or leave it out")
        raise RefusalError(HTTPStatus.UNPROCESSABLE_ENTITY, "This cursor is not valid for this list.", [problem])
    return place


def _mac(place: str, of: tuple[str, ...], key: bytes) -> str:
    return mac(key, "\x1f".join((*of, place)).encode("utf-8", "surrogatepass")).hex()[:_MAC_LENGTH]
