"""CloudTrail's record of who touches the records past the product: by hand, with another tool, or with stolen keys.

The product's own reads and writes have their audit (`shared/audit`), so the trail leaves out what would cost as much as
the tables themselves: the single reads and writes of a table, thousands a second. It has
- every read and write of a file in the buckets of drops, copies and audit: some ten for a drop,
- every read of a table as a whole, and every statement of PartiQL, which is how people read a table by hand,
- every change of a resource of the account, so that EventBridge hears of a key that is disabled, and every read of one,
  such as of a secret, but for the uses of keys.
CloudTrail charges 0.10 dollars for 100,000 of the first two, and nothing for the last, if it is the first trail.
"""

from collections.abc import Sequence

from aws_cdk import Stack
from aws_cdk import aws_cloudtrail as cloudtrail
from aws_cdk import aws_dynamodb as dynamodb
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3
from constructs import Construct

from infra.blocks.access import PUT_OBJECT

BY_HAND = ["Scan", "ExecuteStatement", "BatchExecuteStatement", "ExecuteTransaction"]
PREFIX = "trail"
KEYS = "kms.amazonaws.com"  # some thousand uses for each drop; the trail leaves these reads out
# A field is compared with one of its values, but for these.
OPERATORS = {"resources.ARN": "starts_with", "eventSource": "not_equals"}


class Trail(Construct):
    """`trail` writes into the bucket `logs`, under the product's key, with a digest that shows a missing or altered
    file (`aws cloudtrail validate-logs`)."""

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        key: kms.Key,
        logs: s3.Bucket,
        buckets: Sequence[s3.Bucket],
        tables: Sequence[dynamodb.TableV2],
    ) -> None:
        super().__init__(scope, id_)
        self._key, self._logs = key, logs
        self._name = Stack.of(self).stack_name
        self._let_cloudtrail_write()
        self.trail = cloudtrail.CfnTrail(
            self,
            "Trail",
            trail_name=self._name,
            is_logging=True,
            enable_log_file_validation=True,
            kms_key_id=key.key_arn,
            s3_bucket_name=logs.bucket_name,
            s3_key_prefix=PREFIX,
            advanced_event_selectors=[
                _selector(
                    "files",
                    eventCategory=["Data"],
                    resources_type=["AWS::S3::Object"],
                    resources_ARN=[f"{bucket.bucket_arn}/" for bucket in buckets],
                ),
                _selector(
                    "tables by hand",
                    eventCategory=["Data"],
                    resources_type=["AWS::DynamoDB::Table"],
                    resources_ARN=[table.table_arn for table in tables],
                    eventName=BY_HAND,
                ),
                _selector("changes of the account", eventCategory=["Management"], readOnly=["false"]),
                _selector("reads of the account", eventCategory=["Management"], readOnly=["true"], eventSource=[KEYS]),
            ],
        )
        self.trail.node.add_dependency(self._logs.policy or self._logs)

    def _let_cloudtrail_write(self) -> None:
        stack = Stack.of(self)
        arn = stack.format_arn(service="cloudtrail", resource="trail", resource_name=self._name)
        of_this_trail = {"StringEquals": {"aws:SourceArn": arn}}
        writer = iam.ServicePrincipal("cloudtrail.amazonaws.com")
        for action, resource in (
            ("s3:GetBucketAcl", self._logs.bucket_arn),
            (PUT_OBJECT, self._logs.arn_for_objects(f"{PREFIX}/AWSLogs/{stack.account}/*")),
        ):
            self._logs.add_to_resource_policy(
                iam.PolicyStatement(
                    principals=[writer], actions=[action], resources=[resource], conditions=of_this_trail
                )
            )
        self._key.add_to_resource_policy(
            iam.PolicyStatement(
                principals=[writer], actions=["kms:GenerateDataKey*"], resources=["*"], conditions=of_this_trail
            )
        )
        self._key.add_to_resource_policy(
            iam.PolicyStatement(principals=[writer], actions=["kms:DescribeKey"], resources=["*"])
        )


def _selector(name: str, **fields: list[str]) -> cloudtrail.CfnTrail.AdvancedEventSelectorProperty:
    return cloudtrail.CfnTrail.AdvancedEventSelectorProperty(
        name=name,
        field_selectors=[
            cloudtrail.CfnTrail.AdvancedFieldSelectorProperty(field=field, **{OPERATORS.get(field, "equal_to"): values})
            for field, values in ((name.replace("_", "."), values) for name, values in fields.items())
        ],
    )
