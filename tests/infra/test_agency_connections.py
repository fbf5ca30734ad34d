"""An agency with an AWS account of its own, or by SFTP, reaches its own folders and nothing else."""

import dataclasses
import json
import re
from typing import Any

import pytest

from shared.arrests.synthetic import CANARY
from shared.feeds.profiles.model import Profile
from tests.infra.policies import ACCOUNT, arn_of, is_allowed, policy_of, resolved
from tests.infra.template import Assembly, listed, referred
from tests.infra.test_first_deployment import kept_by_name

SSH_KEYS = [f"ecdsa-sha2-nistp384 AAAAE2VjZHNhLXNoYTItbmlzdHAzODQ{'abcd' * 20}{letter}" for letter in "QRS"]
NYPD, KCSO = "arn:aws-us-gov:iam::111122223333:user/clerk", "arn:aws-us-gov:iam::444455556666:role/feeds"
OTHER_VAULT = "arn:aws-us-gov:backup:us-gov-west-1:999988887777:backup-vault:safe"
EVERYTHING = [{"Effect": "Allow", "Action": "*", "Resource": "*"}]  # what an account may give to its own people


@pytest.fixture(scope="session")
def connected(tmp_path_factory: pytest.TempPathFactory) -> Assembly:
    """prod in GovCloud, with an agency of each kind, and backups in another account."""
    from infra.agencies import AgencyConnection  # noqa: PLC0415 - these start Node
    from infra.app import assemble  # noqa: PLC0415
    from infra.environments import environment_named  # noqa: PLC0415

    agencies = (
        AgencyConnection(agency="nypd", account="111122223333"),
        AgencyConnection(agency="kcso", account="444455556666", role="feeds"),
        AgencyConnection(agency="amber-falls", ssh_keys=tuple(SSH_KEYS[:2])),
        AgencyConnection(agency="norrland", ssh_keys=(SSH_KEYS[2],)),
    )
    folder = tmp_path_factory.mktemp("connected")
    gov = environment_named("prod", "us-gov-west-1")
    assemble(dataclasses.replace(gov, agencies=agencies, backup_vault=OTHER_VAULT), outdir=str(folder)).synth()
    return Assembly("prod", "us-gov-west-1", folder)


def feeds(assembly: Assembly) -> str:
    return referred(assembly.template["Outputs"]["FeedsBucket"]["Value"])


def may(assembly: Assembly, principal: str, action: str, key: str = "", **conditions: str) -> bool:
    bucket = feeds(assembly)
    resource = f"{arn_of(assembly, bucket)}/{key}" if key else arn_of(assembly, bucket)
    policy = policy_of(assembly, "S3::BucketPolicy", "Bucket", bucket)
    of_s3 = {f"s3:{name.replace('_', '-')}": value for name, value in conditions.items()}
    return is_allowed(
        assembly, principal, action, resource, identity=EVERYTHING, resource_policy=policy, conditions=of_s3
    )


def test_what_is_kept_of_the_agencies_stands_in_the_way_of_no_second_try(connected: Assembly) -> None:
    assert kept_by_name(connected, "Retain") == set()


@pytest.mark.parametrize(("principal", "own"), [(NYPD, "nypd"), (KCSO, "kcso")])
def test_ra7_an_agencys_account_writes_files_and_reads_receipts_and_rejects(
    connected: Assembly, principal: str, own: str
) -> None:
    assert may(connected, principal, "s3:PutObject", f"{own}/in/day.csv")
    assert may(connected, principal, "s3:AbortMultipartUpload", f"{own}/in/day.csv")
    assert may(connected, principal, "s3:GetObject", f"{own}/receipts/day.csv.1.json")
    assert may(connected, principal, "s3:GetObject", f"{own}/rejects/day.csv.1.csv")
    for folder in ("in", "receipts", "rejects"):
        assert may(connected, principal, "s3:ListBucket", prefix=f"{own}/{folder}/")


