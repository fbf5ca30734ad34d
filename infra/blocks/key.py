"""The customer-managed KMS key that encrypts everything that holds an arrest, a subscription or an alert."""

from aws_cdk import RemovalPolicy, Stack
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from constructs import Construct

USE = ("kms:Decrypt", "kms:GenerateDataKey")
LOGS_USE = ("kms:Encrypt*", "kms:Decrypt*", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:Describe*")
TABLE_KEY_ACTIONS = ("kms:Encrypt", "kms:ReEncryptFrom", "kms:ReEncryptTo", "kms:DescribeKey")


class ProductKey(Construct):
    """`key`, which rotates every year. Its policy lets the services in that write into our queues, topics and logs."""

    def __init__(self, scope: Construct, id_: str, *, removal: RemovalPolicy) -> None:
        super().__init__(scope, id_)
        self.key = kms.Key(
            self,
            "Key",
            description="Arrest Alert: tables, feeds, queues, topics, logs and the secret of the keyed hashes",
            enable_key_rotation=True,
            removal_policy=removal,
        )
        stack = Stack.of(self)
        topics = stack.format_arn(service="sns", resource="*")
        log_groups = stack.format_arn(service="logs", resource="*")
        let_service("sns", self.key, USE, {"ArnLike": {"aws:SourceArn": topics}})
        let_service("cloudwatch", self.key, USE, {"StringEquals": {"aws:SourceAccount": stack.account}})
        in_logs = {"ArnLike": {"kms:EncryptionContext:aws:logs:arn": log_groups}}
        let_service(f"logs.{stack.region}", self.key, LOGS_USE, in_logs)
        # These services need not say on whose behalf they ask for a key, and EventBridge never does. A condition here
        # would lose their messages without an error. The policy of the queue or topic they write to has the condition.
        for service in ("s3", "ses", "events"):
            let_service(service, self.key)


class JuvenilesKey(Construct):
    """`key`, under which records of juveniles lie and nothing else. No service writes there by itself, so its policy
    lets none in; who may use it is in the roles of the functions that store, open and purge these records."""

    def __init__(self, scope: Construct, id_: str, *, removal: RemovalPolicy) -> None:
        super().__init__(scope, id_)
        self.key = kms.Key(
            self,
            "Key",
            description="Arrest Alert: records of juveniles (Family Court Act 381.3)",
            enable_key_rotation=True,
            removal_policy=removal,
        )


def let_service(
    service: str, key: kms.Key, actions: tuple[str, ...] = USE, conditions: dict[str, dict[str, str]] | None = None
) -> None:
    """The key's own policy lets a service of AWS use it: `service` as in `<service>.amazonaws.com`."""
    key.add_to_resource_policy(
        iam.PolicyStatement(
            principals=[iam.ServicePrincipal(f"{service}.amazonaws.com")],
            actions=list(actions),
            resources=["*"],
            conditions=conditions,
        )
    )


def use_of(key: kms.IKey, *, through: tuple[str, ...], writes_tables: bool = False) -> iam.PolicyStatement:
    """The grant to use the key, but only through the services named: a function that is granted this never calls KMS
    itself."""
    region = Stack.of(key).region
    actions = [*USE, *(TABLE_KEY_ACTIONS if writes_tables else ())]
    services = [f"{service}.{region}.amazonaws.com" for service in through]
    return iam.PolicyStatement(
        actions=actions, resources=[key.key_arn], conditions={"StringEquals": {"kms:ViaService": services}}
    )


def seal_for(key: kms.IKey, noun: str) -> iam.PolicyStatement:
    """The grant to call KMS itself, for texts that are encrypted for one `noun`, such as a session: the encryption
    context names it and nothing else. What a service encrypts has another context, so this opens no
    table and no file."""
    return iam.PolicyStatement(
        actions=["kms:Encrypt", "kms:Decrypt"],
        resources=[key.key_arn],
        conditions={
            "ForAllValues:StringEquals": {"kms:EncryptionContextKeys": [noun]},
            "Null": {f"kms:EncryptionContext:{noun}": "false"},  # ForAllValues is true of no values as well
        },
    )
