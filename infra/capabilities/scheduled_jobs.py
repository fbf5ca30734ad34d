"""Schedule -> scheduled_jobs: every minute deliveries that were left lying and urgent alerts that nobody acknowledged,
every hour drops without a receipt and agencies that have fallen silent, four times a day watches that are about to be
over."""

from aws_cdk import Duration
from aws_cdk import aws_events as events
from aws_cdk import aws_events_targets as targets
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from infra.blocks.key import use_of
from infra.blocks.lambda_function import ProductFunction, SharedResources, allow
from infra.blocks.queues import dead_letter
from infra.blocks.tables import OPEN_ALERTS, Tables

TASKS = {"deliveries": Duration.minutes(1), "escalations": Duration.minutes(1), "drops": Duration.hours(1),
         "validations": Duration.hours(6), "silences": Duration.hours(1)}  # fmt: skip


class ScheduledJobs(Construct):
    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        foundation: SharedResources,
        tables: Tables,
        feeds_bucket: s3.IBucket,
        feed_queue: sqs.IQueue,
        alerts_queue: sqs.IQueue,
    ) -> None:
        super().__init__(scope, id_)
        self.missed = dead_letter(self, "Missed", key=foundation.key, removal=foundation.removal)
        self.scheduled_jobs = ProductFunction(
            self,
            "KeepHouse",
            name="scheduled_jobs",
            foundation=foundation,
            timeout=Duration.seconds(120),
            memory=512,
            dead_letter=self.missed,
            settings={
                "FEEDS_BUCKET": feeds_bucket.bucket_name,
                "FEED_QUEUE": feed_queue.queue_url,
                "ALERTS_TABLE": tables.alerts.table_name,
                "ALERTS_QUEUE": alerts_queue.queue_url,
                "SUBSCRIPTIONS_TABLE": tables.subscriptions.table_name,
                "OFFICES_TABLE": tables.offices.table_name,
                "AGENCIES_TABLE": tables.agencies.table_name,
            },
            statements=[
                allow(["s3:ListBucketVersions"], feeds_bucket.bucket_arn),
                allow(["dynamodb:Query"], tables.index_arn(OPEN_ALERTS)),
                allow(["dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:UpdateItem"], tables.alerts.table_arn),
                allow(["dynamodb:BatchGetItem", "dynamodb:Query", "dynamodb:GetItem"], tables.subscriptions.table_arn),
                allow(["dynamodb:PutItem", "dynamodb:UpdateItem"], tables.subscriptions.table_arn),  # what is over
                allow(["dynamodb:Scan"], tables.offices.table_arn),
                allow(["dynamodb:Query"], tables.agencies.table_arn),
                allow(["dynamodb:BatchGetItem"], tables.alerts.table_arn),  # the warnings that were given
                allow(["sqs:SendMessage"], feed_queue.queue_arn, alerts_queue.queue_arn),
                use_of(foundation.key, through=("sqs", "dynamodb"), writes_tables=True),
            ],
        )
        for task, every in TASKS.items():
            self._do(task, every)

    def _do(self, task: str, every: Duration) -> None:
        events.Rule(
            self,
            task.capitalize(),
            description=f"scheduled_jobs: {task}",
            schedule=events.Schedule.rate(every),
            targets=[
                targets.LambdaFunction(
                    self.scheduled_jobs.function,
                    event=events.RuleTargetInput.from_object({"task": task}),
                    dead_letter_queue=self.missed,
                    retry_attempts=2,
                    max_event_age=Duration.hours(1),
                )
            ],
        )
