"""The nine DynamoDB tables: on demand, encrypted, restorable to any second of the last 35 days. One has a key of its
own: that of juveniles' records.

Which items lie in a table, and under which keys, says the `table.py` or `*_table.py` of the noun in `shared/`.
"""

from aws_cdk import RemovalPolicy
from aws_cdk import aws_dynamodb as dynamodb
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from constructs import Construct

ARRESTS_BY_PLACE = "by_place"
OPEN_ALERTS = "open"
ALERTS_BY_OFFICE = "by_office"
ALERTS_BY_ARREST = "by_arrest"
AUDIT_BY_USER = "by_user"
DROPS_BY_TIME = "by_time"
SUBSCRIPTIONS_BY_LAST_DAY = "by_last_day"
OFFICES_BY_KIND = "by_kind"
INDEXES = {
    "Arrests": (ARRESTS_BY_PLACE,),
    "Alerts": (OPEN_ALERTS, ALERTS_BY_OFFICE, ALERTS_BY_ARREST),
    "Audit": (AUDIT_BY_USER,),
    "Agencies": (DROPS_BY_TIME,),
    "Subscriptions": (SUBSCRIPTIONS_BY_LAST_DAY,),
    "Offices": (OFFICES_BY_KIND,),
}
EXPIRES = "expires"  # the attribute that DynamoDB's time to live reads: seconds since 1970
# Whatever a role allows, nobody changes or deletes an audit event: its row goes when its time to live is over. IAM has
# no condition that refuses a put on an existing key; the stream tells of one (`shared/audit/stream.py`).
LEAST_READS = 12_000  # read units a second: what a new table has, and the least that may be asked for
CHANGES = ("UpdateItem", "DeleteItem", "BatchWriteItem", "PartiQLUpdate", "PartiQLDelete")


