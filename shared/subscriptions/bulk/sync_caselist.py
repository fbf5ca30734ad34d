"""Keeps subscriptions equal to an office's caselist: each open entry makes one for the prosecutor whom it names.

Reassigning, closing and clearing take effect in the same run, and every row has its result. Gathers first (folders and
stored subscriptions), decides each row in `decide_caselist.py`, then writes it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from time import monotonic
from typing import NamedTuple

from pydantic import Field

from shared.access import SECOND_PERSON
from shared.aws.optimistic_lock import ConflictError
from shared.errors import Rejected
from shared.feeds.record import Reject
from shared.offices.model import Office
from shared.offices.users import User
from shared.pseudonyms import Pseudonyms
from shared.subscriptions.bulk.caselist_entry import CaselistEntry, CaselistKind, CaselistRow
from shared.subscriptions.bulk.decide_caselist import (
    CaselistDecision,
    CaselistRowResult,
    closed_by_list,
    decide_entry,
    subscription_of_entry,
)
from shared.subscriptions.bulk.row_errors import ROW_ERRORS, rejection_of
from shared.subscriptions.check_request import require_can_hit
from shared.subscriptions.model import Status, Subscription, SubscriptionKey
from shared.subscriptions.subscribe import SubscribeDeps
from shared.value import FrozenModel

_WITHOUT_ID = (CaselistRowResult.BY_HAND, CaselistRowResult.REJECTED, CaselistRowResult.NOT_REACHED)
"""Results after which no subscription has the id that the list would give it."""


class CaselistRowReport(FrozenModel):
    """`line` is that of the row; 0 for a subscription that is closed because no row names it any more."""

    line: int
    result: CaselistRowResult = Field(alias="became")
    case_number: str = ""
    subscription_id: str = ""
    reason: str = ""
    fix: str = ""


@dataclass(frozen=True)
class SyncDeps:
    """After `seconds` the run stops and reports what it has done by then. `sent_by` is the address of who sends the
    list, a person or a machine."""

    subscribing: SubscribeDeps
    pseudonyms: Pseudonyms
    seconds: float
    sent_by: str = ""


class _Run(NamedTuple):
    """One run, with what it read before the first decision. `keys` are by line, and only of rows that could be read.
    `gone` are prosecutors of the rows who were removed, by e-mail address."""

    kind: CaselistKind
    office: Office
    deps: SyncDeps
    now: datetime
    keys: dict[int, SubscriptionKey]
    stored: dict[SubscriptionKey, Subscription]
    folders: tuple[str, ...]
    gone: dict[str, User]


def sync_rows(
    rows: Iterable[CaselistRow], kind: CaselistKind, office: Office, deps: SyncDeps, now: datetime
) -> list[CaselistRowReport]:
    """Brings the subscription of each row in line with it. A row that cannot be followed costs no other. May run again.

    New subscriptions lie in the folders that keep this list, if there are any: everybody with a role there is notified
    too. Returns a report per row, in their order.
    """
    rows, deadline = list(rows), monotonic() + deps.seconds
    run = _gather(rows, kind, office, deps, now)
    first_lines: dict[SubscriptionKey, int] = {}
    reports = []
    for line, entry in rows:
        if isinstance(entry, Reject):
            rejected = CaselistRowResult.REJECTED
            reports.append(CaselistRowReport(line=line, result=rejected, reason=entry.reason, fix=entry.fix))
            continue
        key = run.keys[line]
        first_line = first_lines.setdefault(key, line)
        if first_line != line:
            reports.append(_report(line, entry, CaselistRowResult.REJECTED, key, _repeated(first_line)))
        elif monotonic() > deadline:
            reports.append(_report(line, entry, CaselistRowResult.NOT_REACHED, key))
        else:
            reports.append(_sync_entry(line, entry, run))
    return reports


def close_absent(
    rows: Iterable[CaselistRow], kind: CaselistKind, office: Office, deps: SyncDeps, now: datetime
) -> list[CaselistRowReport]:
    """Closes what the list made before and no row names any more. Call it only if the rows are the complete list.

    Closes nothing if a row cannot be read, because that row may name any of them.
    """
    named_keys = set()
    for _, entry in rows:
        if isinstance(entry, Reject):
            return []
        named_keys.add(_key_of(entry, kind, office, deps))
    absent = [
        subscription
        for subscription in deps.subscribing.subscriptions.all_of(office.office_id)
        if _is_of_list(subscription, kind) and subscription.key not in named_keys
    ]
    return [_close(subscription, kind, deps, now) for subscription in absent]


def _gather(rows: list[CaselistRow], kind: CaselistKind, office: Office, deps: SyncDeps, now: datetime) -> _Run:
    subscriptions_table = deps.subscribing.subscriptions
    tree = subscriptions_table.folders.tree(office.office_id)
    folder_ids = (folder.folder_id for folder in tree.folders if folder.keeps == kind)
    live_folders = tuple(folder_id for folder_id in folder_ids if not tree.is_archived(folder_id))
    keys = {line: _key_of(entry, kind, office, deps) for line, entry in rows if isinstance(entry, CaselistEntry)}
    stored, _ = subscriptions_table.read(keys.values())
    return _Run(kind, office, deps, now, keys, stored, live_folders, _removed_prosecutors(rows, office, deps))


def _removed_prosecutors(rows: list[CaselistRow], office: Office, deps: SyncDeps) -> dict[str, User]:
    """Follows each of them to the last successor, so that a list that still names somebody who left works on."""
    users = deps.subscribing.subscriptions.users
    named = {entry.prosecutor for _, entry in rows if isinstance(entry, CaselistEntry)}
    gone: dict[str, User] = {}
    while named:
        stored = users.read((office.office_id, email) for email in named)
        removed = {user.email: user for user in stored.values() if user.removed and user.email not in gone}
        gone |= removed
        named = {user.succeeded_by for user in removed.values() if user.succeeded_by}
    return gone


def _with_successor(entry: CaselistEntry, gone: Mapping[str, User]) -> CaselistEntry:
    """The entry with whoever took over from a prosecutor who left. Raises Rejected if nobody did."""
    email, passed = entry.prosecutor.casefold(), set[str]()
    while email in gone:
        successor = gone[email].succeeded_by
        if successor is None or email in passed:
            raise Rejected("removed", "The prosecutor is no user any more.", "Name who has the case now.")
        passed.add(email)
        email = successor
    return entry.model_copy(update={"prosecutor": email}) if passed else entry


def _sync_entry(line: int, entry: CaselistEntry, run: _Run) -> CaselistRowReport:
    key = run.keys[line]
    before = run.stored.get(key)
    try:
        today = run.office.local_day(run.now)
        entry = entry.on_day(run.kind, today)
        entry = _with_successor(entry, run.gone) if entry.is_open else entry
        _check_handed_over_by_another(entry, before, run.deps.sent_by)
        if entry.is_open:  # what is closed alerts nobody, whatever it watches
            require_can_hit(entry.criterion, today, run.deps.subscribing.is_enrolled)
        described = subscription_of_entry(entry, run.kind, key.subscription_id, run.folders, run.office, run.now)
        decision = decide_entry(entry, run.kind, described, before, run.office, run.now)
        result = _apply(decision, before, run.deps)
    except ROW_ERRORS as error:
        return _report(line, entry, CaselistRowResult.REJECTED, key, rejection_of(error))
    return _report(line, entry, result, key)


def _check_handed_over_by_another(entry: CaselistEntry, before: Subscription | None, sent_by: str) -> None:
    """Raises Rejected when whoever sends the list takes over a subscription of somebody else, and its private note."""
    takes_over = before is not None and not before.is_owned_by(entry.prosecutor)
    if takes_over and entry.is_open and entry.prosecutor.casefold() == sent_by.casefold():
        raise Rejected("prosecutor", "You would take over the subscription of somebody else.", SECOND_PERSON)


def _apply(decision: CaselistDecision, before: Subscription | None, deps: SyncDeps) -> CaselistRowResult:
    """Writes the decision. Returns BY_HAND instead of MADE if the prosecutor made the same subscription by hand."""
    index = deps.subscribing.index
    if decision.after is None:
        return decision.result
    if before is not None:
        index.replace(before, decision.after)
        return decision.result
    try:
        index.add(decision.after)
    except ConflictError:
        if index.find_same(decision.after) is None:
            raise
        return CaselistRowResult.BY_HAND
    return decision.result


def _close(subscription: Subscription, kind: CaselistKind, deps: SyncDeps, now: datetime) -> CaselistRowReport:
    deps.subscribing.index.replace(subscription, closed_by_list(subscription, kind, now))
    return CaselistRowReport(
        line=0,
        result=CaselistRowResult.CLOSED,
        case_number=subscription.basis.case_number,
        subscription_id=subscription.subscription_id,
    )


def _is_of_list(subscription: Subscription, kind: CaselistKind) -> bool:
    return subscription.caselist == kind and subscription.status is Status.ACTIVE


def _key_of(entry: CaselistEntry, kind: CaselistKind, office: Office, deps: SyncDeps) -> SubscriptionKey:
    """The id is a keyed hash of list, case and defendant, so that the same entry always has the same subscription."""
    identity = kind.value, entry.case_number.casefold(), entry.defendant.casefold()
    return SubscriptionKey(office.office_id, deps.pseudonyms.of("listed", office.office_id, *identity))


def _repeated(first_line: int) -> Rejected:
    return Rejected(
        "repeated",
        f"Row {first_line} is the same defendant of the same case.",
        "Tell the defendants of one case apart in the column defendant.",
    )


def _report(
    line: int,
    entry: CaselistEntry,
    result: CaselistRowResult,
    key: SubscriptionKey,
    rejection: Rejected | None = None,
) -> CaselistRowReport:
    return CaselistRowReport(
        line=line,
        result=result,
        case_number=entry.case_number,
        reason=rejection.reason if rejection else "",
        fix=rejection.fix if rejection else "",
        subscription_id="" if result in _WITHOUT_ID else key.subscription_id,
    )
