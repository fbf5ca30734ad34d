"""What a crash or a lost message left behind, put back into its queue. Every repeat is harmless."""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from typing import TYPE_CHECKING

from shared.alerts.delivery.model import DeliveryState
from shared.alerts.delivery.table import DeliveryKey
from shared.alerts.table import AlertsTable
from shared.feeds.drops.model import Drop

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client


def requeue_deliveries(alerts: AlertsTable, enqueue: Callable[[Iterable[DeliveryKey]], None], now: datetime) -> int:
    """How many forgotten deliveries went to the senders again; a sender leaves a claim that is in force alone."""
    forgotten = list(alerts.deliveries.forgotten(now))
    enqueue(forgotten)
    return len(forgotten)


def close_unconfirmed(alerts: AlertsTable, now: datetime) -> int:
    """How many mails the provider took three days ago and never spoke of again: nothing is pending for ever."""
    keys, why = list(alerts.deliveries.unconfirmed(now)), "the provider has said nothing of it for three days"
    for key in keys:
        alerts.deliveries.advance(key, DeliveryState.UNCONFIRMED, now, why=why)
    return len(keys)


def drops_without_receipt(s3: "S3Client", bucket: str, before: datetime, after: datetime) -> Iterator[Drop]:
    """The drops that came in this span of time and have no receipt as young as they are: their event was lost."""
    drops: list[Drop] = []
    answered: dict[tuple[str, str], datetime] = {}
    for page in s3.get_paginator("list_object_versions").paginate(Bucket=bucket):
        for one in page.get("Versions", []):
            agency, folder, name = [*one["Key"].split("/", 2), "", ""][:3]
            if folder == "receipts":
                file_name = name.rsplit(".", 2)[0]  # <file name>.<drop id>.json
                young = answered.get((agency, file_name), one["LastModified"])
                answered[agency, file_name] = max(young, one["LastModified"])
            elif folder == "in" and one["IsLatest"] and after < one["LastModified"] < before:
                drops.append(
                    Drop(key=one["Key"], size=one["Size"], dropped_at=one["LastModified"], version_id=one["VersionId"])
                )
    for drop in drops:
        receipt = answered.get((drop.agency, drop.file))
        if receipt is None or receipt < drop.dropped_at:
            yield drop
