"""Schedules -> scheduled_jobs, whose sweeps put back into its queue what a crash or a lost event left behind.

`INTERVALS` says how often each job runs; the environment says it of the canary. A job that goes through all offices or
subscriptions runs more often than its round begins, and goes on where the last run stopped (`shared/aws/rounds.py`).
"""

from aws_cdk import Duration
from aws_cdk import aws_cognito as cognito
from aws_cdk import aws_events as events
from aws_cdk import aws_events_targets as targets
from aws_cdk import aws_logs as logs
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from infra.blocks.access import (
    BATCH_GET,
    GET_ITEM,
    LIST_VERSIONS,
    PUT_ITEM,
    PUT_OBJECT,
    QUERY,
    SEND,
    UPDATE_ITEM,
    allow,
    environment_of,
    index_of,
)
from infra.blocks.key import use_of
from infra.blocks.lambda_function import ProductFunction, SharedResources
from infra.blocks.queues import dead_letter
from infra.stores.tables import (
    ALERTS_BY_ARREST,
    ALERTS_BY_OFFICE,
    DROPS_BY_TIME,
    OFFICES_BY_KIND,
    OPEN_ALERTS,
    SUBSCRIPTIONS_BY_LAST_DAY,
    Tables,
)

FILTER_LOGS = "logs:FilterLogEvents"
CLOSE_ACCOUNTS = ("cognito-idp:AdminGetUser", "cognito-idp:AdminDisableUser", "cognito-idp:AdminUserGlobalSignOut")
# A name of JOBS in `functions/scheduled_jobs/jobs.py` -> how often it runs.
INTERVALS = {
    "deliveries": Duration.minutes(1),
    "escalations": Duration.minutes(1),
    "drops": Duration.hours(1),
    "waiting": Duration.minutes(5),
    "validations": Duration.minutes(5),
    "silences": Duration.hours(1),
    "outcomes": Duration.minutes(5),
    "incidents": Duration.hours(1),
    "sharing": Duration.hours(1),
    "unreached": Duration.minutes(1),
    "accounts": Duration.minutes(5),
    "locks": Duration.minutes(1),
    "reviews": Duration.minutes(5),
    "purges": Duration.days(1),
    "requests": Duration.hours(6),
}


class ScheduledJobs(Construct):
    """`scheduled_jobs`, and `missed`: the dead letter of runs that failed."""

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        shared: SharedResources,
        tables: Tables,
        feeds_bucket: s3.Bucket,
        feed_queue: sqs.Queue,
        alerts_queue: sqs.Queue,
        canary_interval: Duration,
        purges_queue: sqs.Queue,
        user_pool: cognito.UserPool,
        sign_in_log: logs.LogGroup,
    ) -> None:
        super().__init__(scope, id_)
        self.missed = dead_letter(self, "Missed", key=shared.key, removal=shared.removal)
        self.scheduled_jobs = ProductFunction(
            self,
            "KeepHouse",
            name="scheduled_jobs",
            shared=shared,
            timeout=Duration.seconds(120),
            memory=512,
            layers=[shared.policy],
            dead_letter=self.missed,
            environment=environment_of(
                feeds_bucket=feeds_bucket,
                feed_queue=feed_queue,
                alerts_table=tables.alerts,
                alerts_queue=alerts_queue,
                purges_queue=purges_queue,
                subscriptions_table=tables.subscriptions,
                offices_table=tables.offices,
                agencies_table=tables.agencies,
                audit_table=tables.audit,
                user_pool=user_pool,
                sign_in_log=sign_in_log.log_group_name,
            ),
            grants=[
                allow([LIST_VERSIONS], feeds_bucket),
                allow([PUT_OBJECT], feeds_bucket.arn_for_objects("canary/in/*")),
                allow([QUERY], tables.alerts),
                allow([QUERY], index_of(tables.alerts, OPEN_ALERTS), index_of(tables.alerts, ALERTS_BY_ARREST)),
                allow([QUERY], index_of(tables.alerts, ALERTS_BY_OFFICE)),  # possible matches that wait
                allow([GET_ITEM, PUT_ITEM, UPDATE_ITEM], tables.alerts),
                allow([BATCH_GET, QUERY, GET_ITEM], tables.subscriptions),
                allow([QUERY], index_of(tables.subscriptions, SUBSCRIPTIONS_BY_LAST_DAY)),
                allow([PUT_ITEM, UPDATE_ITEM], tables.subscriptions),  # the state of those that expire
                allow([BATCH_GET, GET_ITEM], tables.offices),
                allow([QUERY], index_of(tables.offices, OFFICES_BY_KIND)),
                allow([QUERY, GET_ITEM, UPDATE_ITEM], tables.agencies),  # which drops are settled
                allow([PUT_ITEM], tables.agencies),  # whether an agency still shares its arrests
                allow([QUERY], index_of(tables.agencies, DROPS_BY_TIME)),
                allow([BATCH_GET], tables.alerts),  # the warnings that were given already
                allow([QUERY, BATCH_GET, PUT_ITEM], tables.audit),  # closes the events of lost requests
                allow([SEND], feed_queue, alerts_queue, purges_queue),
                allow([FILTER_LOGS], sign_in_log.log_group_arn),  # who failed to sign in
                allow(CLOSE_ACCOUNTS, user_pool),  # of who is locked out, or whose contract is over
                use_of(shared.key, through=("s3", "sqs", "dynamodb"), writes_tables=True),
            ],
        )
        for task, interval in (INTERVALS | {"canary": canary_interval}).items():
            self._schedule(task, interval)

    def _schedule(self, task: str, interval: Duration) -> None:
        events.Rule(
            self,
            task.capitalize(),
            description=f"scheduled_jobs: {task}",
            schedule=events.Schedule.rate(interval),
            targets=[
                targets.LambdaFunction(
                    self.scheduled_jobs.live,
                    event=events.RuleTargetInput.from_object({"task": task}),
                    dead_letter_queue=self.missed,
                    retry_attempts=2,
                    max_event_age=Duration.hours(1),
                )
            ],
        )
