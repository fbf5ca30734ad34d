"""A dry run: tries a file with a profile. Nothing is stored."""

import io
from collections import Counter
from datetime import datetime

from shared.arrests.items import WriteOutcome
from shared.errors import Rejected
from shared.feeds.drops.model import Drop
from shared.feeds.drops.receipt import Receipt
from shared.feeds.intake.process_drop import parse_drop
from shared.feeds.intake.receipt import StoredOutcomes, receipt_of, refused_receipt
from shared.feeds.intake.short_notice import new_late_notices
from shared.feeds.normalise.read_drop import ParsedDrop
from shared.feeds.profiles.model import Profile
from shared.pseudonyms import Pseudonyms


def dry_run(
    content: bytes, file: str, profile: Profile, pseudonyms: Pseudonyms, now: datetime, *, may_seal: bool
) -> tuple[Receipt, ParsedDrop]:
    """Returns the receipt that the file would get if nothing were stored yet, and the parsed drop."""
    drop = Drop(key=f"{profile.agency}/in/{file}", size=len(content), dropped_at=now)
    drop_id = drop.id(pseudonyms)
    try:
        parsed = parse_drop(io.BytesIO(content), profile, drop, pseudonyms, may_seal=may_seal)
    except Rejected as rejection:
        return refused_receipt(drop, drop_id, rejection, now), ParsedDrop([], [], Counter(), Counter())
    return receipt_of(drop, drop_id, parsed, outcomes_if_new(parsed), profile, now), parsed


def outcomes_if_new(parsed: ParsedDrop) -> StoredOutcomes:
    """What would become of the drop if nothing were stored yet."""
    outcomes = {each.arrest.arrest_id: WriteOutcome.ACCEPTED for each in parsed.arrests}
    return StoredOutcomes(outcomes, len(new_late_notices(parsed, outcomes)))
