"""Everything that holds a record is under our key, and nothing is reached without TLS."""

import json
from typing import Any

import pytest

from tests.infra.template import FUNCTIONS, Assembly, listed, referred


def the_key(assembly: Assembly) -> str:
    """The product's key. Alarms have their own: see `test_the_alarm_of_a_lost_key_does_not_need_that_key`."""
    (key,) = set(assembly.of_type("KMS::Key")) - {alarms_key(assembly), juveniles_key(assembly)}
    return key


def juveniles_key(assembly: Assembly) -> str:
    return referred(assembly.template["Outputs"]["JuvenilesKeyArn"]["Value"])


def operations_topic(assembly: Assembly) -> str:
    return referred(assembly.template["Outputs"]["OperationsTopicArn"]["Value"])


def alarms_key(assembly: Assembly) -> str:
    return referred(assembly.of_type("SNS::Topic")[operations_topic(assembly)]["KmsMasterKeyId"])


def sign_in_logs(assembly: Assembly) -> set[str]:
    """Cognito writes to no log group under a customer-managed key."""
    names = {id_: entry.get("LogGroupName", "") for id_, entry in assembly.of_type("Logs::LogGroup").items()}
    return {id_ for id_, name in names.items() if str(name).startswith("/aws/vendedlogs/cognito/")}


@pytest.mark.parametrize(
    ("kind", "named"),
    [
        ("SQS::Queue", "KmsMasterKeyId"),
        ("SNS::Topic", "KmsMasterKeyId"),
        ("SecretsManager::Secret", "KmsKeyId"),
        ("Logs::LogGroup", "KmsKeyId"),
    ],
)
def test_everything_is_under_our_key(assembly: Assembly, kind: str, named: str):
    elsewhere = {*sign_in_logs(assembly), operations_topic(assembly)}
    held = {id_: entry for id_, entry in assembly.of_type(kind).items() if id_ not in elsewhere}
    assert held
    assert {referred(entry[named]) for entry in held.values()} == {the_key(assembly)}


def test_tables_are_under_our_key(assembly: Assembly):
    tables = assembly.of_type("DynamoDB::GlobalTable")
    juveniles = referred(assembly.template["Outputs"]["JuvenilesTable"]["Value"])
    assert len(tables) == 9
    for id_, table in tables.items():
        (replica,) = table["Replicas"]
        assert table["SSESpecification"] == {"SSEEnabled": True, "SSEType": "KMS"}
        assert referred(replica["SSESpecification"]["KMSMasterKeyId"]) == (
            juveniles_key(assembly) if id_ == juveniles else the_key(assembly)
        )


def test_fca_381_3_juveniles_records_lie_alone_under_their_key_and_no_stream_or_index_takes_them_elsewhere(
    assembly: Assembly,
) -> None:
    key = juveniles_key(assembly)
    who_uses_it = ("AWS::IAM::ManagedPolicy", "AWS::Events::Rule", "AWS::Lambda::Function")
    under_it = {
        id_
        for id_, made in assembly.resources.items()
        if made["Type"] not in who_uses_it and key in json.dumps(made["Properties"])
    }
    [table] = under_it
    properties = assembly.of_type("DynamoDB::GlobalTable")[table]
    assert not {"StreamSpecification", "GlobalSecondaryIndexes", "LocalSecondaryIndexes"} & set(properties)
    [statement] = statements_of(assembly, key)
    assert list(statement["Principal"]) == ["AWS"], "no service gets in by the key's policy"
    assert ":root" in json.dumps(statement["Principal"]), "the account's roles get in by their own policies alone"


def test_fca_381_3_who_stores_opens_or_purges_has_the_key_and_nobody_who_matches_searches_reports_or_sends(
    assembly: Assembly,
) -> None:
    juveniles = referred(assembly.template["Outputs"]["JuvenilesTable"]["Value"])
    for noun in (juveniles, juveniles_key(assembly)):
        granted = {name for name in FUNCTIONS if noun in json.dumps(assembly.statements(name))}
        assert granted == {"receive_feed", "open_juvenile_records", "purge_records"}


