"""Responses to alerts, in the alerts table: pk alert_id, part answers. One attribute a field of `AlertResponse`."""

from collections.abc import Iterable
from contextlib import suppress
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from shared.alerts.responses.model import ANSWERS_OF_VERDICT, AlertResponse, ReaderOutcome, TwoAnswers, Verdict
from shared.aws.dynamodb import Item, get_all

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

_NEVER_SET = "nothing"  # an attribute that no item has


class ResponsesTable:
    def __init__(self, client: "DynamoDBClient", name: str) -> None:
        self._client, self._name = client, name

    def read(self, alert_ids: Iterable[str]) -> dict[str, AlertResponse]:
        """Maps alert ids to responses. An alert that nobody has opened or answered is missing."""
        keys = [_key(alert_id) for alert_id in sorted(set(alert_ids))]
        return {item["alert_id"]["S"]: _response(item) for item in get_all(self._client, self._name, keys)}

    def record_opening(self, alert_id: str, now: datetime) -> None:
        """The first time stands."""
        self._set_once(alert_id, {"opened_at": _instant(now)})

    def record_acknowledgement(self, alert_id: str, by: str, now: datetime) -> None:
        """The first acknowledgement stands."""
        self._set_once(alert_id, {"acknowledged_at": _instant(now), "acknowledged_by": by})

    def record_verdict(self, alert_id: str, verdict: Verdict, answers: TwoAnswers, by: str) -> None:
        """The last verdict stands. A question that is not answered keeps its answer."""
        self._set(alert_id, {"verdict": verdict.value, "verdict_by": by, **_stored_answers(answers)})

    def record_first_verdict(self, alert_id: str, verdict: Verdict, by: str) -> None:
        """A verdict that was given before stands, with who gave it, and so does what it does not answer."""
        values = {"verdict": verdict.value, "verdict_by": by, **_stored_answers(ANSWERS_OF_VERDICT[verdict])}
        assignments = [f"{name} = :{name}" for name in values]
        with suppress(self._client.exceptions.ConditionalCheckFailedException):
            self._update(alert_id, values, assignments, unless="verdict")

    def record_outcome(self, alert_id: str, outcome: ReaderOutcome, by: str) -> None:
        """The last outcome stands."""
        self._set(alert_id, {"outcome": outcome.value, "outcome_by": by})

    def _set(self, alert_id: str, values: dict[str, str]) -> None:
        self._update(alert_id, values, [f"{name} = :{name}" for name in values])

    def _set_once(self, alert_id: str, values: dict[str, str]) -> None:
        self._update(alert_id, values, [f"{name} = if_not_exists({name}, :{name})" for name in values])

    def _update(self, alert_id: str, values: dict[str, str], assignments: list[str], unless: str = _NEVER_SET) -> None:
        """Changes nothing if the attribute `unless` is there. Raises ConditionalCheckFailedException then."""
        self._client.update_item(
            TableName=self._name,
            Key=_key(alert_id),
            UpdateExpression=f"SET {', '.join(assignments)}",
            ExpressionAttributeValues={f":{name}": {"S": value} for name, value in values.items()},
            ConditionExpression=f"attribute_not_exists({unless})",
        )


def _key(alert_id: str) -> Item:
    return {"alert_id": {"S": alert_id}, "part": {"S": "answers"}}


def _response(item: Item) -> AlertResponse:
    """A verdict that was stored before there were two questions answers one of them."""
    fields = AlertResponse.model_fields
    stored = {name: value["S"] for name, value in item.items() if name in fields}
    if "verdict" in stored and not {"right_person", "useful"} & stored.keys():
        stored |= _stored_answers(ANSWERS_OF_VERDICT[Verdict(stored["verdict"])])
    return AlertResponse.model_validate(stored)


def _stored_answers(answers: TwoAnswers) -> dict[str, str]:
    return {name: str(answer).lower() for name, answer in answers._asdict().items() if answer is not None}


def _instant(instant: datetime) -> str:
    return instant.astimezone(UTC).isoformat(timespec="microseconds")
