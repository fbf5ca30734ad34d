"""Once a day scheduled_jobs queues the steps of a purge -> queue -> purge_records, which goes on page by page."""

from aws_cdk import Duration
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3
from constructs import Construct

from infra.blocks.access import (
    BATCH_GET,
    CONSUME,
    DELETE_ITEM,
    DELETE_OBJECT,
    DELETE_VERSION,
    GET_ITEM,
    GET_OBJECT,
    GET_SECRET,
    LIST_BUCKET,
    PUT_ITEM,
    PUT_OBJECT,
    QUERY,
    SCAN,
    SEND,
    UPDATE_ITEM,
    allow,
    environment_of,
    index_of,
)
from infra.blocks.key import use_of
from infra.blocks.lambda_function import ProductFunction, SharedResources
from infra.blocks.queues import WorkQueue
from infra.stores.secrets import Secrets
from infra.stores.tables import ALERTS_BY_ARREST, DROPS_BY_TIME, Tables

TIMEOUT = Duration.minutes(5)


class Purges(Construct):
    """`purge_records` and its `work`: the queue of steps."""

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        shared: SharedResources,
        tables: Tables,
        secrets: Secrets,
        feeds_bucket: s3.Bucket,
        copies_bucket: s3.Bucket,
        audit_bucket: s3.Bucket,
        juveniles_key: kms.IKey,
    ) -> None:
        super().__init__(scope, id_)
        self.work = WorkQueue(self, "Purges", key=shared.key, removal=shared.removal, consumer_timeout=TIMEOUT)
        queue = self.work.queue
        drops, copies = feeds_bucket.arn_for_objects, copies_bucket.arn_for_objects
        self.purge_records = ProductFunction(
            self,
            "PurgeRecords",
            name="purge_records",
            shared=shared,
            timeout=TIMEOUT,
            memory=1024,
            layers=[shared.feeds],
            has_known_role=True,
            environment=environment_of(
                purges_queue=queue,
                arrests_table=tables.arrests,
                juveniles_table=tables.juveniles,
                juveniles_key=juveniles_key.key_arn,
                alerts_table=tables.alerts,
                subscriptions_table=tables.subscriptions,
                offices_table=tables.offices,
                agencies_table=tables.agencies,
                feeds_bucket=feeds_bucket,
                copies_bucket=copies_bucket,
                audit_bucket=audit_bucket,
                pseudonym_secret=secrets.pseudonym,
            ),
            grants=[
                allow(CONSUME, queue),
                allow([SEND], queue),  # the next page
                allow([SCAN, GET_ITEM, PUT_ITEM, UPDATE_ITEM], tables.arrests),  # a tombstone is put, nothing deleted
                allow([SCAN, GET_ITEM, UPDATE_ITEM, DELETE_ITEM], tables.juveniles),
                allow([QUERY, GET_ITEM, BATCH_GET, PUT_ITEM, UPDATE_ITEM, DELETE_ITEM], tables.alerts),
                allow([QUERY], index_of(tables.alerts, ALERTS_BY_ARREST)),
                # Holds; texts of requests and disputes go with their records, disclosures by their own class; ended
                # watches with their postings.
                allow([QUERY, GET_ITEM, BATCH_GET, PUT_ITEM, UPDATE_ITEM, DELETE_ITEM], tables.subscriptions),
                allow([SCAN, BATCH_GET], tables.offices),
                allow([UPDATE_ITEM, DELETE_ITEM], tables.agencies),  # records of drops, and what waits for people
                allow([QUERY], index_of(tables.agencies, DROPS_BY_TIME)),
                allow([LIST_BUCKET], copies_bucket),
                allow([GET_OBJECT, PUT_OBJECT], copies("clean/*")),  # a purged row is taken out of a copy
                allow([GET_OBJECT, DELETE_OBJECT], copies("exports/*")),  # an export goes with a record in it
                allow([DELETE_OBJECT], copies("raw/*"), copies("unread/*"), copies("clean/*"), drops("*/rejects/*")),
                allow([DELETE_VERSION], drops("*/in/*"), drops("*/entered/*")),
                allow([PUT_OBJECT], audit_bucket.arn_for_objects("purges/*")),
                allow([GET_SECRET], secrets.pseudonym),
                use_of(shared.key, through=("s3", "sqs", "dynamodb", "secretsmanager"), writes_tables=True),
                use_of(juveniles_key, through=("dynamodb", "s3"), writes_tables=True),
            ],
        )
        self.purge_records.consume(queue, batch=1)