OTHERS = ["nypdx/in/a.csv", "norrland/in/a.csv", "in/a.csv", "a.csv", "NYPD/in/a.csv", "x/nypd/in/a.csv"]
FORBIDDEN = [
    *(
        ("s3:PutObject", key)
        for key in (*OTHERS, "kcso/in/a.csv", "nypd/receipts/a", "nypd/rejects/a", "nypd/entered/a")
    ),
    *(("s3:GetObject", key) for key in ("kcso/receipts/a.json", "nypd/in/a.csv", "nypd/entered/a.ndjson")),
    *(
        (f"s3:{act}", "nypd/in/a.csv")
        for act in ("DeleteObject", "PutObjectAcl", "GetObjectVersion", "PutObjectTagging")
    ),
    *((f"s3:{act}", "") for act in ("PutBucketPolicy", "ListBucketVersions", "GetBucketPolicy", "DeleteBucket")),
]


@pytest.mark.parametrize(("action", "key"), FORBIDDEN)
def test_ra7_it_reaches_nothing_else(connected: Assembly, action: str, key: str) -> None:
    assert not may(connected, NYPD, action, key)


@pytest.mark.parametrize("prefix", ["", "kcso/receipts/", "nypd/", "nypd/entered/", "nypdx/in/"])
def test_ra7_it_lists_no_other_folder(connected: Assembly, prefix: str) -> None:
    assert not may(connected, NYPD, "s3:ListBucket", prefix=prefix)


@pytest.mark.parametrize(
    "stranger",
    [
        "arn:aws-us-gov:iam::777788889999:user/clerk",
        "arn:aws-us-gov:iam::444455556666:role/other",
        "arn:aws-us-gov:iam::444455556666:user/feeds",
    ],
)
def test_ra7_an_account_or_role_that_is_not_set_is_not_let_in(connected: Assembly, stranger: str) -> None:
    assert not may(connected, stranger, "s3:PutObject", "kcso/in/a.csv")
    assert not may(connected, stranger, "s3:GetObject", "kcso/receipts/a.json")


def test_ra7_a_file_under_a_key_that_is_not_ours_is_refused(connected: Assembly) -> None:
    key = "nypd/in/day.csv"
    kind, which = "x_amz_server_side_encryption", "x_amz_server_side_encryption_aws_kms_key_id"
    ours = arn_of(connected, product_key(connected))
    assert may(connected, NYPD, "s3:PutObject", key, **{kind: "aws:kms", which: ours})
    assert not may(
        connected, NYPD, "s3:PutObject", key, **{kind: "aws:kms", which: "arn:aws-us-gov:kms:x:111122223333:key/1"}
    )
    assert not may(connected, NYPD, "s3:PutObject", key, **{kind: "AES256"})


def product_key(assembly: Assembly) -> str:
    [rule] = assembly.of_type("S3::Bucket")[feeds(assembly)]["BucketEncryption"]["ServerSideEncryptionConfiguration"]
    return referred(rule["ServerSideEncryptionByDefault"]["KMSMasterKeyID"])


@pytest.mark.parametrize("action", ["kms:GenerateDataKey", "kms:Decrypt"])
def test_ra7_the_key_serves_the_agencys_account_through_s3_alone(connected: Assembly, action: str) -> None:
    """Without the key's own policy another account's request ends in AccessDenied, whatever the bucket allows."""
    id_ = product_key(connected)
    policy = resolved(connected, connected.of_type("KMS::Key")[id_]["KeyPolicy"])
    answers = {
        via: is_allowed(
            connected, NYPD, action, arn_of(connected, id_), identity=EVERYTHING, resource_policy=policy,
            conditions={"kms:ViaService": via} if via else {},
        )
        for via in ("s3.us-gov-west-1.amazonaws.com", "dynamodb.us-gov-west-1.amazonaws.com", "")
    }  # fmt: skip
    assert list(answers.values()) == [True, False, False]


