"""The agreements of an office, in the table of subscriptions: pk `office#<office>`, sk `agreements`.

All agreements of an office are one item, so that a batch of arrests reads those of all its offices in one call.
"""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from shared.aws.dynamodb import Item, get_all
from shared.aws.item_size import fits
from shared.aws.optimistic_lock import put_if_unchanged
from shared.errors import Rejected
from shared.offices.agreements import OfficeAgreements

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


class AgreementsTable:
    def __init__(self, client: "DynamoDBClient", name: str) -> None:
        self._client, self._name = client, name

    def read(self, office_ids: Iterable[str]) -> dict[str, OfficeAgreements]:
        """Returns the agreements by office id; an office that never recorded one has an empty document."""
        distinct_ids = sorted(set(office_ids))
        by_office = {office_id: OfficeAgreements(office_id=office_id) for office_id in distinct_ids}
        for item in get_all(self._client, self._name, [_key(office_id) for office_id in distinct_ids]):
            agreements = OfficeAgreements.model_validate_json(item["doc"]["S"])
            by_office[agreements.office_id] = agreements
        return by_office

    def of(self, office_id: str) -> OfficeAgreements:
        return self.read([office_id])[office_id]

    def save(self, agreements: OfficeAgreements) -> None:
        """Raises ConflictError when somebody else saved another revision since this one was read, and Rejected when
        the agreements would be larger than an item may be."""
        document = agreements.model_dump_json()
        if not fits(document):
            raise Rejected(
                "too-many-agreements",
                f"The office's {len(agreements.agreements)} agreements say more than can be stored (400 KB).",
                "Shorten their references, or record this one under the reference of one that has expired.",
            )
        item = _key(agreements.office_id) | {"doc": {"S": document}}
        put_if_unchanged(self._client, self._name, item, agreements.revision)


def _key(office_id: str) -> Item:
    return {"pk": {"S": f"office#{office_id}"}, "sk": {"S": "agreements"}}
