"""office_api and console ask for an export -> queue -> export_records, which leaves a ZIP in the bucket of copies."""

from aws_cdk import Duration
from aws_cdk import aws_s3 as s3
from constructs import Construct

from infra.blocks.access import (
    BATCH_GET,
    CONSUME,
    DELETE_OBJECT,
    GET_ITEM,
    GET_SECRET,
    PUT_ITEM,
    PUT_OBJECT,
    QUERY,
    allow,
    environment_of,
    index_of,
)
from infra.blocks.key import use_of
from infra.blocks.lambda_function import ProductFunction, SharedResources
from infra.blocks.queues import WorkQueue
from infra.stores.secrets import Secrets
from infra.stores.tables import ALERTS_BY_ARREST, Tables

TIMEOUT = Duration.minutes(5)


class Exports(Construct):
    """`export_records` and its `work`: the queue of exports that were asked for."""

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        shared: SharedResources,
        tables: Tables,
        secrets: Secrets,
        copies_bucket: s3.Bucket,
    ) -> None:
        super().__init__(scope, id_)
        self.work = WorkQueue(self, "Exports", key=shared.key, removal=shared.removal, consumer_timeout=TIMEOUT)
        copies = copies_bucket.arn_for_objects
        self.export_records = ProductFunction(
            self,
            "ExportRecords",
            name="export_records",
            shared=shared,
            timeout=TIMEOUT,
            memory=1024,
            layers=[shared.matching, shared.policy, shared.feeds],
            has_known_role=True,
            environment=environment_of(
                arrests_table=tables.arrests,
                alerts_table=tables.alerts,
                subscriptions_table=tables.subscriptions,
                offices_table=tables.offices,
                audit_table=tables.audit,
                copies_bucket=copies_bucket,
                pseudonym_secret=secrets.pseudonym,
            ),
            grants=[
                allow(CONSUME, self.work.queue),
                allow([GET_ITEM, BATCH_GET], tables.arrests),
                allow([QUERY, GET_ITEM, BATCH_GET], tables.alerts),
                allow([QUERY], index_of(tables.alerts, ALERTS_BY_ARREST)),
                allow([QUERY, GET_ITEM, BATCH_GET], tables.subscriptions),
                allow([PUT_ITEM], tables.subscriptions),  # what became of the export
                allow([BATCH_GET], tables.offices),
                allow([QUERY, BATCH_GET], tables.audit),
                allow([PUT_OBJECT, DELETE_OBJECT], copies("exports/*")),
                allow([GET_SECRET], secrets.pseudonym),
                use_of(shared.key, through=("s3", "sqs", "dynamodb", "secretsmanager"), writes_tables=True),
            ],
        )
        self.export_records.consume(self.work.queue, batch=1)
