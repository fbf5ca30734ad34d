"""Arrests table's stream -> match_arrests -> alerts table and the alerts queue."""

from aws_cdk import Duration
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_lambda_event_sources as sources
from aws_cdk import aws_secretsmanager as secretsmanager
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from infra.blocks.key import use_of
from infra.blocks.lambda_function import ProductFunction, SharedResources, allow
from infra.blocks.queues import dead_letter
from infra.blocks.tables import ALERTS_BY_ARREST, Tables

TIMEOUT = Duration.seconds(60)


class Matching(Construct):
    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        foundation: SharedResources,
        tables: Tables,
        secret: secretsmanager.ISecret,
        alerts_queue: sqs.IQueue,
    ) -> None:
        super().__init__(scope, id_)
        self.unmatched = dead_letter(self, "Unmatched", key=foundation.key, removal=foundation.removal)
        stream = tables.arrests.table_stream_arn
        if stream is None:
            raise TypeError("the arrests table has a stream")
        self.match_arrests = ProductFunction(
            self,
            "MatchArrests",
            name="match_arrests",
            foundation=foundation,
            timeout=TIMEOUT,
            memory=1024,
            layers=[foundation.matching, foundation.policy],
            settings={
                "SUBSCRIPTIONS_TABLE": tables.subscriptions.table_name,
                "OFFICES_TABLE": tables.offices.table_name,
                "ALERTS_TABLE": tables.alerts.table_name,
                "ARRESTS_TABLE": tables.arrests.table_name,
                "AGENCIES_TABLE": tables.agencies.table_name,
                "AUDIT_TABLE": tables.audit.table_name,
                "ALERTS_QUEUE": alerts_queue.queue_url,
                "PSEUDONYM_SECRET": secret.secret_arn,
            },
            statements=[
                allow(["dynamodb:GetRecords", "dynamodb:GetShardIterator", "dynamodb:DescribeStream"], stream),
                allow(["dynamodb:ListStreams"], "*"),  # lists the account's streams: knows no resource
                allow(
                    ["dynamodb:BatchGetItem", "dynamodb:GetItem"],
                    tables.subscriptions.table_arn,
                    tables.offices.table_arn,
                ),
                # watches follow a number that is merged into another
                allow(
                    ["dynamodb:PutItem", "dynamodb:UpdateItem", "dynamodb:DeleteItem"], tables.subscriptions.table_arn
                ),
                allow(["dynamodb:BatchGetItem", "dynamodb:GetItem", "dynamodb:PutItem"], tables.alerts.table_arn),
                allow(["dynamodb:Query"], tables.index_arn(ALERTS_BY_ARREST)),  # what was told of a sealed arrest
                allow(["dynamodb:UpdateItem"], tables.arrests.table_arn),  # held: its drop would tell too many people
                # a drop that is held, and which numbers were lately merged
                allow(["dynamodb:GetItem", "dynamodb:UpdateItem", "dynamodb:Query"], tables.agencies.table_arn),
                allow(["dynamodb:PutItem"], tables.audit.table_arn),  # who is not told, and why not
                allow(["sqs:SendMessage"], alerts_queue.queue_arn, self.unmatched.queue_arn),
                allow(["secretsmanager:GetSecretValue"], secret.secret_arn),
                use_of(foundation.key, through=("sqs", "dynamodb", "secretsmanager"), writes_tables=True),
            ],
        )
        lambda_.EventSourceMapping(
            self.match_arrests,
            "Source",
            target=self.match_arrests.function,
            event_source_arn=stream,
            starting_position=lambda_.StartingPosition.TRIM_HORIZON,
            batch_size=100,
            parallelization_factor=foundation.workers,
            bisect_batch_on_error=True,
            retry_attempts=5,
            report_batch_item_failures=True,
            on_failure=sources.SqsDlq(self.unmatched),
        )
