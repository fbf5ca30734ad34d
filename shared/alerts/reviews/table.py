"""Reviews, in the alerts table: pk alert_id = review id, part review. The index `by_office` lists them by verdict under
`review#<office>#<verdict>`, apart from the office's alerts. Beside a review lies a key for each of its arrests, part
`arrest#<arrest_id>`, so that the index `by_arrest` brings it up when the arrest is sealed or corrected."""

from collections.abc import Iterable, Iterator
from datetime import UTC
from typing import TYPE_CHECKING, Any

from shared.alerts.reviews.model import Review, ReviewVerdict
from shared.aws.due_index import expiry_attribute
from shared.aws.dynamodb import Item, get_all
from shared.errors import TryLater

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

_ATTEMPTS = 5
ARREST_PART = "arrest#"


class ReviewsTable:
    def __init__(self, client: "DynamoDBClient", name: str) -> None:
        self._client, self._name = client, name

    def find(self, review_id: str) -> Review | None:
        return self.read([review_id]).get(review_id)

    def read(self, review_ids: Iterable[str]) -> dict[str, Review]:
        """Maps review ids to the reviews that exist. 100 ids a call."""
        return {review_id: _review(doc) for review_id, doc in self._docs(review_ids).items()}

    def add_arrest(self, review: Review) -> bool:
        """Stores a new review, or adds its arrest to the stored one.

        False if nothing changed: the arrest was known, or the review is dismissed. Raises TryLater when the review kept
        changing (optimistic lock).
        """
        for _ in range(_ATTEMPTS):
            doc = self._docs([review.review_id]).get(review.review_id)
            stored = _review(doc) if doc else None
            if stored is None or stored.verdict is ReviewVerdict.CLOSED:
                updated = review
            elif stored.verdict is ReviewVerdict.DISMISSED:
                return False
            else:
                updated = stored.with_arrest(review.arrests[0])
            if updated == stored:
                return False
            self._put_arrest_key(review)
            if self._put(updated, doc):
                return True
        raise TryLater("a review kept changing while it was stored")

    def replace(self, before: Review, after: Review) -> bool:
        """Stores `after`. False if the stored review is not `before` any more (optimistic lock)."""
        doc = self._docs([before.review_id]).get(before.review_id)
        return doc is not None and _review(doc) == before and self._put(after, doc)

    def take_out(self, review_id: str, arrest_id: str) -> None:
        """Takes the arrest out of the review. May run twice. Raises TryLater when the review kept changing."""
        for _ in range(_ATTEMPTS):
            review = self.find(review_id)
            if review is None or arrest_id not in review.arrests:
                return
            if self.replace(review, review.without_arrest(arrest_id)):
                return
        raise TryLater("a review kept changing while an arrest was taken out of it")

    def _put_arrest_key(self, review: Review) -> None:
        """Stored before the review, so that no review exists without it."""
        arrest_id = review.arrests[0]
        key = {"alert_id": {"S": review.review_id}, "part": {"S": f"{ARREST_PART}{arrest_id}"}}
        self._client.put_item(
            TableName=self._name, Item=key | {"arrest_id": {"S": arrest_id}} | expiry_attribute(review.created_at)
        )

    def waiting(self, office_id: str) -> Iterator[Review]:
        """Yields every review of the office that waits for a verdict, the newest first."""
        after: str | None = None
        while True:
            reviews, after = self.page(office_id, ReviewVerdict.WAITING, 100, after)
            yield from (review for review in reviews if review.verdict is ReviewVerdict.WAITING)
            if after is None:
                return

    def _docs(self, review_ids: Iterable[str]) -> dict[str, str]:
        keys = [_key(review_id) for review_id in sorted(set(review_ids))]
        return {item["alert_id"]["S"]: item["doc"]["S"] for item in get_all(self._client, self._name, keys)}

    def _put(self, review: Review, doc_before: str | None) -> bool:
        """Compares the stored text itself: written again, the same review may have its `withheld` in another order."""
        condition: Any = {"ConditionExpression": "attribute_not_exists(alert_id)"}
        if doc_before:
            condition = {
                "ConditionExpression": "doc = :before",
                "ExpressionAttributeValues": {":before": {"S": doc_before}},
            }
        try:
            self._client.put_item(TableName=self._name, Item=_item(review), **condition)
        except self._client.exceptions.ConditionalCheckFailedException:
            return False
        return True

    def page(
        self, office_id: str, verdict: ReviewVerdict, limit: int, after: str | None, *, oldest_first: bool = False
    ) -> tuple[list[Review], str | None]:
        """One page of an office's reviews with this verdict, newest first unless `oldest_first`, and the cursor of the
        next page; None on the last page."""
        partition = _partition(office_id, verdict)
        start: Any = {"ExclusiveStartKey": _start_key(partition, after)} if after else {}
        answer = self._client.query(
            TableName=self._name,
            IndexName="by_office",
            Limit=limit,
            ScanIndexForward=oldest_first,
            **start,
            KeyConditionExpression="office_id = :office",
            ExpressionAttributeValues={":office": {"S": partition}},
        )
        last = answer.get("LastEvaluatedKey")
        next_cursor = f"{last['created_at']['S']}_{last['alert_id']['S']}" if last else None
        ids = [item["alert_id"]["S"] for item in answer["Items"]]
        reviews = self.read(ids)
        return [reviews[review_id] for review_id in ids if review_id in reviews], next_cursor


def _key(review_id: str) -> Item:
    return {"alert_id": {"S": review_id}, "part": {"S": "review"}}


def _item(review: Review) -> Item:
    return (
        _key(review.review_id)
        | {
            "office_id": {"S": _partition(review.office_id, review.verdict)},
            "created_at": {"S": review.created_at.astimezone(UTC).isoformat(timespec="microseconds")},
            "doc": {"S": review.model_dump_json()},
        }
        | expiry_attribute(review.created_at)
    )


def _partition(office_id: str, verdict: ReviewVerdict) -> str:
    """The partition key in the index `by_office`."""
    return f"review#{office_id}#{verdict.value}"


def _start_key(partition: str, cursor: str) -> Item:
    created_at, _, review_id = cursor.partition("_")
    return _key(review_id or "-") | {"office_id": {"S": partition}, "created_at": {"S": created_at or "-"}}


def _review(doc: str) -> Review:
    return Review.model_validate_json(doc)
