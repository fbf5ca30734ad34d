"""The disclosure log, in the table of subscriptions: pk `disclosures#<office>`, sk the id, which begins with its time.
An office's own rules: pk `office#<office>`, sk `disclosure-rules`."""

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Any

from shared.aws.dynamodb import Item, find_document, get_all
from shared.aws.optimistic_lock import put_if_unchanged
from shared.disclosures.default_rules import rules_with
from shared.disclosures.model import Disclosure, DisclosureRules
from shared.disclosures.references_table import References, ReferencesTable

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


class DisclosuresTable:
    def __init__(self, client: "DynamoDBClient", name: str) -> None:
        self._client, self._name = client, name
        self._references = ReferencesTable(client, name)

    def save(self, disclosure: Disclosure) -> None:
        """Raises ConflictError when somebody else saved another revision since this one was read. Its arrests refer to
        it first, so that a correction of one finds it."""
        for arrest_id in disclosure.request.arrest_ids if disclosure.revision == 1 else ():
            self._references.add_disclosure(arrest_id, disclosure.office_id, disclosure.disclosure_id)
        item = _key(disclosure.office_id, disclosure.disclosure_id) | {"doc": {"S": disclosure.model_dump_json()}}
        put_if_unchanged(self._client, self._name, item, disclosure.revision)

    def delete(self, disclosure: Disclosure) -> None:
        """For the purge, which has a certificate of it."""
        self._client.delete_item(TableName=self._name, Key=_key(disclosure.office_id, disclosure.disclosure_id))

    def find(self, office_id: str, disclosure_id: str) -> Disclosure | None:
        """Reads consistently: a decision is taken once."""
        return find_document(self._client, self._name, _key(office_id, disclosure_id), Disclosure)

    def read(self, keys: Iterable[tuple[str, str]]) -> list[Disclosure]:
        """Those that exist under these pairs of office and id, in order of time. 100 a call."""
        items = get_all(self._client, self._name, [_key(*key) for key in sorted(set(keys))])
        disclosures = [Disclosure.model_validate_json(item["doc"]["S"]) for item in items]
        return sorted(disclosures, key=lambda disclosure: disclosure.disclosure_id)

    def of_arrest(self, office_id: str, arrest_id: str) -> list[Disclosure]:
        """The office's that name this arrest, whatever their state, in order of time."""
        references = self._references.of([arrest_id]).get(arrest_id, References())
        return self.read(key for key in references.disclosures if key[0] == office_id)

    def page(self, office_id: str, limit: int, after: str | None) -> tuple[list[Disclosure], str | None]:
        """Newest first, behind the id `after`. Returns the id to go on behind; None at the end."""
        start: dict[str, Any] = {"ExclusiveStartKey": _key(office_id, after)} if after else {}
        answer = self._client.query(
            TableName=self._name,
            KeyConditionExpression="pk = :log",
            ExpressionAttributeValues={":log": {"S": f"disclosures#{office_id}"}},
            ScanIndexForward=False,
            Limit=limit,
            **start,
        )
        following = answer.get("LastEvaluatedKey")
        disclosures = [Disclosure.model_validate_json(item["doc"]["S"]) for item in answer["Items"]]
        return disclosures, following["sk"]["S"] if following else None

    def between(self, office_id: str, start: datetime, end: datetime) -> list[Disclosure]:
        """Those asked for from `start` on and before `end`, oldest first."""
        pages = self._client.get_paginator("query").paginate(
            TableName=self._name,
            KeyConditionExpression="pk = :log AND sk BETWEEN :start AND :end",
            ExpressionAttributeValues={
                ":log": {"S": f"disclosures#{office_id}"},
                ":start": {"S": f"{start:%Y%m%d%H%M%S}"},
                ":end": {"S": f"{end:%Y%m%d%H%M%S}"},  # an id of that second is longer, and so lies behind it
            },
        )
        return [Disclosure.model_validate_json(item["doc"]["S"]) for page in pages for item in page["Items"]]

    def rules(self, office_id: str) -> DisclosureRules | None:
        """The office's own; None where those that are shipped hold."""
        return find_document(self._client, self._name, _rules_key(office_id), DisclosureRules, is_exact=False)

    def rules_in_force(self, office_id: str) -> DisclosureRules:
        """The office's own, and the shipped ones where those say nothing."""
        return rules_with(self.rules(office_id))

    def save_rules(self, office_id: str, rules: DisclosureRules) -> None:
        document = {"doc": {"S": rules.model_dump_json()}}
        self._client.put_item(TableName=self._name, Item=_rules_key(office_id) | document)


def _rules_key(office_id: str) -> Item:
    return {"pk": {"S": f"office#{office_id}"}, "sk": {"S": "disclosure-rules"}}


def _key(office_id: str, disclosure_id: str) -> Item:
    return {"pk": {"S": f"disclosures#{office_id}"}, "sk": {"S": disclosure_id}}
