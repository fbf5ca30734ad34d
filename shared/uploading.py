"""A list of watches in one file: looked at first, row by row, and then taken. One bad row costs nobody else."""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from time import monotonic
from uuid import uuid4

from shared.domain.errors import Rejected, TryLater
from shared.domain.listing import COLUMNS, wish_of
from shared.domain.matching import Unanchored, anchors_of
from shared.domain.offices import Office
from shared.domain.subscriptions import Subscription, Wish
from shared.domain.validity import Standing, standing
from shared.domain.value import Value
from shared.enrolment import Enrolling, NotAllowed, TooLate, met, subscribe
from shared.feeds.contract import Reject
from shared.feeds.delimited import written
from shared.feeds.table import Kind, Row, rows
from shared.tables.watch_list import Overtaken

MOST_ROWS = 5_000
_ALIVE = {Standing.ACTIVE, Standing.EXPIRING, Standing.NOT_BEGUN}


class Became(StrEnum):
    """What becomes of a row, or became of it."""

    NEW = "new"
    AGAIN = "again"  # watched before and over or cancelled: it is revived
    KNOWN = "known"  # watched already: left as it is
    REPEATED = "repeated"  # an earlier row says the same
    REJECTED = "rejected"
    NOT_REACHED = "not reached"  # time ran out: send the file again, what is done stays done


class Line(Value):
    line: int
    became: Became
    subscription_id: str = ""
    code: str = ""
    reason: str = ""
    fix: str = ""


class Uploaded(Value):
    """`seen` names the content: a commit repeats it, so that nothing is taken that nobody has looked at. `rejects` is
    a CSV file of the rows to mend."""

    seen: str
    counts: dict[Became, int]
    lines: tuple[Line, ...]
    rejects: str


@dataclass
class Uploading:
    """One upload on its way: whose it is, and after how many seconds it answers with what is done."""

    owner: str
    office: Office
    enrolling: Enrolling
    now: datetime
    seconds: float
    said: dict[object, int] = field(default_factory=dict)


Act = Callable[[Wish, Subscription, Uploading], Line]
REFUSALS = (Rejected, NotAllowed, Unanchored, TooLate, Overtaken, TryLater)


def seen(content: bytes) -> str:
    return hashlib.blake2b(content, digest_size=16).hexdigest()


def preview(content: bytes, kind: Kind, at: Uploading) -> Uploaded:
    """Nothing is stored. Raises Rejected when nothing of the file can be read."""
    return _through(content, kind, at, _look)


def commit(content: bytes, kind: Kind, at: Uploading) -> Uploaded:
    """Every row that can be is taken. May run again: what is there stays as it is."""
    return _through(content, kind, at, _take)


def why(fault: Exception) -> Rejected:
    """One of REFUSALS as what is wrong with a row."""
    match fault:
        case Rejected():
            return fault
        case NotAllowed():
            return Rejected("recipients", "Not everybody of them may be written to.", fault.refusals[0].mend)
        case Unanchored():
            return Rejected("too-broad", "The row would watch too much.", str(fault))
        case TooLate():
            return Rejected("ends", "The watch would be over.", str(fault))
        case _:
            return Rejected("busy", "It was changed in the same moment.", "Send the file again.")


def _through(content: bytes, kind: Kind, at: Uploading, act: Act) -> Uploaded:
    until, found, texts = monotonic() + at.seconds, [], {}
    for row in _bounded(content, kind):
        texts[row.line] = row.row if isinstance(row, Reject) else row.text
        if monotonic() > until:
            found.append(Line(line=row.line, became=Became.NOT_REACHED))
        else:
            found.append(_rejected(row) if isinstance(row, Reject) else _line(row, at, act))
    counts = {one: sum(line.became is one for line in found) for one in Became}
    return Uploaded(seen=seen(content), counts=counts, lines=tuple(found), rejects=_rejects(found, texts))


def _rejects(found: Iterable[Line], texts: Mapping[int, str]) -> str:
    rows = [
        (str(one.line), one.code, one.reason, one.fix, texts[one.line])
        for one in found
        if one.became is Became.REJECTED
    ]
    return "".join(f"{written(row)}\n" for row in [("line", "code", "reason", "fix", "row"), *rows]) if rows else ""


def _bounded(content: bytes, kind: Kind) -> Iterator[Row | Reject]:
    for number, row in enumerate(rows(content, kind, COLUMNS), 1):
        if number > MOST_ROWS:
            raise Rejected("too-large", f"The list has more than {MOST_ROWS} rows.", "Send it in parts.")
        yield row


def _line(row: Row, at: Uploading, act: Act) -> Line:
    try:
        wish = wish_of(row.cells, at.owner)
        like = met(wish, at.owner, at.office, at.now)
        same = (like.criterion.identity, like.basis.case_number.casefold())
        if (first := at.said.setdefault(same, row.line)) != row.line:
            return Line(line=row.line, became=Became.REPEATED, reason=f"Row {first} says the same.")
        return act(wish, like, at).model_copy(update={"line": row.line})
    except REFUSALS as error:
        fault = why(error)
        return _rejected(Reject(row.line, fault.code, fault.reason, fault.fix))


def _look(_wish: Wish, like: Subscription, at: Uploading) -> Line:
    anchors_of(like.criterion)
    key = at.enrolling.watch_list.same_as(like)
    known = at.enrolling.subscriptions.find(*key) if key else None
    if known is None:
        return Line(line=0, became=Became.NEW)
    alive = standing(known, at.now.astimezone(at.office.zone).date()) in _ALIVE
    return Line(line=0, became=Became.KNOWN if alive else Became.AGAIN, subscription_id=known.subscription_id)


def _take(wish: Wish, like: Subscription, at: Uploading) -> Line:
    line = _look(wish, like, at)
    if line.became is Became.KNOWN:
        return line
    made = subscribe(wish, at.owner, at.office, at.enrolling, uuid4().hex, at.now)
    return line.model_copy(update={"subscription_id": made.subscription.subscription_id})


def _rejected(reject: Reject) -> Line:
    return Line(line=reject.line, became=Became.REJECTED, code=reject.code, reason=reject.reason, fix=reject.fix)
