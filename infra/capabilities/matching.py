"""Stream of the arrests table -> match_arrests -> alerts table and alerts queue."""

from aws_cdk import Duration
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_lambda_event_sources as sources
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from infra.blocks.access import (
    BATCH_GET,
    DELETE_ITEM,
    GET_ITEM,
    GET_SECRET,
    LIST_STREAMS,
    PUT_ITEM,
    PUT_OBJECT,
    QUERY,
    READ_STREAM,
    SEND,
    UPDATE_ITEM,
    allow,
    environment_of,
    index_of,
    stream_of,
)
from infra.blocks.key import use_of
from infra.blocks.lambda_function import ProductFunction, SharedResources
from infra.blocks.queues import dead_letter
from infra.stores.secrets import Secrets
from infra.stores.tables import ALERTS_BY_ARREST, OFFICES_BY_KIND, Tables

TIMEOUT = Duration.seconds(60)


class Matching(Construct):
    """`match_arrests`, and `unmatched`: the dead letter of records that it could not match."""

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        shared: SharedResources,
        tables: Tables,
        secrets: Secrets,
        alerts_queue: sqs.Queue,
        audit_bucket: s3.Bucket,
    ) -> None:
        super().__init__(scope, id_)
        self._shared, self._tables, self._secrets, self._alerts_queue = shared, tables, secrets, alerts_queue
        self._audit_bucket = audit_bucket
        self.unmatched = dead_letter(self, "Unmatched", key=shared.key, removal=shared.removal)
        self.match_arrests = self._match_arrests()
        self._read_stream()

    def _match_arrests(self) -> ProductFunction:
        tables, shared = self._tables, self._shared
        return ProductFunction(
            self,
            "MatchArrests",
            name="match_arrests",
            shared=shared,
            timeout=TIMEOUT,
            memory=1024,
            layers=[shared.matching, shared.policy],
            environment=environment_of(
                subscriptions_table=tables.subscriptions,
                offices_table=tables.offices,
                alerts_table=tables.alerts,
                arrests_table=tables.arrests,
                agencies_table=tables.agencies,
                audit_table=tables.audit,
                audit_bucket=self._audit_bucket,
                alerts_queue=self._alerts_queue,
                pseudonym_secret=self._secrets.pseudonym,
            ),
            grants=self._grants(),
        )

    def _grants(self) -> list[iam.PolicyStatement]:
        tables = self._tables
        return [
            allow(READ_STREAM, stream_of(tables.arrests)),
            allow([LIST_STREAMS], "*"),  # lists the account's streams: the action knows no resource
            allow([BATCH_GET, GET_ITEM], tables.subscriptions, tables.offices),
            allow(
                [PUT_ITEM, UPDATE_ITEM, DELETE_ITEM], tables.subscriptions
            ),  # they follow a number that is merged into another
            allow([BATCH_GET, GET_ITEM, PUT_ITEM], tables.alerts),
            allow([QUERY], index_of(tables.offices, OFFICES_BY_KIND), tables.subscriptions),  # who prosecutes a county
            allow([QUERY], index_of(tables.alerts, ALERTS_BY_ARREST)),  # what a seal withdraws
            allow([UPDATE_ITEM], tables.arrests),  # of a drop that would notify too many people: held
            allow([GET_ITEM], tables.arrests),  # another agency's record of the same custody
            allow(
                [GET_ITEM, UPDATE_ITEM, QUERY], tables.agencies
            ),  # drops that are held, numbers that were merged lately
            allow([PUT_ITEM], tables.audit),  # who is refused, and why
            allow([PUT_OBJECT], self._audit_bucket.arn_for_objects("seals/*")),  # certificates
            allow([SEND], self._alerts_queue, self.unmatched),
            allow([GET_SECRET], self._secrets.pseudonym),
            use_of(self._shared.key, through=("s3", "sqs", "dynamodb", "secretsmanager"), writes_tables=True),
        ]

    def _read_stream(self) -> None:
        """Bisecting and retries let a record that cannot be matched end alone in the dead letter."""
        lambda_.EventSourceMapping(
            self.match_arrests,
            "Source",
            target=self.match_arrests.live,
            event_source_arn=stream_of(self._tables.arrests),
            starting_position=lambda_.StartingPosition.TRIM_HORIZON,
            batch_size=100,
            parallelization_factor=self._shared.workers,
            bisect_batch_on_error=True,
            retry_attempts=5,
            report_batch_item_failures=True,
            on_failure=sources.SqsDlq(self.unmatched),
        )
