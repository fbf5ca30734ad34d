"""How we make a Lambda function, and what all functions share."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from aws_cdk import Annotations, Duration, RemovalPolicy, Stack
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from infra import bundle
from infra.blocks.access import SEND, allow, role_name
from infra.blocks.l1 import l1_of

METRICS_NAMESPACE = "ArrestAlert"
LIVE = "live"  # the alias through which everything reaches a function; `arrest-alert roll-back` moves it


@dataclass(frozen=True, kw_only=True)
class SharedResources:
    """What every construct is given: the key, the code and its layers, and how long logs and resources last."""

    key: kms.IKey
    code: lambda_.Code
    core: lambda_.ILayerVersion
    feeds: lambda_.ILayerVersion
    matching: lambda_.ILayerVersion
    policy: lambda_.ILayerVersion
    console: lambda_.ILayerVersion
    log_retention: logs.RetentionDays
    log_level: str
    removal: RemovalPolicy
    workers: int  # that run at the same time, per queue or stream shard
    fips: bool
    release: str  # what a version of a function says it belongs to
    snap_start: bool  # where the region has it


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


def release() -> str:
    """The beginning of the code's hash, which all functions have in common. Nothing may be added that changes without
    the code: Lambda publishes no second version of an unchanged function."""
    _, content = bundle.code()
    return f"code {content[:12]}"


def product_code() -> lambda_.Code:
    folder, content = bundle.code()
    return lambda_.Code.from_asset(str(folder), asset_hash=content)


class ProductFunction(Construct):
    """The function of `functions/<name>/`.

    What calls it calls `live`, an alias of the version that the last release published. The versions of earlier
    releases stay, so that the alias can go back to one.

    Its role allows `grants`, its own log group and its traces, and nothing else. The role is closed, so no other
    construct can widen it.

    has_known_role: a bucket's policy names the role, by `role_name`. answers_people: they wait for it to start, so its
    versions start from a snapshot. reserved: so many of it may always run, and no more; 0 for what the account has.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        name: str,
        shared: SharedResources,
        timeout: Duration,
        memory: int,
        environment: Mapping[str, str],
        grants: Sequence[iam.PolicyStatement],
        layers: Sequence[lambda_.ILayerVersion] = (),
        dead_letter: sqs.IQueue | None = None,
        has_known_role: bool = False,
        answers_people: bool = False,
        reserved: int = 0,
    ) -> None:
        super().__init__(scope, id_)
        self.name = name
        self._workers = shared.workers
        self.log_group = logs.LogGroup(
            self,
            "Logs",
            encryption_key=shared.key,
            retention=shared.log_retention,
            removal_policy=shared.removal,
        )
        self.policy = self._policy(grants, dead_letter)
        self.function = lambda_.Function(
            self,
            "Function",
            description=f"functions/{name}",
            handler=f"functions.{name}.handler.handler",
            runtime=lambda_.Runtime.PYTHON_3_13,
            architecture=lambda_.Architecture.ARM_64,
            code=shared.code,
            layers=[shared.core, *layers],
            timeout=timeout,
            memory_size=memory,
            role=self._role(role_name(self, Stack.of(self).stack_name, name) if has_known_role else None),
            tracing=lambda_.Tracing.ACTIVE,
            dead_letter_queue=dead_letter,
            log_group=self.log_group,
            logging_format=lambda_.LoggingFormat.JSON,
            environment=dict(environment) | self._read_by_libraries(name, shared),
            reserved_concurrent_executions=reserved or None,
            snap_start=lambda_.SnapStartConf.ON_PUBLISHED_VERSIONS if answers_people and shared.snap_start else None,
            current_version_options=lambda_.VersionOptions(
                description=shared.release, removal_policy=RemovalPolicy.RETAIN
            ),
        )
        # The function refers to its role already; cfn-lint (W3005) refuses a DependsOn beside that.
        l1_of(self.function, lambda_.CfnFunction).add_deletion_override("DependsOn")
        # Every function has a published version, the next line's.
        Annotations.of(self.function).acknowledge_warning("@aws-cdk/aws-lambda:snapStartRequirePublish")
        self.live = lambda_.Alias(self, "Live", alias_name=LIVE, version=self.function.current_version)

    @staticmethod
    def _read_by_libraries(name: str, shared: SharedResources) -> dict[str, str]:
        return {
            "POWERTOOLS_SERVICE_NAME": name,
            "POWERTOOLS_METRICS_NAMESPACE": METRICS_NAMESPACE,
            "PYDANTIC_DISABLE_PLUGINS": "__all__",  # there are none, and looking for them is a tenth of a cold start
            "LOG_LEVEL": shared.log_level,
            **({"AWS_USE_FIPS_ENDPOINT": "true"} if shared.fips else {}),  # read by every client of boto3
        }

    def _policy(self, grants: Sequence[iam.PolicyStatement], dead_letter: sqs.IQueue | None) -> iam.ManagedPolicy:
        return iam.ManagedPolicy(
            self,
            "Policy",
            statements=[
                allow(["logs:CreateLogStream", "logs:PutLogEvents"], self.log_group.log_group_arn),
                allow(["xray:PutTraceSegments", "xray:PutTelemetryRecords"], "*"),  # X-Ray knows no resource
                *grants,
                *([allow([SEND], dead_letter.queue_arn)] if dead_letter else []),
            ],
        )

    def _role(self, known_as: str | None) -> iam.IRole:
        role = iam.Role(
            self,
            "Role",
            role_name=known_as,
            assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"),
            managed_policies=[self.policy],
        )
        return role.without_policy_updates()

    def consume(self, queue: sqs.IQueue, *, batch: int, id_: str = "Source") -> None:
        """Reads the queue. The grant to do so, `CONSUME`, belongs to the function's `grants`."""
        lambda_.EventSourceMapping(
            self,
            id_,
            target=self.live,
            event_source_arn=queue.queue_arn,
            batch_size=batch,
            max_concurrency=self._workers,
            report_batch_item_failures=True,
        )
