import json
from datetime import UTC, datetime, timedelta

import boto3
import pytest

from functions.receive_feed.events import drops_in
from shared.feeds.drops.missing_receipts import drops_without_receipt
from shared.feeds.drops.queue import s3_event_of

BUCKET = "feeds"


@pytest.fixture
def s3(aws):
    client = boto3.client("s3")
    client.create_bucket(Bucket=BUCKET)
    client.put_bucket_versioning(Bucket=BUCKET, VersioningConfiguration={"Status": "Enabled"})
    return client


def lost(s3, *, later: timedelta = timedelta(hours=1)) -> list[str]:
    """The keys that a sweep finds after this time."""
    now = datetime.now(UTC) + later
    drops = drops_without_receipt(s3, BUCKET, now - timedelta(minutes=20), now - timedelta(days=2))
    return [drop.key for drop in drops]


def test_a_drop_without_a_receipt_is_found_and_one_with_a_receipt_is_not(s3):
    s3.put_object(Bucket=BUCKET, Key="nypd/in/lost.csv", Body=b"x")
    s3.put_object(Bucket=BUCKET, Key="nypd/in/taken.csv", Body=b"x")
    s3.put_object(Bucket=BUCKET, Key="nypd/receipts/taken.csv.0123.json", Body=b"{}")
    s3.put_object(Bucket=BUCKET, Key="nypd/rejects/taken.csv.0123.csv", Body=b"")
    assert lost(s3) == ["nypd/in/lost.csv"]


def test_a_manual_entry_without_a_receipt_is_found_too(s3):
    for name in ("lost", "taken"):
        s3.put_object(Bucket=BUCKET, Key=f"nypd/entered/{name}.0.json", Body=b"x")
    s3.put_object(Bucket=BUCKET, Key="nypd/receipts/by-hand/taken.0.json.0123.json", Body=b"{}")
    assert lost(s3) == ["nypd/entered/lost.0.json"]


def test_a_receipt_of_another_agency_answers_for_nobody_else(s3):
    s3.put_object(Bucket=BUCKET, Key="nypd/in/a.csv", Body=b"x")
    s3.put_object(Bucket=BUCKET, Key="harris/receipts/a.csv.0123.json", Body=b"{}")
    assert lost(s3) == ["nypd/in/a.csv"]


@pytest.mark.parametrize("later", [timedelta(minutes=5), timedelta(days=3)])
def test_a_drop_that_may_still_be_on_its_way_or_was_swept_for_days_is_left_alone(s3, later):
    s3.put_object(Bucket=BUCKET, Key="nypd/in/a.csv", Body=b"x")
    assert lost(s3, later=later) == []


def test_a_lost_drop_goes_back_as_the_event_that_it_should_have_had(s3):
    version = s3.put_object(Bucket=BUCKET, Key="nypd/in/a b+ü.csv", Body=b"12345")["VersionId"]
    now = datetime.now(UTC) + timedelta(hours=1)
    [drop] = drops_without_receipt(s3, BUCKET, now, now - timedelta(days=1))
    event = s3_event_of(drop, BUCKET)
    assert json.loads(event)["Records"][0]["s3"]["bucket"]["name"] == BUCKET
    [read] = drops_in(event)
    assert (read.key, read.version_id, read.size) == ("nypd/in/a b+ü.csv", version, 5)
