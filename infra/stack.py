"""The whole product in one stack: this page only puts the parts together and says what the outside may ask for."""

from aws_cdk import CfnOutput, Stack
from aws_cdk import Environment as Account
from aws_cdk import aws_secretsmanager as secretsmanager
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from infra.alarms.alarms import Alarms
from infra.blocks.key import ProductKey
from infra.blocks.lambda_function import SharedResources, layer, product_code
from infra.blocks.tables import Tables
from infra.capabilities.alert_delivery import AlertDelivery
from infra.capabilities.audit_trail import AuditTrail
from infra.capabilities.feed_intake import FeedIntake
from infra.capabilities.matching import Matching
from infra.capabilities.office_api import OfficeApi
from infra.capabilities.scheduled_jobs import ScheduledJobs
from infra.environments import Environment


class ArrestAlert(Stack):
    def __init__(self, scope: Construct, *, environment: Environment) -> None:
        super().__init__(
            scope,
            environment.stack_name,
            env=Account(account=environment.account, region=environment.region),
            termination_protection=environment.deletion_protection,
            description=f"Arrest Alert, environment {environment.name}",
        )
        self.key = ProductKey(self, "Key", removal=environment.removal).key
        foundation = SharedResources(
            key=self.key,
            code=product_code(),
            core=layer(self, "CoreLayer", group="core"),
            feeds=layer(self, "FeedsLayer", group="feeds"),
            matching=layer(self, "MatchingLayer", group="matching"),
            policy=layer(self, "PolicyLayer", group="policy"),
            log_retention=environment.log_retention,
            log_level=environment.log_level,
            removal=environment.removal,
            workers=environment.workers,
        )
        self.secret = self._pseudonym_secret(environment)
        self.tables = Tables(
            self,
            "Tables",
            key=self.key,
            removal=environment.removal,
            deletion_protection=environment.deletion_protection,
        )
        self.intake = FeedIntake(self, "Intake", foundation=foundation, tables=self.tables, secret=self.secret)
        self.audit = AuditTrail(
            self,
            "Trail",
            foundation=foundation,
            tables=self.tables,
            access_logs=self.intake.access_logs,
            final=environment.audit_final,
        )
        self.delivery = AlertDelivery(
            self,
            "Delivery",
            foundation=foundation,
            tables=self.tables,
            sender=environment.sender,
            sender_identity=environment.sender_identity,
            console_url=environment.console_url,
            claim_lease_seconds=environment.claim_lease_seconds,
            mails_a_second=environment.mails_a_second,
            texts_a_second=environment.texts_a_second,
            secret=self.secret,
        )
        self.matching = Matching(
            self,
            "Matching",
            foundation=foundation,
            tables=self.tables,
            secret=self.secret,
            alerts_queue=self.delivery.work.queue,
        )
        self.scheduled = ScheduledJobs(
            self,
            "House",
            foundation=foundation,
            tables=self.tables,
            feeds_bucket=self.intake.bucket,
            feed_queue=self.intake.work.queue,
            alerts_queue=self.delivery.work.queue,
        )
        self.office = OfficeApi(
            self,
            "Office",
            foundation=foundation,
            tables=self.tables,
            secret=self.secret,
            alerts_queue=self.delivery.work.queue,
            feeds_bucket=self.intake.bucket,
            feed_queue=self.intake.work.queue,
            console_url=environment.console_url,
            public_documentation=environment.public_documentation,
            password_sign_in=environment.password_sign_in,
            token_minutes=environment.token_minutes,
            deletion_protection=environment.deletion_protection,
            identity_providers=environment.identity_providers,
            sign_in_domain=f"{environment.stack_name}-{self.account}",  # one of a kind in the whole region
            machines=environment.machines,
        )
        self.functions = [
            self.intake.receive_feed,
            self.matching.match_arrests,
            self.delivery.send_alerts,
            self.delivery.record_delivery_events,
            self.scheduled.scheduled_jobs,
            self.office.office_api,
            self.audit.chain_audit,
        ]
        self.alarms = Alarms(
            self,
            "Alarms",
            key=self.key,
            email=environment.alarm_email,
            functions=self.functions,
            queues=self._queues(),
            dead_letters=self._dead_letters(),
            stream_readers=[self.matching.match_arrests, self.audit.chain_audit],
            api=self.office.api,
            api_function=self.office.office_api,
        )
        self._say()

    def _pseudonym_secret(self, environment: Environment) -> secretsmanager.Secret:
        return secretsmanager.Secret(
            self,
            "PseudonymSecret",
            encryption_key=self.key,
            removal_policy=environment.removal,
            description="Key of the keyed hashes under which names, identifiers and arrest numbers are indexed",
            generate_secret_string=secretsmanager.SecretStringGenerator(password_length=64, exclude_punctuation=True),
        )

    def _queues(self) -> dict[str, sqs.IQueue]:
        return {
            "Feeds": self.intake.work.queue,
            "Parts": self.intake.parts.queue,
            "Alerts": self.delivery.work.queue,
            "ProviderEvents": self.delivery.provider_events.queue,
        }

    def _dead_letters(self) -> dict[str, sqs.IQueue]:
        return {
            "Feeds": self.intake.work.dead_letter,
            "Parts": self.intake.parts.dead_letter,
            "Alerts": self.delivery.work.dead_letter,
            "ProviderEvents": self.delivery.provider_events.dead_letter,
            "Unmatched": self.matching.unmatched,
            "Unchained": self.audit.unchained,
            "Housekeeping": self.scheduled.missed,
        }

    def _say(self) -> None:
        said = {
            "FeedsBucket": self.intake.bucket.bucket_name,
            "AuditBucket": self.audit.bucket.bucket_name,
            "ApiUrl": self.office.api.api_endpoint,
            "ApiId": self.office.api.api_id,
            "UserPoolId": self.office.user_pool.user_pool_id,
            "UserPoolClientId": self.office.client.user_pool_client_id,
            "TokenUrl": self.office.token_url,
            "Machines": self.to_json_string(
                {name: client.user_pool_client_id for name, client in self.office.machines.items()}
            ),
            "AlertsTopicArn": self.delivery.topic.topic_arn,
            "OperationsTopicArn": self.alarms.topic.topic_arn,
            "TextReportsRole": self.delivery.text_reports.role_arn,
            "ConfigurationSet": self.delivery.configuration_set.configuration_set_name,
            "PseudonymSecretArn": self.secret.secret_arn,
            "KeyArn": self.key.key_arn,
        }
        for federated in self.office.federated:
            said["FederatedClientId"] = federated.user_pool_client_id
        said |= {f"{name}Table": table.table_name for name, table in self.tables.all().items()}
        said |= {f"{name}Queue": queue.queue_url for name, queue in self._queues().items()}
        said |= {f"{name}DeadLetter": queue.queue_url for name, queue in self._dead_letters().items()}
        said |= {f"{function.node.id}Function": function.function.function_name for function in self.functions}
        for name, value in said.items():
            CfnOutput(self, name, value=value)
