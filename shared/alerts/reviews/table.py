"""Reviews, in the alerts' table: pk alert_id = review id, part review. The index `by_office` lists them, by verdict,
under `review#<office>#<verdict>`, apart from the office's alerts."""

from collections.abc import Iterable
from datetime import UTC, timedelta
from typing import TYPE_CHECKING, Any

from shared.alerts.reviews.model import Review, ReviewVerdict
from shared.aws.dynamodb import Item, get_all
from shared.errors import TryLater

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

_KEPT = timedelta(days=400)
_ATTEMPTS = 5


class ReviewsTable:
    def __init__(self, client: "DynamoDBClient", name: str) -> None:
        self._client, self._name = client, name

    def find(self, review_id: str) -> Review | None:
        return self.read([review_id]).get(review_id)

    def read(self, review_ids: Iterable[str]) -> dict[str, Review]:
        keys = [_key(one) for one in sorted(set(review_ids))]
        reviews = (_review(item) for item in get_all(self._client, self._name, keys))
        return {review.review_id: review for review in reviews}

    def wait(self, review: Review) -> bool:
        """Put it before somebody, or add its arrest to the one that waits. False where all of it was known."""
        for _ in range(_ATTEMPTS):
            before = self.find(review.review_id)
            if before is None:
                after = review
            elif (
                before.verdict is not ReviewVerdict.WAITING
                or (after := before.with_arrest(review.arrests[0])) == before
            ):
                return False
            if self._put(after, before):
                return True
        raise TryLater("a review kept changing while it was stored")

    def decide(self, before: Review, after: Review) -> bool:
        """False when somebody else said another word in between."""
        return self._put(after, before)

    def page(
        self, office_id: str, verdict: ReviewVerdict, limit: int, after: str | None
    ) -> tuple[list[Review], str | None]:
        """Newest first, and where to go on."""
        shelf = _shelf(office_id, verdict)
        start: Any = {"ExclusiveStartKey": _place(shelf, after)} if after else {}
        answer = self._client.query(
            TableName=self._name,
            IndexName="by_office",
            Limit=limit,
            ScanIndexForward=False,
            **start,
            KeyConditionExpression="office_id = :office",
            ExpressionAttributeValues={":office": {"S": shelf}},
        )
        last = answer.get("LastEvaluatedKey")
        following = f"{last['created_at']['S']}_{last['alert_id']['S']}" if last else None
        ids = [item["alert_id"]["S"] for item in answer["Items"]]
        reviews = self.read(ids)
        return [reviews[one] for one in ids if one in reviews], following

    def _put(self, review: Review, before: Review | None) -> bool:
        item = _key(review.review_id) | {
            "office_id": {"S": _shelf(review.office_id, review.verdict)},
            "created_at": {"S": review.created_at.astimezone(UTC).isoformat(timespec="microseconds")},
            "expires": {"N": str(int((review.created_at + _KEPT).timestamp()))},
            "doc": {"S": review.model_dump_json()},
        }
        condition: Any = {"ConditionExpression": "attribute_not_exists(alert_id)"}
        if before:
            condition = {
                "ConditionExpression": "doc = :before",
                "ExpressionAttributeValues": {":before": {"S": before.model_dump_json()}},
            }
        try:
            self._client.put_item(TableName=self._name, Item=item, **condition)
        except self._client.exceptions.ConditionalCheckFailedException:
            return False
        return True


def _key(review_id: str) -> Item:
    return {"alert_id": {"S": review_id}, "part": {"S": "review"}}


def _shelf(office_id: str, verdict: ReviewVerdict) -> str:
    return f"review#{office_id}#{verdict.value}"


def _place(shelf: str, after: str) -> Item:
    created_at, _, review_id = after.partition("_")
    return _key(review_id or "-") | {"office_id": {"S": shelf}, "created_at": {"S": created_at or "-"}}


def _review(item: Any) -> Review:
    return Review.model_validate_json(item["doc"]["S"])
