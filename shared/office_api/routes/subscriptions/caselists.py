"""The office's lists of cases, warrants, orders of protection and supervision (caselists): each row keeps a
subscription in step."""

from collections import Counter
from datetime import UTC, datetime
from itertools import zip_longest
from typing import TYPE_CHECKING, Annotated, Literal

from aws_lambda_powertools.event_handler.openapi.params import Path
from pydantic import BaseModel, Field

from shared.access import Action
from shared.alerts.look_back import PastMatches
from shared.office_api import dependencies
from shared.office_api.answers.past import ALERT_PAST
from shared.office_api.answers.refused_texts import count_refused_texts
from shared.office_api.endpoints import Ids, Replay, Routes
from shared.office_api.middleware.authorization import current_request
from shared.office_api.routes import examples
from shared.office_api.routes.subscriptions.lists import (
    SECONDS,
    UploadFile,
    file_rejections,
    ids_of_lines,
    past_of_lines,
)
from shared.subscriptions.bulk.caselist_entry import CaselistKind, SupervisionKind
from shared.subscriptions.bulk.row_errors import IMMIGRATION_REASON
from shared.value import FrozenModel

if TYPE_CHECKING:
    from shared.feeds.record import Reject
    from shared.subscriptions.bulk.caselist_entry import CaselistEntry, CaselistRow

routes = Routes("lists")
router = routes.router


class ListLine(BaseModel):
    """`became`: made, changed, reassigned, reopened, closed, unchanged, by hand, overdue, rejected, not reached."""

    line: int
    became: str
    case_number: str
    subscription_id: str
    reason: str
    fix: str


class ListResult(BaseModel):
    """`past` is what the new and changed subscriptions would have alerted of in the last seven days; null if there is
    none, and for a machine."""

    counts: dict[str, int]
    lines: list[ListLine]
    past: PastMatches | None = None


class ListRow(FrozenModel):
    """One person of one case, warrant or order, or under one supervision. The fields have the names of the file's
    columns. There is none for whom an order protects."""

    case_number: str = Field(min_length=1, max_length=200)
    defendant: str = Field(default="", max_length=100, description="Distinguishes the defendants of one case.")
    prosecutor: str = Field(
        max_length=254,
        description="The e-mail address of the prosecutor, or the supervising officer, who owns the subscription.",
    )
    state: Literal["open", "closed", "active", "cleared", "vacated", "ended"]
    ends: str = Field(
        default="",
        max_length=10,
        description="The last day; an order or a supervision needs one. `life` for a supervision without an end.",
    )
    supervision: str = Field(
        default="",
        max_length=30,
        description=f"What the supervision is: {', '.join(SupervisionKind)}. It stands in every alert.",
    )
    surname: str = Field(default="", max_length=200)
    given: str = Field(default="", max_length=200)
    middle: str = Field(default="", max_length=200)
    suffix: str = Field(default="", max_length=40)
    date_of_birth: str = Field(default="", max_length=10)
    sex: str = Field(default="", max_length=1)
    sid: str = Field(default="", max_length=64)
    sid_state: str = Field(default="", max_length=64)
    fbi: str = Field(default="", max_length=64)


class CaselistUpload(FrozenModel):
    """Rows, or a file whose columns have the same names. `complete` says that this is the whole list: what an earlier
    list named and this one does not is closed, unless a row cannot be read."""

    complete: bool = False
    alert_past: bool = Field(default=False, description=ALERT_PAST)
    rows: tuple[ListRow, ...] = Field(default=(), max_length=500)
    file: UploadFile | None = None


def _answer_again(ids: Ids, *, kind: str, upload: CaselistUpload) -> ListResult:
    """Case numbers and reasons are read from the rows, which were sent again. Line 0 stands for what no row names."""
    rows = [row.entry for row in _rows_of(upload)]
    lines = [_line_again(result, row) for result, row in zip_longest(ids["lines"], rows[: len(ids["lines"])])]
    past = past_of_lines(lines, current_request(router), alert_past=False)
    return ListResult(counts=Counter(line.became for line in lines), lines=lines, past=past)


def _line_again(result: tuple[int, str, str], row: "CaselistEntry | Reject | None") -> ListLine:
    number, became, subscription_id = result
    read = {name: getattr(row, name, "") for name in ("case_number", "reason", "fix")}
    return ListLine(line=number, became=became, subscription_id=subscription_id, **read)


@routes.post(
    "/v1/lists/{kind}",
    action=Action.KEEP_LISTS,
    summary="Send the office's list of cases, warrants, orders of protection or supervision",
    example=examples.CASELIST,
    replay=Replay(answer=_answer_again, ids=ids_of_lines),
)
def send_caselist(
    kind: Annotated[CaselistKind, Path(description="Which list it is.")], upload: CaselistUpload
) -> ListResult:
    """Each row keeps a subscription for its prosecutor only. Another prosecutor in a later list takes it over;
    `closed`, `cleared`, `vacated` or `ended` ends it, and so does the last day of an order or a supervision.
    Subscriptions that the list does not name stay as they are, unless the list is `complete`. A file with a column for
    whom an order protects is refused whole. The subscriptions belong to the Pre-defined folder that keeps this list, if
    the office has one."""
    from shared.subscriptions.bulk import sync_caselist  # noqa: PLC0415 - as above

    request = current_request(router)
    office, now = request.by.office, datetime.now(UTC)
    lines = _rows_of(upload)
    sync_deps = sync_caselist.SyncDeps(
        dependencies.subscribe_deps(), dependencies.pseudonyms(), SECONDS, sent_by=request.caller.email
    )
    results = sync_caselist.sync_rows(lines, kind, office, sync_deps, now)
    if upload.complete:
        results += sync_caselist.close_absent(lines, kind, office, sync_deps, now)
    list_lines = [ListLine.model_validate(result.model_dump()) for result in results]
    count_refused_texts(sum(list_line.reason == IMMIGRATION_REASON for list_line in list_lines))
    counts = Counter(list_line.became for list_line in list_lines)
    past = past_of_lines(list_lines, request, alert_past=upload.alert_past)
    return ListResult(counts=counts, lines=list_lines, past=past)


def _rows_of(upload: CaselistUpload) -> "list[CaselistRow]":
    """Raises RefusalError 422 for a file that cannot be read at all."""
    from shared.subscriptions.bulk import caselist_entry  # noqa: PLC0415 - as above

    rows = [{name: text for name, text in list_row.model_dump().items() if text} for list_row in upload.rows]
    with file_rejections():
        lines = caselist_entry.parse_caselist(rows)
        if upload.file:
            lines += caselist_entry.read_caselist(upload.file.read(), upload.file.format)
    return lines
