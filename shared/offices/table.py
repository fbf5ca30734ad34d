"""Offices, each one document with its rules: pk `office#<id>` in a table of their own (other items have other keys).

The index `by_kind` lists them, apart from the agencies' reference data, which is far larger.
"""

import hashlib
from collections.abc import Iterable, Iterator
from contextlib import suppress
from typing import TYPE_CHECKING, NamedTuple

from pydantic import ValidationError

from shared.aws.dynamodb import Item, find_document, get_all
from shared.aws.optimistic_lock import ConflictError
from shared.offices.model import Office

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


_BY_KIND, _KIND = "by_kind", "office"


class StoredOffice(NamedTuple):
    """An office with its document as it is stored, by which a later change knows that nobody came in between."""

    office: Office
    document: str

    @property
    def revision(self) -> int:
        """Names the state. It is no count, but the same document always has the same one."""
        return int(hashlib.sha256(self.document.encode()).hexdigest()[:12], 16)


class OfficesTable:
    def __init__(self, client: "DynamoDBClient", name: str) -> None:
        self._client, self._name = client, name

    def office(self, office_id: str) -> Office | None:
        return find_document(self._client, self._name, {"pk": {"S": f"office#{office_id}"}}, Office, is_exact=False)

    def find_stored(self, office_id: str) -> StoredOffice | None:
        """Reads consistently."""
        key = {"pk": {"S": f"office#{office_id}"}}
        item = self._client.get_item(TableName=self._name, Key=key, ConsistentRead=True).get("Item")
        return StoredOffice(Office.model_validate_json(item["doc"]["S"]), item["doc"]["S"]) if item else None

    def replace(self, before: StoredOffice, office: Office) -> StoredOffice:
        """Raises ConflictError when the document is no longer the one that was read (an optimistic lock)."""
        after = StoredOffice(office, office.model_dump_json())
        try:
            self._client.put_item(
                TableName=self._name,
                Item=_item(office.office_id, after.document),
                ConditionExpression="doc = :seen",
                ExpressionAttributeValues={":seen": {"S": before.document}},
            )
        except self._client.exceptions.ConditionalCheckFailedException as error:
            raise ConflictError from error
        return after

    def offices(self, office_ids: Iterable[str]) -> tuple[dict[str, Office], set[str]]:
        """Returns the offices by id, and the ids of those whose stored document cannot be read.

        An id that is not stored is in neither.
        """
        keys = [{"pk": {"S": f"office#{office_id}"}} for office_id in sorted(set(office_ids))]
        by_id, broken_ids = {}, set()
        for item in get_all(self._client, self._name, keys):
            office_id = item["pk"]["S"].partition("#")[2]
            try:
                by_id[office_id] = Office.model_validate_json(item["doc"]["S"])
            except ValidationError:
                broken_ids.add(office_id)
        return by_id, broken_ids

    def each_office(self, after: str = "") -> Iterator[Office]:
        """Yields every office with an id behind `after` whose document can be read, in the order of ids. The index is
        eventually consistent."""
        pages = self._client.get_paginator("query").paginate(
            TableName=self._name,
            IndexName=_BY_KIND,
            KeyConditionExpression="kind = :kind AND pk > :after",
            ExpressionAttributeValues={":kind": {"S": _KIND}, ":after": {"S": f"office#{after}"}},
        )
        for page in pages:
            for item in page["Items"]:
                with suppress(ValidationError):
                    yield Office.model_validate_json(item["doc"]["S"])

    def ids(self) -> list[str]:
        """Returns the ids of all offices, including those whose document cannot be read. Reads the whole table, which a
        command may do and a scheduled job may not."""
        pages = self._client.get_paginator("scan").paginate(
            TableName=self._name,
            FilterExpression="begins_with(pk, :kind)",
            ExpressionAttributeValues={":kind": {"S": "office#"}},
        )
        return [item["pk"]["S"].partition("#")[2] for page in pages for item in page["Items"]]

    def list_in_index(self) -> None:
        """Lists the offices that an earlier release stored."""
        for office_id in self.ids():
            self._client.update_item(
                TableName=self._name,
                Key={"pk": {"S": f"office#{office_id}"}},
                UpdateExpression="SET kind = :kind",
                ConditionExpression="attribute_exists(pk)",
                ExpressionAttributeValues={":kind": {"S": _KIND}},
            )

    def enrol(self, office: Office) -> None:
        self._client.put_item(TableName=self._name, Item=_item(office.office_id, office.model_dump_json()))


def _item(office_id: str, document: str) -> Item:
    return {"pk": {"S": f"office#{office_id}"}, "kind": {"S": _KIND}, "doc": {"S": document}}
