"""What a function needs in which the office API's code runs: `office_api` itself, and the console, which calls the same
application in its own process."""

from dataclasses import dataclass

from aws_cdk import aws_cognito as cognito
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_sqs as sqs

from infra.blocks.access import (
    BATCH_GET,
    DELETE_ITEM,
    GET_ITEM,
    GET_OBJECT,
    GET_SECRET,
    INVOKE,
    LIST_BUCKET,
    LIST_VERSIONS,
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
from infra.stores.secrets import Secrets
from infra.stores.tables import (
    ALERTS_BY_ARREST,
    ALERTS_BY_OFFICE,
    ARRESTS_BY_PLACE,
    AUDIT_BY_USER,
    DROPS_BY_TIME,
    OFFICES_BY_KIND,
    Tables,
)

ACCOUNT_ACTIONS = (
    "cognito-idp:AdminCreateUser",
    "cognito-idp:AdminGetUser",
    "cognito-idp:AdminDisableUser",
    "cognito-idp:AdminEnableUser",
    "cognito-idp:AdminUserGlobalSignOut",
)


@dataclass(frozen=True, kw_only=True)
class OfficeAccess:
    """The settings and grants of `shared/office_api`."""

    key: kms.IKey
    tables: Tables
    secrets: Secrets
    alerts_queue: sqs.Queue
    feed_queue: sqs.Queue
    feeds_bucket: s3.Bucket
    copies_bucket: s3.Bucket
    exports_queue: sqs.Queue
    user_pool: cognito.UserPool
    open_juvenile_records: lambda_.IAlias
    token_url: str
    public_documentation: bool

    @property
    def environment(self) -> dict[str, str]:
        tables = self.tables
        return environment_of(
            subscriptions_table=tables.subscriptions,
            offices_table=tables.offices,
            alerts_table=tables.alerts,
            arrests_table=tables.arrests,
            audit_table=tables.audit,
            agencies_table=tables.agencies,
            feeds_bucket=self.feeds_bucket,
            copies_bucket=self.copies_bucket,
            feed_queue=self.feed_queue,
            alerts_queue=self.alerts_queue,
            exports_queue=self.exports_queue,
            pseudonym_secret=self.secrets.pseudonym,
            links_secret=self.secrets.links,
            cursors_secret=self.secrets.cursors,
            entries_secret=self.secrets.entries,
            token_url=self.token_url,
            user_pool=self.user_pool,
            open_juvenile_records=self.open_juvenile_records.function_arn,
            public_documentation=self.public_documentation,
        )

    @property
    def grants(self) -> list[iam.PolicyStatement]:
        tables, drops = self.tables, self.feeds_bucket.arn_for_objects
        return [
            allow([GET_ITEM, BATCH_GET, QUERY, PUT_ITEM, UPDATE_ITEM, DELETE_ITEM], tables.subscriptions),
            allow([GET_ITEM, BATCH_GET], tables.offices, tables.arrests, tables.alerts),
            allow([PUT_ITEM], tables.offices),  # the office's own settings
            # Whose policies are public; which offices show that they watch somebody.
            allow([QUERY], index_of(tables.offices, OFFICES_BY_KIND)),
            allow([SCAN], tables.arrests),  # for a backtest
            allow([QUERY], index_of(tables.arrests, ARRESTS_BY_PLACE)),  # the history of a place
            allow([PUT_ITEM], tables.alerts),  # a confirmed review becomes an alert
            allow([PUT_ITEM, QUERY, BATCH_GET], tables.audit),
            allow([QUERY], index_of(tables.audit, AUDIT_BY_USER)),
            allow([SEND], self.alerts_queue, self.feed_queue, self.exports_queue),
            # An agency's people: its profile and drops, what they enter or upload, its rejects.
            allow([GET_ITEM, PUT_ITEM, UPDATE_ITEM, QUERY], tables.agencies),
            allow([QUERY], index_of(tables.agencies, DROPS_BY_TIME)),
            allow([PUT_OBJECT], drops("*/in/*"), drops("*/entered/*")),
            allow([GET_OBJECT], drops("*/rejects/*")),
            allow(
                [GET_OBJECT],
                *(self.copies_bucket.arn_for_objects(keys) for keys in ("raw/*", "exports/*", "custody/*")),
            ),
            allow([LIST_BUCKET], self.copies_bucket),
            allow([LIST_VERSIONS], self.feeds_bucket),  # whether a drop's file is still there
            allow(
                [QUERY],
                tables.alerts,
                index_of(tables.alerts, ALERTS_BY_OFFICE),
                index_of(tables.alerts, ALERTS_BY_ARREST),
            ),
            allow([BATCH_GET, UPDATE_ITEM], tables.alerts),
            allow([GET_SECRET], self.secrets.pseudonym, self.secrets.links, self.secrets.cursors, self.secrets.entries),
            allow([INVOKE], self.open_juvenile_records.function_arn),  # the records themselves are not within reach
            allow(ACCOUNT_ACTIONS, self.user_pool),  # of a user who is added or removed
            use_of(self.key, through=("s3", "sqs", "dynamodb", "secretsmanager"), writes_tables=True),
        ]
