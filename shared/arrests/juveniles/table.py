"""The table of juveniles: pk arrest_id, sk `part`. No index and no stream.

A record has the part `record` and the attributes of an arrest (`../table.py`) but for `quiet`, which lies at its stub.
An opening has the pk `openings#<office>` and its id, which begins with its time, as the part.
"""

from typing import TYPE_CHECKING, Any

from shared.arrests.juveniles.opening import Opening
from shared.arrests.juveniles.stub import record_key
from shared.arrests.model import Arrest
from shared.arrests.seals.effect import flags_of_mark
from shared.aws.dynamodb import Item
from shared.aws.optimistic_lock import put_if_unchanged

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


class JuvenilesTable:
    def __init__(self, client: "DynamoDBClient", name: str) -> None:
        self._client, self._name = client, name

    def record(self, arrest_id: str) -> Arrest | None:
        item = self._get(record_key(arrest_id))
        if item is None or "doc" not in item:  # one that is locked by a seal has none
            return None
        arrest = Arrest.model_validate_json(item["doc"]["S"])
        marks = flags_of_mark(item.get("mark", {}).get("S", ""))  # CPL 720.35, as at an adult's
        return arrest.model_copy(update={"flags": (*marks, *arrest.flags)})

    def save(self, opening: Opening) -> None:
        """Raises ConflictError when somebody else saved another revision since this one was read."""
        item = _opening_key(opening.office_id, opening.opening_id) | {"opening": {"S": opening.model_dump_json()}}
        put_if_unchanged(self._client, self._name, item, opening.revision)

    def opening(self, office_id: str, opening_id: str) -> Opening | None:
        """Reads consistently: a decision is taken once."""
        item = self._get(_opening_key(office_id, opening_id))
        return Opening.model_validate_json(item["opening"]["S"]) if item else None

    def openings(self, office_id: str, limit: int, after: str) -> tuple[list[Opening], str | None]:
        """Newest first, behind the id `after`. Returns the id to go on behind; None at the end."""
        start: dict[str, Any] = {"ExclusiveStartKey": _opening_key(office_id, after)} if after else {}
        answer = self._client.query(
            TableName=self._name,
            KeyConditionExpression="arrest_id = :openings",
            ExpressionAttributeValues={":openings": {"S": f"openings#{office_id}"}},
            ScanIndexForward=False,
            Limit=limit,
            **start,
        )
        following = answer.get("LastEvaluatedKey")
        openings = [Opening.model_validate_json(item["opening"]["S"]) for item in answer["Items"]]
        return openings, following["part"]["S"] if following else None

    def _get(self, key: Item) -> Item | None:
        item: Item | None = self._client.get_item(TableName=self._name, Key=key, ConsistentRead=True).get("Item")
        return item


def _opening_key(office_id: str, opening_id: str) -> Item:
    return {"arrest_id": {"S": f"openings#{office_id}"}, "part": {"S": opening_id}}
