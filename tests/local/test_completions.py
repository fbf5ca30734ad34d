"""What we added to the emulator behaves as AWS documents it: the rest of the suite stands on that."""

import json
import threading
import time
from typing import Any

import boto3
import pytest
import urllib3
from botocore.config import Config

from tests.local.cloud import LocalCloud
from tests.local.probes import eventually, invoke, make_function, make_queue, received

pytestmark = pytest.mark.thorough  # of what the end-to-end tests stand on, and would fall with

STORES_WHAT_IT_CAN = """
import os, boto3
table = boto3.client("dynamodb")
def handler(event, context):
    failures = []
    for record in event["Records"]:
        key = record["dynamodb"]["Keys"]["id"]["S"]
        if key.startswith("crash"):
            raise RuntimeError(key)
        if key.startswith("fail"):
            failures.append({"itemIdentifier": record["dynamodb"]["SequenceNumber"]})
        else:
            table.put_item(TableName="stored", Item={"id": {"S": key}})
    return {"batchItemFailures": failures}
"""
READS_THEN_WRITES = """
import boto3, botocore.exceptions
def handler(event, context):
    table, outcomes = boto3.client("dynamodb"), []
    for act in (table.get_item, table.delete_item):
        try:
            act(TableName="guarded", Key={"id": {"S": "x"}})
            outcomes.append("allowed")
        except botocore.exceptions.ClientError as error:
            outcomes.append(error.response["Error"]["Code"])
    return outcomes
"""
RAW = {"RawMessageDelivery": "true"}


def make_table(cloud: LocalCloud, name: str) -> str:
    made = cloud.client("dynamodb").create_table(
        TableName=name,
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
        StreamSpecification={"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"},
    )
    return made["TableDescription"]["LatestStreamArn"]


def put(cloud: LocalCloud, *ids: str) -> None:
    for item in ids:
        cloud.client("dynamodb").put_item(TableName="arriving", Item={"id": {"S": item}})


def stored(cloud: LocalCloud) -> set[str]:
    return {item["id"]["S"] for item in cloud.client("dynamodb").scan(TableName="stored")["Items"]}


@pytest.fixture(scope="module")
def set_aside(cloud: LocalCloud) -> str:
    """A table whose stream feeds a function; the queue of what the function could not take."""
    stream = make_table(cloud, "arriving")
    make_table(cloud, "stored")
    make_function(cloud, "take-in", STORES_WHAT_IT_CAN)
    queue_url, queue_arn = make_queue(cloud, "set-aside")
    cloud.client("lambda").create_event_source_mapping(
        FunctionName="take-in",
        EventSourceArn=stream,
        StartingPosition="TRIM_HORIZON",
        BatchSize=10,
        BisectBatchOnFunctionError=True,
        MaximumRetryAttempts=1,
        ParallelizationFactor=1,
        FunctionResponseTypes=["ReportBatchItemFailures"],
        DestinationConfig={"OnFailure": {"Destination": queue_arn}},
    )
    return queue_url


def test_a_record_that_crashes_the_function_is_set_aside_and_its_batch_is_not(
    cloud: LocalCloud, set_aside: str
) -> None:
    put(cloud, "a", "b", "crash-1", "c", "d")
    assert eventually(lambda: stored(cloud) >= {"a", "b", "c", "d"})
    [failure] = received(cloud, set_aside)
    assert failure["requestContext"]["condition"] == "RetryAttemptsExhausted"
    assert failure["DDBStreamBatchInfo"]["batchSize"] == 1


def test_a_record_reported_as_failed_is_retried_then_set_aside(cloud: LocalCloud, set_aside: str) -> None:
    put(cloud, "fail-1", "e")
    assert eventually(lambda: "e" in stored(cloud))
    assert eventually(lambda: received(cloud, set_aside))
    put(cloud, "f")
    assert eventually(lambda: "f" in stored(cloud))


def test_killed_workers_fail_their_invocation_and_the_next_one_gets_a_new_process(cloud: LocalCloud) -> None:
    make_function(cloud, "slow", "import os, time\ndef handler(e, c): time.sleep(e['seconds']); return os.getpid()")
    first, _ = invoke(cloud, "slow", {"seconds": 0})
    outcome: list[Any] = []
    caller = threading.Thread(target=lambda: outcome.append(invoke(cloud, "slow", {"seconds": 20})))
    caller.start()
    time.sleep(1)  # or the kill could come between two invocations
    assert cloud.kill_workers("slow") == 1
    caller.join(10)
    assert outcome[0][1] == "Unhandled"
    assert invoke(cloud, "slow", {"seconds": 0})[0] != first


