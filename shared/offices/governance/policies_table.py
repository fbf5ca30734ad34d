"""The policies of offices with their texts, in the table of offices: pk `policy#<office>#<version>`.

Every version stays, because people have accepted it; none is ever replaced by another text.
"""

from typing import TYPE_CHECKING

from shared.aws.dynamodb import Item, find_document
from shared.aws.optimistic_lock import ConflictError
from shared.offices.governance.model import AdoptedPolicy

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


class PoliciesTable:
    def __init__(self, client: "DynamoDBClient", name: str) -> None:
        self._client, self._name = client, name

    def find(self, office_id: str, version: str) -> AdoptedPolicy | None:
        return find_document(self._client, self._name, _key(office_id, version), AdoptedPolicy)

    def adopt(self, office_id: str, policy: AdoptedPolicy) -> None:
        """May run twice. Raises ConflictError when this version is stored with another text."""
        document = policy.model_dump_json()
        try:
            self._client.put_item(
                TableName=self._name,
                Item=_key(office_id, policy.version) | {"doc": {"S": document}},
                ConditionExpression="attribute_not_exists(pk) OR doc = :same",
                ExpressionAttributeValues={":same": {"S": document}},
            )
        except self._client.exceptions.ConditionalCheckFailedException as error:
            raise ConflictError from error


def _key(office_id: str, version: str) -> Item:
    return {"pk": {"S": f"policy#{office_id}#{version}"}}
