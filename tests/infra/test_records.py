"""Records survive a mistake, a lost account and a curious administrator, and a sealed one does not live on in a copy.

cdk-nag does not judge a table of the newer kind (`AWS::DynamoDB::GlobalTable`), so what it would ask is asked here.
"""

import json

import pytest
from moto.iam.aws_managed_policies import aws_managed_policies_data

from tests.infra.policies import arn_of, is_allowed, resolved
from tests.infra.template import Assembly, Resource, listed, referred

OF_AWS = json.loads(aws_managed_policies_data)["AWSBackupServiceRolePolicyForBackup"]["Document"]


def replica(table: Resource) -> Resource:
    (only,) = table["Replicas"]
    return dict(only)


def test_rd1_every_table_can_be_restored_and_is_under_our_key(assembly: Assembly) -> None:
    """What cdk-nag asks of the older kind: AwsSolutions-DDB3, NIST.800.53.R5-DynamoDBPITREnabled."""
    tables = assembly.of_type("DynamoDB::GlobalTable")
    assert len(tables) == 9
    for id_, table in tables.items():
        assert replica(table)["PointInTimeRecoverySpecification"]["PointInTimeRecoveryEnabled"], id_
        key = referred(replica(table)["SSESpecification"]["KMSMasterKeyId"])
        assert "CustomerManaged" not in key, id_
        assert assembly.of_type("KMS::Key")[key]["EnableKeyRotation"], id_


@pytest.mark.parametrize("name", ["prod", "gov"])
def test_rd1_no_table_of_production_can_be_deleted(assemblies: dict[str, Assembly], name: str) -> None:
    assembly = assemblies[name]
    for id_, table in assembly.of_type("DynamoDB::GlobalTable").items():
        assert replica(table)["DeletionProtectionEnabled"], id_
        assert assembly.resources[id_]["DeletionPolicy"] == assembly.resources[id_]["UpdateReplacePolicy"] == "Retain"


def records(assembly: Assembly) -> set[str]:
    """The tables of records: who is signed in at the console is none."""
    return {id_ for id_ in assembly.of_type("DynamoDB::GlobalTable") if "Sessions" not in id_}


def backed_up(assembly: Assembly) -> set[str]:
    """Juveniles' records lie under one key and no other: no vault has them."""
    return {id_ for id_ in records(assembly) if "Juveniles" not in id_}


@pytest.mark.parametrize("name", ["prod", "gov"])
def test_rd2_every_table_of_records_but_the_juveniles_is_in_the_backup_plan(
    assemblies: dict[str, Assembly], name: str
) -> None:
    """NIST.800.53.R5-DynamoDBInBackupPlan."""
    assembly = assemblies[name]
    [selection] = assembly.of_type("Backup::BackupSelection").values()
    assert {referred(arn) for arn in selection["BackupSelection"]["Resources"]} == backed_up(assembly)
    left_out = set(assembly.of_type("DynamoDB::GlobalTable")) - backed_up(assembly)
    assert left_out == {"TablesJuveniles06D8A69E", "TablesSessions486350CB"}
    [plan] = assembly.of_type("Backup::BackupPlan")
    assert referred(selection["BackupPlanId"]) == plan


def test_rd2_no_backup_lives_longer_than_a_fortnight_whoever_asks_for_it(prod: Assembly) -> None:
    [vault] = prod.of_type("Backup::BackupVault").values()
    [plan] = prod.of_type("Backup::BackupPlan").values()
    [rule] = plan["BackupPlan"]["BackupPlanRule"]
    lock = vault["LockConfiguration"]
    assert rule["Lifecycle"] == {"DeleteAfterDays": 14}
    assert (lock["MinRetentionDays"], lock["MaxRetentionDays"]) == (1, 14)
    assert "ChangeableForDays" not in lock, "a court's order may ask for a backup to be deleted before its time"
    assert referred(vault["EncryptionKeyArn"]) in prod.of_type("KMS::Key")


def test_rd2_a_backup_that_fails_wakes_somebody(prod: Assembly) -> None:
    [rule] = [
        rule
        for rule in prod.of_type("Events::Rule").values()
        if "aws.backup" in rule.get("EventPattern", {}).get("source", ())
    ]
    assert {"FAILED", "ABORTED", "EXPIRED"} == set(rule["EventPattern"]["detail"]["state"])
    [target] = rule["Targets"]
    assert referred(target["Arn"]) == referred(prod.template["Outputs"]["OperationsTopicArn"]["Value"])


