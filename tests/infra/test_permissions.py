"""No role is open where it need not be. What each allows is tried in `test_grants.py`."""

import json
import re

import pytest

from tests.infra.policies import arn_of, is_allowed, resolved
from tests.infra.template import FUNCTIONS, Assembly, listed, referred

# (action, why its resource is open)
OPEN_FOR_ALL = {
    "xray:PutTraceSegments": "X-Ray knows no resource",
    "xray:PutTelemetryRecords": "X-Ray knows no resource",
}
OPEN_FOR_THE_API = {
    "s3:PutObject": "<any agency>/in/ and /entered/",
    "s3:GetObject": "<any agency>/rejects/, raw and cleaned copies",
}
OPEN = {
    "receive_feed": {
        "s3:GetObject": "<any agency>/in/ and /entered/, work bucket, unread and cleaned copies, who is in custody",
        "s3:GetObjectVersion": "<any agency>/in/ and /entered/",
        "s3:PutObject": "<any agency>/receipts/ and /rejects/, all of the work bucket, copies; certificates of seals",
        "s3:DeleteObject": "raw and unread copies, exports with a sealed record",
        "s3:DeleteObjectVersion": "<any agency>/in/ and /entered/, once it is read",
    },
    "scheduled_jobs": {"s3:PutObject": "canary/in/: the canary's drops"},
    "purge_records": {
        "s3:GetObject": "cleaned copies, whose records are in an export",
        "s3:PutObject": "cleaned copies without a purged row; certificates in the locked bucket",
        "s3:DeleteObject": "raw, unread and cleaned copies, exports, <any agency>/rejects/",
        "s3:DeleteObjectVersion": "<any agency>/in/ and /entered/",
    },
    "export_records": {"s3:PutObject": "exports/<any office>/", "s3:DeleteObject": "an export whose record is gone"},
    "office_api": OPEN_FOR_THE_API,
    "console": OPEN_FOR_THE_API,
    "match_arrests": {
        "dynamodb:ListStreams": "lists the account's streams, knows no resource",
        "s3:PutObject": "certificates of seals in the locked bucket",
    },
    "chain_audit": {"dynamodb:ListStreams": "lists the account's streams", "s3:PutObject": "<any office>/<day>/"},
    "send_alerts": {"sns:Publish": "telephone numbers are no resource: everything that is not an SNS resource"},
}


@pytest.mark.parametrize("name", FUNCTIONS)
def test_no_action_is_a_wildcard_and_open_resources_are_explained(assembly: Assembly, name: str):
    statements = assembly.statements(name)
    assert all("*" not in action for entry in statements for action in listed(entry["Action"]))
    opened = {action for entry in statements if is_open(entry) for action in listed(entry["Action"])}
    in_sandbox = {"ses:SendEmail"} if (assembly.name, name) == ("dev", "send_alerts") else set()
    assert opened == set(OPEN.get(name, {})) | set(OPEN_FOR_ALL) | in_sandbox


def test_in_the_mail_sandbox_any_verified_address_is_written_to_and_only_from_ours(
    assembly: Assembly, environments: dict
) -> None:
    """SES asks for the recipient's identity there; out of it the sender's alone is granted."""
    granted = [entry for entry in assembly.statements("send_alerts") if "ses:SendEmail" in listed(entry["Action"])]
    open_ones = [entry for entry in granted if "identity/*" in json.dumps(entry["Resource"])]
    sender = environments[assembly.name].sender
    wanted = [{"StringEquals": {"ses:FromAddress": sender}}] if assembly.name == "dev" else []
    assert [entry["Condition"] for entry in open_ones] == wanted


def is_open(statement: dict) -> bool:
    return "NotResource" in statement or "*" in json.dumps(statement["Resource"])


def test_feeds_are_read_below_in_and_answered_below_receipts_and_rejects(assembly: Assembly):
    wanted = {"s3:GetObject": ["/*/in/*", "/*/entered/*"], "s3:PutObject": ["/*/receipts/*", "/*/rejects/*"]}
    feeds = referred(assembly.template["Outputs"]["FeedsBucket"]["Value"])
    for entry in assembly.statements("receive_feed"):
        for action in listed(entry["Action"]):
            if action in wanted and feeds in json.dumps(entry["Resource"]):
                keys = [resource["Fn::Join"][1][1] for resource in listed(entry["Resource"])]
                assert keys == wanted.pop(action)
    assert wanted == {}


