"""Who is woken by what. Every alarm says what to do; all go to one operations topic.

The dashboard shows the same metrics.
"""

from collections.abc import Mapping, Sequence

from aws_cdk import Duration, Stack
from aws_cdk import aws_apigatewayv2 as http
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_cloudwatch_actions as actions
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_sns as sns
from aws_cdk import aws_sns_subscriptions as subscriptions
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from infra.blocks.lambda_function import METRICS_NAMESPACE, ProductFunction

MINUTE = Duration.minutes(1)
OLDEST_MESSAGE_SECONDS = 300  # the promise is a minute from drop to sent; five is a queue that does not move
PROMISED_SECONDS = 60  # from drop to provider
STREAM_BEHIND = Duration.minutes(2)

LATE = {"match_arrests": "alerts are late", "chain_audit": "audit events are not yet in objects that nobody can change"}

# What to do, for whoever is woken.
SLOW = "Messages wait: look for errors and throttles of {}; its own alarm names the log group."
QUEUES = {
    "Feeds": SLOW.format("receive_feed"),
    "Parts": SLOW.format("receive_feed") + " A large drop may take its minutes, if it goes on.",
    "Alerts": SLOW.format("send_alerts"),
    "ProviderEvents": SLOW.format("record_delivery_events"),
}
DEAD_LETTERS = {
    "Feeds": "A drop could not be taken in after several tries. Read receive_feed's ERROR lines, mend, then "
    "`arrest-alert dead-letters feeds --replay`: a drop may be read twice.",
    "Parts": "A part of a large drop could not be read or stored after several tries, and the drop waits for it. Read "
    "receive_feed's ERROR lines, mend, then `arrest-alert dead-letters parts --replay`; the parts are kept for a day, "
    "afterwards let the agency send the file again.",
    "Alerts": "An alert could not be sent after several tries. Read send_alerts' ERROR lines and the sender's SES "
    "status, mend, then `arrest-alert dead-letters alerts --replay`: an alert goes out once.",
    "ProviderEvents": "A provider's event was not understood; nobody misses an alert. Read record_delivery_events' "
    "ERROR lines, mend, then `arrest-alert dead-letters provider-events --replay`.",
    "Unmatched": "Arrests could not be matched, so alerts may be missing. Mend match_arrests within 24 hours, "
    "then `arrest-alert dead-letters unmatched --replay`.",
    "Unchained": "Audit events stand in their table and in no chained object. Mend chain_audit within 24 hours, then "
    "`arrest-alert dead-letters unchained --replay`, then `arrest-alert audit verify`.",
    "Housekeeping": "A round of scheduled_jobs failed. Read its ERROR lines and mend; the next round makes up for it, "
    "then `arrest-alert dead-letters housekeeping --discard`.",
}