def test_the_keys_rotate(assembly: Assembly):
    assert all(key["EnableKeyRotation"] for key in assembly.of_type("KMS::Key").values())


def test_the_alarm_of_a_lost_key_does_not_need_that_key(assembly: Assembly):
    rules = [rule for rule in assembly.of_type("Events::Rule").values() if "EventPattern" in rule]
    (rule,) = [rule for rule in rules if rule["EventPattern"]["source"] == ["aws.kms"]]
    detail = rule["EventPattern"]["detail"]
    assert detail["eventName"] == ["DisableKey", "ScheduleKeyDeletion"]
    assert [referred(arn) for arn in detail["resources"]["ARN"]] == [the_key(assembly), juveniles_key(assembly)]
    (target,) = rule["Targets"]
    assert referred(target["Arn"]) == operations_topic(assembly)
    assert alarms_key(assembly) != the_key(assembly)
    writers = [statement["Principal"] for statement in statements_of(assembly, alarms_key(assembly))]
    assert {"Service": "events.amazonaws.com"} in writers
    assert {"Service": "cloudwatch.amazonaws.com"} in writers


def statements_of(assembly: Assembly, key: str) -> list[dict[str, Any]]:
    statements: list[dict[str, Any]] = assembly.of_type("KMS::Key")[key]["KeyPolicy"]["Statement"]
    return statements


def test_buckets_are_encrypted_versioned_and_closed(assembly: Assembly):
    buckets = assembly.of_type("S3::Bucket")
    assert len(buckets) == 5
    copies = referred(assembly.template["Outputs"]["CopiesBucket"]["Value"])  # what a seal erases there must be gone
    for id_, bucket in buckets.items():
        assert set(bucket["PublicAccessBlockConfiguration"].values()) == {True}
        assert id_ == copies or bucket["VersioningConfiguration"] == {"Status": "Enabled"}
    feeds = buckets[referred(assembly.template["Outputs"]["FeedsBucket"]["Value"])]
    (rule,) = feeds["BucketEncryption"]["ServerSideEncryptionConfiguration"]
    assert referred(rule["ServerSideEncryptionByDefault"]["KMSMasterKeyID"]) == the_key(assembly)
    assert rule["BucketKeyEnabled"]
    assert "LoggingConfiguration" in feeds


@pytest.mark.parametrize(
    ("kind", "policy", "names"),
    [
        ("SQS::Queue", "SQS::QueuePolicy", "Queues"),
        ("SNS::Topic", "SNS::TopicPolicy", "Topics"),
        ("S3::Bucket", "S3::BucketPolicy", "Bucket"),
    ],
)
def test_nothing_is_reached_without_tls(assembly: Assembly, kind: str, policy: str, names: str):
    refusing = {
        referred(target)
        for entry in assembly.of_type(policy).values()
        for target in listed(entry[names])
        if any(refuses_plain_text(statement) for statement in entry["PolicyDocument"]["Statement"])
    }
    assert refusing == set(assembly.of_type(kind))


