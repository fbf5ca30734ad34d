"""The rejected rows of a drop, for a page that shows which cell to mend."""

from itertools import islice

from botocore.exceptions import ClientError
from pydantic import BaseModel, Field

from shared.access import Action
from shared.office_api import dependencies
from shared.office_api.answers.cursors import Cursor, Limit, cursor_of, place_of
from shared.office_api.answers.problems import not_found
from shared.office_api.endpoints import Routes
from shared.office_api.middleware.authorization import current_request
from shared.office_api.routes.agencies.agencies import AgencyId
from shared.office_api.routes.agencies.drops import DropId, find_drop

routes = Routes("agencies")
router = routes.router
_MAX_BYTES = 4 << 20  # of a reject file; the link leads to the whole of it


class RejectedCells(BaseModel):
    """The row as the agency wrote it. Values of fields that may not be stored are blank."""

    value: str = Field(description="What stood in the column, where that is known.")
    header: list[str] = Field(description="The names of the columns, where the profile lists them.")
    cells: list[str]


class RejectedRecord(BaseModel):
    """`columns` are the agency's names of the columns to look at. `row` is null unless you may run the feed."""

    line: int
    code: str
    reason: str
    fix: str
    columns: list[str]
    row: RejectedCells | None


class RejectsPage(BaseModel):
    """`complete` is false if the file has more rejects than are listed here: the link leads to all of them."""

    items: list[RejectedRecord]
    complete: bool
    next: str | None


@routes.get(
    "/v1/agencies/{agency_id}/drops/{drop_id}/rejects/rows",
    action=Action.READ_DROPS,
    summary="List the rejected rows of a drop",
)
def list_rejected_rows(agency_id: AgencyId, drop_id: DropId, limit: Limit = 50, after: Cursor = "") -> RejectsPage:
    """Line, what is wrong, what to do, which columns to look at, and the cells of the row for whoever runs the feed."""
    from shared.feeds.intake.rejected_rows import read_rejected_rows  # noqa: PLC0415 - what reads files is loaded late
    from shared.feeds.profiles.parse import parse_profile  # noqa: PLC0415 - as above

    request = current_request(router)
    of = ("rejects", request.by.office.office_id, agency_id, drop_id)
    first = int(place_of(after, *of) or 0)
    content, complete = _beginning(agency_id, drop_id)
    text = dependencies.agencies.text(agency_id)
    rows = list(islice(read_rejected_rows(content, parse_profile(text) if text else None), first, first + limit + 1))
    shows_cells = request.may(Action.SEND_FEED, request.about)
    items = [
        RejectedRecord(
            **{name: getattr(row, name) for name in ("line", "code", "reason", "fix", "columns")},
            row=RejectedCells(value=row.value, header=row.header, cells=row.cells) if shows_cells else None,
        )
        for row in rows[:limit]
    ]
    following = str(first + limit) if len(rows) > limit else None
    return RejectsPage(items=items, complete=complete, next=cursor_of(following, *of))


def _beginning(agency_id: str, drop_id: str) -> tuple[bytes, bool]:
    """Returns the reject file up to a line end, and whether that is all of it. Raises RefusalError 404 if there is
    none."""
    receipt = find_drop(agency_id, drop_id).receipt
    if receipt is None or receipt.rejects_key is None:
        raise not_found("reject file")
    try:
        answer = dependencies.s3().get_object(
            Bucket=dependencies.settings.feeds_bucket, Key=receipt.rejects_key, Range=f"bytes=0-{_MAX_BYTES - 1}"
        )
    except ClientError as error:
        if error.response["Error"]["Code"] != "NoSuchKey":
            raise
        raise not_found("reject file") from error
    content, size = answer["Body"].read(), int(answer["ContentRange"].rpartition("/")[2])
    return (content, True) if size <= _MAX_BYTES else (content[: content.rfind(b"\n") + 1], False)
