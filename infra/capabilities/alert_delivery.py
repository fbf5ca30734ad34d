"""Alerts queue -> send_alerts -> SES, SNS; the providers' own events -> record_delivery_events."""

from aws_cdk import ArnFormat, Duration, Stack
from aws_cdk import aws_iam as iam
from aws_cdk import aws_secretsmanager as secretsmanager
from aws_cdk import aws_ses as ses
from aws_cdk import aws_sns as sns
from constructs import Construct

from infra.blocks.key import use_of
from infra.blocks.lambda_function import ProductFunction, SharedResources, allow, consume
from infra.blocks.queues import WorkQueue
from infra.blocks.tables import Tables

TIMEOUT = Duration.seconds(30)
MAIL_EVENTS = [
    ses.EmailSendingEvent.SEND,
    ses.EmailSendingEvent.DELIVERY,
    ses.EmailSendingEvent.BOUNCE,
    ses.EmailSendingEvent.COMPLAINT,
    ses.EmailSendingEvent.REJECT,
    ses.EmailSendingEvent.RENDERING_FAILURE,
    ses.EmailSendingEvent.DELIVERY_DELAY,
]


class AlertDelivery(Construct):
    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        foundation: SharedResources,
        tables: Tables,
        sender: str,
        sender_identity: str,
        console_url: str,
        claim_lease_seconds: int,
        mails_a_second: int,
        texts_a_second: int,
        secret: secretsmanager.ISecret,
    ) -> None:
        super().__init__(scope, id_)
        self._foundation = foundation
        self._tables = tables
        self._secret = secret
        self.work = self._work_queue("Alerts")
        self.provider_events = self._work_queue("ProviderEvents")
        self.topic = sns.Topic(
            self, "AlertsTopic", display_name="Arrest Alert", master_key=foundation.key, enforce_ssl=True
        )
        self.identity = ses.EmailIdentity(self, "Sender", identity=self._identity(sender_identity))
        self.configuration_set = self._mail_with_events()
        self.send_alerts = self._send_alerts(
            {
                "SENDER": sender,
                "CONSOLE_URL": console_url,
                "CLAIM_LEASE_SECONDS": str(claim_lease_seconds),
                "MAILS_A_SECOND": str(mails_a_second),
                "TEXTS_A_SECOND": str(texts_a_second),
            }
        )
        self.record_delivery_events = self._record_delivery_events()
        self.text_reports = self._text_reports()

    def _work_queue(self, id_: str) -> WorkQueue:
        return WorkQueue(
            self, id_, key=self._foundation.key, removal=self._foundation.removal, consumer_timeout=TIMEOUT
        )

    @staticmethod
    def _identity(name: str) -> ses.Identity:
        return ses.Identity.email(name) if "@" in name else ses.Identity.domain(name)

    def _mail_with_events(self) -> ses.ConfigurationSet:
        """What SES says of each mail reaches record_delivery_events: SES -> topic -> queue."""
        mail = ses.ConfigurationSet(
            self,
            "Mail",
            tls_policy=ses.ConfigurationSetTlsPolicy.REQUIRE,
            reputation_metrics=True,
            suppression_reasons=ses.SuppressionReasons.BOUNCES_AND_COMPLAINTS,
        )
        topic = sns.Topic(self, "MailEvents", master_key=self._foundation.key, enforce_ssl=True)
        mail.add_event_destination("Events", destination=ses.EventDestination.sns_topic(topic), events=MAIL_EVENTS)
        queue = self.provider_events.queue
        queue.add_to_resource_policy(
            iam.PolicyStatement(
                principals=[iam.ServicePrincipal("sns.amazonaws.com")],
                actions=["sqs:SendMessage"],
                resources=[queue.queue_arn],
                conditions={"ArnEquals": {"aws:SourceArn": topic.topic_arn}},
            )
        )
        sns.Subscription(
            self,
            "MailEventsToQueue",
            topic=topic,
            protocol=sns.SubscriptionProtocol.SQS,
            endpoint=queue.queue_arn,
            raw_message_delivery=True,
        )
        return mail

    def _send_alerts(self, said: dict[str, str]) -> ProductFunction:
        tables, here = self._tables, Stack.of(self)
        mail = here.format_arn(
            service="ses", resource="configuration-set", resource_name=self.configuration_set.configuration_set_name
        )
        function = ProductFunction(
            self,
            "SendAlerts",
            name="send_alerts",
            foundation=self._foundation,
            layers=[self._foundation.policy],
            timeout=TIMEOUT,
            memory=512,
            settings=said
            | {
                "ALERTS_TABLE": tables.alerts.table_name,
                "ARRESTS_TABLE": tables.arrests.table_name,
                "OFFICES_TABLE": tables.offices.table_name,
                "SUBSCRIPTIONS_TABLE": tables.subscriptions.table_name,
                "CONFIGURATION_SET": self.configuration_set.configuration_set_name,
                "ALERTS_TOPIC": self.topic.topic_arn,
                "PSEUDONYM_SECRET": self._secret.secret_arn,
            },
            statements=[
                consume(self.work.queue),
                allow(
                    [
                        "dynamodb:GetItem",
                        "dynamodb:BatchGetItem",
                        "dynamodb:Query",
                        "dynamodb:PutItem",
                        "dynamodb:UpdateItem",
                    ],
                    tables.alerts.table_arn,
                ),
                allow(["dynamodb:GetItem"], tables.arrests.table_arn, tables.offices.table_arn),
                allow(["dynamodb:BatchGetItem"], tables.subscriptions.table_arn),
                allow(["ses:SendEmail"], self.identity.email_identity_arn, mail),
                allow(["sns:Publish"], self.topic.topic_arn),
                # A telephone number is no resource: this allows numbers and denies every topic and endpoint.
                iam.PolicyStatement(actions=["sns:Publish"], not_resources=[f"arn:{here.partition}:sns:*:*:*"]),
                allow(["secretsmanager:GetSecretValue"], self._secret.secret_arn),
                use_of(self._foundation.key, through=("sqs", "sns", "dynamodb", "secretsmanager"), writes_tables=True),
            ],
        )
        function.take_from(self.work.queue, batch=10)
        return function

    def _record_delivery_events(self) -> ProductFunction:
        alerts = self._tables.alerts
        function = ProductFunction(
            self,
            "NoteReceipts",
            name="record_delivery_events",
            foundation=self._foundation,
            timeout=TIMEOUT,
            memory=256,
            dead_letter=self.provider_events.dead_letter,
            settings={
                "ALERTS_TABLE": alerts.table_name,
                "OFFICES_TABLE": self._tables.offices.table_name,
                "PROVIDER_EVENTS_QUEUE": self.provider_events.queue.queue_url,
            },
            statements=[
                consume(self.provider_events.queue),
                allow(["sqs:SendMessage"], self.provider_events.queue.queue_arn),
                allow(
                    ["dynamodb:GetItem", "dynamodb:Query", "dynamodb:PutItem", "dynamodb:UpdateItem"], alerts.table_arn
                ),
                allow(["dynamodb:GetItem"], self._tables.offices.table_arn),
                use_of(self._foundation.key, through=("sqs", "dynamodb"), writes_tables=True),
            ],
        )
        function.take_from(self.provider_events.queue, batch=10)
        return function

    def _text_reports(self) -> iam.Role:
        """SNS writes what becomes of texts to log groups of the account, which hand it to record_delivery_events. The
        groups, and the account's setting that SNS is to write, belong to no stack: `arrest-alert texts` makes them."""
        here = Stack.of(self)
        groups = here.format_arn(
            service="logs",
            resource="log-group",
            resource_name=f"sns/{here.region}/{here.account}/DirectPublishToPhoneNumber*",
            arn_format=ArnFormat.COLON_RESOURCE_NAME,
        )
        self.record_delivery_events.function.add_permission(
            "TextReports",
            principal=iam.ServicePrincipal("logs.amazonaws.com"),
            source_arn=groups,
            source_account=here.account,
        )
        self.text_reports_policy = iam.ManagedPolicy(
            self,
            "TextReportsPolicy",
            statements=[allow(["logs:CreateLogStream", "logs:PutLogEvents"], groups)],
        )
        return iam.Role(
            self,
            "TextReportsRole",
            description="SNS writes what becomes of text messages",
            assumed_by=iam.ServicePrincipal("sns.amazonaws.com"),
            managed_policies=[self.text_reports_policy],
        )
