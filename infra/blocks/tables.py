"""How our nouns are kept: seven tables, on demand, under our key, restorable to any second of the last 35 days."""

from aws_cdk import RemovalPolicy
from aws_cdk import aws_dynamodb as dynamodb
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from constructs import Construct

OPEN_ALERTS = "open"
ALERTS_BY_OFFICE = "by_office"
ALERTS_BY_ARREST = "by_arrest"
AUDIT_BY_USER = "by_user"
DROPS_BY_TIME = "by_time"
# Nobody changes or deletes what was written down, whatever a role allows; rows go by their time to live alone.
CHANGES = ("UpdateItem", "DeleteItem", "BatchWriteItem", "PartiQLUpdate", "PartiQLDelete")


def text(name: str) -> dynamodb.Attribute:
    return dynamodb.Attribute(name=name, type=dynamodb.AttributeType.STRING)


def append_only() -> iam.PolicyDocument:
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


class Tables(Construct):
    def __init__(
        self, scope: Construct, id_: str, *, key: kms.IKey, removal: RemovalPolicy, deletion_protection: bool
    ) -> None:
        super().__init__(scope, id_)
        kept = dynamodb.PointInTimeRecoverySpecification(point_in_time_recovery_enabled=True)

        def table(name: str, partition: str, sort: str | None = None, **more: object) -> dynamodb.TableV2:
            return dynamodb.TableV2(
                self,
                name,
                partition_key=text(partition),
                sort_key=text(sort) if sort else None,
                billing=dynamodb.Billing.on_demand(),
                encryption=dynamodb.TableEncryptionV2.customer_managed_key(key),
                point_in_time_recovery_specification=kept,
                removal_policy=removal,
                deletion_protection=deletion_protection,
                **more,  # type: ignore[arg-type]
            )

        self.arrests = table("Arrests", "arrest_id", dynamo_stream=dynamodb.StreamViewType.NEW_AND_OLD_IMAGES)
        # what was answered to a request that may come again goes after a day
        self.subscriptions = table("Subscriptions", "pk", "sk", time_to_live_attribute="expires")
        self.offices = table("Offices", "pk")
        self.alerts = table(
            "Alerts",
            "alert_id",
            "part",
            time_to_live_attribute="expires",
            dynamo_stream=dynamodb.StreamViewType.NEW_AND_OLD_IMAGES,  # who was told of what, for the audit trail
            global_secondary_indexes=[
                dynamodb.GlobalSecondaryIndexPropsV2(
                    index_name=OPEN_ALERTS,
                    partition_key=text("open"),
                    sort_key=text("due"),
                    projection_type=dynamodb.ProjectionType.KEYS_ONLY,
                ),
                dynamodb.GlobalSecondaryIndexPropsV2(
                    index_name=ALERTS_BY_OFFICE,
                    partition_key=text("office_id"),
                    sort_key=text("created_at"),
                    projection_type=dynamodb.ProjectionType.KEYS_ONLY,
                ),
                dynamodb.GlobalSecondaryIndexPropsV2(
                    index_name=ALERTS_BY_ARREST,
                    partition_key=text("arrest_id"),
                    projection_type=dynamodb.ProjectionType.KEYS_ONLY,
                ),
            ],
        )

        self.audit = table(
            "Audit",
            "pk",
            "sk",
            time_to_live_attribute="expires",
            dynamo_stream=dynamodb.StreamViewType.NEW_IMAGE,
            resource_policy=append_only(),
            global_secondary_indexes=[
                dynamodb.GlobalSecondaryIndexPropsV2(
                    index_name=AUDIT_BY_USER, partition_key=text("who"), sort_key=text("sk")
                ),
            ],
        )
        self.chains = table("Chains", "pk")
        self.agencies = table(
            "Agencies",
            "agency",
            "part",
            time_to_live_attribute="expires",
            global_secondary_indexes=[
                dynamodb.GlobalSecondaryIndexPropsV2(
                    index_name=DROPS_BY_TIME, partition_key=text("agency"), sort_key=text("dropped_at")
                ),
            ],
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
        }

    def index_arn(self, index: str) -> str:
        return f"{self.alerts.table_arn}/index/{index}"
