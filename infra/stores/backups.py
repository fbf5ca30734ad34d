"""Backups of the tables, a day each, for the loss that their own point-in-time recovery does not outlive: somebody who
may do everything in the account deletes them, or the account itself is lost.

A backup holds what was sealed or purged after it was made. So it lives for days and not for years, nobody can keep it
longer, and whoever restores one brings the seals back before anybody reads it (infra/operate.md, runbooks).
"""

from collections.abc import Sequence

from aws_cdk import RemovalPolicy, Stack
from aws_cdk import aws_backup as backup
from aws_cdk import aws_dynamodb as dynamodb
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from constructs import Construct

from infra.blocks.access import allow
from infra.blocks.key import USE
from infra.blocks.removal import removal_of_named

EARLY_IN_THE_MORNING = "cron(0 8 * * ? *)"  # UTC: between one and four in the morning in the United States


class Backups(Construct):
    """`vault`, and the plan that fills it. With `other_vault`, the ARN of a vault of another account, each backup is
    copied there as well."""

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        key: kms.Key,
        tables: Sequence[dynamodb.TableV2],
        days: int,
        other_vault: str,
        removal: RemovalPolicy,
    ) -> None:
        super().__init__(scope, id_)
        self._key, self._tables = key, tables
        self.vault = backup.CfnBackupVault(
            self,
            "Vault",
            backup_vault_name=Stack.of(self).stack_name,
            encryption_key_arn=key.key_arn,
            # Without `changeable_for_days` an administrator can still delete a backup, as a court's order may ask.
            lock_configuration=backup.CfnBackupVault.LockConfigurationTypeProperty(
                min_retention_days=1, max_retention_days=days
            ),
        )
        self.vault.apply_removal_policy(removal_of_named(removal))
        self.plan = self._plan(days, other_vault)
        backup.CfnBackupSelection(
            self,
            "Tables",
            backup_plan_id=self.plan.attr_backup_plan_id,
            backup_selection=backup.CfnBackupSelection.BackupSelectionResourceTypeProperty(
                selection_name="tables",
                iam_role_arn=self._role(other_vault).role_arn,
                resources=[table.table_arn for table in tables],
            ),
        )

    def _plan(self, days: int, other_vault: str) -> backup.CfnBackupPlan:
        lifecycle = backup.CfnBackupPlan.LifecycleResourceTypeProperty(delete_after_days=days)
        copies = [
            backup.CfnBackupPlan.CopyActionResourceTypeProperty(
                destination_backup_vault_arn=other_vault, lifecycle=lifecycle
            )
        ]
        return backup.CfnBackupPlan(
            self,
            "Plan",
            backup_plan=backup.CfnBackupPlan.BackupPlanResourceTypeProperty(
                backup_plan_name=Stack.of(self).stack_name,
                backup_plan_rule=[
                    backup.CfnBackupPlan.BackupRuleResourceTypeProperty(
                        rule_name="daily",
                        target_backup_vault=self.vault.ref,
                        schedule_expression=EARLY_IN_THE_MORNING,
                        lifecycle=lifecycle,
                        copy_actions=copies if other_vault else None,
                    )
                ],
            ),
        )

    def _role(self, other_vault: str) -> iam.Role:
        """What AWS's own policy for it (AWSBackupServiceRolePolicyForBackup) allows on every table, on these alone."""
        arns = [table.table_arn for table in self._tables]
        vaults = [self.vault.attr_backup_vault_arn, *([other_vault] if other_vault else [])]
        stack = Stack.of(self)
        through = {"StringEquals": {"kms:ViaService": f"dynamodb.{stack.region}.amazonaws.com"}}
        self.policy = iam.ManagedPolicy(
            self,
            "Policy",
            statements=[
                allow(["dynamodb:DescribeTable", "dynamodb:StartAwsBackupJob", "dynamodb:ListTagsOfResource"], *arns),
                allow(["backup:DescribeBackupVault", "backup:CopyIntoBackupVault"], *vaults),
                allow(["backup:CopyFromBackupVault"], self.vault.attr_backup_vault_arn),
                iam.PolicyStatement(actions=list(USE), resources=[self._key.key_arn], conditions=through),
                allow(["kms:DescribeKey"], self._key.key_arn),
                iam.PolicyStatement(
                    actions=["kms:CreateGrant"],
                    resources=[self._key.key_arn],
                    conditions={"Bool": {"kms:GrantIsForAWSResource": "true"}},
                ),
            ],
        )
        return iam.Role(
            self,
            "Role",
            description="AWS Backup reads the tables",
            assumed_by=iam.ServicePrincipal(
                "backup.amazonaws.com", conditions={"StringEquals": {"aws:SourceAccount": stack.account}}
            ),
            managed_policies=[self.policy],
        )
