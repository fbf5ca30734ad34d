"""Drop in S3 -> queue -> receive_feed -> arrests table. The receipt and the rejects go back into the bucket."""

from aws_cdk import aws_iam as iam
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
    GET_VERSION,
    INSERT,
    LIST_BUCKET,
    PUT_ITEM,
    PUT_OBJECT,
    QUERY,
    SCAN,
    UPDATE,
    UPDATE_ITEM,
    allow,
    environment_of,
    index_of,
)
from infra.blocks.key import use_of
from infra.blocks.lambda_function import ProductFunction, SharedResources
from infra.capabilities.large_drops import LargeDrops, arn_of
from infra.stores.drops import READING, Drops
from infra.stores.secrets import Secrets
from infra.stores.tables import DROPS_BY_TIME, Tables


class FeedIntake(Construct):
    """`receive_feed`, and the state machine `large_drops` of the drops that are too large for one invocation."""

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        shared: SharedResources,
        tables: Tables,
        secrets: Secrets,
        drops: Drops,
        juveniles_key: kms.IKey,
        audit_bucket: s3.Bucket,
    ) -> None:
        super().__init__(scope, id_)
        self._shared, self._tables, self._secrets, self._drops = shared, tables, secrets, drops
        self._juveniles_key, self._audit_bucket = juveniles_key, audit_bucket
        self.receive_feed = self._receive_feed()
        self.large_drops = LargeDrops(self, "LargeDrops", shared=shared, receive_feed=self.receive_feed)

    def _receive_feed(self) -> ProductFunction:
        tables = self._tables
        function = ProductFunction(
            self,
            "ReceiveFeed",
            name="receive_feed",
            has_known_role=True,
            shared=self._shared,
            timeout=READING,
            memory=1769,  # one whole vCPU
            layers=[self._shared.feeds],
            environment=environment_of(
                feeds_bucket=self._drops.bucket,
                work_bucket=self._drops.work_bucket,
                copies_bucket=self._drops.copies_bucket,
                audit_bucket=self._audit_bucket,
                large_drops=arn_of(self),
                offices_table=tables.offices,
                agencies_table=tables.agencies,
                arrests_table=tables.arrests,
                juveniles_table=tables.juveniles,
                juveniles_key=self._juveniles_key.key_arn,
                pseudonym_secret=self._secrets.pseudonym,
                entries_secret=self._secrets.entries,
            ),
            grants=self._grants(),
        )
        function.consume(self._drops.work.queue, batch=1)
        return function

    def _grants(self) -> list[iam.PolicyStatement]:
        tables, drops = self._tables, self._drops.bucket.arn_for_objects
        copies = self._drops.copies_bucket.arn_for_objects
        return [
            allow(CONSUME, self._drops.work.queue),
            allow(["states:StartExecution"], arn_of(self)),
            allow([LIST_BUCKET], self._drops.work_bucket, self._drops.copies_bucket),
            allow([GET_OBJECT, PUT_OBJECT], self._drops.work_bucket.arn_for_objects("*")),
            allow([GET_OBJECT, GET_VERSION, DELETE_VERSION], drops("*/in/*"), drops("*/entered/*")),
            # The raw file is moved there, and deleted with a seal; it is never read from there.
            allow([PUT_OBJECT, DELETE_OBJECT], copies("raw/*"), copies("unread/*")),
            allow([GET_OBJECT], copies("unread/*"), copies("clean/*"), copies("custody/*")),
            allow([PUT_OBJECT], copies("clean/*"), copies("custody/*")),
            allow([GET_OBJECT, DELETE_OBJECT], copies("exports/*")),  # an export goes with a sealed record in it
            allow([PUT_OBJECT], drops("*/receipts/*"), drops("*/rejects/*")),
            allow([PUT_OBJECT], self._audit_bucket.arn_for_objects("seals/*")),  # certificates
            allow([GET_ITEM], tables.offices, tables.agencies),
            allow([UPDATE_ITEM], tables.agencies),  # the records of its drops
            allow([QUERY], index_of(tables.agencies, DROPS_BY_TIME)),
            # All but the first two are for seals: their keys are added, and the arrests that they name are searched,
            # read once more and locked.
            allow([BATCH_GET, PUT_ITEM, SCAN, GET_ITEM], tables.arrests, tables.juveniles),
            allow([UPDATE_ITEM, INSERT, UPDATE], tables.arrests),
            allow([DELETE_ITEM], tables.juveniles),  # of who is an adult now, or whose arrest is sealed
            allow([GET_SECRET], self._secrets.pseudonym, self._secrets.entries),
            use_of(self._shared.key, through=("s3", "sqs", "dynamodb", "secretsmanager"), writes_tables=True),
            use_of(self._juveniles_key, through=("dynamodb", "s3"), writes_tables=True),
        ]
