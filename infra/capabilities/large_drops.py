"""The state machine that reads a large drop: cut -> read ranges -> apply commands -> store partitions -> close.

Each task is an invocation of receive_feed with `{step, run, number}`. The states pass on ids and numbers only; what the
tasks hand on lies in the work bucket (`shared/feeds/intake/scratch_bucket.py`).
"""

from aws_cdk import ArnFormat, Duration, Stack
from aws_cdk import aws_iam as iam
from aws_cdk import aws_logs as logs
from aws_cdk import aws_stepfunctions as sfn
from aws_cdk import aws_stepfunctions_tasks as tasks
from constructs import Construct

from infra.blocks.access import allow
from infra.blocks.l1 import l1_of
from infra.blocks.lambda_function import ProductFunction, SharedResources
from infra.blocks.removal import removal_of_named

# Longer than any drop takes, and shorter than the work bucket keeps what the tasks hand on.
LONGEST = Duration.hours(12)
# A queue of AWS's logs and X-Ray know no resource (Step Functions Developer Guide, "Logging", "X-Ray").
LOG_DELIVERY = (
    "logs:CreateLogDelivery",
    "logs:GetLogDelivery",
    "logs:UpdateLogDelivery",
    "logs:DeleteLogDelivery",
    "logs:ListLogDeliveries",
    "logs:PutResourcePolicy",
    "logs:DescribeResourcePolicies",
    "logs:DescribeLogGroups",
)
TRACES = (
    "xray:PutTraceSegments",
    "xray:PutTelemetryRecords",
    "xray:GetSamplingRules",
    "xray:GetSamplingTargets",
)


def name_of(scope: Construct) -> str:
    return f"{Stack.of(scope).stack_name}-large-drops"


def arn_of(scope: Construct) -> str:
    """The state machine's ARN, from its name: receive_feed starts the machine, and the machine invokes receive_feed, so
    one of them must know the other by its name."""
    return _arn(scope, "stateMachine", name_of(scope))


def _arn(scope: Construct, resource: str, name: str) -> str:
    arn_format = ArnFormat.COLON_RESOURCE_NAME
    return Stack.of(scope).format_arn(service="states", resource=resource, resource_name=name, arn_format=arn_format)


class LargeDrops(Construct):
    """`machine`, whose executions are named after a drop and the reading of it.

    A map fails with its first task that failed for good, and the execution with it: no state catches the error, because
    a redrive goes on from the state that failed.
    """

    def __init__(self, scope: Construct, id_: str, *, shared: SharedResources, receive_feed: ProductFunction) -> None:
        super().__init__(scope, id_)
        self._shared, self._receive_feed = shared, receive_feed
        self.log_group = self._logs()
        self.policy = iam.ManagedPolicy(self, "Policy", statements=self._grants())
        role = iam.Role(
            self, "Role", assumed_by=iam.ServicePrincipal("states.amazonaws.com"), managed_policies=[self.policy]
        )
        self.machine = sfn.StateMachine(
            self,
            "Machine",
            state_machine_name=name_of(self),
            definition_body=sfn.DefinitionBody.from_chainable(self._definition()),
            role=role.without_policy_updates(),
            timeout=LONGEST,
            tracing_enabled=True,
            # Every state, and nothing of what it was given.
            logs=sfn.LogOptions(destination=self.log_group, level=sfn.LogLevel.ALL, include_execution_data=False),
            removal_policy=removal_of_named(shared.removal),
        )
        self.machine.node.try_remove_child("DistributedMapPolicy")  # the CDK's own grants; the role takes ours alone
        l1_of(self.machine, sfn.CfnStateMachine).add_deletion_override("DependsOn")  # it refers to its role already

    def _definition(self) -> sfn.IChainable:
        cut = self._task("Cut", "cut", result_path="$.numbers")
        # A range is read within a minute. An express execution ends after five, its retries included.
        read = self._map("ReadRanges", self._task("ReadRange", "read"), sfn.StateMachineType.EXPRESS)
        command = self._task("ApplyCommands", "command")
        # Storing waits as long as DynamoDB throttles.
        store = self._map("StorePartitions", self._task("StorePartition", "store"), sfn.StateMachineType.STANDARD)
        close = self._task("Close", "close")
        has_ranges = sfn.Choice(self, "HasRanges", comment="None when the file was refused, or decided about meanwhile")
        has_ranges.when(
            sfn.Condition.is_present("$.numbers[0]"), sfn.Chain.start(read).next(command).next(store).next(close)
        )
        has_ranges.otherwise(sfn.Succeed(self, "NothingToRead"))
        return sfn.Chain.start(cut).next(has_ranges)

    def _map(self, id_: str, task: tasks.LambdaInvoke, children: sfn.StateMachineType) -> sfn.DistributedMap:
        """Does the task for each number. The result of a map is nothing: 40,000 numbers would fit into a state, which
        holds 256 KB, and a file that is cut within five minutes has some thousand ranges."""
        distributed = sfn.DistributedMap(
            self,
            id_,
            label=id_,
            map_execution_type=children,
            items_path="$.numbers",
            item_selector={"run.$": "$.run", "number.$": "$$.Map.Item.Value"},
            max_concurrency=self._shared.workers,
            tolerated_failure_percentage=0,
            result_path=sfn.JsonPath.DISCARD,
        )
        distributed.item_processor(task)
        return distributed

    def _task(self, id_: str, step: str, *, result_path: str | None = sfn.JsonPath.DISCARD) -> tasks.LambdaInvoke:
        """Any error is tried again for about four minutes, with a growing pause: the tasks may run any number of times,
        and what is wrong for good fails the execution soon enough."""
        is_map = step in ("read", "store")
        task = tasks.LambdaInvoke(
            self,
            id_,
            lambda_function=self._receive_feed.live,
            payload=sfn.TaskInput.from_object(
                {"step": step, "run.$": "$.run"} | ({"number.$": "$.number"} if is_map else {})
            ),
            payload_response_only=True,
            result_path=result_path,
            retry_on_service_exceptions=False,
            task_timeout=sfn.Timeout.duration(Duration.minutes(6)),  # the function's own time is shorter
        )
        task.add_retry(
            errors=["States.TaskFailed", "States.Timeout"],
            interval=Duration.seconds(2),
            backoff_rate=2,
            max_attempts=8,
            max_delay=Duration.minutes(1),
            jitter_strategy=sfn.JitterType.FULL,
        )
        return task

    def _grants(self) -> list[iam.PolicyStatement]:
        executions = _arn(self, "execution", f"{name_of(self)}/*")
        return [
            allow(["lambda:InvokeFunction"], self._receive_feed.live.function_arn),
            # A distributed map starts each child as an execution of the machine itself.
            allow(["states:StartExecution"], arn_of(self)),
            allow(["states:DescribeExecution", "states:StopExecution", "states:RedriveExecution"], executions),
            allow(LOG_DELIVERY, "*"),
            allow(TRACES, "*"),
        ]

    def _logs(self) -> logs.LogGroup:
        """A name under /aws/vendedlogs keeps the account's resource policy, which AWS extends for each log group that a
        service writes to, below its limit of 5,120 characters."""
        return logs.LogGroup(
            self,
            "Logs",
            log_group_name=f"/aws/vendedlogs/states/{name_of(self)}",
            encryption_key=self._shared.key,
            retention=self._shared.log_retention,
            removal_policy=removal_of_named(self._shared.removal),
        )
