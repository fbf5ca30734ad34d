"""Releases that were announced to the office of the county of prosecution (Correction Law 149). Alerts table: pk
alert_id releases#<office>, part <arrest_id>.

The row holds ids and instants, and nothing of the person: what the notice says is read from the arrest, as the office
may see it at that moment. It expires like an alert.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from pydantic import AwareDatetime

from shared.aws.due_index import expiry_attribute
from shared.aws.dynamodb import find_document
from shared.value import FrozenModel

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


class AnnouncedRelease(FrozenModel):
    """`reported_at` is when the agency's file came; `release_at` the instant, where it gives one. `late`: the notice
    that first named this moment, or an earlier one, came less than 48 hours before it."""

    office_id: str
    arrest_id: str
    agency: str
    release_on: date
    reported_at: AwareDatetime
    late: bool
    release_at: AwareDatetime | None = None

    @property
    def moment(self) -> str:
        """Which release it is: another moment is announced anew."""
        return self.release_at.astimezone(UTC).isoformat() if self.release_at else self.release_on.isoformat()


class AnnouncedReleasesTable:
    """In the alerts table."""

    def __init__(self, client: "DynamoDBClient", name: str) -> None:
        self._client, self._name = client, name

    def store(self, release: AnnouncedRelease, now: datetime) -> bool:
        """Returns False if the same was stored before. A release that is moved is announced anew."""
        document = release.model_dump_json()
        try:
            self._client.put_item(
                TableName=self._name,
                Item={
                    "alert_id": {"S": f"releases#{release.office_id}"},
                    "part": {"S": release.arrest_id},
                    "release_on": {"S": release.moment},
                    "doc": {"S": document},
                    **expiry_attribute(now),
                },
                ConditionExpression="attribute_not_exists(alert_id) OR release_on <> :day",
                ExpressionAttributeValues={":day": {"S": release.moment}},
            )
        except self._client.exceptions.ConditionalCheckFailedException:
            return False
        return True

    def find(self, office_id: str, arrest_id: str) -> AnnouncedRelease | None:
        """What was announced of it last."""
        key = {"alert_id": {"S": f"releases#{office_id}"}, "part": {"S": arrest_id}}
        return find_document(self._client, self._name, key, AnnouncedRelease)

    def of_office(self, office_id: str) -> Iterator[AnnouncedRelease]:
        pages = self._client.get_paginator("query").paginate(
            TableName=self._name,
            KeyConditionExpression="alert_id = :office",
            ExpressionAttributeValues={":office": {"S": f"releases#{office_id}"}},
        )
        for page in pages:
            for item in page["Items"]:
                yield AnnouncedRelease.model_validate_json(item["doc"]["S"])
