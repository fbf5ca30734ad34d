"""Watches that nobody asks for one by one: a row of a case or warrant list makes one for the prosecutor whom it names,
and only for that one. Reassigning, closing and clearing follow in the same run, and each row has its result."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from time import monotonic
from typing import Any, NamedTuple

from pydantic import Field, ValidationError

from shared.aws.optimistic_lock import ConflictError
from shared.errors import Rejected
from shared.feeds.formats.tabular.table import Kind, read_table
from shared.feeds.record import Reject
from shared.offices.model import Office
from shared.offices.recipient import Recipient
from shared.pseudonyms import Pseudonyms
from shared.subscriptions.bulk.caselist_entry import CaselistEntry, CaselistKind
from shared.subscriptions.bulk.upload import REFUSALS, rejection_of
from shared.subscriptions.bulk.upload_row import NUMBERS, PERSON, Cells, criterion_of, day_of, unreadable
from shared.subscriptions.model import Basis, Status, Subscription, SubscriptionKey, SubscriptionRequest
from shared.subscriptions.subscribe import SubscribeDeps, new_subscription
from shared.subscriptions.validity import ValidityStatus, next_revision, validity_status, with_validation_due
from shared.value import FrozenModel

MAX_ROWS = 5_000
COLUMNS = ("case_number", "defendant", "prosecutor", "state", "ends", *PERSON, *NUMBERS)


class CaselistRowResult(StrEnum):
    MADE = "made"
    CHANGED = "changed"
    REASSIGNED = "reassigned"
    REOPENED = "reopened"
    CLOSED = "closed"
    UNCHANGED = "unchanged"
    BY_HAND = "by hand"  # the prosecutor watches it already, or has cancelled it: it is left as it is
    OVERDUE = "overdue"  # the list says that the case is open; that the watch is needed, the prosecutor must say
    REJECTED = "rejected"
    NOT_REACHED = "not reached"  # time ran out: send it again, what is done stays done


class CaselistRowReport(FrozenModel):
    """`line` counts from 1: lines of the file, or of the request."""

    line: int
    result: CaselistRowResult = Field(alias="became")
    case_number: str = ""
    subscription_id: str = ""
    reason: str = ""
    fix: str = ""


@dataclass(frozen=True)
class SyncDeps:
    """`seconds`: after which it answers with what it has done."""

    subscribing: SubscribeDeps
    pseudonyms: Pseudonyms
    seconds: float


def read_caselist(content: bytes, kind: Kind) -> list[tuple[int, CaselistEntry | Reject]]:
    """Raises Rejected when nothing of the file can be read."""
    found = [
        (row.line, row if isinstance(row, Reject) else _listed(row.line, row.cells))
        for row in read_table(content, kind, COLUMNS)
    ]
    if len(found) > MAX_ROWS:
        raise Rejected("too-large", f"The list has more than {MAX_ROWS} rows.", "Send it in parts.")
    return found


def parse_caselist(said: Iterable[Cells]) -> list[tuple[int, CaselistEntry | Reject]]:
    return [(number, _listed(number, cells)) for number, cells in enumerate(said, 1)]


def _listed(line: int, cells: Cells) -> CaselistEntry | Reject:
    said: dict[str, Any] = {name: cells[name] for name in ("case_number", "defendant", "prosecutor") if name in cells}
    if "ends" in cells:
        said["ends"] = day_of(cells["ends"])
    whose = {name: cells[name] for name in (*PERSON, *NUMBERS) if name in cells}
    try:
        said |= {"state": cells.get("state", "").casefold(), "criterion": criterion_of(whose)}
        return CaselistEntry.model_validate(said)
    except ValidationError as error:
        fault = unreadable(error)
    except Rejected as error:
        fault = error
    return Reject(line, fault.code, fault.reason, fault.fix)


def sync_rows(
    lines: Iterable[tuple[int, CaselistEntry | Reject]],
    kind: CaselistKind,
    office: Office,
    deps: SyncDeps,
    now: datetime,
) -> list[CaselistRowReport]:
    """Every row by itself: one that cannot be followed holds up none of the others. May run again. What it makes lies
    in the folder that keeps this list, where there is one: who has a role there is told as well."""
    some, until = list(lines), monotonic() + deps.seconds
    folders = _folders(kind, office, deps)
    keys = {line: _key(one, kind, office, deps) for line, one in some if isinstance(one, CaselistEntry)}
    known, _ = deps.subscribing.subscriptions.read(keys.values())
    first: dict[SubscriptionKey, int] = {}
    results = []
    for line, one in some:
        if isinstance(one, Reject):
            results.append(
                CaselistRowReport(line=line, result=CaselistRowResult.REJECTED, reason=one.reason, fix=one.fix)
            )
        elif first.setdefault(keys[line], line) != line:
            results.append(_result(line, one, CaselistRowResult.REJECTED, keys[line], _twice(first[keys[line]])))
        elif monotonic() > until:
            results.append(_result(line, one, CaselistRowResult.NOT_REACHED, keys[line]))
        else:
            run = _Run(one, kind, office, deps, now, keys[line], folders)
            results.append(_kept(line, run, known.get(keys[line])))
    return results


def close_absent(
    lines: Iterable[tuple[int, CaselistEntry | Reject]],
    kind: CaselistKind,
    office: Office,
    deps: SyncDeps,
    now: datetime,
) -> list[CaselistRowReport]:
    """The list was all of it: what it made before and does not name any more is closed. Nothing is, while a row cannot
    be read: that row may be the very one. Their `line` is 0, for they stand on none."""
    some = list(lines)
    if any(isinstance(one, Reject) for _, one in some):
        return []
    named = {_key(one, kind, office, deps) for _, one in some if isinstance(one, CaselistEntry)}
    absent = (
        subscription
        for subscription in deps.subscribing.subscriptions.all_of(office.office_id)
        if subscription.caselist == kind
        and subscription.status is Status.ACTIVE
        and SubscriptionKey(subscription.office_id, subscription.subscription_id) not in named
    )
    return [_closed(subscription, kind, deps, now) for subscription in absent]


def _closed(subscription: Subscription, kind: CaselistKind, deps: SyncDeps, now: datetime) -> CaselistRowReport:
    after = next_revision(subscription, now, status=Status.CANCELLED, ended_by=kind.name_of_list)
    deps.subscribing.index.replace(subscription, after)
    number = subscription.basis.case_number
    return CaselistRowReport(
        line=0, result=CaselistRowResult.CLOSED, case_number=number, subscription_id=subscription.subscription_id
    )


def _folders(kind: CaselistKind, office: Office, deps: SyncDeps) -> tuple[str, ...]:
    tree = deps.subscribing.subscriptions.folders.tree(office.office_id)
    found = (
        folder.folder_id for folder in tree.folders if folder.keeps == kind and not tree.is_archived(folder.folder_id)
    )
    return tuple(found)


class _Run(NamedTuple):
    """One row on its way."""

    one: CaselistEntry
    kind: CaselistKind
    office: Office
    at: SyncDeps
    now: datetime
    key: SubscriptionKey
    folders: tuple[str, ...]


def _twice(first: int) -> Rejected:
    return Rejected(
        "repeated",
        f"Row {first} is the same defendant of the same case.",
        "Tell the defendants of one case apart in the column defendant.",
    )


def _kept(line: int, run: _Run, before: Subscription | None) -> CaselistRowReport:
    try:
        wanted = _wanted(run)
        became = _make(wanted, run) if before is None else _follow(before, wanted, run)
    except REFUSALS as error:
        return _result(line, run.one, CaselistRowResult.REJECTED, run.key, rejection_of(error))
    return _result(line, run.one, became, run.key)


def _wanted(run: _Run) -> Subscription:
    """As the list would have it. What is over need not still be watchable."""
    listed = run.one
    wish = SubscriptionRequest(
        criterion=listed.criterion,
        basis=Basis(kind=run.kind.basis, case_number=listed.case_number),
        ends=listed.ends if listed.is_open else None,
        recipients=(Recipient({"email": listed.prosecutor}),),
        folders=run.folders,
    )
    return new_subscription(
        wish, listed.prosecutor, run.office, run.now, run.key.subscription_id, caselist=run.kind.value
    )


def _make(wanted: Subscription, run: _Run) -> CaselistRowResult:
    if not run.one.is_open:
        return CaselistRowResult.UNCHANGED
    watch_list = run.at.subscribing.index
    try:
        watch_list.add(wanted)
    except ConflictError:
        if watch_list.find_same(wanted) is None:
            raise
        return CaselistRowResult.BY_HAND
    return CaselistRowResult.MADE


def _follow(before: Subscription, wanted: Subscription, run: _Run) -> CaselistRowResult:
    """The list says whose it is, whom it watches and until when; recipients beside the prosecutor, and when it was
    validated, are not its business."""
    replace, name = run.at.subscribing.index.replace, run.kind.name_of_list
    ended_here = before.status is Status.CANCELLED and before.ended_by == name
    if before.status is Status.CANCELLED and not ended_here:
        return CaselistRowResult.BY_HAND
    if not run.one.is_open:
        if not ended_here:
            replace(before, next_revision(before, run.now, status=Status.CANCELLED, ended_by=name))
        return CaselistRowResult.UNCHANGED if ended_here else CaselistRowResult.CLOSED
    after = _as_listed(before, wanted, run.now)
    if ended_here:
        reopened = {"status": Status.ACTIVE, "ended_by": "", "validated_on": wanted.validated_on}
        replace(before, with_validation_due(after.model_copy(update=reopened)))
        return CaselistRowResult.REOPENED
    return _brought_up(before, with_validation_due(after), run)


def _brought_up(before: Subscription, after: Subscription, run: _Run) -> CaselistRowResult:
    says = ("owner", "criterion", "ends", "basis", "folders")
    differs = any(getattr(before, name) != getattr(after, name) for name in says)
    if differs:
        run.at.subscribing.index.replace(before, after)
    if validity_status(after, run.now.astimezone(run.office.zone).date()) is ValidityStatus.OVERDUE:
        return CaselistRowResult.OVERDUE
    return (
        CaselistRowResult.UNCHANGED
        if not differs
        else CaselistRowResult.CHANGED
        if before.owner == after.owner
        else CaselistRowResult.REASSIGNED
    )


def _as_listed(before: Subscription, wanted: Subscription, now: datetime) -> Subscription:
    mine = Recipient({"email": before.owner}).key
    others = tuple(
        recipient for recipient in before.recipients if recipient.key not in (mine, wanted.recipients[0].key)
    )
    kept = [recipient for recipient in before.recipients if recipient.key == wanted.recipients[0].key] or list(
        wanted.recipients
    )
    return next_revision(
        before,
        now,
        owner=wanted.owner,
        criterion=wanted.criterion,
        ends=wanted.ends,
        basis=wanted.basis,
        recipients=(*kept, *others),
        caselist=wanted.caselist,
        folders=tuple(dict.fromkeys((*before.folders, *wanted.folders))),
    )


def _key(listed: CaselistEntry, kind: CaselistKind, office: Office, deps: SyncDeps) -> SubscriptionKey:
    parts = kind.value, listed.case_number.casefold(), listed.defendant.casefold()
    return SubscriptionKey(office.office_id, deps.pseudonyms.of("listed", office.office_id, *parts))


def _result(
    line: int, listed: CaselistEntry, became: CaselistRowResult, key: SubscriptionKey, fault: Rejected | None = None
) -> CaselistRowReport:
    """A watch that the prosecutor made by hand, or none, has another id than the list would give it."""
    nameless = became in (CaselistRowResult.BY_HAND, CaselistRowResult.REJECTED, CaselistRowResult.NOT_REACHED)
    return CaselistRowReport(
        line=line,
        result=became,
        case_number=listed.case_number,
        reason=fault.reason if fault else "",
        fix=fault.fix if fault else "",
        subscription_id="" if nameless else key.subscription_id,
    )
