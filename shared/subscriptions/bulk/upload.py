"""An uploaded list of subscriptions: a preview of every row first, then the commit of the same file.

A row that cannot be taken is handed back with its reason and costs no other row.
"""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from time import monotonic
from uuid import uuid4

from pydantic import Field

from shared.feeds.formats.tabular.rows import csv_line
from shared.feeds.formats.tabular.table import TableKind, TableRow, read_table
from shared.feeds.record import Reject
from shared.feeds.spreadsheet_cells import guarded
from shared.matching.rules import selective_terms
from shared.offices.model import Office
from shared.subscriptions.bulk.row_errors import MAX_ROWS, ROW_ERRORS, rejection_of, too_many_rows
from shared.subscriptions.bulk.upload_row import COLUMNS, Cells, request_of
from shared.subscriptions.check_request import require_can_hit
from shared.subscriptions.model import Subscription, SubscriptionRequest
from shared.subscriptions.subscribe import SubscribeDeps, new_subscription, subscribe
from shared.subscriptions.validity import ValidityStatus, validity_status
from shared.value import FrozenModel

_NOTES = ("line", "code", "reason", "fix")  # what a file of rejected rows says of each, before the row's own columns
_ALERTING = {ValidityStatus.ACTIVE, ValidityStatus.EXPIRING, ValidityStatus.NOT_BEGUN}


class UploadRowResult(StrEnum):
    """What a commit does with a row, or what the preview says that it would do."""

    NEW = "new"
    AGAIN = "again"  # watched before and over or cancelled: it becomes active again
    KNOWN = "known"  # watched already: left as it is
    REPEATED = "repeated"  # an earlier row of the file says the same
    REJECTED = "rejected"
    NOT_REACHED = "not reached"  # time ran out: send the file again, the rows that are done stay done


class UploadRowReport(FrozenModel):
    """`line` is the line of the file, from 1."""

    line: int
    result: UploadRowResult = Field(alias="became")
    subscription_id: str = ""
    code: str = ""
    reason: str = ""
    fix: str = ""


class UploadReport(FrozenModel):
    """`content_hash` identifies the file: a commit repeats it, so that only a file that was previewed is committed.
    `rejects` is a CSV file of the rejected rows with their reasons: a list itself, to be mended and uploaded."""

    content_hash: str = Field(alias="seen")
    counts: dict[UploadRowResult, int]
    lines: tuple[UploadRowReport, ...]
    rejects: str


@dataclass(frozen=True)
class UploadDeps:
    """After `seconds` the upload stops and reports what it has done by then. New subscriptions lie in `folders`."""

    owner: str
    office: Office
    subscribing: SubscribeDeps
    now: datetime
    seconds: float
    folders: tuple[str, ...] = ()


RowAction = Callable[[SubscriptionRequest, Subscription, UploadDeps], tuple[UploadRowResult, str]]
"""Takes a request, and the subscription that it describes; returns the result and the subscription's id, or ""."""


def content_hash_of(content: bytes) -> str:
    return hashlib.blake2b(content, digest_size=16).hexdigest()


def preview(content: bytes, kind: TableKind, deps: UploadDeps) -> UploadReport:
    """Reports what a commit would do, and stores nothing. Raises Rejected when the file as a whole cannot be read."""
    return _process(content, kind, deps, _preview_row)


def commit(content: bytes, kind: TableKind, deps: UploadDeps) -> UploadReport:
    """Subscribes to every row that can be taken. May run again: subscriptions that alert already stay as they are.

    Raises Rejected when the file as a whole cannot be read.
    """
    return _process(content, kind, deps, _commit_row)


def _process(content: bytes, kind: TableKind, deps: UploadDeps, act: RowAction) -> UploadReport:
    deadline = monotonic() + deps.seconds
    reports: list[UploadRowReport] = []
    rejected: list[tuple[Reject, Cells]] = []
    first_lines: dict[object, int] = {}
    for row in _limited_rows(content, kind):
        cells: Cells = {} if isinstance(row, Reject) else row.cells
        report = _report_of(row, deps, act, first_lines, late=monotonic() > deadline)
        if isinstance(report, Reject):
            rejected.append((report, cells))
            report = _rejected(report)
        reports.append(report)
    counts = {result: sum(report.result is result for report in reports) for result in UploadRowResult}
    return UploadReport(
        content_hash=content_hash_of(content),
        counts=counts,
        lines=tuple(reports),
        rejects=_rejects_file(rejected),
    )


