"""The agreements of an office, in the subscriptions' table: pk office#<office>, sk agreements; all in one item, so that
a batch of arrests reads them at once."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from shared.aws.dynamodb import Item, get_all
from shared.aws.optimistic_lock import put_if_unchanged
from shared.offices.agreements import OfficeAgreements

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


class AgreementsTable:
    def __init__(self, client: "DynamoDBClient", name: str) -> None:
        self._client, self._name = client, name

    def read(self, office_ids: Iterable[str]) -> dict[str, OfficeAgreements]:
        """By office; an empty one where nothing was ever agreed."""
        wanted = sorted(set(office_ids))
        agreements = {one: OfficeAgreements(office_id=one) for one in wanted}
        for item in get_all(self._client, self._name, [_key(one) for one in wanted]):
            some = OfficeAgreements.model_validate_json(item["doc"]["S"])
            agreements[some.office_id] = some
        return agreements

    def of(self, office_id: str) -> OfficeAgreements:
        return self.read([office_id])[office_id]

    def save(self, agreements: OfficeAgreements) -> None:
        """Raises ConflictError when somebody recorded another meanwhile."""
        item = _key(agreements.office_id) | {"doc": {"S": agreements.model_dump_json()}}
        put_if_unchanged(self._client, self._name, item, agreements.revision)


def _key(office_id: str) -> Item:
    return {"pk": {"S": f"office#{office_id}"}, "sk": {"S": "agreements"}}
