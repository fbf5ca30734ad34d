"""What the agency gets back: a receipt, and its rejects."""

import csv
import io
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from shared.arrests.items import WriteOutcome
from shared.errors import Rejected
from shared.feeds.drops.model import Drop
from shared.feeds.drops.receipt import ArrestCounts, Receipt, ReceiptState, RowCounts
from shared.feeds.normalise.read_drop import ParsedDrop
from shared.feeds.record import Reject
from shared.feeds.unknown_codes import repeatable
from shared.value import FrozenModel

NEWER = "a newer drop already said otherwise"
SEALED = "the arrest is sealed or expunged"

NOTHING_TAKEN: Mapping[str, Any] = {
    "state": ReceiptState.REJECTED,
    "code": "all-rejected",
    "reason": "There are records in the file, and not one of them could be taken.",
    "fix": "See the rejects: each says what to mend. Often it is one key of the profile, such as `dates`.",
}


class Tally(FrozenModel):
    """What a reading and its storing come to, in counts. Those of the parts of a file add up to those of the whole."""

    rows: Counter[str] = Counter()  # by outcome
    arrests: Counter[str] = Counter()  # by outcome
    flags: Counter[str] = Counter()
    juvenile: int = 0
    orders: int = 0
    seals: int = 0
    identity_events: int = 0
    rejected: Counter[str] = Counter()  # by code
    skipped: Counter[str] = Counter()  # by reason
    unknown: Mapping[str, Counter[str]] = {}  # words by kind
    dropped: tuple[str, ...] = ()

    def __add__(self, other: "Tally") -> "Tally":
        kinds = dict.fromkeys((*self.unknown, *other.unknown))
        added: dict[str, Any] = {
            name: getattr(self, name) + getattr(other, name)
            for name in (
                "rows",
                "arrests",
                "flags",
                "juvenile",
                "orders",
                "seals",
                "identity_events",
                "rejected",
                "skipped",
            )
        }
        nothing: Counter[str] = Counter()
        added["unknown"] = {kind: self.unknown.get(kind, nothing) + other.unknown.get(kind, nothing) for kind in kinds}
        added["dropped"] = tuple(dict.fromkeys((*self.dropped, *other.dropped)))
        return Tally.model_construct(**added)


def tally_of(reading: ParsedDrop, outcomes: Mapping[str, WriteOutcome]) -> Tally:
    rows, arrests, flags = Counter[str](), Counter[str](), Counter[str]()
    for parsed in reading.found:
        outcome = outcomes[parsed.arrest.arrest_id].value
        rows[outcome] += parsed.rows
        arrests[outcome] += 1
        flags.update(flag.value for flag in parsed.arrest.flags)
    unknown: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for (kind, word), count in reading.unknown.items():
        unknown[kind][word] += count
    return Tally(
        rows=rows,
        arrests=arrests,
        flags=flags,
        juvenile=sum(one.arrest.juvenile for one in reading.found),
        orders=len(reading.orders),
        seals=len(reading.seals()),
        identity_events=len(reading.identity_events()),
        rejected=Counter(reject.code for reject in reading.rejects),
        skipped=reading.skipped,
        unknown=unknown,
        dropped=reading.dropped,
    )


def receipt_of(
    drop: Drop, drop_id: str, reading: ParsedDrop, outcomes: Mapping[str, WriteOutcome], finished_at: datetime
) -> Receipt:
    return receipt_of_tally(drop, drop_id, tally_of(reading, outcomes), finished_at)


def receipt_of_tally(drop: Drop, drop_id: str, tally: Tally, finished_at: datetime) -> Receipt:
    rows, arrests = tally.rows, tally.arrests
    skipped = tally.skipped + Counter({NEWER: rows[WriteOutcome.SKIPPED], SEALED: rows[WriteOutcome.SEALED]})
    rejected = tally.rejected.total()
    unknown = Counter({(kind, word): count for kind, words in tally.unknown.items() for word, count in words.items()})
    accepted = rows[WriteOutcome.ACCEPTED] + tally.orders
    return Receipt(
        drop_id=drop_id,
        agency=drop.agency,
        key=drop.key,
        size=drop.size,
        dropped_at=drop.dropped_at,
        finished_at=finished_at,
        **(NOTHING_TAKEN if rejected and not (arrests or tally.orders) else {}),
        rows=RowCounts(
            read=rows.total() + tally.orders + rejected + tally.skipped.total(),
            accepted=accepted,
            updated=rows[WriteOutcome.UPDATED],
            unchanged=rows[WriteOutcome.UNCHANGED],
            rejected=rejected,
            skipped=skipped.total(),
        ),
        arrests=ArrestCounts(
            accepted=arrests[WriteOutcome.ACCEPTED],
            updated=arrests[WriteOutcome.UPDATED],
            unchanged=arrests[WriteOutcome.UNCHANGED],
            skipped=arrests[WriteOutcome.SKIPPED] + arrests[WriteOutcome.SEALED],
            juvenile=tally.juvenile,
        ),
        seals=tally.seals,
        identity_events=tally.identity_events,
        rejected=tally.rejected,
        skipped=skipped,
        flags=tally.flags,
        unknown_codes=repeatable(unknown),
        dropped_columns=tally.dropped,
        rejects_key=f"{drop.agency}/rejects/{drop.file}.{drop_id}.csv" if rejected else None,
    )


def rejects_file(rejects: Iterable[Reject], *, header: bool = True) -> bytes:
    """Comma separated, a line a reject, in the order of the file."""
    text = io.StringIO()
    writer = csv.writer(text)
    if header:
        writer.writerow(Reject._fields)
    writer.writerows(rejects)
    return text.getvalue().encode("utf-8", "backslashreplace")


def refused_receipt(drop: Drop, drop_id: str, fault: Rejected, finished_at: datetime) -> Receipt:
    state = ReceiptState.QUARANTINED if fault.code in ("prefix", "profile") else ReceiptState.REFUSED
    return Receipt(
        drop_id=drop_id,
        agency=drop.agency,
        key=drop.key,
        size=drop.size,
        dropped_at=drop.dropped_at,
        finished_at=finished_at,
        state=state,
        code=fault.code,
        reason=fault.reason,
        fix=fault.fix,
    )


def receipt_key(receipt: Receipt) -> str:
    drop = Drop(key=receipt.key, size=receipt.size, dropped_at=receipt.dropped_at)
    return f"{receipt.agency}/receipts/{drop.file}.{receipt.drop_id}.json"