class Alarms(Construct):
    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        key: kms.IKey,
        email: str,
        functions: Sequence[ProductFunction],
        queues: Mapping[str, sqs.IQueue],
        dead_letters: Mapping[str, sqs.IQueue],
        stream_readers: Sequence[ProductFunction],
        api: http.HttpApi,
    ) -> None:
        super().__init__(scope, id_)
        self.topic = sns.Topic(
            self, "Operations", display_name="Arrest Alert operations", master_key=key, enforce_ssl=True
        )
        # A topic with a policy of its own (here: TLS only) has lost SNS's default, by which alarms may publish.
        self.topic.add_to_resource_policy(
            iam.PolicyStatement(
                principals=[iam.ServicePrincipal("cloudwatch.amazonaws.com")],
                actions=["sns:Publish"],
                resources=[self.topic.topic_arn],
                conditions={"StringEquals": {"aws:SourceAccount": Stack.of(self).account}},
            )
        )
        self.topic.add_subscription(subscriptions.EmailSubscription(email))
        self._action = actions.SnsAction(self.topic)
        rows = [
            [self._dead_letter(name, queue) for name, queue in dead_letters.items()],
            [self._oldest(name, queue) for name, queue in queues.items()],
            [self._errors(function) for function in functions],
            [*map(self._stream, stream_readers), self._api_faults(api)],
            [self._late(), self._no_alert(), self._flood(), self._texts_spent(), self._immigration()],
            self._rhythm(),
        ]
        board = cloudwatch.Dashboard(self, "Dashboard", default_interval=Duration.hours(12))
        for row in rows:
            board.add_widgets(*(cloudwatch.AlarmWidget(title=alarm.node.id, alarm=alarm, width=6) for alarm in row))

    def _alarm(
        self, id_: str, metric: cloudwatch.Metric, *, at: float, periods: int = 1, below: bool = False, remedy: str
    ) -> cloudwatch.Alarm:
        """In each of so many periods of the metric `at` or more; or, `below`, less than that or nothing at all."""
        compared, missing = cloudwatch.ComparisonOperator, cloudwatch.TreatMissingData
        alarm = cloudwatch.Alarm(
            self,
            id_,
            metric=metric,
            threshold=at,
            evaluation_periods=periods,
            alarm_description=remedy,
            comparison_operator=compared.LESS_THAN_THRESHOLD if below else compared.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
            treat_missing_data=missing.BREACHING if below else missing.NOT_BREACHING,
        )
        alarm.add_alarm_action(self._action)
        alarm.add_ok_action(self._action)
        return alarm

    def _dead_letter(self, name: str, queue: sqs.IQueue) -> cloudwatch.Alarm:
        metric = queue.metric_approximate_number_of_messages_visible(period=MINUTE, statistic="Maximum")
        return self._alarm(f"{name}DeadLetter", metric, at=1, remedy=DEAD_LETTERS[name])

    def _oldest(self, name: str, queue: sqs.IQueue) -> cloudwatch.Alarm:
        metric = queue.metric_approximate_age_of_oldest_message(period=MINUTE, statistic="Maximum")
        return self._alarm(f"{name}Oldest", metric, at=OLDEST_MESSAGE_SECONDS, periods=2, remedy=QUEUES[name])

    def _errors(self, function: ProductFunction) -> cloudwatch.Alarm:
        metric = function.function.metric_errors(period=MINUTE, statistic="Sum")
        return self._alarm(
            f"{function.node.id}Errors",
            metric,
            at=1,
            periods=1,
            remedy=(
                f"{function.name} raised: read the newest ERROR line in its log group "
                f"{function.log_group.log_group_name}. "
                "Input that keeps failing goes to the dead letter; replay it from there once the cause is mended."
            ),
        )

    def _stream(self, reader: ProductFunction) -> cloudwatch.Alarm:
        metric = reader.function.metric("IteratorAge", period=MINUTE, statistic="Maximum")
        return self._alarm(
            f"{reader.node.id}Behind",
            metric,
            at=STREAM_BEHIND.to_milliseconds(),
            periods=2,
            remedy=(
                f"{reader.name} is behind its table: {LATE[reader.name]}. Look for its errors and throttles; "
                "the stream keeps 24 hours."
            ),
        )

    def _api_faults(self, api: http.HttpApi) -> cloudwatch.Alarm:
        metric = api.metric_server_error(period=MINUTE, statistic="Sum")
        return self._alarm(
            "ApiFaults",
            metric,
            at=1,
            periods=2,
            remedy=("Callers get 5xx: read the newest ERROR line of office_api and the API's access log."),
        )

    def _late(self) -> cloudwatch.Alarm:
        return self._alarm(
            "AlertsLate",
            self._drop_to_sent("p95", every=Duration.minutes(5)),
            at=PROMISED_SECONDS,
            periods=2,
            remedy="One alert in twenty takes more than a minute from its drop to the provider. GET "
            "/v1/reports/delivery-times shows which stage; then the alarms of that stage's queue and function.",
        )

    def _no_alert(self) -> cloudwatch.Alarm:
        """No error says that something is missing: what is looked for is the alert itself."""
        return self._alarm(
            "NoAlert",
            self._drop_to_sent("SampleCount", every=Duration.hours(1)),
            at=1,
            periods=24,
            below=True,
            remedy="Nobody was sent an alert for 24 hours, digests aside. Where little is watched, this is right. "
            "Otherwise look for silent agencies and held drops (`arrest-alert drops`), then for the dead letters and "
            "the errors of each function on the way.",
        )

    def _drop_to_sent(self, statistic: str, *, every: Duration) -> cloudwatch.Metric:
        """One value for each message that a provider took."""
        return cloudwatch.Metric(
            namespace=METRICS_NAMESPACE,
            metric_name="DropToSent",
            dimensions_map={"service": "send_alerts"},
            period=every,
            statistic=statistic,
        )

    def _flood(self) -> cloudwatch.Alarm:
        return self._once(
            "Flood",
            counted="HeldByCeiling",
            by="send_alerts",
            remedy="An office has more alerts in this hour than its alerts_an_hour; the rest waits for one summary. "
            "Look for a drop far above the agency's norm or a watch that is too wide (GET /v1/reports/noise).",
        )

    def _texts_spent(self) -> cloudwatch.Alarm:
        return self._once(
            "TextsSpent",
            counted="TextsRefusedAtLimit",
            by="record_delivery_events",
            remedy="SNS sends no more texts this month: what the account may spend on them is used up. Whoever has no "
            "mail beside it is told through the owners. `arrest-alert texts --spend-limit` raises it, up to the quota "
            "that AWS Support has granted.",
        )

    def _rhythm(self) -> list[cloudwatch.Alarm]:
        look = "GET /v1/agencies/{agency}/drops or `arrest-alert drops` says which, and why. "
        decide = f"{look}Release or discard it: nobody is told of it before."
        return [
            self._once(
                "FloodHeld",
                counted="DropHeld",
                by="receive_feed",
                remedy=f"A drop has far more records than its agency usually sends. {decide}",
            ),
            self._once(
                "TooManyTold",
                counted="DropHeld",
                by="match_arrests",
                remedy=f"A drop would tell more people than its profile's `most_told`. {decide}",
            ),
            self._once(
                "ThinDrop",
                counted="ThinDrop",
                by="receive_feed",
                remedy=f"A drop has far fewer records than its agency usually sends. {look}Ask the agency.",
            ),
            self._once(
                "AgencySilent",
                counted="AgencySilent",
                by="scheduled_jobs",
                remedy="Nothing came from an agency for twice its usual interval; it is said again every hour. "
                "scheduled_jobs's WARNING line names it. Ask the agency, or mend `rhythm` in its profile.",
            ),
        ]

    def _immigration(self) -> cloudwatch.Alarm:
        return self._once(
            "ImmigrationPurpose",
            counted="ImmigrationPurpose",
            by="office_api",
            remedy="Somebody asked for arrests for immigration enforcement and was refused. GET /v1/audit of today "
            "names who (purpose immigration). Tell that office's privacy officer; suspend the user meanwhile.",
        )

    def _once(self, name: str, *, counted: str, by: str, remedy: str) -> cloudwatch.Alarm:
        """An alarm as soon as the function counts one."""
        metric = cloudwatch.Metric(
            namespace=METRICS_NAMESPACE,
            metric_name=counted,
            dimensions_map={"service": by},
            period=MINUTE,
            statistic="Sum",
        )
        return self._alarm(name, metric, at=1, remedy=remedy)
