"""Where alarms go: a topic under a key of its own, whose subscription somebody has confirmed, and what notifies it that
is no alarm of CloudWatch."""

from collections.abc import Sequence

from aws_cdk import RemovalPolicy, Stack
from aws_cdk import aws_events as events
from aws_cdk import aws_events_targets as targets
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_sns as sns
from aws_cdk import aws_sns_subscriptions as subscriptions
from constructs import Construct

from infra.blocks.key import USE, let_service

KEY_LOST = (
    "Somebody has disabled a key of Arrest Alert or scheduled its deletion: nothing can be read or sent from now on. "
    "See who it was in CloudTrail. Undo it: `aws kms cancel-key-deletion --key-id KeyArn`, "
    "`aws kms enable-key --key-id KeyArn` (KeyArn is an output of the stack; juveniles' records "
    "have JuvenilesKeyArn)."
)


BACKUP_FAILED = (
    "A backup of Arrest Alert's tables, or its copy to the other account, has failed. See why: "
    "`aws backup list-backup-jobs --by-state FAILED`, `aws backup list-copy-jobs --by-state FAILED`. Each table can "
    "still be restored to any second of the last 35 days."
)


class OperationsTopic(Construct):
    """`topic`. Its key is not the product's: the message that says that a key of records is lost must get through."""

    def __init__(
        self, scope: Construct, id_: str, *, email: str, record_keys: Sequence[kms.IKey], removal: RemovalPolicy
    ) -> None:
        super().__init__(scope, id_)
        self._key = kms.Key(
            self,
            "Key",
            description="Arrest Alert: alarms. They name queues, functions and counts, and never a person",
            enable_key_rotation=True,
            removal_policy=removal,
        )
        self.topic = sns.Topic(
            self, "Topic", display_name="Arrest Alert operations", master_key=self._key, enforce_ssl=True
        )
        self.topic.add_subscription(subscriptions.EmailSubscription(email))
        self._let_alarms_publish()
        let_service("events", self._key)  # the rule's target lets it publish
        self._notify_of_a_lost_key(record_keys)

    def _let_alarms_publish(self) -> None:
        """`enforce_ssl` gives the topic a policy, which replaces SNS's default policy; that one let alarms publish."""
        own_account = {"StringEquals": {"aws:SourceAccount": Stack.of(self).account}}
        let_service("cloudwatch", self._key, USE, own_account)
        self.topic.add_to_resource_policy(
            iam.PolicyStatement(
                principals=[iam.ServicePrincipal("cloudwatch.amazonaws.com")],
                actions=["sns:Publish"],
                resources=[self.topic.topic_arn],
                conditions=own_account,
            )
        )

    def notify_of_failed_backups(self) -> None:
        """AWS Backup tells EventBridge of each job; no function of ours would fail without one."""
        events.Rule(
            self,
            "BackupFailed",
            description="A backup of a table, or the copy of one, has failed",
            event_pattern=events.EventPattern(
                source=["aws.backup"],
                detail_type=["Backup Job State Change", "Copy Job State Change"],
                detail={"state": ["FAILED", "ABORTED", "EXPIRED"]},
            ),
            targets=[targets.SnsTopic(self.topic, message=events.RuleTargetInput.from_text(BACKUP_FAILED))],
        )

    def _notify_of_a_lost_key(self, keys: Sequence[kms.IKey]) -> None:
        """CloudTrail tells EventBridge of it within minutes; KMS has no metric for it."""
        events.Rule(
            self,
            "KeyLost",
            description="A key of tables, feeds and queues is disabled, or is to be deleted",
            event_pattern=events.EventPattern(
                source=["aws.kms"],
                detail_type=["AWS API Call via CloudTrail"],
                detail={
                    "eventName": ["DisableKey", "ScheduleKeyDeletion"],
                    "resources": {"ARN": [key.key_arn for key in keys]},
                },
            ),
            targets=[targets.SnsTopic(self.topic, message=events.RuleTargetInput.from_text(KEY_LOST))],
        )
