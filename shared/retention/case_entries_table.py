"""Case entries in the subscriptions table: pk case-entries#<office>, sk the entry's id. One goes with the last of its
arrests."""

from typing import TYPE_CHECKING

from shared.arrests.retention.case_entry import CaseEntry
from shared.aws.dynamodb import Item, documents_under, find_document
from shared.aws.optimistic_lock import put_if_unchanged

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


class CaseEntriesTable:
    def __init__(self, client: "DynamoDBClient", subscriptions_table: str) -> None:
        self._client, self._name = client, subscriptions_table

    def store(self, entry: CaseEntry) -> None:
        """Raises ConflictError when somebody else changed the entry since it was read (optimistic lock)."""
        item = _key(entry.office_id, entry.entry_id) | {"doc": {"S": entry.model_dump_json()}}
        put_if_unchanged(self._client, self._name, item, entry.revision)

    def find(self, office_id: str, entry_id: str) -> CaseEntry | None:
        return find_document(self._client, self._name, _key(office_id, entry_id), CaseEntry)

    def of_office(self, office_id: str) -> list[CaseEntry]:
        """Those that were taken back included, the newest first."""
        entries = documents_under(self._client, self._name, f"case-entries#{office_id}", CaseEntry)
        return sorted(entries, key=lambda entry: entry.entered_at, reverse=True)

    def delete(self, entry: CaseEntry) -> None:
        self._client.delete_item(TableName=self._name, Key=_key(entry.office_id, entry.entry_id))


def _key(office_id: str, entry_id: str) -> Item:
    return {"pk": {"S": f"case-entries#{office_id}"}, "sk": {"S": entry_id}}
