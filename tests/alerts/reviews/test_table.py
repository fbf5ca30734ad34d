"""Reviews change under an optimistic lock, whatever the order in which their fields were written."""

import json

import pytest

from shared.alerts.matches.model import Match
from shared.alerts.reviews.model import ReviewVerdict, review_of
from shared.arrests.minimisation import WithheldField
from shared.matching.criteria import Grade, Reason
from tests.builders import NAME_WATCH, NOW, PSEUDONYMS, a_subscription, an_arrest

WITHHELD = frozenset({WithheldField.IDENTIFIERS, WithheldField.SEX, WithheldField.PLACE})


@pytest.fixture
def review():
    reason = Reason(sentence="alike", grade=Grade.POSSIBLE)
    match = Match(subscription=a_subscription(NAME_WATCH), reason=reason, eligible=(), withheld=WITHHELD)
    return review_of(match, an_arrest(), PSEUDONYMS, NOW)


@pytest.fixture
def stored(tables, review):
    """The review as another process wrote it, whose sets have another order."""
    tables.alerts.reviews.add_arrest(review)
    key = {"alert_id": {"S": review.review_id}, "part": {"S": "review"}}
    doc = json.loads(review.model_dump_json())
    tables.client.update_item(
        TableName="Alerts",
        Key=key,
        UpdateExpression="SET doc = :doc",
        ExpressionAttributeValues={":doc": {"S": json.dumps({**doc, "withheld": doc["withheld"][::-1]})}},
    )
    return tables.alerts.reviews


def test_a_further_arrest_is_added_to_a_review_that_another_process_wrote(stored, review):
    further = review.model_copy(update={"arrests": ("another arrest",)})
    assert stored.add_arrest(further)
    assert stored.find(review.review_id).arrests == (*review.arrests, "another arrest")
    assert not stored.add_arrest(further), "nothing of it is new"


def test_a_review_that_another_process_wrote_is_decided_and_then_stands(stored, review):
    decided = review.with_verdict(ReviewVerdict.CONFIRMED, "bo@da.example.gov", NOW)
    assert stored.replace(review, decided)
    assert not stored.replace(review, decided), "it is not the waiting one any more"
    assert stored.find(review.review_id) == decided
