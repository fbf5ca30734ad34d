"""Records requests, in the table of subscriptions: pk `records-requests#<office>`, sk the id, which begins with its
time. A closed one expires; what it covered is not its to keep. An office's own rules: pk `office#<office>`, sk
`request-rules`."""

from datetime import timedelta
from typing import TYPE_CHECKING

from shared.aws.dynamodb import Item, documents_under, expires_at, find_document
from shared.aws.optimistic_lock import put_if_unchanged
from shared.records_requests.model import RecordsRequest
from shared.records_requests.own_rules import OwnRequestRules

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

KEPT_CLOSED = timedelta(days=1_100)  # longer than the two years that a report goes back


class RecordsRequestsTable:
    def __init__(self, client: "DynamoDBClient", name: str) -> None:
        self._client, self._name = client, name

    def save(self, request: RecordsRequest) -> None:
        """Raises ConflictError when somebody else saved another revision since this one was read."""
        item = _key(request.office_id, request.request_id) | {"doc": {"S": request.model_dump_json()}}
        if not request.is_open:
            item |= {"expires": expires_at(request.steps[-1].at + KEPT_CLOSED)}
        put_if_unchanged(self._client, self._name, item, request.revision)

    def find(self, office_id: str, request_id: str) -> RecordsRequest | None:
        """Reads consistently: a step is taken once."""
        return find_document(self._client, self._name, _key(office_id, request_id), RecordsRequest)

    def of_office(self, office_id: str) -> list[RecordsRequest]:
        """Every request of the office, closed ones included until they expire, the newest first."""
        register = f"records-requests#{office_id}"
        return documents_under(self._client, self._name, register, RecordsRequest, is_exact=False)[::-1]

    def rules(self, office_id: str) -> OwnRequestRules | None:
        """What the office's counsel changes; None where the shipped ones hold as they are."""
        return find_document(self._client, self._name, _rules_key(office_id), OwnRequestRules, is_exact=False)

    def save_rules(self, office_id: str, rules: OwnRequestRules) -> None:
        document = {"doc": {"S": rules.model_dump_json()}}
        self._client.put_item(TableName=self._name, Item=_rules_key(office_id) | document)


def _rules_key(office_id: str) -> Item:
    return {"pk": {"S": f"office#{office_id}"}, "sk": {"S": "request-rules"}}


def _key(office_id: str, request_id: str) -> Item:
    return {"pk": {"S": f"records-requests#{office_id}"}, "sk": {"S": request_id}}
