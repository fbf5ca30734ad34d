"""What readers say of their alerts: pk alert_id, part answers."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from pydantic import AwareDatetime

from shared.alerts.model import Verdict
from shared.aws.dynamodb import Item, get_all
from shared.value import FrozenModel

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


class Answers(FrozenModel):
    opened_at: AwareDatetime | None = None  # first read by its recipient
    acknowledged_at: AwareDatetime | None = None
    acknowledged_by: str | None = None
    verdict: Verdict | None = None
    verdict_by: str | None = None


class ResponsesTable:
    """In the alerts table."""

    def __init__(self, client: "DynamoDBClient", name: str) -> None:
        self._client, self._name = client, name

    def of(self, alert_ids: Iterable[str]) -> dict[str, Answers]:
        """Of those alerts that somebody has answered."""
        keys = [_key(alert_id) for alert_id in sorted(set(alert_ids))]
        return {
            item["alert_id"]["S"]: Answers.model_validate(
                {name: value["S"] for name, value in item.items() if name in Answers.model_fields}
            )
            for item in get_all(self._client, self._name, keys)
        }

    def open(self, alert_id: str, now: datetime) -> None:
        """The first time stands."""
        self._note(alert_id, {"opened_at": _text(now)}, once=True)

    def acknowledge(self, alert_id: str, by: str, now: datetime) -> None:
        """The first one stands."""
        self._note(alert_id, {"acknowledged_at": _text(now), "acknowledged_by": by}, once=True)

    def judge(self, alert_id: str, verdict: Verdict, by: str) -> None:
        """The last one stands."""
        self._note(alert_id, {"verdict": verdict.value, "verdict_by": by}, once=False)

    def _note(self, alert_id: str, said: dict[str, str], *, once: bool) -> None:
        sets = [f"{name} = if_not_exists({name}, :{name})" if once else f"{name} = :{name}" for name in said]
        self._client.update_item(
            TableName=self._name,
            Key=_key(alert_id),
            UpdateExpression=f"SET {', '.join(sets)}",
            ExpressionAttributeValues={f":{name}": {"S": value} for name, value in said.items()},
        )


def _key(alert_id: str) -> Item:
    return {"alert_id": {"S": alert_id}, "part": {"S": "answers"}}


def _text(instant: datetime) -> str:
    return instant.astimezone(UTC).isoformat(timespec="microseconds")
