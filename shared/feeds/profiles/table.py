"""An agency's live profile and every version of it: pk agency, part `profile` and `profile#<version>`.

The drops lie beside it (`shared/feeds/drops/table.py`).
"""

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from pydantic import AwareDatetime

from shared.aws.dynamodb import Item
from shared.aws.optimistic_lock import ConflictError
from shared.value import FrozenModel

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

_ATTEMPTS = 5


class ProfileVersion(FrozenModel):
    """`text` is the profile's YAML as it was handed in."""

    agency: str
    version: int
    text: str
    changed_by: str
    changed_at: AwareDatetime

    @property
    def revision(self) -> int:
        return self.version


class AgenciesTable:
    def __init__(self, client: "DynamoDBClient", name: str) -> None:
        self._client, self._name = client, name

    def profile(self, agency: str, version: int | None = None) -> ProfileVersion | None:
        """The live one, or one that was. Read consistently at every drop: a profile that was replaced before a drop
        came is never used for it."""
        part = "profile" if version is None else _part(version)
        answer = self._client.get_item(TableName=self._name, Key=_key(agency, part), ConsistentRead=True)
        item = answer.get("Item")
        return ProfileVersion.model_validate_json(item["doc"]["S"]) if item else None

    def text(self, agency: str) -> str | None:
        """The YAML of the live profile; None when no such agency is enrolled."""
        live = self.profile(agency)
        return live.text if live else None

    def replace(self, agency: str, text: str, seen: int, by: str, now: datetime) -> ProfileVersion:
        """In place of version `seen`, 0 for the first one. Raises ConflictError when that is not the live one."""
        made = ProfileVersion(agency=agency, version=seen + 1, text=text, changed_by=by, changed_at=now)
        document = {"doc": {"S": made.model_dump_json()}, "version": {"N": str(made.version)}}
        unchanged: dict[str, Any] = {"ConditionExpression": "attribute_not_exists(part)"}
        if seen:
            unchanged = {
                "ConditionExpression": "version = :seen",
                "ExpressionAttributeValues": {":seen": {"N": str(seen)}},
            }
        live: Any = {"TableName": self._name, "Item": _key(agency, "profile") | document} | unchanged
        kept: Any = {"TableName": self._name, "Item": _key(agency, _part(made.version)) | document}
        try:
            self._client.transact_write_items(TransactItems=[{"Put": live}, {"Put": kept}])
        except self._client.exceptions.TransactionCanceledException as refused:
            raise ConflictError from refused
        return made

    def enrol(self, agency: str, text: str, by: str = "set-up") -> ProfileVersion:
        """Whatever was live before. The same text again makes no new version."""
        for _ in range(_ATTEMPTS):
            live = self.profile(agency)
            if live and live.text == text:
                return live
            try:
                return self.replace(agency, text, live.version if live else 0, by, datetime.now(UTC))
            except ConflictError:
                continue
        raise ConflictError


def _key(agency: str, part: str) -> Item:
    return {"agency": {"S": agency}, "part": {"S": part}}


def _part(version: int) -> str:
    return f"profile#{version:08d}"
