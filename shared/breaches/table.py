"""The breach record, in the table of subscriptions: pk `breaches#<office>`, sk the breach's id. It has no expiry. An
office's own steps: pk `office#<office>`, sk `breach-steps`."""

from typing import TYPE_CHECKING

from shared.aws.dynamodb import Item, documents_under, find_document
from shared.aws.optimistic_lock import put_if_unchanged
from shared.breaches.default_steps import default_steps
from shared.breaches.model import Breach, BreachStep, BreachSteps

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


class BreachesTable:
    def __init__(self, client: "DynamoDBClient", name: str) -> None:
        self._client, self._name = client, name

    def save(self, breach: Breach) -> None:
        """Raises ConflictError when somebody else saved another revision since this one was read."""
        item = _key(breach.office_id, breach.breach_id) | {"doc": {"S": breach.model_dump_json()}}
        put_if_unchanged(self._client, self._name, item, breach.revision)

    def find(self, office_id: str, breach_id: str) -> Breach | None:
        return find_document(self._client, self._name, _key(office_id, breach_id), Breach)

    def of_office(self, office_id: str) -> list[Breach]:
        """The newest first."""
        breaches = documents_under(self._client, self._name, f"breaches#{office_id}", Breach, is_exact=False)
        return sorted(breaches, key=lambda breach: breach.recorded_at, reverse=True)

    # Steps

    def steps(self, office_id: str) -> tuple[BreachStep, ...]:
        """What the office does about a breach: by its own file, else by what is shipped."""
        return (self.rules(office_id) or default_steps()).steps

    def rules(self, office_id: str) -> BreachSteps | None:
        """The office's own; None where those that are shipped hold."""
        return find_document(self._client, self._name, _rules_key(office_id), BreachSteps, is_exact=False)

    def save_rules(self, office_id: str, rules: BreachSteps) -> None:
        document = {"doc": {"S": rules.model_dump_json()}}
        self._client.put_item(TableName=self._name, Item=_rules_key(office_id) | document)


def _rules_key(office_id: str) -> Item:
    return {"pk": {"S": f"office#{office_id}"}, "sk": {"S": "breach-steps"}}


def _key(office_id: str, breach_id: str) -> Item:
    return {"pk": {"S": f"breaches#{office_id}"}, "sk": {"S": breach_id}}