def _report_of(
    row: TableRow | Reject, deps: UploadDeps, act: RowAction, first_lines: dict[object, int], *, late: bool
) -> UploadRowReport | Reject:
    if late:
        return UploadRowReport(line=row.line, result=UploadRowResult.NOT_REACHED)
    return row if isinstance(row, Reject) else _process_row(row, deps, act, first_lines)


def _process_row(
    row: TableRow, deps: UploadDeps, act: RowAction, first_lines: dict[object, int]
) -> UploadRowReport | Reject:
    """`first_lines` maps what a row watches to the first line that does; this row is entered."""
    try:
        request = request_of(row.cells, deps.owner).model_copy(update={"folders": deps.folders})
        described = new_subscription(request, deps.owner, deps.office, deps.now)
        identity = (described.criterion.identity, described.basis.case_number.casefold())
        first_line = first_lines.setdefault(identity, row.line)
        if first_line != row.line:
            reason = f"Row {first_line} says the same."
            return UploadRowReport(line=row.line, result=UploadRowResult.REPEATED, reason=reason)
        result, subscription_id = act(request, described, deps)
    except ROW_ERRORS as error:
        rejection = rejection_of(error)
        return Reject(row.line, rejection.code, rejection.reason, rejection.fix, row.text)
    return UploadRowReport(line=row.line, result=result, subscription_id=subscription_id)


def _preview_row(
    _request: SubscriptionRequest, described: Subscription, deps: UploadDeps
) -> tuple[UploadRowResult, str]:
    """Raises TooBroadError and NeverHitsError, which otherwise only storing it would."""
    selective_terms(described.criterion)
    today = deps.office.local_day(deps.now)
    require_can_hit(described.criterion, today, deps.subscribing.is_enrolled, described.events)
    key = deps.subscribing.index.find_same(described)
    existing = deps.subscribing.subscriptions.find(*key) if key else None
    if existing is None:
        return UploadRowResult.NEW, ""
    alerts = validity_status(existing, deps.office.local_day(deps.now)) in _ALERTING
    return UploadRowResult.KNOWN if alerts else UploadRowResult.AGAIN, existing.subscription_id


def _commit_row(request: SubscriptionRequest, described: Subscription, deps: UploadDeps) -> tuple[UploadRowResult, str]:
    result, subscription_id = _preview_row(request, described, deps)
    if result is UploadRowResult.KNOWN:
        return result, subscription_id
    subscribed = subscribe(request, deps.owner, deps.office, deps.subscribing, uuid4().hex, deps.now)
    return result, subscribed.subscription.subscription_id


def _limited_rows(content: bytes, kind: TableKind) -> Iterator[TableRow | Reject]:
    for number, row in enumerate(read_table(content, kind, COLUMNS, _NOTES), 1):
        if number > MAX_ROWS:
            raise too_many_rows()
        yield row


def _rejected(reject: Reject) -> UploadRowReport:
    return UploadRowReport(
        line=reject.line, result=UploadRowResult.REJECTED, code=reject.code, reason=reject.reason, fix=reject.fix
    )


def _rejects_file(rejected: Sequence[tuple[Reject, Cells]]) -> str:
    """Returns a CSV file of the rejected rows, an empty string if there are none. A row that could not be divided into
    cells stands as it came in the first column of its own."""
    if not rejected:
        return ""
    named = {name for reject, cells in rejected for name in (reject.code, *cells)}
    columns = [name for name in COLUMNS if name in named] or list(COLUMNS)
    rows = [
        (
            str(reject.line),
            reject.code,
            reject.reason,
            reject.fix,
            *_cells_in(columns, cells or {columns[0]: reject.row}),
        )
        for reject, cells in rejected
    ]
    return "".join(f"{csv_line([*map(guarded, row)])}\n" for row in [(*_NOTES, *columns), *rows])


def _cells_in(columns: Sequence[str], cells: Cells) -> list[str]:
    return [cells.get(name, "") for name in columns]
