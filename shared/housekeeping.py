"""What a crash or a lost message left behind, put back into its queue. Every repeat is harmless."""

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from urllib.parse import quote_plus

from shared.domain.deliveries import DeliveryState
from shared.tables.alerts import AlertsTable
from shared.tables.deliveries import DeliveryKey

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


@dataclass(frozen=True)
class DropVersion:
    """One version of one object under an agency's `in/`."""

    key: str
    version_id: str
    modified: datetime
    size: int

    def as_event(self, bucket: str) -> str:
        """The S3 event notification that this version should have had."""
        where = {
            "bucket": {"name": bucket},
            "object": {"key": quote_plus(self.key, safe="/"), "size": self.size, "versionId": self.version_id},
        }
        record = {
            "eventSource": "aws:s3", "eventName": "ObjectCreated:Put", "s3": where,
            "eventTime": self.modified.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        }  # fmt: skip
        return json.dumps({"Records": [record]})


def drops_without_receipt(s3: "S3Client", bucket: str, before: datetime, after: datetime) -> Iterator[DropVersion]:
    """The drops that came in this span of time and have no receipt as young as they are: their event was lost."""
    drops: list[DropVersion] = []
    answered: dict[tuple[str, str], datetime] = {}
    for page in s3.get_paginator("list_object_versions").paginate(Bucket=bucket):
        for one in page.get("Versions", []):
            agency, folder, name = [*one["Key"].split("/", 2), "", ""][:3]
            if folder == "receipts":
                file_name = name.rsplit(".", 2)[0]  # <file name>.<drop id>.json
                young = answered.get((agency, file_name), one["LastModified"])
                answered[agency, file_name] = max(young, one["LastModified"])
            elif folder == "in" and one["IsLatest"] and after < one["LastModified"] < before:
                drops.append(DropVersion(one["Key"], one["VersionId"], one["LastModified"], one["Size"]))
    for drop in drops:
        agency, _, name = drop.key.split("/", 2)
        receipt = answered.get((agency, name))
        if receipt is None or receipt < drop.modified:
            yield drop
