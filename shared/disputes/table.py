"""Disputes and correction notices, in the table of subscriptions.

pk `disputes#<office>`, sk the arrest's id: all disputes of the office about it; `marked` is there while readers are
told of one, and holds the facts. pk `corrections#<office>`, sk the notice's id. An office's own rules: pk
`office#<office>`, sk `dispute-rules`.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING

from pydantic import TypeAdapter

from shared.arrests.disputed import DisputedFact
from shared.aws.dynamodb import Item, documents_under, expires_at, find_document, get_all
from shared.aws.optimistic_lock import ConflictError, put_if_unchanged
from shared.disclosures.references_table import ReferencesTable
from shared.disputes.model import ArrestDisputes, CorrectionNotice, DisputeRules, DisputeState

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

DisputedFacts = tuple[DisputedFact, ...]
_FACTS = TypeAdapter(DisputedFacts)
_KEPT = timedelta(days=430)  # an ended notice, and a dispute whose arrest is gone: neither names anybody


class DisputesTable:
    def __init__(self, client: "DynamoDBClient", name: str) -> None:
        self._client, self._name = client, name
        self._references = ReferencesTable(client, name)

    def find(self, office_id: str, arrest_id: str) -> ArrestDisputes:
        """Reads consistently. Without any dispute it is an empty document of revision 0."""
        disputes = self.read([(office_id, arrest_id)])
        return disputes.get((office_id, arrest_id)) or ArrestDisputes(office_id=office_id, arrest_id=arrest_id)

    def read(self, keys: Iterable[tuple[str, str]]) -> dict[tuple[str, str], ArrestDisputes]:
        """Maps office and arrest to the disputes that exist. 100 keys a call."""
        items = get_all(self._client, self._name, [_key(*key) for key in sorted(set(keys))])
        documents = [ArrestDisputes.model_validate_json(item["doc"]["S"]) for item in items]
        return {(document.office_id, document.arrest_id): document for document in documents}

    def save(self, disputes: ArrestDisputes) -> None:
        """Raises ConflictError when somebody else saved another revision since this one was read. The arrest refers to
        it first, so that a correction finds it."""
        if disputes.revision == 1:
            self._references.add_dispute(disputes.arrest_id, disputes.office_id)
        item = _key(disputes.office_id, disputes.arrest_id) | {"doc": {"S": disputes.model_dump_json()}}
        if facts := disputes.disputed_facts:
            item["marked"] = {"S": _FACTS.dump_json(facts).decode()}
        ends = [dispute.ended_at for dispute in disputes.disputes if dispute.state is DisputeState.GONE]
        if len(ends) == len(disputes.disputes) and (last := max(filter(None, ends), default=None)):
            item["expires"] = expires_at(last + _KEPT)
        put_if_unchanged(self._client, self._name, item, disputes.revision)

    def of_office(self, office_id: str) -> Iterator[ArrestDisputes]:
        """Yields all of them, in no order of time."""
        pages = self._client.get_paginator("query").paginate(
            TableName=self._name,
            ConsistentRead=True,
            KeyConditionExpression="pk = :office",
            ExpressionAttributeValues={":office": {"S": f"disputes#{office_id}"}},
        )
        for page in pages:
            for item in page["Items"]:
                yield ArrestDisputes.model_validate_json(item["doc"]["S"])

    def holding(self, office_id: str, dispute_id: str) -> ArrestDisputes | None:
        """The document that has this dispute. Reads the office's disputes, of which there are few."""
        return next((stored for stored in self.of_office(office_id) if stored.find(dispute_id)), None)

    def marked(self, office_id: str) -> Mapping[str, DisputedFacts]:
        """Maps the arrests of which a fact is disputed now to these facts: one query, because an office has few
        disputes and a page of alerts many arrests."""
        pages = self._client.get_paginator("query").paginate(
            TableName=self._name,
            ConsistentRead=True,
            KeyConditionExpression="pk = :office",
            FilterExpression="attribute_exists(marked)",
            ProjectionExpression="sk, marked",
            ExpressionAttributeValues={":office": {"S": f"disputes#{office_id}"}},
        )
        items = (item for page in pages for item in page["Items"])
        return {item["sk"]["S"]: _FACTS.validate_json(item["marked"]["S"]) for item in items}

    # Notices of corrections

    def add_notice(self, notice: CorrectionNotice) -> None:
        """Leaves a notice that is there: the same version may come twice."""
        try:
            self.save_notice(notice)
        except ConflictError:
            return

    def save_notice(self, notice: CorrectionNotice) -> None:
        """Raises ConflictError when somebody else saved another revision since this one was read."""
        item = _notice_key(notice.office_id, notice.notice_id) | {"doc": {"S": notice.model_dump_json()}}
        if notice.told_on:
            item["expires"] = expires_at(datetime.combine(notice.told_on, time(), UTC) + _KEPT)
        put_if_unchanged(self._client, self._name, item, notice.revision)

    def find_notice(self, office_id: str, notice_id: str) -> CorrectionNotice | None:
        return find_document(self._client, self._name, _notice_key(office_id, notice_id), CorrectionNotice)

    def notices(self, office_id: str) -> list[CorrectionNotice]:
        """Those that wait first, by their day; then those that were told, the newest first."""
        of_office = f"corrections#{office_id}"
        notices = documents_under(self._client, self._name, of_office, CorrectionNotice, is_exact=False)
        waiting = sorted((notice for notice in notices if not notice.told_on), key=lambda notice: notice.tell_by)
        done = sorted((notice for notice in notices if notice.told_on), key=lambda notice: notice.corrected_at)
        return [*waiting, *reversed(done)]

    # Rules

    def rules(self, office_id: str) -> DisputeRules | None:
        """The office's own; None where those that are shipped hold."""
        return find_document(self._client, self._name, _rules_key(office_id), DisputeRules, is_exact=False)

    def save_rules(self, office_id: str, rules: DisputeRules) -> None:
        document = {"doc": {"S": rules.model_dump_json()}}
        self._client.put_item(TableName=self._name, Item=_rules_key(office_id) | document)


def _key(office_id: str, arrest_id: str) -> Item:
    return {"pk": {"S": f"disputes#{office_id}"}, "sk": {"S": arrest_id}}


def _notice_key(office_id: str, notice_id: str) -> Item:
    return {"pk": {"S": f"corrections#{office_id}"}, "sk": {"S": notice_id}}


def _rules_key(office_id: str) -> Item:
    return {"pk": {"S": f"office#{office_id}"}, "sk": {"S": "dispute-rules"}}