def test_tc3_the_api_and_the_console_alone_may_write_manual_entries(assembly: Assembly):
    [denial] = denials(assembly, "/*/entered/*")
    assert (denial["Action"], denial["Principal"]) == ("s3:PutObject", {"AWS": "*"})
    assert but(denial) == roles(assembly, "office_api", "console")


def but(denial: dict) -> set[str]:
    """The names of the roles that a denial does not concern: whole ARNs, without a path or a wildcard."""
    arns = [json.dumps(role) for role in listed(denial["Condition"]["ArnNotEquals"]["aws:PrincipalArn"])]
    matches = [re.search(r":role/([\w-]+)\W*$", arn) for arn in arns]
    return {match[1] for match in matches if match}


def roles(assembly: Assembly, *functions: str) -> set[str]:
    """The names of the roles of these functions, which the policies of buckets know by name."""
    return {assembly.of_type("IAM::Role")[referred(assembly.function(name)["Role"])]["RoleName"] for name in functions}


def test_tg1_the_api_and_the_console_alone_read_raw_files_and_only_intake_and_purge_write_copies(
    assembly: Assembly,
):
    copies = referred(assembly.template["Outputs"]["CopiesBucket"]["Value"])
    for action, keys, functions in (
        ("s3:GetObject", "/raw/*", ("office_api", "console")),
        ("s3:GetObject", "/exports/*.zip", ("office_api", "console")),
        ("s3:PutObject", "/*", ("receive_feed", "purge_records", "export_records")),
    ):  # fmt: skip
        [denial] = [
            entry for entry in denials(assembly, keys) if entry["Action"] == action and copies in json.dumps(entry)
        ]
        assert but(denial) == roles(assembly, *functions)
    intake = [entry for entry in assembly.statements("receive_feed") if "s3:GetObject" in listed(entry["Action"])]
    assert "/raw/" not in json.dumps([entry["Resource"] for entry in intake]), "the intake itself reads none"


def test_tg1_raw_files_are_gone_after_seven_days_and_nothing_of_a_copy_outlives_its_erasure(assembly: Assembly):
    copies = assembly.of_type("S3::Bucket")[referred(assembly.template["Outputs"]["CopiesBucket"]["Value"])]
    rules = {rule.get("Prefix"): rule.get("ExpirationInDays") for rule in copies["LifecycleConfiguration"]["Rules"]}
    assert (rules["raw/"], rules["unread/"], rules["clean/"]) == (7, 7, 90)
    assert "VersioningConfiguration" not in copies, "an older version would keep what a seal erases"
    assert "NotificationConfiguration" not in copies


def denials(assembly: Assembly, keys: str) -> list[dict]:
    """What the bucket policies deny on these keys."""
    policies = assembly.of_type("S3::BucketPolicy").values()
    statements = [statement for policy in policies for statement in policy["PolicyDocument"]["Statement"]]
    return [entry for entry in statements if entry["Effect"] == "Deny" and keys in json.dumps(entry["Resource"])]


def test_who_learns_names_changes_agencies_reference_data_and_no_office(assembly: Assembly):
    """The offices' table holds both. The condition is on every action there, and each of them names its item's key."""
    role = arn_of(assembly, referred(assembly.function("learn_names")["Role"]))
    offices = arn_of(assembly, referred(assembly.template["Outputs"]["OfficesTable"]["Value"]))
    identity = [dict(resolved(assembly, entry)) for entry in assembly.statements("learn_names")]
    for action in ("GetItem", "PutItem", "UpdateItem", "DeleteItem"):
        allowed = {
            key: is_allowed(
                assembly, role, f"dynamodb:{action}", offices, identity=identity,
                conditions={"dynamodb:LeadingKeys": key},
            )
            for key in ("tables#roster", "tables#roster#0123456789abcdef#0", "office#kings", "table")
        }  # fmt: skip
        assert list(allowed.values()) == [True, True, False, False], action


def test_telephone_numbers_open_no_topic(assembly: Assembly):
    (phones,) = (entry for entry in assembly.statements("send_alerts") if "NotResource" in entry)
    assert phones["Action"] == "sns:Publish"
    assert json.dumps(phones["NotResource"]).endswith(':sns:*:*:*"')


