"""Streams of the audit table and the alerts table -> chain_audit -> hash-chained objects under Object Lock."""

from collections.abc import Mapping, Sequence
from typing import Any

from aws_cdk import Duration
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_lambda_event_sources as sources
from aws_cdk import aws_s3 as s3
from constructs import Construct

from infra.blocks.access import (
    GET_ITEM,
    LIST_STREAMS,
    PUT_ITEM,
    PUT_OBJECT,
    READ_STREAM,
    SEND,
    allow,
    environment_of,
    stream_of,
)
from infra.blocks.key import use_of
from infra.blocks.lambda_function import ProductFunction, SharedResources
from infra.blocks.queues import dead_letter
from infra.stores.tables import Tables

# Of the changes in the alerts table, chain_audit reads the new alerts and the deliveries that have ended: these are the
# disclosures (`shared/alerts/disclosures/stream.py`).
_END_STATES = ["sent", "delivered", "delayed", "unconfirmed", "complained", "suppressed", "failed", "bounced"]
DISCLOSURES = [
    {"dynamodb": {"NewImage": {"part": {"S": ["alert"]}}}},
    {"dynamodb": {"NewImage": {"state": {"S": _END_STATES}}}},
]


class AuditTrail(Construct):
    """`chain_audit`, and `unchained`: the dead letter of events that it could not chain."""

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        shared: SharedResources,
        tables: Tables,
        bucket: s3.Bucket,
    ) -> None:
        super().__init__(scope, id_)
        self._shared, self._tables, self._bucket = shared, tables, bucket
        self.unchained = dead_letter(self, "Unchained", key=shared.key, removal=shared.removal)
        audit_stream, alerts_stream = stream_of(tables.audit), stream_of(tables.alerts)
        self.chain_audit = ProductFunction(
            self,
            "ChainAudit",
            name="chain_audit",
            shared=shared,
            timeout=Duration.seconds(60),
            memory=512,
            environment=environment_of(chains_table=tables.chains, audit_bucket=bucket),
            grants=self._grants(audit_stream, alerts_stream),
        )
        self._read("Source", audit_stream, batch=100, window=Duration.seconds(5))
        self._read("Told", alerts_stream, batch=1_000, window=Duration.seconds(20), only=DISCLOSURES)

    def _grants(self, audit_stream: str, alerts_stream: str) -> list[iam.PolicyStatement]:
        return [
            allow(READ_STREAM, audit_stream, alerts_stream),
            allow([LIST_STREAMS], "*"),  # lists the account's streams: the action knows no resource
            allow([GET_ITEM, PUT_ITEM], self._tables.chains),
            allow([PUT_OBJECT], self._bucket.arn_for_objects("*")),
            allow([SEND], self.unchained),
            use_of(self._shared.key, through=("s3", "sqs", "dynamodb"), writes_tables=True),
        ]

    def _read(
        self, id_: str, stream: str, *, batch: int, window: Duration, only: Sequence[Mapping[str, Any]] = ()
    ) -> None:
        """Waits up to `window` for a batch, so that many events become one object."""
        lambda_.EventSourceMapping(
            self.chain_audit,
            id_,
            target=self.chain_audit.live,
            event_source_arn=stream,
            starting_position=lambda_.StartingPosition.TRIM_HORIZON,
            batch_size=batch,
            max_batching_window=window,
            bisect_batch_on_error=True,
            retry_attempts=10,
            report_batch_item_failures=True,
            on_failure=sources.SqsDlq(self.unchained),
            filters=[lambda_.FilterCriteria.filter(dict(pattern)) for pattern in only] or None,
        )
