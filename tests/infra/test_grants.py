"""Each role is sufficient and no more: what a function may do with each noun, by hand, tried on another implementation
of IAM. And each statement of a role is needed: without it a line of the table is no longer so."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from tests.infra.grants import EVERYBODY, GRANTED, JUVENILES_KEY, KEYS
from tests.infra.policies import account_of, arn_of, is_allowed, resolved
from tests.infra.template import FUNCTIONS, Assembly, listed, referred

# What nobody may do, whatever is granted beside it.
NEVER = (
    "dynamodb:DeleteTable", "dynamodb:ExportTableToPointInTime", "dynamodb:BatchWriteItem", "dynamodb:PartiQLSelect",
    "s3:DeleteBucket", "s3:PutBucketPolicy", "s3:PutObjectAcl", "s3:PutLifecycleConfiguration", "sqs:PurgeQueue",
    "sqs:SetQueueAttributes", "sns:Subscribe", "ses:SendRawEmail", "kms:ScheduleKeyDeletion", "kms:PutKeyPolicy",
    "kms:CreateGrant", "secretsmanager:PutSecretValue", "secretsmanager:DeleteSecret",
    "cognito-idp:AdminSetUserPassword",
    "cognito-idp:AdminUpdateUserAttributes", "states:StopExecution", "logs:DeleteLogGroup",
)  # fmt: skip
KEY_ACTIONS = {"Decrypt", "GenerateDataKey", "Encrypt", "ReEncryptFrom", "ReEncryptTo", "DescribeKey"}
LIST_STREAMS = "dynamodb:ListStreams"  # knows no resource
FOLDERS = {
    "FeedsBucket": ("nypd/in", "nypd/entered", "nypd/receipts", "nypd/rejects", "canary/in"),
    "CopiesBucket": ("raw", "unread", "clean", "custody", "exports"),
    "AuditBucket": ("kings", "purges", "seals"),
}


def nouns(assembly: Assembly, function: str) -> dict[str, tuple[str, str]]:
    """Maps a name to the service, as actions are named after it, and an ARN that the noun could have."""
    outputs = {name: entry["Value"] for name, entry in assembly.template["Outputs"].items()}
    made: dict[str, tuple[str, str]] = {}
    for name, value in outputs.items():
        if name.endswith("Table"):
            made |= {noun: ("dynamodb", arn) for noun, arn in _of_table(assembly, name, referred(value))}
        elif name.endswith(("Queue", "DeadLetter")):
            made[name] = ("sqs", arn_of(assembly, referred(value)))
        elif name.endswith("Bucket"):
            made |= {noun: ("s3", arn) for noun, arn in _of_bucket(assembly, name, referred(value))}
    [work] = [id_ for id_ in assembly.of_type("S3::Bucket") if "Bench" in id_]
    made |= {noun: ("s3", arn) for noun, arn in _of_bucket(assembly, "WorkBucket", work)}
    for id_ in assembly.of_type("SecretsManager::Secret"):
        made[re.sub(r"Secret[0-9A-F]{8}$", "Secret", id_)] = ("secretsmanager", arn_of(assembly, id_))
    [machine] = assembly.of_type("StepFunctions::StateMachine").values()
    place = f"{assembly.region}:{account_of(assembly)}"
    [sender] = assembly.of_type("SES::EmailIdentity")
    [configuration] = assembly.of_type("SES::ConfigurationSet")
    [sign_ins] = [id_ for id_ in assembly.of_type("Logs::LogGroup") if "SignIns" in id_]
    logs = referred(assembly.function(function)["LoggingConfig"]["LogGroup"])
    return made | {
        "LargeDrops": ("states", f"arn:{assembly.partition}:states:{place}:stateMachine:{machine['StateMachineName']}"),
        "AlertsTopic": ("sns", arn_of(assembly, referred(outputs["AlertsTopicArn"]))),
        "a telephone": ("sns", "*"),
        "Sender": ("ses", f"arn:{assembly.partition}:ses:{place}:identity/{sender.lower()}"),
        "ConfigurationSet": ("ses", f"arn:{assembly.partition}:ses:{place}:configuration-set/{configuration.lower()}"),
        "SignIns": ("logs", arn_of(assembly, sign_ins)),
        "UserPool": ("cognito-idp", arn_of(assembly, referred(outputs["UserPoolId"]))),
        "own logs": ("logs", arn_of(assembly, logs)),
        "OpenJuvenileRecords": ("lambda", _live_of(assembly, "OpenJuvenileRecords")),
        "traces": ("xray", "*"),
        "streams": ("dynamodb", "*"),
    }


def _live_of(assembly: Assembly, name: str) -> str:
    [alias] = [id_ for id_ in assembly.of_type("Lambda::Alias") if name in id_]
    return arn_of(assembly, alias)


def _of_table(assembly: Assembly, name: str, id_: str) -> Iterator[tuple[str, str]]:
    table, arn = assembly.of_type("DynamoDB::GlobalTable")[id_], arn_of(assembly, id_)
    yield name, arn
    for index in table.get("GlobalSecondaryIndexes", ()):
        yield f"{name}.{index['IndexName']}", f"{arn}/index/{index['IndexName']}"
    if "StreamSpecification" in table:
        yield f"{name}.stream", f"{arn}/stream/2026"


def _of_bucket(assembly: Assembly, name: str, id_: str) -> Iterator[tuple[str, str]]:
    arn = arn_of(assembly, id_)
    yield name, arn
    for folder in FOLDERS.get(name, ("run",)):
        yield f"{name}/{folder}", f"{arn}/{folder}/a"


def statements(assembly: Assembly, function: str) -> list[dict[str, Any]]:
    return [dict(resolved(assembly, entry)) for entry in assembly.statements(function)]


def allowed(
    assembly: Assembly, function: str, of_role: list[dict[str, Any]], asked: Mapping[str, tuple[str, str]]
) -> dict[str, set[str]]:
    """Maps a noun to the actions that are allowed on it, of all that any role is granted and of those of NEVER."""
    known = {action for name in FUNCTIONS for entry in assembly.statements(name) for action in listed(entry["Action"])}
    role = arn_of(assembly, referred(assembly.function(function)["Role"]))
    found = {
        noun: {
            action.partition(":")[2]
            for action in (*known, *NEVER)
            if action.startswith(f"{service}:")
            and (action != LIST_STREAMS or noun == "streams")
            and is_allowed(assembly, role, action, arn, identity=of_role)
        }
        for noun, (service, arn) in asked.items()
    }
    return {noun: actions for noun, actions in found.items() if actions}


def uses_of_the_key(
    assembly: Assembly, function: str, of_role: list[dict[str, Any]], output: str = "KeyArn"
) -> dict[str, set[str]]:
    """Maps a service, or what a text is sealed for, to the actions that the role may do with the key through it."""
    role = arn_of(assembly, referred(assembly.function(function)["Role"]))
    key = referred(assembly.template["Outputs"][output]["Value"])
    ways: dict[str, dict[str, Any]] = {
        service: {"kms:ViaService": f"{service}.{assembly.region}.amazonaws.com"}
        for service in ("s3", "sqs", "sns", "dynamodb", "secretsmanager", "lambda")
    }
    ways |= {
        "a session": {"kms:EncryptionContextKeys": ["session"], "kms:EncryptionContext:session": "1"},
        "itself": {},
    }
    never = {action.partition(":")[2] for action in NEVER if action.startswith("kms:")}
    found = {
        way: {
            action
            for action in KEY_ACTIONS | never
            if is_allowed(
                assembly, role, f"kms:{action}", arn_of(assembly, key), identity=of_role, conditions=conditions
            )
        }
        for way, conditions in ways.items()
    }
    return {way: actions for way, actions in found.items() if actions}


def table_of(function: str) -> dict[str, set[str]]:
    return {noun: set(actions.split()) for noun, actions in (EVERYBODY | GRANTED[function]).items()}


def keys_of(function: str) -> dict[str, set[str]]:
    return {way: set(actions.split()) for way, actions in KEYS[function].items()}


def uses_of_both_keys(assembly: Assembly, function: str, of_role: list[dict[str, Any]]) -> list[dict[str, set[str]]]:
    return [uses_of_the_key(assembly, function, of_role, output) for output in ("KeyArn", "JuvenilesKeyArn")]


def both_keys_of(function: str) -> list[dict[str, set[str]]]:
    of_juveniles = JUVENILES_KEY.get(function, {})
    return [keys_of(function), {way: set(actions.split()) for way, actions in of_juveniles.items()}]


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_role_allows_what_the_table_says_on_each_noun_and_nothing_else(assembly: Assembly, name: str) -> None:
    of_role = statements(assembly, name)
    assert allowed(assembly, name, of_role, nouns(assembly, name)) == table_of(name)
    assert uses_of_both_keys(assembly, name, of_role) == both_keys_of(name)


@pytest.mark.parametrize("name", FUNCTIONS)
def test_no_statement_of_a_role_can_be_left_out(prod: Assembly, name: str) -> None:
    """Without it, something of the table is refused: it is granted nowhere else."""
    of_role, asked = statements(prod, name), nouns(prod, name)
    idle = [
        entry
        for number, entry in enumerate(of_role)
        if (without := [*of_role[:number], *of_role[number + 1 :]])
        and allowed(prod, name, without, asked) == table_of(name)
        and uses_of_both_keys(prod, name, without) == both_keys_of(name)
    ]
    assert idle == [], "take it out of the construct in infra/capabilities/, or what it grants out of another row"