@pytest.mark.parametrize("name", FUNCTIONS)
def test_the_key_answers_only_through_the_services_that_hold_the_data(assembly: Assembly, name: str):
    using = [entry for entry in assembly.statements(name) if any(a.startswith("kms:") for a in listed(entry["Action"]))]
    assert using
    direct = [entry for entry in using if "kms:ViaService" not in entry["Condition"].get("StringEquals", {})]
    assert [entry["Condition"] for entry in direct] == ([OF_A_SESSION] if name == "console" else [])


# The console encrypts a session's refresh token by itself: for a session, so that it opens nothing else by that grant.
OF_A_SESSION = {
    "ForAllValues:StringEquals": {"kms:EncryptionContextKeys": ["session"]},
    "Null": {"kms:EncryptionContext:session": "false"},
}


def test_roles_hold_nothing_but_their_own_policy(assembly: Assembly):
    roles = assembly.of_type("IAM::Role")
    others = ["SNS, to report texts", "the state machine of large drops", "CodeDeploy"]
    others += ["AWS Backup"] if assembly.name == "prod" else []
    assert len(roles) == len([*FUNCTIONS, *others])
    assert not assembly.of_type("IAM::Policy")
    for role in roles.values():
        assert len(role["ManagedPolicyArns"]) == 1
        assert "Policies" not in role


LOG_DELIVERY_AND_TRACES = {
    "logs:CreateLogDelivery", "logs:GetLogDelivery", "logs:UpdateLogDelivery", "logs:DeleteLogDelivery",
    "logs:ListLogDeliveries", "logs:PutResourcePolicy", "logs:DescribeResourcePolicies", "logs:DescribeLogGroups",
    "xray:PutTraceSegments", "xray:PutTelemetryRecords", "xray:GetSamplingRules", "xray:GetSamplingTargets",
}  # fmt: skip


def test_the_state_machine_invokes_the_intake_and_manages_its_own_executions_and_nothing_else(assembly: Assembly):
    [machine] = assembly.of_type("StepFunctions::StateMachine").values()
    name = machine["StateMachineName"]
    role = assembly.of_type("IAM::Role")[referred(machine["RoleArn"])]
    policy = assembly.of_type("IAM::ManagedPolicy")[referred(role["ManagedPolicyArns"][0])]
    allowed = {
        action: entry["Resource"]
        for entry in policy["PolicyDocument"]["Statement"]
        for action in listed(entry["Action"])
    }
    assert {action for action, resource in allowed.items() if resource == "*"} == LOG_DELIVERY_AND_TRACES
    assert assembly.invoked(allowed.pop("lambda:InvokeFunction")) == assembly.functions["receive_feed"]
    own = {action: json.dumps(resource) for action, resource in allowed.items() if resource != "*"}
    assert set(own) == {f"states:{act}Execution" for act in ("Start", "Describe", "Stop", "Redrive")}
    assert f':stateMachine:{name}"' in own.pop("states:StartExecution")
    assert all(f':execution:{name}/*"' in resource for resource in own.values())
    [start] = [
        entry for entry in assembly.statements("receive_feed") if "states:StartExecution" in listed(entry["Action"])
    ]
    assert f':stateMachine:{name}"' in json.dumps(start["Resource"])


def test_sns_may_write_the_logs_of_texts_and_those_alone_are_handed_to_us(assembly: Assembly):
    role = assembly.of_type("IAM::Role")[referred(assembly.template["Outputs"]["TextReportsRole"]["Value"])]
    [principal] = [entry["Principal"] for entry in role["AssumeRolePolicyDocument"]["Statement"]]
    assert principal == {"Service": "sns.amazonaws.com"}
    policy = assembly.of_type("IAM::ManagedPolicy")[referred(role["ManagedPolicyArns"][0])]
    [statement] = policy["PolicyDocument"]["Statement"]
    assert statement["Action"] == ["logs:CreateLogStream", "logs:PutLogEvents"]
    [permission] = [entry for entry in assembly.of_type("Lambda::Permission").values()
                    if entry["Principal"] == "logs.amazonaws.com"]  # fmt: skip
    assert assembly.invoked(permission["FunctionName"]) == assembly.functions["record_delivery_events"]
    for arn in (statement["Resource"], permission["SourceArn"]):
        said = json.dumps(arn)
        assert ":log-group:sns/" in said
        assert said.count("*") == said.count("/DirectPublishToPhoneNumber*") == 1