class Tables(Construct):
    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        key: kms.IKey,
        juveniles_key: kms.IKey,
        removal: RemovalPolicy,
        deletion_protection: bool,
        warm_writes: int,
    ) -> None:
        """`warm_writes`: write units a second that the two tables of a large drop take at once; 0 for AWS's own."""
        super().__init__(scope, id_)
        self._warm = _warm(warm_writes)
        self._key, self._removal, self._deletion_protection = key, removal, deletion_protection
        self.arrests = self._table(
            "Arrests",
            "arrest_id",
            time_to_live_attribute=EXPIRES,  # behind the purge (`shared/retention`)
            dynamo_stream=dynamodb.StreamViewType.NEW_AND_OLD_IMAGES,  # to match_arrests
            warm_throughput=self._warm,
            global_secondary_indexes=[  # sparse: only arrests with an address and a day (`arrests/place_index.py`)
                dynamodb.GlobalSecondaryIndexPropsV2(
                    index_name=ARRESTS_BY_PLACE,
                    partition_key=_string("place"),
                    sort_key=_string("place_day"),
                    warm_throughput=self._warm,
                    projection_type=dynamodb.ProjectionType.KEYS_ONLY,
                ),
            ],
        )
        # An idempotency record, the ids of an answer, expires after a day.
        self.subscriptions = self._table(
            "Subscriptions",
            "pk",
            "sk",
            time_to_live_attribute=EXPIRES,
            global_secondary_indexes=[
                dynamodb.GlobalSecondaryIndexPropsV2(
                    index_name=SUBSCRIPTIONS_BY_LAST_DAY,
                    partition_key=_string("due_shard"),
                    sort_key=_string("last_day"),
                    projection_type=dynamodb.ProjectionType.KEYS_ONLY,
                ),
            ],
        )
        self.offices = self._table(
            "Offices",
            "pk",
            global_secondary_indexes=[
                dynamodb.GlobalSecondaryIndexPropsV2(
                    index_name=OFFICES_BY_KIND, partition_key=_string("kind"), sort_key=_string("pk")
                ),
            ],
        )
        self.alerts = self._alerts()
        self.audit = self._table(
            "Audit",
            "pk",
            "sk",
            time_to_live_attribute=EXPIRES,
            dynamo_stream=dynamodb.StreamViewType.NEW_IMAGE,  # to chain_audit
            resource_policy=_append_only(),
            global_secondary_indexes=[
                dynamodb.GlobalSecondaryIndexPropsV2(
                    index_name=AUDIT_BY_USER, partition_key=_string("who"), sort_key=_string("sk")
                ),
            ],
        )
        self.chains = self._table("Chains", "pk")
        self.agencies = self._table(
            "Agencies",
            "agency",
            "part",
            time_to_live_attribute=EXPIRES,
            global_secondary_indexes=[
                dynamodb.GlobalSecondaryIndexPropsV2(
                    index_name=DROPS_BY_TIME, partition_key=_string("agency"), sort_key=_string("dropped_at")
                ),
            ],
        )
        # Who is signed in at the console (`functions/console/sessions`). DynamoDB deletes a session that is over.
        self.sessions = self._table("Sessions", "pk", time_to_live_attribute=EXPIRES)
        # Kept apart from adults' (Family Court Act 381.3). Without a stream nothing of it comes to a matcher.
        self.juveniles = self._table(
            "Juveniles", "arrest_id", "part", key=juveniles_key, time_to_live_attribute=EXPIRES
        )

    def all(self) -> dict[str, dynamodb.TableV2]:
        return {
            "Arrests": self.arrests,
            "Subscriptions": self.subscriptions,
            "Offices": self.offices,
            "Alerts": self.alerts,
            "Audit": self.audit,
            "Chains": self.chains,
            "Agencies": self.agencies,
            "Sessions": self.sessions,
            "Juveniles": self.juveniles,
        }

    def _alerts(self) -> dynamodb.TableV2:
        return self._table(
            "Alerts",
            "alert_id",
            "part",
            warm_throughput=self._warm,
            time_to_live_attribute=EXPIRES,
            dynamo_stream=dynamodb.StreamViewType.NEW_AND_OLD_IMAGES,  # who was notified of what, to chain_audit
            global_secondary_indexes=[
                dynamodb.GlobalSecondaryIndexPropsV2(
                    index_name=OPEN_ALERTS,
                    partition_key=_string("open"),
                    sort_key=_string("due"),
                    warm_throughput=self._warm,
                    projection_type=dynamodb.ProjectionType.KEYS_ONLY,
                ),
                dynamodb.GlobalSecondaryIndexPropsV2(
                    index_name=ALERTS_BY_OFFICE,
                    partition_key=_string("office_id"),
                    sort_key=_string("created_at"),
                    warm_throughput=self._warm,
                    projection_type=dynamodb.ProjectionType.KEYS_ONLY,
                ),
                dynamodb.GlobalSecondaryIndexPropsV2(
                    index_name=ALERTS_BY_ARREST,
                    partition_key=_string("arrest_id"),
                    warm_throughput=self._warm,
                    projection_type=dynamodb.ProjectionType.KEYS_ONLY,
                ),
            ],
        )

    def _table(
        self, name: str, partition: str, sort: str | None = None, *, key: kms.IKey | None = None, **options: object
    ) -> dynamodb.TableV2:
        return dynamodb.TableV2(
            self,
            name,
            partition_key=_string(partition),
            sort_key=_string(sort) if sort else None,
            billing=dynamodb.Billing.on_demand(),
            encryption=dynamodb.TableEncryptionV2.customer_managed_key(key or self._key),
            point_in_time_recovery_specification=dynamodb.PointInTimeRecoverySpecification(
                point_in_time_recovery_enabled=True
            ),
            removal_policy=self._removal,
            deletion_protection=self._deletion_protection,
            **options,  # type: ignore[arg-type]
        )


def _warm(writes: int) -> dynamodb.WarmThroughput | None:
    """An index is written with its table, so a cold one throttles the table: both are given the same."""
    if not writes:
        return None
    return dynamodb.WarmThroughput(write_units_per_second=writes, read_units_per_second=max(writes, LEAST_READS))


def _string(name: str) -> dynamodb.Attribute:
    return dynamodb.Attribute(name=name, type=dynamodb.AttributeType.STRING)


def _append_only() -> iam.PolicyDocument:
    return iam.PolicyDocument(
        statements=[
            iam.PolicyStatement(
                effect=iam.Effect.DENY,
                principals=[iam.AnyPrincipal()],
                actions=[f"dynamodb:{action}" for action in CHANGES],
                resources=["*"],  # the table whose policy this is
            )
        ]
    )
