"""An agency's live profile and every version of it. Keys: pk `agency`, sk `part` = `profile` and `profile#<version>`.

The drops are in the same table (`shared/feeds/drops/table.py`).
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
    """`text` is the profile's YAML as its author wrote it."""

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
        """Returns the live version, or an older one by its number.

        Reads consistently: a profile that was replaced before a drop arrived is never used for that drop.
        """
        part = "profile" if version is None else _part(version)
        answer = self._client.get_item(TableName=self._name, Key=_key(agency, part), ConsistentRead=True)
        item = answer.get("Item")
        return ProfileVersion.model_validate_json(item["doc"]["S"]) if item else None

    def text(self, agency: str) -> str | None:
        """The YAML of the live profile; None when no such agency is enrolled."""
        live = self.profile(agency)
        return live.text if live else None

    def replace(self, agency: str, text: str, expected_version: int, changed_by: str, now: datetime) -> ProfileVersion:
        """Makes a new version live in place of `expected_version`, 0 for the first one (an optimistic lock).

        Raises ConflictError when another version is live.
        """
        version = ProfileVersion(
            agency=agency, version=expected_version + 1, text=text, changed_by=changed_by, changed_at=now
        )
        document = {"doc": {"S": version.model_dump_json()}, "version": {"N": str(version.version)}}
        condition: dict[str, Any] = {"ConditionExpression": "attribute_not_exists(part)"}
        if expected_version:
            condition = {
                "ConditionExpression": "version = :seen",
                "ExpressionAttributeValues": {":seen": {"N": str(expected_version)}},
            }
        live: Any = {"TableName": self._name, "Item": _key(agency, "profile") | document} | condition
        archived: Any = {"TableName": self._name, "Item": _key(agency, _part(version.version)) | document}
        try:
            self._client.transact_write_items(TransactItems=[{"Put": live}, {"Put": archived}])
        except self._client.exceptions.TransactionCanceledException as error:
            raise ConflictError from error
        return version

    def enrol(self, agency: str, text: str, changed_by: str = "set-up") -> ProfileVersion:
        """Makes the text live, whatever was live before. The same text again makes no new version.

        Raises ConflictError when others keep changing the profile at the same time.
        """
        for _ in range(_ATTEMPTS):
            live = self.profile(agency)
            if live and live.text == text:
                return live
            try:
                return self.replace(agency, text, live.version if live else 0, changed_by, datetime.now(UTC))
            except ConflictError:
                continue
        raise ConflictError


def _key(agency: str, part: str) -> Item:
    return {"agency": {"S": agency}, "part": {"S": part}}


def _part(version: int) -> str:
    return f"profile#{version:08d}"
