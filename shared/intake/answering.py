"""What the agency gets back: a receipt, and its rejects."""

import csv
import io
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from shared.domain.drops import Drop
from shared.domain.errors import Rejected
from shared.domain.receipts import Arrests, Receipt, Rows, State
from shared.feeds.contract import Reject
from shared.feeds.reading import Reading
from shared.feeds.unknown import repeatable
from shared.tables.arrests import Outcome

NEWER = "a newer drop already said otherwise"
SEALED = "the arrest is sealed or expunged"

NOTHING_TAKEN: Mapping[str, Any] = {
    "state": State.REJECTED,
    "code": "all-rejected",
    "reason": "There are records in the file, and not one of them could be taken.",
    "fix": "See the rejects: each says what to mend. Often it is one key of the profile, such as `dates`.",
}


def receipt_of(
    drop: Drop, drop_id: str, reading: Reading, outcomes: Mapping[str, Outcome], finished_at: datetime
) -> Receipt:
    rows, arrests, flags = Counter[Outcome](), Counter[Outcome](), Counter[str]()
    for one in reading.found:
        outcome = outcomes[one.arrest.arrest_id]
        rows[outcome] += one.rows
        arrests[outcome] += 1
        flags.update(flag.value for flag in one.arrest.flags)
    skipped = reading.skipped + Counter({NEWER: rows[Outcome.SKIPPED], SEALED: rows[Outcome.SEALED]})
    return Receipt(
        drop_id=drop_id, agency=drop.agency, key=drop.key, size=drop.size,
        dropped_at=drop.dropped_at, finished_at=finished_at,
        **(NOTHING_TAKEN if reading.rejects and not (reading.found or reading.orders) else {}),
        rows=Rows(
            read=reading.rows, accepted=rows[Outcome.ACCEPTED] + len(reading.orders), updated=rows[Outcome.UPDATED],
            unchanged=rows[Outcome.UNCHANGED], rejected=len(reading.rejects), skipped=skipped.total(),
        ),
        arrests=Arrests(
            accepted=arrests[Outcome.ACCEPTED], updated=arrests[Outcome.UPDATED],
            unchanged=arrests[Outcome.UNCHANGED], skipped=arrests[Outcome.SKIPPED] + arrests[Outcome.SEALED],
            juvenile=sum(one.arrest.juvenile for one in reading.found),
        ),
        seals=len(reading.seals()), identity_events=len(reading.identity_events()),
        rejected=Counter(reject.code for reject in reading.rejects),
        skipped=skipped, flags=flags, unknown_codes=repeatable(reading.unknown), dropped_columns=reading.dropped,
        rejects_key=f"{drop.agency}/rejects/{drop.file}.{drop_id}.csv" if reading.rejects else None,
    )  # fmt: skip


def rejects_file(rejects: Iterable[Reject]) -> bytes:
    """Comma separated, a line a reject, in the order of the file."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(Reject._fields)
    writer.writerows(rejects)
    return text.getvalue().encode("utf-8", "backslashreplace")


def not_taken(drop: Drop, drop_id: str, fault: Rejected, finished_at: datetime) -> Receipt:
    state = State.QUARANTINED if fault.code in ("prefix", "profile") else State.REFUSED
    return Receipt(
        drop_id=drop_id, agency=drop.agency, key=drop.key, size=drop.size,
        dropped_at=drop.dropped_at, finished_at=finished_at,
        state=state, code=fault.code, reason=fault.reason, fix=fault.fix,
    )  # fmt: skip
