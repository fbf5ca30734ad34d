import json
import time
from datetime import UTC, datetime, timedelta

import boto3
import pytest

from functions.receive_feed.events import drops_in
from shared.feeds.drops.left_behind import drops_left_behind
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
    drops = drops_left_behind(s3, BUCKET, now - timedelta(minutes=20), now - timedelta(days=2))
    return [drop.key for drop in drops]


def test_what_lies_where_it_was_dropped_is_found_and_the_answers_of_the_intake_are_not(s3):
    for key in ("nypd/in/lost.csv", "nypd/entered/lost.0.json", "harris/in/a/b.csv"):
        s3.put_object(Bucket=BUCKET, Key=key, Body=b"x")
    for key in ("nypd/receipts/taken.csv.0123.json", "nypd/rejects/taken.csv.0123.csv", "nypd/in/", "stray.csv"):
        s3.put_object(Bucket=BUCKET, Key=key, Body=b"")
    moved = s3.put_object(Bucket=BUCKET, Key="nypd/in/taken.csv", Body=b"x")["VersionId"]
    s3.delete_object(Bucket=BUCKET, Key="nypd/in/taken.csv", VersionId=moved)
    assert sorted(lost(s3)) == ["harris/in/a/b.csv", "nypd/entered/lost.0.json", "nypd/in/lost.csv"]


def test_a_sweep_takes_as_long_as_there_are_agencies_however_many_receipts_there_are(s3):
    s3.put_object(Bucket=BUCKET, Key="nypd/in/lost.csv", Body=b"x")
    for number in range(1_100):  # more than a page
        s3.put_object(Bucket=BUCKET, Key=f"nypd/receipts/{number}.csv.0123.json", Body=b"")
    calls: list[object] = []
    s3.meta.events.register("before-call.s3.ListObjectVersions", lambda **call: calls.append(call))
    assert lost(s3) == ["nypd/in/lost.csv"]
    assert len(calls) == 4, "the folders, two of each agency, and the receipt of what was found"


def test_a_file_that_has_a_receipt_waits_for_others_and_one_that_is_newer_than_its_receipt_is_lost(s3):
    for key in ("nypd/in/waits.csv", "nypd/in/again.csv", "nypd/entered/waits.0.json"):
        s3.put_object(Bucket=BUCKET, Key=key, Body=b"x")
    for name in ("waits.csv", "again.csv", "by-hand/waits.0.json"):
        s3.put_object(Bucket=BUCKET, Key=f"nypd/receipts/{name}.0123.json", Body=b"{}")
    s3.put_object(Bucket=BUCKET, Key="harris/receipts/again.csv.0123.json", Body=b"{}")
    assert lost(s3) == []
    time.sleep(1.1)  # S3 writes times down to the second
    s3.put_object(Bucket=BUCKET, Key="nypd/in/again.csv", Body=b"y")
    assert lost(s3) == ["nypd/in/again.csv"]


@pytest.mark.parametrize("later", [timedelta(minutes=5), timedelta(days=3)])
def test_a_drop_that_may_still_be_on_its_way_or_was_swept_for_days_is_left_alone(s3, later):
    s3.put_object(Bucket=BUCKET, Key="nypd/in/a.csv", Body=b"x")
    assert lost(s3, later=later) == []


def test_a_lost_drop_goes_back_as_the_event_that_it_should_have_had(s3):
    version = s3.put_object(Bucket=BUCKET, Key="nypd/in/a b+ü.csv", Body=b"12345")["VersionId"]
    now = datetime.now(UTC) + timedelta(hours=1)
    [drop] = drops_left_behind(s3, BUCKET, now, now - timedelta(days=1))
    event = s3_event_of(drop, BUCKET)
    assert json.loads(event)["Records"][0]["s3"]["bucket"]["name"] == BUCKET
    [read] = drops_in(event)
    assert (read.key, read.version_id, read.size) == ("nypd/in/a b+ü.csv", version, 5)
