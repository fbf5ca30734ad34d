"""What a function may do with which noun (its grants), and the settings by which it finds the nouns.

A function's grants are a table: each row is `allow([actions], nouns)`. Nothing is granted in any other way, so the rows
of one construct are all that its function may do; `tests/infra/grants.py` says the same for people.
"""

from collections.abc import Sequence
from typing import TypeAlias

from aws_cdk import Stack
from aws_cdk import aws_cognito as cognito
from aws_cdk import aws_dynamodb as dynamodb
from aws_cdk import aws_iam as iam
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_secretsmanager as secretsmanager
from aws_cdk import aws_sns as sns
from aws_cdk import aws_sqs as sqs
from constructs import Construct

Noun: TypeAlias = dynamodb.TableV2 | s3.Bucket | sqs.Queue | sns.Topic | secretsmanager.Secret | cognito.UserPool
"""What the product keeps its records in. Where a grant is for a share of one, it is given as an ARN (`str`)."""

GET_ITEM, BATCH_GET, QUERY, SCAN = "dynamodb:GetItem", "dynamodb:BatchGetItem", "dynamodb:Query", "dynamodb:Scan"
PUT_ITEM, UPDATE_ITEM, DELETE_ITEM = "dynamodb:PutItem", "dynamodb:UpdateItem", "dynamodb:DeleteItem"
INSERT, UPDATE = "dynamodb:PartiQLInsert", "dynamodb:PartiQLUpdate"
READ_STREAM = ("dynamodb:GetRecords", "dynamodb:GetShardIterator", "dynamodb:DescribeStream")
LIST_STREAMS = "dynamodb:ListStreams"
SEND = "sqs:SendMessage"
CONSUME = ("sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ChangeMessageVisibility")
GET_OBJECT, GET_VERSION, PUT_OBJECT = "s3:GetObject", "s3:GetObjectVersion", "s3:PutObject"
DELETE_OBJECT, DELETE_VERSION = "s3:DeleteObject", "s3:DeleteObjectVersion"
LIST_BUCKET, LIST_VERSIONS = "s3:ListBucket", "s3:ListBucketVersions"
GET_SECRET = "secretsmanager:GetSecretValue"  # noqa: S105 - an action
INVOKE = "lambda:InvokeFunction"
PUBLISH, SEND_EMAIL = "sns:Publish", "ses:SendEmail"


def allow(actions: Sequence[str], *nouns: Noun | str) -> iam.PolicyStatement:
    """One row of a function's grants: these actions on each of these nouns, or on the ARNs of shares of them."""
    return iam.PolicyStatement(actions=list(actions), resources=[_arn_of(noun) for noun in nouns])


def allow_keys(actions: Sequence[str], table: dynamodb.TableV2, keys: str) -> iam.PolicyStatement:
    """One row of a function's grants: these actions on the items whose partition keys are like `keys` (DynamoDB
    Developer Guide, "Using IAM policy conditions for fine-grained access control"). The actions must be about items by
    their keys: a Scan names no key, and so would pass."""
    return iam.PolicyStatement(
        actions=list(actions),
        resources=[table.table_arn],
        conditions={"ForAllValues:StringLike": {"dynamodb:LeadingKeys": [keys]}},
    )


def deny_others(actions: Sequence[str], bucket: s3.Bucket, keys: str, *role_arns: str) -> None:
    """Denies these actions on these keys to everybody but these roles.

    It stands in the bucket's policy and so beats every grant, the root user's and other accounts' included. For an
    assumed role `aws:PrincipalArn` is the role (IAM User Guide, "AWS global condition context keys").
    """
    bucket.add_to_resource_policy(
        iam.PolicyStatement(
            effect=iam.Effect.DENY,
            principals=[iam.AnyPrincipal()],
            actions=list(actions),
            resources=[bucket.arn_for_objects(keys)],
            conditions={"ArnNotEquals": {"aws:PrincipalArn": list(role_arns)}},
        )
    )


def role_name(scope: Construct, service: str, function: str) -> str:
    """The name of a function's role, where a policy of the state must know it: `service` is the stack's name. IAM's
    names are one list for all regions of an account, and have up to 64 characters."""
    return f"{service}-{Stack.of(scope).region}-{function}"


def role_arn(scope: Construct, service: str, function: str) -> str:
    """The ARN of that role, from its name: the services refer to the state, so the state cannot refer to them."""
    name = role_name(scope, service, function)
    return Stack.of(scope).format_arn(service="iam", region="", resource="role", resource_name=name)


def index_of(table: dynamodb.TableV2, name: str) -> str:
    """The ARN of a table's secondary index."""
    return f"{table.table_arn}/index/{name}"


def stream_of(table: dynamodb.TableV2) -> str:
    """The ARN of a table's stream. Raises TypeError for a table that has none."""
    if table.table_stream_arn is None:
        raise TypeError(f"{table.node.path} has no stream: give it a `dynamo_stream` in infra/stores/tables.py")
    return table.table_stream_arn


def environment_of(**settings: Noun | str | int) -> dict[str, str]:
    """A function's environment variables: the setting `alerts_table=tables.alerts` becomes ALERTS_TABLE and the table's
    name. Truth is written `true` or `false`."""
    return {name.upper(): _as_setting(value) for name, value in settings.items()}


def _arn_of(noun: Noun | str) -> str:  # noqa: PLR0911 - one line a kind
    match noun:
        case dynamodb.TableV2():
            return noun.table_arn
        case s3.Bucket():
            return noun.bucket_arn
        case sqs.Queue():
            return noun.queue_arn
        case sns.Topic():
            return noun.topic_arn
        case secretsmanager.Secret():
            return noun.secret_arn
        case cognito.UserPool():
            return noun.user_pool_arn
        case str():
            return noun
    raise TypeError(f"{type(noun).__name__} is no noun that can be granted: add its ARN here")


def _as_setting(value: Noun | str | int) -> str:  # noqa: PLR0911 - one line a kind
    match value:
        case dynamodb.TableV2():
            return value.table_name
        case s3.Bucket():
            return value.bucket_name
        case sqs.Queue():
            return value.queue_url
        case sns.Topic():
            return value.topic_arn
        case secretsmanager.Secret():
            return value.secret_arn
        case cognito.UserPool():
            return value.user_pool_id
        case bool():
            return str(value).lower()
    return str(value)
