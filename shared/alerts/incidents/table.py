"""Incidents in the alerts table: pk alert_id = incident id, part incident.

The index `by_office` lists them under `incident#<office>`; the sparse index `open` those that are not over.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING

from shared.alerts.incidents.model import Incident
from shared.aws.due_index import INCIDENT, due_keys, expiry_attribute
from shared.aws.dynamodb import Item, get_all, sortable_timestamp
from shared.aws.optimistic_lock import ConflictError

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


class IncidentsTable:
    """In the alerts table."""

    def __init__(self, client: "DynamoDBClient", name: str) -> None:
        self._client, self._name = client, name

    def read(self, incident_ids: Iterable[str]) -> dict[str, Incident]:
        """Maps the ids to the incidents that exist, over ones included. 100 ids a call."""
        keys = [_key(incident_id) for incident_id in sorted(set(incident_ids))]
        items = get_all(self._client, self._name, keys)
        return {item["alert_id"]["S"]: Incident.model_validate_json(item["doc"]["S"]) for item in items}

    def open_ids(self, now: datetime) -> set[str]:
        """The ids of incidents that are not over. One stored in the last second may be missing."""
        return {item["alert_id"]["S"] for item in due_keys(self._client, self._name, INCIDENT, now)}

    def of_office(self, office_id: str) -> list[Incident]:
        """The office's incidents, the newest first; over ones included until they expire."""
        pages = self._client.get_paginator("query").paginate(
            TableName=self._name,
            IndexName="by_office",
            ScanIndexForward=False,
            KeyConditionExpression="office_id = :office",
            ExpressionAttributeValues={":office": {"S": _partition(office_id)}},
        )
        ids = [item["alert_id"]["S"] for page in pages for item in page["Items"]]
        incidents = self.read(ids)
        return [incidents[incident_id] for incident_id in ids if incident_id in incidents]

    def save(self, incident: Incident) -> None:
        """Raises ConflictError when the stored revision is not the one before."""
        try:
            self._client.put_item(
                TableName=self._name,
                Item=_item(incident),
                ConditionExpression="attribute_not_exists(alert_id) OR revision = :before",
                ExpressionAttributeValues={":before": {"N": str(incident.revision - 1)}},
            )
        except self._client.exceptions.ConditionalCheckFailedException as error:
            raise ConflictError from error


def _item(incident: Incident) -> Item:
    since = sortable_timestamp(incident.concern.since)
    is_open = {} if incident.over_at else {"open": {"S": INCIDENT}, "due": {"S": since}}
    return (
        _key(incident.incident_id)
        | {
            "office_id": {"S": _partition(incident.concern.office_id)},
            "created_at": {"S": since},
            "revision": {"N": str(incident.revision)},
            "doc": {"S": incident.model_dump_json()},
        }
        | is_open
        | (expiry_attribute(incident.over_at) if incident.over_at else {})
    )


def _key(incident_id: str) -> Item:
    return {"alert_id": {"S": incident_id}, "part": {"S": "incident"}}


def _partition(office_id: str) -> str:
    """The partition key in the index `by_office`."""
    return f"incident#{office_id}"
