"""Every alarm of the services, all of which notify the operations topic, and a dashboard that shows them.

What an alarm says stands in `remedies.py`; alarms on the product's own metrics are entries of `product_metrics.py`.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from aws_cdk import Duration, Stack
from aws_cdk import aws_apigatewayv2 as http
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_cloudwatch_actions as actions
from aws_cdk import aws_dynamodb as dynamodb
from aws_cdk import aws_logs as logs
from aws_cdk import aws_sns as sns
from aws_cdk import aws_sqs as sqs
from aws_cdk import aws_stepfunctions as sfn
from constructs import Construct

from infra.alarms.aws_metrics import OF_A_TABLE, OF_A_TOPIC, OF_AN_INDEX, OF_THE_ACCOUNT, OF_THE_API, AwsAlarm
from infra.alarms.product_metrics import ABOUT_ALERTS, ABOUT_DROPS, ABOUT_THE_TRAIL, MetricAlarm
from infra.alarms.remedies import (
    API_FAULTS,
    BEHIND,
    CONSUMERS,
    DEAD_LETTERS,
    DENIALS,
    LARGE_DROPS,
    MANY,
    WAITING,
    Remedy,
    errors_of,
)
from infra.blocks.denial import Denial
from infra.blocks.lambda_function import METRICS_NAMESPACE, ProductFunction
from infra.stores.tables import INDEXES

MINUTE = Duration.minutes(1)
OLDEST_MESSAGE_SECONDS = 300  # a minute from drop to sent is the promise; a queue at five minutes does not move
STREAM_BEHIND = Duration.minutes(2)


class Alarms(Construct):
    """An alarm for every function, queue, dead letter and stream reader that it is given, for the API, and for each
    entry of `product_metrics.py`. Raises MissingRemedyError when one has no remedy."""

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        operations: sns.ITopic,
        functions: Sequence[ProductFunction],
        queues: Mapping[str, sqs.IQueue],
        dead_letters: Mapping[str, sqs.IQueue],
        stream_readers: Sequence[ProductFunction],
        api: http.IHttpApi,
        api_function: ProductFunction,
        denials: Sequence[Denial],
        tables: Mapping[str, dynamodb.ITableV2],
        topics: Mapping[str, sns.ITopic],
        large_drops: sfn.IStateMachine,
    ) -> None:
        super().__init__(scope, id_)
        self._made: dict[str, cloudwatch.Alarm] = {}
        self._functions = {function.name: function for function in functions}
        self._action = actions.SnsAction(operations)
        self._show(
            [
                [self._dead_letter(name, queue) for name, queue in dead_letters.items()],
                [self._waiting(name, queue) for name, queue in queues.items()],
                [self._errors(function) for function in functions],
                [*map(self._behind, stream_readers), self._api_faults(api, api_function)],
                [self._of_metric(entry) for entry in ABOUT_ALERTS],
                [self._of_metric(entry) for entry in ABOUT_DROPS],
                [*map(self._of_metric, ABOUT_THE_TRAIL), *map(self._many, denials)],
                [self._of_aws(entry) for entry in OF_THE_ACCOUNT],
                [
                    self._of_aws(entry, name, {"TableName": table.table_name})
                    for name, table in tables.items()
                    for entry in OF_A_TABLE
                ],
                [
                    self._of_index(entry, name, table, index)
                    for name, table in tables.items()
                    for index in INDEXES.get(name, ())
                    for entry in OF_AN_INDEX
                ],
                [self._of_aws(OF_A_TOPIC, name, {"TopicName": topic.topic_name}) for name, topic in topics.items()],
                [self._of_aws(OF_THE_API, dimensions={"ApiId": api.api_id}, function=api_function)],
                [*self._of_executions(large_drops)],
            ]
        )

    def _show(self, rows: Iterable[Sequence[cloudwatch.Alarm]]) -> None:
        dashboard = cloudwatch.Dashboard(self, "Dashboard", default_interval=Duration.hours(12))
        for row in rows:
            dashboard.add_widgets(*(cloudwatch.AlarmWidget(title=alarm.node.id, alarm=alarm, width=6) for alarm in row))

    def _dead_letter(self, name: str, queue: sqs.IQueue) -> cloudwatch.Alarm:
        metric = queue.metric_approximate_number_of_messages_visible(period=MINUTE, statistic="Maximum")
        return self._alarm(f"{name}DeadLetter", metric, threshold=1, remedy=DEAD_LETTERS[name])

    def _waiting(self, name: str, queue: sqs.IQueue) -> cloudwatch.Alarm:
        return self._alarm(
            f"{name}Oldest",
            queue.metric_approximate_age_of_oldest_message(period=MINUTE, statistic="Maximum"),
            threshold=OLDEST_MESSAGE_SECONDS,
            periods=2,
            remedy=WAITING[name],
            function=self._functions[CONSUMERS[name]],
        )

    def _errors(self, function: ProductFunction) -> cloudwatch.Alarm:
        return self._alarm(
            f"{function.node.id}Errors",
            function.function.metric_errors(period=MINUTE, statistic="Sum"),
            threshold=1,
            remedy=errors_of(function.name),
            function=function,
        )

    def _behind(self, reader: ProductFunction) -> cloudwatch.Alarm:
        return self._alarm(
            f"{reader.node.id}Behind",
            reader.function.metric("IteratorAge", period=MINUTE, statistic="Maximum"),
            threshold=STREAM_BEHIND.to_milliseconds(),
            periods=2,
            remedy=BEHIND[reader.name],
            function=reader,
        )

    def _api_faults(self, api: http.IHttpApi, function: ProductFunction) -> cloudwatch.Alarm:
        metric = api.metric_server_error(period=MINUTE, statistic="Sum")
        return self._alarm("ApiFaults", metric, threshold=1, periods=2, remedy=API_FAULTS, function=function)

    def about(self, *functions: ProductFunction) -> list[cloudwatch.IAlarm]:
        """Those on the errors of these functions, and of the API that is in front of them: they go off in minutes."""
        names = [*(f"{function.node.id}Errors" for function in functions), "ApiFaults"]
        return [self._made[name] for name in names]

    def _of_executions(self, machine: sfn.IStateMachine) -> Iterator[cloudwatch.Alarm]:
        for name, metric in (
            ("LargeDropsFailed", machine.metric_failed),
            ("LargeDropsTimedOut", machine.metric_timed_out),
            ("LargeDropsThrottled", machine.metric_throttled),
        ):
            yield self._alarm(name, metric(period=MINUTE, statistic="Sum"), threshold=1, remedy=LARGE_DROPS[name])

    def _many(self, denial: Denial) -> cloudwatch.Alarm:
        return self._alarm(
            denial.name,
            denial.metric.with_(period=Duration.minutes(5), statistic="Sum"),
            threshold=MANY[denial.name],
            remedy=DENIALS[denial.name],
            log_group=denial.log_group,
        )

    def _of_metric(self, entry: MetricAlarm) -> cloudwatch.Alarm:
        metric = cloudwatch.Metric(
            namespace=METRICS_NAMESPACE,
            metric_name=entry.metric,
            dimensions_map={"service": entry.function},
            period=entry.period,
            statistic=entry.statistic,
        )
        return self._alarm(
            entry.name,
            metric,
            threshold=entry.threshold,
            periods=entry.periods,
            below=entry.below,
            remedy=entry.remedy,
            function=self._functions[entry.function],
        )

    def _of_index(self, entry: AwsAlarm, name: str, table: dynamodb.ITableV2, index: str) -> cloudwatch.Alarm:
        """DynamoDB counts the throttles of an index beside those of its table, and refuses the table's write for it."""
        noun = name + "".join(word.capitalize() for word in index.split("_"))
        return self._of_aws(entry, noun, {"TableName": table.table_name, "GlobalSecondaryIndexName": index})

    def _of_aws(
        self,
        entry: AwsAlarm,
        noun: str = "",
        dimensions: Mapping[str, str] | None = None,
        function: ProductFunction | None = None,
    ) -> cloudwatch.Alarm:
        metric = cloudwatch.Metric(
            namespace=entry.namespace,
            metric_name=entry.metric,
            dimensions_map=dict(dimensions or {}),
            period=entry.period,
            statistic=entry.statistic,
        )
        return self._alarm(
            noun + entry.name,
            metric,
            threshold=entry.threshold,
            periods=entry.periods,
            remedy=entry.remedy,
            function=function,
        )

    def _alarm(
        self,
        id_: str,
        metric: cloudwatch.Metric,
        *,
        threshold: float,
        remedy: Remedy,
        periods: int = 1,
        below: bool = False,
        function: ProductFunction | None = None,
        log_group: logs.ILogGroup | None = None,
    ) -> cloudwatch.Alarm:
        """Goes off when the metric reaches `threshold` in each of `periods` periods; with `below`, when it stays under
        it or has no value. The remedy's command reads `log_group`, or that of `function`."""
        log_group = log_group or (function.log_group if function else None)
        comparison, missing = cloudwatch.ComparisonOperator, cloudwatch.TreatMissingData
        alarm = cloudwatch.Alarm(
            self,
            id_,
            metric=metric,
            threshold=threshold,
            evaluation_periods=periods,
            alarm_description=remedy.text(
                stack=Stack.of(self).stack_name, log_group=log_group.log_group_name if log_group else ""
            ),
            comparison_operator=(
                comparison.LESS_THAN_THRESHOLD if below else comparison.GREATER_THAN_OR_EQUAL_TO_THRESHOLD
            ),
            treat_missing_data=missing.BREACHING if below else missing.NOT_BREACHING,
        )
        self._made[id_] = alarm
        alarm.add_alarm_action(self._action)
        alarm.add_ok_action(self._action)
        return alarm