def of_backup(assembly: Assembly) -> tuple[str, list[Resource]]:
    """The role of AWS Backup, and its statements."""
    [selection] = assembly.of_type("Backup::BackupSelection").values()
    role = referred(selection["BackupSelection"]["IamRoleArn"])
    [policy] = assembly.of_type("IAM::Role")[role]["ManagedPolicyArns"]
    document = resolved(assembly, assembly.of_type("IAM::ManagedPolicy")[referred(policy)]["PolicyDocument"])
    return role, list(document["Statement"])


def test_rd2_backup_may_do_a_part_of_what_awss_own_policy_allows_and_on_our_tables_alone(prod: Assembly) -> None:
    role, statements = of_backup(prod)
    of_aws = {action for entry in OF_AWS["Statement"] for action in listed(entry["Action"])}
    assert {action for entry in statements for action in listed(entry["Action"])} <= of_aws
    others = set(prod.of_type("DynamoDB::GlobalTable")) - backed_up(prod)
    answers = {
        id_: is_allowed(prod, arn_of(prod, role), "dynamodb:StartAwsBackupJob", arn_of(prod, id_), identity=statements)
        for id_ in (*backed_up(prod), *others)
    }
    assert answers == dict.fromkeys(backed_up(prod), True) | dict.fromkeys(others, False)
    for act in ("GetItem", "Scan", "DeleteTable", "ExportTableToPointInTime"):
        [any_table, *_] = records(prod)
        assert not is_allowed(prod, arn_of(prod, role), f"dynamodb:{act}", arn_of(prod, any_table), identity=statements)


def fields(selector: Resource) -> dict[str, Resource]:
    return {entry["Field"]: entry for entry in selector["FieldSelectors"]}


def test_rd3_a_trail_has_every_touch_of_a_file_and_every_read_of_a_whole_table(prod: Assembly) -> None:
    [trail] = prod.of_type("CloudTrail::Trail").values()
    selectors = {selector["Name"]: fields(selector) for selector in trail["AdvancedEventSelectors"]}
    files, tables = selectors["files"], selectors["tables by hand"]
    buckets = {referred(prod.template["Outputs"][f"{name}Bucket"]["Value"]) for name in ("Feeds", "Copies", "Audit")}
    assert {resolved(prod, arn) for arn in files["resources.ARN"]["StartsWith"]} == {
        f"{arn_of(prod, bucket)}/" for bucket in buckets
    }
    assert {referred(arn) for arn in tables["resources.ARN"]["StartsWith"]} == records(prod)
    assert set(tables["eventName"]["Equals"]) >= {"Scan", "ExecuteStatement"}
    assert "readOnly" not in files, "reads and writes"
    assert selectors["reads of the account"]["eventSource"]["NotEquals"] == ["kms.amazonaws.com"]
    assert selectors["changes of the account"]["readOnly"]["Equals"] == ["false"], "a key that is disabled is a change"


def test_rd3_the_trail_is_encrypted_shows_what_was_altered_and_nobody_else_writes_it(prod: Assembly) -> None:
    [trail] = prod.of_type("CloudTrail::Trail").values()
    assert trail["EnableLogFileValidation"]
    assert trail["IsLogging"]
    assert referred(trail["KMSKeyId"]) in prod.of_type("KMS::Key")
    bucket = referred(trail["S3BucketName"])
    [policy] = [entry for entry in prod.of_type("S3::BucketPolicy").values() if referred(entry["Bucket"]) == bucket]
    writers = [
        statement
        for statement in resolved(prod, policy["PolicyDocument"])["Statement"]
        if statement["Effect"] == "Allow" and statement["Principal"] == {"Service": "cloudtrail.amazonaws.com"}
    ]
    name = trail["TrailName"]
    assert {entry["Action"] for entry in writers} == {"s3:GetBucketAcl", "s3:PutObject"}
    assert all(entry["Condition"]["StringEquals"]["aws:SourceArn"].endswith(f":trail/{name}") for entry in writers)


@pytest.mark.parametrize("name", ["local", "dev"])
def test_rd3_invented_people_are_neither_backed_up_nor_trailed(assemblies: dict[str, Assembly], name: str) -> None:
    assert not assemblies[name].of_type("Backup::BackupVault")
    assert not assemblies[name].of_type("CloudTrail::Trail")
