"""Drops that waited for other files until their time was over."""

from collections.abc import Iterator
from datetime import datetime

from shared.feeds.drops.model import Drop
from shared.feeds.drops.receipt import ReceiptState
from shared.feeds.drops.table import DropsTable


def overdue_drops(drops: DropsTable, now: datetime) -> Iterator[Drop]:
    """Yields those that wait no longer. What was read meanwhile is taken off the list of waiting drops."""
    for agency, noted in drops.attention.all().items():
        for drop_id in sorted(noted.waiting):
            record = drops.find(agency, drop_id)
            receipt = record.receipt if record else None
            if record is None or receipt is None or receipt.state is not ReceiptState.WAITING:
                drops.attention.remove_waiting(agency, [drop_id])
            elif receipt.waits_until is None or receipt.waits_until <= now:
                yield record.drop
