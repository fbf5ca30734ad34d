"""A list of watches in one file: looked at first, row by row, and then taken. One bad row costs nobody else."""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from time import monotonic
from uuid import uuid4

from pydantic import Field

from shared.aws.optimistic_lock import ConflictError
from shared.errors import Rejected, TryLater
from shared.feeds.formats.tabular.delimited import csv_line
from shared.feeds.formats.tabular.table import Kind, TableRow, read_table
from shared.feeds.record import Reject
from shared.matching.rules import TooBroadError, selective_terms
from shared.offices.model import Office
from shared.subscriptions.bulk.upload_row import COLUMNS, request_of
from shared.subscriptions.errors import RecipientsNotAllowedError, SubscriptionOverError
from shared.subscriptions.model import Subscription, SubscriptionRequest
from shared.subscriptions.subscribe import SubscribeDeps, new_subscription, subscribe
from shared.subscriptions.validity import ValidityStatus, validity_status
from shared.value import FrozenModel

MAX_ROWS = 5_000
_ALIVE = {ValidityStatus.ACTIVE, ValidityStatus.EXPIRING, ValidityStatus.NOT_BEGUN}


class UploadRowResult(StrEnum):
    """What becomes of a row, or became of it."""

    NEW = "new"
    AGAIN = "again"  # watched before and over or cancelled: it is revived
    KNOWN = "known"  # watched already: left as it is
    REPEATED = "repeated"  # an earlier row says the same
    REJECTED = "rejected"
    NOT_REACHED = "not reached"  # time ran out: send the file again, what is done stays done


class UploadRowReport(FrozenModel):
    line: int
    result: UploadRowResult = Field(alias="became")
    subscription_id: str = ""
    code: str = ""
    reason: str = ""
    fix: str = ""


class UploadReport(FrozenModel):
    """`seen` names the content: a commit repeats it, so that nothing is taken that nobody has looked at. `rejects` is
    a CSV file of the rows to mend."""

    content_hash: str = Field(alias="seen")
    counts: dict[UploadRowResult, int]
    lines: tuple[UploadRowReport, ...]
    rejects: str


@dataclass
class UploadDeps:
    """One upload on its way: whose it is, and after how many seconds it answers with what is done."""

    owner: str
    office: Office
    subscribing: SubscribeDeps
    now: datetime
    seconds: float
    said: dict[object, int] = field(default_factory=dict)


Act = Callable[[SubscriptionRequest, Subscription, UploadDeps], UploadRowReport]
REFUSALS = (Rejected, RecipientsNotAllowedError, TooBroadError, SubscriptionOverError, ConflictError, TryLater)


def content_hash_of(content: bytes) -> str:
    return hashlib.blake2b(content, digest_size=16).hexdigest()


def preview(content: bytes, kind: Kind, deps: UploadDeps) -> UploadReport:
    """Nothing is stored. Raises Rejected when nothing of the file can be read."""
    return _through(content, kind, deps, _look)


def commit(content: bytes, kind: Kind, deps: UploadDeps) -> UploadReport:
    """Every row that can be is taken. May run again: what is there stays as it is."""
    return _through(content, kind, deps, _take)


def rejection_of(fault: Exception) -> Rejected:
    """One of REFUSALS as what is wrong with a row."""
    match fault:
        case Rejected():
            return fault
        case RecipientsNotAllowedError():
            return Rejected("recipients", "Not everybody of them may be written to.", fault.refusals[0].mend)
        case TooBroadError():
            return Rejected("too-broad", "The row would watch too much.", str(fault))
        case SubscriptionOverError():
            return Rejected("ends", "The watch would be over.", str(fault))
        case _:
            return Rejected("busy", "It was changed in the same moment.", "Send the file again.")


def _through(content: bytes, kind: Kind, deps: UploadDeps, act: Act) -> UploadReport:
    until, found, texts = monotonic() + deps.seconds, [], {}
    for row in _bounded(content, kind):
        texts[row.line] = row.row if isinstance(row, Reject) else row.text
        if monotonic() > until:
            found.append(UploadRowReport(line=row.line, result=UploadRowResult.NOT_REACHED))
        else:
            found.append(_rejected(row) if isinstance(row, Reject) else _line(row, deps, act))
    counts = {
        upload_row_result: sum(line.result is upload_row_result for line in found)
        for upload_row_result in UploadRowResult
    }
    return UploadReport(
        content_hash=content_hash_of(content), counts=counts, lines=tuple(found), rejects=_rejects(found, texts)
    )


def _rejects(lines: Iterable[UploadRowReport], texts: Mapping[int, str]) -> str:
    rows = [
        (str(line.line), line.code, line.reason, line.fix, texts[line.line])
        for line in lines
        if line.result is UploadRowResult.REJECTED
    ]
    return "".join(f"{csv_line(row)}\n" for row in [("line", "code", "reason", "fix", "row"), *rows]) if rows else ""


def _bounded(content: bytes, kind: Kind) -> Iterator[TableRow | Reject]:
    for number, row in enumerate(read_table(content, kind, COLUMNS), 1):
        if number > MAX_ROWS:
            raise Rejected("too-large", f"The list has more than {MAX_ROWS} rows.", "Send it in parts.")
        yield row


def _line(row: TableRow, deps: UploadDeps, act: Act) -> UploadRowReport:
    try:
        wish = request_of(row.cells, deps.owner)
        like = new_subscription(wish, deps.owner, deps.office, deps.now)
        same = (like.criterion.identity, like.basis.case_number.casefold())
        if (first := deps.said.setdefault(same, row.line)) != row.line:
            return UploadRowReport(line=row.line, result=UploadRowResult.REPEATED, reason=f"Row {first} says the same.")
        return act(wish, like, deps).model_copy(update={"line": row.line})
    except REFUSALS as error:
        fault = rejection_of(error)
        return _rejected(Reject(row.line, fault.code, fault.reason, fault.fix))


def _look(_wish: SubscriptionRequest, like: Subscription, deps: UploadDeps) -> UploadRowReport:
    selective_terms(like.criterion)
    key = deps.subscribing.index.find_same(like)
    known = deps.subscribing.subscriptions.find(*key) if key else None
    if known is None:
        return UploadRowReport(line=0, result=UploadRowResult.NEW)
    alive = validity_status(known, deps.now.astimezone(deps.office.zone).date()) in _ALIVE
    return UploadRowReport(
        line=0, result=UploadRowResult.KNOWN if alive else UploadRowResult.AGAIN, subscription_id=known.subscription_id
    )


def _take(wish: SubscriptionRequest, like: Subscription, deps: UploadDeps) -> UploadRowReport:
    line = _look(wish, like, deps)
    if line.result is UploadRowResult.KNOWN:
        return line
    made = subscribe(wish, deps.owner, deps.office, deps.subscribing, uuid4().hex, deps.now)
    return line.model_copy(update={"subscription_id": made.subscription.subscription_id})


def _rejected(reject: Reject) -> UploadRowReport:
    return UploadRowReport(
        line=reject.line, result=UploadRowResult.REJECTED, code=reject.code, reason=reject.reason, fix=reject.fix
    )
