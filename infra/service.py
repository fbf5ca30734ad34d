"""The stack of what a release replaces: the capabilities, and the outputs by which the outside finds everything.

It refers to the state and holds nothing that a release may not lose: what waits in its queues the sweeps put back.
"""

from aws_cdk import CfnOutput, Duration, Stack
from aws_cdk import Environment as Account
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from infra.alarms.alarms import Alarms
from infra.alarms.budget import monthly_budget
from infra.blocks.lambda_function import ProductFunction, SharedResources, layer, product_code, release
from infra.capabilities.alert_delivery import AlertDelivery
from infra.capabilities.audit_trail import AuditTrail
from infra.capabilities.console import Console
from infra.capabilities.exports import Exports
from infra.capabilities.feed_intake import FeedIntake
from infra.capabilities.juvenile_records import JuvenileRecords
from infra.capabilities.matching import Matching
from infra.capabilities.office_api import OfficeApi
from infra.capabilities.own_names import OwnNames
from infra.capabilities.purges import Purges
from infra.capabilities.releases import Releases
from infra.capabilities.scheduled_jobs import ScheduledJobs
from infra.environments import Environment
from infra.state import State


class Service(Stack):
    """An environment's services on its `state`. Its outputs name what the state holds as well."""

    def __init__(self, scope: Construct, *, environment: Environment, state: State) -> None:
        super().__init__(
            scope,
            environment.stack_name,
            env=Account(account=environment.account, region=environment.region),
            termination_protection=environment.deletion_protection,
            description=f"Arrest Alert, environment {environment.name}",
        )
        self.state = state
        self._shared = self._shared_resources(environment)
        self.intake = FeedIntake(
            self,
            "Intake",
            shared=self._shared,
            tables=state.tables,
            secrets=state.secrets,
            drops=state.drops,
            juveniles_key=state.juveniles_key,
            audit_bucket=state.audit_bucket,
        )
        self.audit = AuditTrail(self, "Trail", shared=self._shared, tables=state.tables, bucket=state.audit_bucket)
        self.delivery = self._alert_delivery(environment)
        self.matching = Matching(
            self,
            "Matching",
            shared=self._shared,
            tables=state.tables,
            secrets=state.secrets,
            alerts_queue=self.delivery.alert_work.queue,
            audit_bucket=state.audit_bucket,
        )
        self.purges = Purges(
            self,
            "Retention",
            shared=self._shared,
            tables=state.tables,
            secrets=state.secrets,
            feeds_bucket=state.drops.bucket,
            copies_bucket=state.drops.copies_bucket,
            audit_bucket=state.audit_bucket,
            juveniles_key=state.juveniles_key,
        )
        self.juveniles = JuvenileRecords(
            self,
            "Juveniles",
            shared=self._shared,
            tables=state.tables,
            secrets=state.secrets,
            juveniles_key=state.juveniles_key,
        )
        self.exports = Exports(
            self,
            "RecordsRequests",
            shared=self._shared,
            tables=state.tables,
            secrets=state.secrets,
            copies_bucket=state.drops.copies_bucket,
        )
        self.office = self._office_api(environment)
        self.scheduled = self._scheduled_jobs(environment)
        self.names = OwnNames(self, "Names", shared=self._shared, tables=state.tables, missed=self.scheduled.missed)
        self.pages = Console(
            self,
            "Pages",
            shared=self._shared,
            tables=state.tables,
            office=self.office,
            entrance=state.entrance,
            reserved=environment.reserved_for_people,
        )
        self.alarms = self._alarms()
        self.releases = Releases(
            self,
            "Releases",
            gradual=[self.office.office_api, self.pages.console],
            alarms=self.alarms.about(self.office.office_api, self.pages.console),
        )
        if environment.dollars_a_month and environment.place.has_budgets:
            monthly_budget(
                self,
                "Budget",
                environment=environment.name,
                dollars=environment.dollars_a_month,
                email=environment.alarm_email,
            )
        self._output()

    @property
    def functions(self) -> list[ProductFunction]:
        return [
            self.intake.receive_feed,
            self.matching.match_arrests,
            self.delivery.send_alerts,
            self.delivery.record_delivery_events,
            self.scheduled.scheduled_jobs,
            self.office.office_api,
            self.pages.console,
            self.audit.chain_audit,
            self.purges.purge_records,
            self.exports.export_records,
            self.juveniles.open_juvenile_records,
            self.names.learn_names,
        ]

    def _shared_resources(self, environment: Environment) -> SharedResources:
        return SharedResources(
            key=self.state.key,
            code=product_code(),
            core=layer(self, "CoreLayer", group="core"),
            feeds=layer(self, "FeedsLayer", group="feeds"),
            matching=layer(self, "MatchingLayer", group="matching"),
            policy=layer(self, "PolicyLayer", group="policy"),
            console=layer(self, "ConsoleLayer", group="console"),
            log_retention=environment.log_retention,
            log_level=environment.log_level,
            removal=environment.removal,
            workers=environment.workers,
            fips=environment.uses_fips,
            release=release(),
            snap_start=environment.place.has_snap_start,
        )

    def _alert_delivery(self, environment: Environment) -> AlertDelivery:
        return AlertDelivery(
            self,
            "Delivery",
            shared=self._shared,
            tables=self.state.tables,
            secrets=self.state.secrets,
            contacts=self.state.contacts,
            console_url=self.state.entrance.console_url,
            sender=environment.sender,
            mail_sandbox=environment.mail_sandbox,
            claim_lease_seconds=environment.claim_lease_seconds,
            mails_a_second=environment.mails_a_second,
            texts_a_second=environment.texts_a_second,
        )

    def _scheduled_jobs(self, environment: Environment) -> ScheduledJobs:
        return ScheduledJobs(
            self,
            "House",
            shared=self._shared,
            tables=self.state.tables,
            feeds_bucket=self.state.drops.bucket,
            feed_queue=self.state.drops.work.queue,
            alerts_queue=self.delivery.alert_work.queue,
            canary_interval=Duration.minutes(environment.canary_minutes),
            purges_queue=self.purges.work.queue,
            user_pool=self.state.entrance.user_pool,
            sign_in_log=self.office.denials.sign_ins,
        )

    def _office_api(self, environment: Environment) -> OfficeApi:
        return OfficeApi(
            self,
            "Office",
            shared=self._shared,
            tables=self.state.tables,
            secrets=self.state.secrets,
            alerts_queue=self.delivery.alert_work.queue,
            feeds_bucket=self.state.drops.bucket,
            exports_queue=self.exports.work.queue,
            copies_bucket=self.state.drops.copies_bucket,
            feed_queue=self.state.drops.work.queue,
            entrance=self.state.entrance,
            open_juvenile_records=self.juveniles.open_juvenile_records.live,
            public_documentation=environment.public_documentation,
            reserved=environment.reserved_for_people,
        )

    def _alarms(self) -> Alarms:
        return Alarms(
            self,
            "Alarms",
            operations=self.state.operations.topic,
            functions=self.functions,
            queues=self._queues(),
            dead_letters=self._dead_letters(),
            stream_readers=[self.matching.match_arrests, self.audit.chain_audit],
            api=self.office.api,
            api_function=self.office.office_api,
            denials=self.office.denials.all,
            tables=self.state.tables.all(),
            topics=self.delivery.topics,
            large_drops=self.intake.large_drops.machine,
        )

    def _queues(self) -> dict[str, sqs.Queue]:
        return {
            "Feeds": self.state.drops.work.queue,
            "Alerts": self.delivery.alert_work.queue,
            "ProviderEvents": self.delivery.event_work.queue,
            "Purges": self.purges.work.queue,
            "Exports": self.exports.work.queue,
        }

    def _dead_letters(self) -> dict[str, sqs.Queue]:
        return {
            "Feeds": self.state.drops.work.dead_letter,
            "Alerts": self.delivery.alert_work.dead_letter,
            "ProviderEvents": self.delivery.event_work.dead_letter,
            "Purges": self.purges.work.dead_letter,
            "Exports": self.exports.work.dead_letter,
            "Unmatched": self.matching.unmatched,
            "Unchained": self.audit.unchained,
            "Housekeeping": self.scheduled.missed,
        }

    def _output(self) -> None:
        """Writes the outputs: their names are read by the `arrest-alert` commands, by tests and by people."""
        outputs = {
            "FeedsBucket": self.state.drops.bucket.bucket_name,
            "CopiesBucket": self.state.drops.copies_bucket.bucket_name,
            "LargeDrops": self.intake.large_drops.machine.state_machine_arn,
            "AuditBucket": self.state.audit_bucket.bucket_name,
            "AlertsTopicArn": self.state.contacts.topic.topic_arn,
            "OperationsTopicArn": self.state.operations.topic.topic_arn,
            "TextReportsRole": self.delivery.text_reports.role_arn,
            "ConfigurationSet": self.delivery.configuration_set.configuration_set_name,
            "KeyArn": self.state.key.key_arn,
            "JuvenilesKeyArn": self.state.juveniles_key.key_arn,
        }
        outputs |= self.state.secrets.outputs()
        outputs |= self._ways_in()
        outputs |= {f"{name}Table": table.table_name for name, table in self.state.tables.all().items()}
        outputs |= {f"{name}Queue": queue.queue_url for name, queue in self._queues().items()}
        outputs |= {f"{name}DeadLetter": queue.queue_url for name, queue in self._dead_letters().items()}
        outputs |= {f"{function.node.id}Function": function.function.function_name for function in self.functions}
        for name, value in outputs.items():
            CfnOutput(self, name, value=value)

    def _ways_in(self) -> dict[str, str]:
        entrance = self.state.entrance
        machines = {name: client.user_pool_client_id for name, client in entrance.machines.items()}
        ways_in = {
            "ApiUrl": entrance.api.api_endpoint,
            "ApiId": entrance.api.api_id,
            "UserPoolId": entrance.user_pool.user_pool_id,
            "UserPoolClientId": entrance.people.console.user_pool_client_id,
            "ConsoleUrl": entrance.console_url,
            "SignInUrl": entrance.sign_in_url,
            "TokenUrl": entrance.token_url,
            "Machines": self.to_json_string(machines),
        }
        if entrance.people.federated:
            ways_in["FederatedClientId"] = entrance.people.federated.user_pool_client_id
        if self.state.agencies.sftp:
            ways_in["SftpServer"] = self.state.agencies.sftp.attr_server_id
        return ways_in
