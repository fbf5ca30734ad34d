"""The one way we make a Lambda, and what all of them share."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from aws_cdk import Duration, RemovalPolicy
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from infra import bundle

METRICS_NAMESPACE = "ArrestAlert"


@dataclass(frozen=True, kw_only=True)
class SharedResources:
    """What every function stands on: one code asset, the layers, the key, and how long things are kept."""

    key: kms.IKey
    code: lambda_.Code
    core: lambda_.ILayerVersion
    feeds: lambda_.ILayerVersion
    matching: lambda_.ILayerVersion
    policy: lambda_.ILayerVersion
    log_retention: logs.RetentionDays
    log_level: str
    removal: RemovalPolicy
    workers: int  # at once, per queue or shard


def layer(scope: Construct, id_: str, *, group: str) -> lambda_.LayerVersion:
    folder, content = bundle.layer(group)
    return lambda_.LayerVersion(
        scope,
        id_,
        code=lambda_.Code.from_asset(str(folder), asset_hash=content),
        description=f"dependency group {group}",
        compatible_runtimes=[lambda_.Runtime.PYTHON_3_13],
        compatible_architectures=[lambda_.Architecture.ARM_64],
    )


def product_code() -> lambda_.Code:
    folder, content = bundle.code()
    return lambda_.Code.from_asset(str(folder), asset_hash=content)


def allow(actions: Sequence[str], *resources: str) -> iam.PolicyStatement:
    return iam.PolicyStatement(actions=list(actions), resources=list(resources))


class ProductFunction(Construct):
    """`name` is the folder below functions/.

    Its role holds `statements`, its own log group and its traces, and nothing else: the role is closed, so no
    construct can widen it from afar.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        name: str,
        foundation: SharedResources,
        timeout: Duration,
        memory: int,
        settings: Mapping[str, str],
        statements: Sequence[iam.PolicyStatement],
        layers: Sequence[lambda_.ILayerVersion] = (),
        dead_letter: sqs.IQueue | None = None,
    ) -> None:
        super().__init__(scope, id_)
        self.name = name
        self.timeout = timeout
        self._workers = foundation.workers
        self.log_group = logs.LogGroup(
            self,
            "Logs",
            encryption_key=foundation.key,
            retention=foundation.log_retention,
            removal_policy=foundation.removal,
        )
        self.function = lambda_.Function(
            self,
            "Function",
            description=f"functions/{name}",
            handler=f"functions.{name}.handler.handler",
            runtime=lambda_.Runtime.PYTHON_3_13,
            architecture=lambda_.Architecture.ARM_64,
            code=foundation.code,
            layers=[foundation.core, *layers],
            timeout=timeout,
            memory_size=memory,
            role=self._role(statements, dead_letter),
            tracing=lambda_.Tracing.ACTIVE,
            dead_letter_queue=dead_letter,
            log_group=self.log_group,
            logging_format=lambda_.LoggingFormat.JSON,
            environment=dict(settings) | self._read_by_libraries(name, foundation.log_level),
        )

        bare = self.function.node.default_child
        if isinstance(bare, lambda_.CfnFunction):  # the role is named already; cfn-lint asks not to say it twice
            bare.add_deletion_override("DependsOn")

    @staticmethod
    def _read_by_libraries(name: str, log_level: str) -> dict[str, str]:
        return {
            "POWERTOOLS_SERVICE_NAME": name,
            "POWERTOOLS_METRICS_NAMESPACE": METRICS_NAMESPACE,
            "PYDANTIC_DISABLE_PLUGINS": "__all__",  # there are none, and looking for them is a tenth of a cold start
            "LOG_LEVEL": log_level,
        }

    def _role(self, statements: Sequence[iam.PolicyStatement], dead_letter: sqs.IQueue | None) -> iam.IRole:
        last = [allow(["sqs:SendMessage"], dead_letter.queue_arn)] if dead_letter else []
        self.policy = iam.ManagedPolicy(
            self,
            "Policy",
            statements=[
                allow(["logs:CreateLogStream", "logs:PutLogEvents"], self.log_group.log_group_arn),
                allow(["xray:PutTraceSegments", "xray:PutTelemetryRecords"], "*"),  # X-Ray knows no resource
                *statements,
                *last,
            ],
        )
        role = iam.Role(
            self, "Role", assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"), managed_policies=[self.policy]
        )
        return role.without_policy_updates()

    def take_from(self, queue: sqs.IQueue, *, batch: int, id_: str = "Source") -> None:
        """The permission to consume is part of the statements; see `consume`."""
        lambda_.EventSourceMapping(
            self,
            id_,
            target=self.function,
            event_source_arn=queue.queue_arn,
            batch_size=batch,
            max_concurrency=self._workers,
            report_batch_item_failures=True,
        )


def consume(queue: sqs.IQueue) -> iam.PolicyStatement:
    return allow(
        ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ChangeMessageVisibility"],
        queue.queue_arn,
    )
