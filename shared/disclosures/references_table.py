"""Which disclosures and disputes name an arrest, in all offices: a corrected arrest must find them, and knows no
office.

In the table of subscriptions: pk `about#<arrest>`, sk `references`, with sets of `<office>/<disclosure>` and of
offices. References are added before what they lead to, so one may lead to nothing and nothing is without one.
"""

from collections.abc import Iterable
from typing import TYPE_CHECKING, NamedTuple

from shared.aws.dynamodb import Item, get_all

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


class References(NamedTuple):
    """`disclosures` are pairs of office and disclosure; `disputing` the offices that hold a dispute."""

    disclosures: frozenset[tuple[str, str]] = frozenset()
    disputing: frozenset[str] = frozenset()


class ReferencesTable:
    def __init__(self, client: "DynamoDBClient", name: str) -> None:
        self._client, self._name = client, name

    def of(self, arrest_ids: Iterable[str]) -> dict[str, References]:
        """By arrest, of those that have any. 100 arrests a call."""
        items = get_all(self._client, self._name, [_key(id_) for id_ in sorted(set(arrest_ids))])
        return {item["pk"]["S"].partition("#")[2]: _references(item) for item in items}

    def add_disclosure(self, arrest_id: str, office_id: str, disclosure_id: str) -> None:
        self._add(arrest_id, "disclosures", f"{office_id}/{disclosure_id}")

    def add_dispute(self, arrest_id: str, office_id: str) -> None:
        self._add(arrest_id, "disputing", office_id)

    def _add(self, arrest_id: str, attribute: str, reference: str) -> None:
        self._client.update_item(
            TableName=self._name,
            Key=_key(arrest_id),
            UpdateExpression="ADD #set :reference",
            ExpressionAttributeNames={"#set": attribute},
            ExpressionAttributeValues={":reference": {"SS": [reference]}},
        )


def _references(item: Item) -> References:
    pairs = (reference.partition("/") for reference in item.get("disclosures", {}).get("SS", ()))
    return References(
        frozenset((office_id, disclosure_id) for office_id, _, disclosure_id in pairs),
        frozenset(item.get("disputing", {}).get("SS", ())),
    )


def _key(arrest_id: str) -> Item:
    return {"pk": {"S": f"about#{arrest_id}"}, "sk": {"S": "references"}}