def test_a_worker_sees_nothing_of_the_environment_it_was_started_from(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MY_EMPLOYERS_SECRET", "x")
    with LocalCloud() as own:
        make_function(own, "look", "import os\ndef handler(e, c): return dict(os.environ)")
        environment, _ = invoke(own, "look")
        assert "MY_EMPLOYERS_SECRET" not in environment
        assert "HOME" not in environment
        assert environment["AWS_ENDPOINT_URL"] == own.endpoint


@pytest.mark.parametrize(
    ("recipient", "expected"),
    [
        ("ada@example.org", {"Send", "Delivery"}),
        ("bounce@simulator.amazonses.com", {"Send", "Bounce"}),
        ("complaint+1@simulator.amazonses.com", {"Send", "Delivery", "Complaint"}),
    ],
)
def test_what_became_of_a_mail_is_published_with_its_tags(
    cloud: LocalCloud, recipient: str, expected: set[str]
) -> None:
    mail, name = cloud.client("sesv2"), f"set-{len(recipient)}"
    queue_url, queue_arn = make_queue(cloud, name)
    topic = cloud.client("sns").create_topic(Name=name)["TopicArn"]
    cloud.client("sns").subscribe(TopicArn=topic, Protocol="sqs", Endpoint=queue_arn, Attributes=RAW)
    mail.create_email_identity(EmailIdentity=f"{name}@example.org")
    mail.create_configuration_set(ConfigurationSetName=name)
    mail.create_configuration_set_event_destination(
        ConfigurationSetName=name,
        EventDestinationName="topic",
        EventDestination={
            "Enabled": True,
            "MatchingEventTypes": ["SEND", "DELIVERY", "BOUNCE", "COMPLAINT"],
            "SnsDestination": {"TopicArn": topic},
        },
    )
    sent = mail.send_email(
        FromEmailAddress=f"{name}@example.org",
        Destination={"ToAddresses": [recipient]},
        ConfigurationSetName=name,
        EmailTags=[{"Name": "delivery", "Value": "d1"}],
        Content={"Simple": {"Subject": {"Data": "An arrest"}, "Body": {"Text": {"Data": "Text"}}}},
    )
    events = received(cloud, queue_url)
    assert {event["eventType"] for event in events} == expected
    assert {event["mail"]["messageId"] for event in events} == {sent["MessageId"]}
    assert all(event["mail"]["tags"]["delivery"] == ["d1"] for event in events)
    assert [m["EmailTags"] for m in cloud.emails() if m["MessageId"] == sent["MessageId"]] == [{"delivery": "d1"}]


def test_the_inboxes_show_messages_to_a_phone_and_to_the_subscribers_of_a_topic(cloud: LocalCloud) -> None:
    sns = cloud.client("sns")
    topic = sns.create_topic(Name="duty")["TopicArn"]
    sns.subscribe(TopicArn=topic, Protocol="sms", Endpoint="+15550100001")
    sns.subscribe(TopicArn=topic, Protocol="email", Endpoint="duty@example.org")
    sns.publish(TopicArn=topic, Message="to all", Subject="Duty")
    sns.publish(PhoneNumber="+15550100002", Message="to one")
    assert {text["PhoneNumber"]: text["Message"] for text in cloud.texts()} == {
        "+15550100001": "to all",
        "+15550100002": "to one",
    }
    assert [mail["BodyText"] for mail in cloud.emails() if mail["To"] == ["duty@example.org"]] == ["to all"]


def test_with_auth_a_function_may_do_what_its_role_grants_and_nothing_else() -> None:
    with LocalCloud(auth=True) as guarded:
        make_table(guarded, "guarded")
        role = guarded.client("iam").create_role(
            RoleName="reader", AssumeRolePolicyDocument=allowing("sts:AssumeRole", Principal=LAMBDA)
        )["Role"]["Arn"]
        guarded.client("iam").put_role_policy(
            RoleName="reader", PolicyName="reads", PolicyDocument=allowing("dynamodb:GetItem", Resource="*")
        )
        make_function(guarded, "probe", READS_THEN_WRITES, role=role)
        assert invoke(guarded, "probe")[0] == ["allowed", "AccessDeniedException"]


LAMBDA = {"Service": "lambda.amazonaws.com"}


def allowing(action: str, **whom: object) -> str:
    statement = {"Effect": "Allow", "Action": action, **whom}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def test_bytes_of_one_version_of_an_object_are_those_that_were_asked_for(cloud: LocalCloud) -> None:
    s3 = cloud.client("s3")
    s3.create_bucket(Bucket="ranges")
    s3.put_bucket_versioning(Bucket="ranges", VersioningConfiguration={"Status": "Enabled"})
    version = s3.put_object(Bucket="ranges", Key="drop", Body=b"0123456789")["VersionId"]
    answer = s3.get_object(Bucket="ranges", Key="drop", VersionId=version, Range="bytes=2-4")
    assert (answer["Body"].read(), answer["ContentLength"]) == (b"234", 3)


def test_a_link_of_signature_version_2_is_refused_and_one_of_version_4_is_taken(cloud: LocalCloud) -> None:
    s3 = cloud.client("s3")
    s3.create_bucket(Bucket="signed")
    s3.put_object(Bucket="signed", Key="drop", Body=b"a file")
    statuses = {}
    for version in ("s3", "s3v4"):
        settings = Config(signature_version=version)
        signer = boto3.client(
            "s3", endpoint_url=cloud.endpoint, region_name="us-east-1", config=settings,
            aws_access_key_id="test", aws_secret_access_key="test",
        )  # fmt: skip
        link = signer.generate_presigned_url("get_object", Params={"Bucket": "signed", "Key": "drop"})
        statuses[version] = urllib3.request("GET", link).status
    assert statuses == {"s3": 400, "s3v4": 200}