def refuses_plain_text(statement: dict) -> bool:
    return statement["Effect"] == "Deny" and statement["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}


def test_mail_travels_only_over_tls(assembly: Assembly):
    (mail,) = assembly.of_type("SES::ConfigurationSet").values()
    assert mail["DeliveryOptions"]["TlsPolicy"] == "REQUIRE"


@pytest.mark.parametrize(("topic", "services"), [("Operations", ["cloudwatch", "events"]), ("MailEvents", ["ses"])])
def test_a_topic_that_refuses_plain_text_still_lets_its_writers_in(assembly: Assembly, topic: str, services: list[str]):
    """A policy replaces SNS's default one, under which the account's services could publish."""
    (writers,) = (
        [entry["Principal"] for entry in policy["PolicyDocument"]["Statement"] if entry["Effect"] == "Allow"]
        for policy in assembly.of_type("SNS::TopicPolicy").values()
        if topic in referred(policy["Topics"][0])
    )
    assert writers == [{"Service": f"{service}.amazonaws.com"} for service in services]


@pytest.mark.parametrize("service", ["s3", "sns", "ses", "cloudwatch", "events", "logs"])
def test_the_key_serves_those_who_write_into_queues_topics_and_logs(assembly: Assembly, service: str):
    policy = assembly.of_type("KMS::Key")[the_key(assembly)]["KeyPolicy"]
    principal = f"logs.{assembly.region}" if service == "logs" else service
    assert {"Service": f"{principal}.amazonaws.com"} in [entry["Principal"] for entry in policy["Statement"]]


def test_a_drop_reaches_its_queue_and_only_from_our_account(assembly: Assembly):
    feeds = assembly.of_type("S3::Bucket")[referred(assembly.template["Outputs"]["FeedsBucket"]["Value"])]
    (notice,) = feeds["NotificationConfiguration"]["QueueConfigurations"]
    queue = referred(notice["Queue"])
    assert queue == referred(assembly.template["Outputs"]["FeedsQueue"]["Value"])
    senders = [
        statement
        for entry in assembly.of_type("SQS::QueuePolicy").values()
        if queue in {referred(target) for target in entry["Queues"]}
        for statement in entry["PolicyDocument"]["Statement"]
        if statement["Effect"] == "Allow"
    ]
    assert [entry["Principal"] for entry in senders] == [{"Service": "s3.amazonaws.com"}]
    assert "aws:SourceAccount" in senders[0]["Condition"]["StringEquals"]


def test_a_providers_event_comes_from_our_own_configuration_set_through_our_own_topic(assembly: Assembly):
    """A forged one, of another account, another topic or another configuration set, reaches neither topic nor queue."""
    events = referred(assembly.template["Outputs"]["ProviderEventsQueue"]["Value"])
    allowed = {
        kind: [
            statement
            for policy in assembly.of_type(kind).values()
            if any(wanted in referred(target) for target in policy[targets])
            for statement in policy["PolicyDocument"]["Statement"]
            if statement["Effect"] == "Allow"
        ]
        for kind, targets, wanted in (
            ("SNS::TopicPolicy", "Topics", "MailEvents"),
            ("SQS::QueuePolicy", "Queues", events),
        )
    }
    ((publishes,), (queues,)) = allowed.values()
    assert {name.casefold() for name in publishes["Condition"]["StringEquals"]} == {
        "aws:sourceaccount",
        "aws:sourcearn",
    }
    assert "MailEvents" in referred(queues["Condition"]["ArnEquals"]["aws:SourceArn"])


def test_nobody_may_change_what_was_audited(assembly: Assembly):
    audit = assembly.of_type("DynamoDB::GlobalTable")[referred(assembly.template["Outputs"]["AuditTable"]["Value"])]
    (replica,) = audit["Replicas"]
    (statement,) = replica["ResourcePolicy"]["PolicyDocument"]["Statement"]
    assert (statement["Effect"], statement["Principal"]) == ("Deny", {"AWS": "*"})
    changes = ("UpdateItem", "DeleteItem", "BatchWriteItem", "PartiQLUpdate", "PartiQLDelete")
    assert set(statement["Action"]) == {f"dynamodb:{change}" for change in changes}


def test_audit_objects_are_locked_for_400_days_and_in_production_against_everybody(assembly: Assembly):
    bucket = assembly.of_type("S3::Bucket")[referred(assembly.template["Outputs"]["AuditBucket"]["Value"])]
    assert bucket["ObjectLockEnabled"]
    mode = "COMPLIANCE" if assembly.name == "prod" else "GOVERNANCE"
    assert bucket["ObjectLockConfiguration"]["Rule"] == {"DefaultRetention": {"Mode": mode, "Days": 400}}
