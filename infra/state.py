"""The stack of what must outlive every release: records, keys, people and addresses. One construct of `stores/` each.

The path of a construct is part of the logical ids below it, and a new id is a new, empty resource: the ids here stay
(`tests/infra/test_state.py`).
"""

from aws_cdk import Environment as Account
from aws_cdk import Stack
from constructs import Construct

from infra.blocks.key import JuvenilesKey, ProductKey
from infra.environments import Environment
from infra.stores.agency_connections import AgencyConnections
from infra.stores.audit_bucket import audit_bucket
from infra.stores.backups import Backups
from infra.stores.contacts import Contacts
from infra.stores.drops import Drops
from infra.stores.entrance import Entrance
from infra.stores.operations import OperationsTopic
from infra.stores.secrets import product_secrets
from infra.stores.tables import Tables
from infra.stores.trail import Trail


class State(Stack):
    def __init__(self, scope: Construct, *, environment: Environment) -> None:
        super().__init__(
            scope,
            environment.state_stack_name,
            env=Account(account=environment.account, region=environment.region),
            termination_protection=environment.deletion_protection,
            description=f"Arrest Alert, environment {environment.name}: what it keeps",
        )
        removal = environment.removal
        self.key = ProductKey(self, "Key", removal=removal).key
        self.juveniles_key = JuvenilesKey(self, "JuvenilesKey", removal=removal).key
        self.secrets = product_secrets(self, key=self.key, removal=removal)
        self.tables = Tables(
            self,
            "Tables",
            key=self.key,
            juveniles_key=self.juveniles_key,
            removal=removal,
            deletion_protection=environment.deletion_protection,
            warm_writes=environment.warm_writes_a_second,
        )
        self.drops = Drops(self, "Intake", key=self.key, removal=removal, service=environment.stack_name)
        self.agencies = AgencyConnections(
            self,
            "Agencies",
            key=self.key,
            bucket=self.drops.bucket,
            agencies=environment.agencies,
            fips=environment.uses_fips,
            log_retention=environment.log_retention,
            removal=removal,
        )
        self.audit_bucket = audit_bucket(
            Construct(self, "Trail"),
            "Chains",
            key=self.key,
            removal=removal,
            access_logs=self.drops.access_logs,
            final=environment.audit_final,
        )
        self.contacts = Contacts(self, "Delivery", key=self.key, sender_identity=environment.sender_identity)
        self.entrance = Entrance(
            self,
            "Office",
            console_url=environment.console_url,
            token_minutes=environment.token_minutes,
            removal=removal,
            deletion_protection=environment.deletion_protection,
            identity_providers=environment.identity_providers,
            sign_in_domain=f"{environment.stack_name}-{self.account}",  # unique in the whole region
            machines=environment.machines,
            fips=environment.uses_fips,
        )
        self._guard_records(environment)
        self.operations = OperationsTopic(
            Construct(self, "Alarms"),
            "Operations",
            email=environment.alarm_email,
            record_keys=(self.key, self.juveniles_key),
            removal=removal,
        )
        if self.backups:
            self.operations.notify_of_failed_backups()

    def _guard_records(self, environment: Environment) -> None:
        """Who is signed in at the console is no record. Juveniles' records are in no backup: a vault has one key, and
        they have their own. What is lost of them the agencies send again."""
        records = [table for name, table in self.tables.all().items() if name != "Sessions"]
        self.backups = (
            Backups(
                self,
                "Backups",
                key=self.key,
                tables=[table for table in records if table is not self.tables.juveniles],
                days=environment.backup_days,
                other_vault=environment.backup_vault,
                removal=environment.removal,
            )
            if environment.backup_days
            else None
        )
        self.trail = (
            Trail(
                self,
                "Trails",
                key=self.key,
                logs=self.drops.access_logs,
                buckets=[self.drops.bucket, self.drops.copies_bucket, self.audit_bucket],
                tables=records,
            )
            if environment.trail
            else None
        )
