"""Which certificates of seals there are, in the agencies' table: `part` is `seal certificate#<day>#<digest>`. The
certificates themselves lie in the locked bucket, which no page reads."""

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from shared.aws.dynamodb import Item
from shared.value import FrozenModel

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

_PART = "seal certificate#"


class CertifiedSeal(FrozenModel):
    """A certificate without its hashes. `key` is that of the object in the audit bucket."""

    key: str
    day: date
    drop_id: str
    statutes: Mapping[str, int]
    counts: Mapping[str, int]


class CertifiedSealsTable:
    def __init__(self, client: "DynamoDBClient", agencies_table: str) -> None:
        self._client, self._name = client, agencies_table

    def note(self, agency: str, digest: str, seal: CertifiedSeal) -> None:
        self._client.update_item(
            TableName=self._name,
            Key=_key(agency, f"{_PART}{seal.day.isoformat()}#{digest}"),
            UpdateExpression="SET doc = :doc",
            ExpressionAttributeValues={":doc": {"S": seal.model_dump_json()}},
        )

    def page(self, agency: str, limit: int, after: str | None) -> tuple[list[CertifiedSeal], str | None]:
        """Newest first, behind the part `after`. Returns the part to go on behind; None at the end."""
        start: dict[str, Any] = {"ExclusiveStartKey": _key(agency, after)} if after else {}
        answer = self._client.query(
            TableName=self._name,
            KeyConditionExpression="agency = :agency AND begins_with(part, :certificate)",
            ExpressionAttributeValues={":agency": {"S": agency}, ":certificate": {"S": _PART}},
            ScanIndexForward=False,
            Limit=limit,
            **start,
        )
        following = answer.get("LastEvaluatedKey")
        seals = [CertifiedSeal.model_validate_json(item["doc"]["S"]) for item in answer["Items"]]
        return seals, following["part"]["S"] if following else None


def _key(agency: str, part: str) -> Item:
    return {"agency": {"S": agency}, "part": {"S": part}}
