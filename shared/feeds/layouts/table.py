"""The files that came for one batch, beside the drops in the agencies table: pk agency, sort key `batch#<batch id>`.

Each file is an attribute of its own, written once: `file_<drop id>`. So writers never wait for each other, and an event
that comes twice changes nothing. A batch expires when no file has come for it for ninety days.
"""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from shared.aws.dynamodb import Item, expires_at
from shared.feeds.layouts.batches import BatchFile

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

_FILE = "file_"
_STAYS = timedelta(days=90)  # like the cleaned copies from which a drop is read again
_MOST_FILES = 40  # of one batch: names without a stamp are used again every day


class BatchesTable:
    def __init__(self, client: "DynamoDBClient", agencies_table: str) -> None:
        self._client, self._name = client, agencies_table

    def add(self, agency: str, batch_id: str, drop_id: str, file: BatchFile, now: datetime) -> list[BatchFile]:
        """Adds a file to its batch and returns all files that came for it so far, the newest forty at most."""
        item: Any = self._client.update_item(
            TableName=self._name,
            Key=_key(agency, batch_id),
            UpdateExpression="SET #file = if_not_exists(#file, :file), expires = :expires",
            ExpressionAttributeNames={"#file": _FILE + drop_id},
            ExpressionAttributeValues={":file": {"S": file.model_dump_json()}, ":expires": expires_at(now + _STAYS)},
            ReturnValues="ALL_NEW",
        )["Attributes"]
        files = {name: BatchFile.model_validate_json(item[name]["S"]) for name in item if name.startswith(_FILE)}
        oldest = sorted(files, key=lambda name: files[name].order)[:-_MOST_FILES]
        if oldest:
            self._forget(agency, batch_id, oldest)
        return [known for name, known in files.items() if name not in oldest]

    def _forget(self, agency: str, batch_id: str, names: list[str]) -> None:
        aliases = {f"#f{number}": name for number, name in enumerate(names)}
        self._client.update_item(
            TableName=self._name,
            Key=_key(agency, batch_id),
            UpdateExpression=f"REMOVE {', '.join(aliases)}",
            ExpressionAttributeNames=aliases,
        )


def _key(agency: str, batch_id: str) -> Item:
    return {"agency": {"S": agency}, "part": {"S": f"batch#{batch_id}"}}
