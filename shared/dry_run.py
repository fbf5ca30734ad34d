"""Try a file against a profile: the receipt that it would get, and its arrests as read. Nothing is stored."""

import io
from collections import Counter
from datetime import datetime

from shared.domain.drops import Drop
from shared.domain.errors import Rejected
from shared.domain.pseudonyms import Pseudonyms
from shared.domain.receipts import Receipt
from shared.feeds.profile import Profile
from shared.feeds.reading import Reading
from shared.intake import not_taken, read, receipt_of
from shared.tables.arrest_items import Outcome


def dry_run(
    content: bytes, file: str, profile: Profile, pseudonyms: Pseudonyms, now: datetime
) -> tuple[Receipt, Reading]:
    """As if nothing were stored yet."""
    drop = Drop(key=f"{profile.agency}/in/{file}", size=len(content), dropped_at=now)
    drop_id = drop.id(pseudonyms)
    try:
        reading = read(io.BytesIO(content), profile, drop, pseudonyms)
    except Rejected as fault:
        return not_taken(drop, drop_id, fault, now), Reading([], [], Counter(), Counter())
    outcomes = {one.arrest.arrest_id: Outcome.ACCEPTED for one in reading.found}
    return receipt_of(drop, drop_id, reading, outcomes, now), reading