def test_ra7_a_file_belongs_to_us_whoever_puts_it(assembly: Assembly) -> None:
    """Without ACLs an object that another account puts is ours (Amazon S3 User Guide, "Object Ownership")."""
    for bucket in assembly.of_type("S3::Bucket").values():
        assert bucket["OwnershipControls"] == {"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]}


@pytest.mark.parametrize("agency", ["amber-falls", "norrland"])
def test_ra7_by_sftp_an_agency_sees_one_folder_and_its_role_opens_no_other(connected: Assembly, agency: str) -> None:
    users = {user["UserName"]: user for user in connected.of_type("Transfer::User").values()}
    own = [user for name, user in users.items() if name.startswith(f"{agency}-")]
    bucket = feeds(connected)
    shown = {
        (entry["Entry"], resolved(connected, entry["Target"]))
        for user in own
        for entry in user["HomeDirectoryMappings"]
    }
    assert shown == {(f"/{name}", f"/{bucket.lower()}/{agency}/{name}") for name in ("in", "receipts", "rejects")}
    assert {user["HomeDirectoryType"] for user in own} == {"LOGICAL"}
    [role] = {referred(user["Role"]) for user in own}
    [policy] = connected.of_type("IAM::Role")[role]["ManagedPolicyArns"]
    statements = resolved(connected, connected.of_type("IAM::ManagedPolicy")[referred(policy)]["PolicyDocument"])[
        "Statement"
    ]
    arn = arn_of(connected, bucket)
    asked = [("s3:PutObject", "in"), ("s3:GetObject", "receipts"), ("s3:GetObject", "rejects")]
    for whose in ("amber-falls", "norrland", "nypd"):
        answers = {
            is_allowed(connected, arn_of(connected, role), action, f"{arn}/{whose}/{folder}/a", identity=statements)
            for action, folder in asked
        }
        assert answers == {whose == agency}
    assert not is_allowed(
        connected, arn_of(connected, role), "s3:DeleteObject", f"{arn}/{agency}/in/a", identity=statements
    )


def test_ra7_the_server_is_validated_says_whose_it_is_and_is_logged(connected: Assembly) -> None:
    [server] = connected.of_type("Transfer::Server").values()
    assert server["SecurityPolicyName"] == "TransferSecurityPolicy-FIPS-2024-01"
    assert (server["Protocols"], server["IdentityProviderType"]) == (["SFTP"], "SERVICE_MANAGED")
    banner = server["PreAuthenticationLoginBanner"]
    assert all(word in banner for word in ("restricted", "monitored", "penalties", "consent"))
    [destination] = server["StructuredLogDestinations"]
    assert referred(destination) in connected.of_type("Logs::LogGroup")
    assert {user["SshPublicKeys"][0] for user in connected.of_type("Transfer::User").values()} == set(SSH_KEYS)
    for role in connected.of_type("IAM::Role").values():
        for entry in role["AssumeRolePolicyDocument"]["Statement"]:
            if entry["Principal"] == {"Service": "transfer.amazonaws.com"}:
                assert {"aws:SourceAccount", "aws:SourceArn"} == {
                    key for value in entry["Condition"].values() for key in value
                }


def test_ra7_a_server_is_paid_for_only_where_an_agency_comes_by_sftp(assembly: Assembly) -> None:
    assert not assembly.of_type("Transfer::Server")
    assert set(re.findall(r"iam::(\d{12})", json.dumps(assembly.template))) <= {"000000000000"}, "its own account"


def test_ra7_what_agencies_add_is_clean_under_both_rule_books(connected: Assembly) -> None:
    assert connected.findings == []


def test_rd2_backups_are_copied_to_another_account_where_one_is_set_and_live_no_longer_there(
    connected: Assembly,
) -> None:
    [plan] = connected.of_type("Backup::BackupPlan").values()
    [rule] = plan["BackupPlan"]["BackupPlanRule"]
    assert rule["CopyActions"] == [{"DestinationBackupVaultArn": OTHER_VAULT, "Lifecycle": {"DeleteAfterDays": 14}}]
    copying = [
        resolved(connected, statement["Resource"])
        for policy in connected.of_type("IAM::ManagedPolicy").values()
        for statement in policy["PolicyDocument"]["Statement"]
        if "backup:CopyIntoBackupVault" in listed(statement["Action"])
    ]
    assert [OTHER_VAULT in resources for resources in copying] == [True]


def many(count: int, letters: int, role: str) -> dict[str, Any]:
    """Synthesises `count` agencies with accounts of their own. Returns the template."""
    from aws_cdk import App, Environment, RemovalPolicy, Stack, assertions  # noqa: PLC0415 - these start Node
    from aws_cdk import aws_kms as kms  # noqa: PLC0415
    from aws_cdk import aws_s3 as s3  # noqa: PLC0415
    from aws_cdk.aws_logs import RetentionDays  # noqa: PLC0415

    from infra.agencies import AgencyConnection  # noqa: PLC0415
    from infra.app import FLAGS  # noqa: PLC0415
    from infra.stores.agency_connections import AgencyConnections  # noqa: PLC0415

    stack = Stack(App(context=FLAGS), "arrest-alert-prod", env=Environment(account=ACCOUNT, region="us-gov-west-1"))
    key = kms.Key(stack, "Key")
    agencies = [
        AgencyConnection(agency=f"{n:0>{letters}}", account=f"{n:0>12}", role=role) for n in range(1, count + 1)
    ]
    bucket = s3.Bucket(stack, "Bucket", encryption_key=key, enforce_ssl=True)
    AgencyConnections(
        stack,
        "Agencies",
        key=key,
        bucket=bucket,
        agencies=agencies,
        fips=True,
        log_retention=RetentionDays.ONE_YEAR,
        removal=RemovalPolicy.RETAIN,
    )
    return dict(assertions.Template.from_stack(stack).to_json())


LONGEST = "b" * 63  # the name of a bucket


@pytest.mark.parametrize(("letters", "role", "holds"), [(40, "r" * 64, 14), (8, "", 21)])
def test_ra7_the_policy_of_the_bucket_holds_fourteen_agencies_with_the_longest_names_and_refuses_more(
    letters: int, role: str, holds: int
) -> None:
    """With names of eight letters, and without roles, it holds 21."""
    from infra.agencies import AgencyConnectionError  # noqa: PLC0415 - starts Node

    template = many(holds, letters, role)
    [policy] = [entry["Properties"] for entry in template["Resources"].values() if "BucketPolicy" in entry["Type"]]
    [key] = [entry["Properties"] for entry in template["Resources"].values() if entry["Type"] == "AWS::KMS::Key"]
    text = re.sub(r'\{"Fn::GetAtt":\["Bucket[^]]*\]\}', f'"arn:aws-us-gov:s3:::{LONGEST}"', as_json(policy))
    text = re.sub(r'\{"Fn::Join":\["",\["([^"]*)","([^"]*)"\]\]\}', r'"\1\2"', text)
    assert 0.8 * 20_480 < len(text) < 20_480
    assert len(as_json(key["KeyPolicy"])) < 32_768
    with pytest.raises(AgencyConnectionError, match=rf"{holds + 1} agencies .* holds {holds}:"):
        many(holds + 1, letters, role)


def test_ra7_what_else_the_policy_says_has_its_room(connected: Assembly) -> None:
    from infra.stores.agency_connections import RESERVED  # noqa: PLC0415 - starts Node

    bucket = feeds(connected)
    policy = policy_of(connected, "S3::BucketPolicy", "Bucket", bucket)
    others = [entry for entry in policy["Statement"] if not re.search("111122223333|444455556666", json.dumps(entry))]
    assert len(others) == len(policy["Statement"]) - 6
    roles = (
        2 * 64
    )  # the names that CloudFormation gives to the two roles of a reserved folder are longer than ours here
    assert len(as_json(others).replace(bucket.lower(), LONGEST)) + roles < RESERVED


def as_json(value: Any) -> str:
    return json.dumps(value, separators=(",", ":"))


@pytest.mark.parametrize(
    ("settings", "problem"),
    [
        ([{"agency": "NYPD", "account": "111122223333"}], "'NYPD': is no name of an agency: write the `agency` of its"),
        ([{"agency": "nypd/in", "account": "111122223333"}], "is no name of an agency"),
        ([{"agency": "*", "account": "111122223333"}], "is no name of an agency"),
        ([{"agency": CANARY, "account": "111122223333"}], "is the product's own"),
        ([{"agency": "nypd", "account": "1111-2222-3333"}], "'1111-2222-3333' is no number of an AWS account"),
        ([{"agency": "nypd", "account": "11112222333"}], "write its twelve digits"),
        ([{"agency": "nypd", "account": "*"}], "is no number of an AWS account"),
        ([{"agency": "nypd", "role": "feeds", "ssh_keys": (SSH_KEYS[0],)}], "and `account` too"),
        ([{"agency": "nypd", "account": "111122223333", "role": "*"}], "'\\*' is no role of an account"),
        ([{"agency": "nypd"}], "has neither `account` nor `ssh_keys`"),
        ([{"agency": "nypd", "ssh_keys": ("ssh-ed25519 AAAA",)}], "ssh-keygen -t ecdsa -b 384"),
        ([{"agency": "nypd", "ssh_keys": ("-----BEGIN OPENSSH PRIVATE KEY-----",)}], "first two words of its .pub"),
        (
            [{"agency": "nypd", "account": "111122223333"}, {"agency": "nypd", "account": "444455556666"}],
            "is set 2 times",
        ),
        (
            [{"agency": "nypd", "account": "111122223333"}, {"agency": "kcso", "account": "111122223333"}],
            "nypd and kcso",
        ),
        (
            [{"agency": "nypd", "account": "111122223333"}, {"agency": "kcso", "account": "111122223333", "role": "a"}],
            "each would reach the other's files: give each a `role`",
        ),
        (
            [{"agency": name, "account": "111122223333", "role": "a"} for name in ("nypd", "kcso")],
            "nypd and kcso are let in from one account",
        ),
        ([{"agency": name, "ssh_keys": (SSH_KEYS[0],)} for name in ("nypd", "kcso")], "nypd and kcso have one SSH key"),
        ([{"agency": "nypd", "account": ACCOUNT}], f"{ACCOUNT} is the account of the environment"),
    ],
)
def test_ra7_a_setting_that_would_let_in_nobody_or_somebody_else_is_refused_in_words(
    settings: list[dict[str, Any]], problem: str
) -> None:
    from infra.agencies import AgencyConnection, AgencyConnectionError  # noqa: PLC0415 - these start Node
    from infra.environments import PROD  # noqa: PLC0415

    with pytest.raises(AgencyConnectionError, match=problem):
        dataclasses.replace(PROD, account=ACCOUNT, agencies=tuple(AgencyConnection(**entry) for entry in settings))


def test_ra7_two_agencies_of_one_account_have_a_role_each() -> None:
    from infra.agencies import AgencyConnection  # noqa: PLC0415 - these start Node
    from infra.environments import PROD  # noqa: PLC0415

    agencies = tuple(AgencyConnection(agency=name, account="111122223333", role=name) for name in ("nypd", "kcso"))
    assert dataclasses.replace(PROD, agencies=agencies).agencies == agencies


def test_ra7_an_agency_is_named_as_in_a_profile() -> None:
    from infra.agencies import AGENCY  # noqa: PLC0415 - starts Node

    [constraint] = Profile.model_fields["agency"].metadata
    assert constraint.pattern == f"^{AGENCY}$"
