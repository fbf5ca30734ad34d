"""Alerts queue -> send_alerts -> SES, SNS; events of SES and SNS -> record_delivery_events."""

from aws_cdk import ArnFormat, Duration, Stack
from aws_cdk import aws_iam as iam
from aws_cdk import aws_ses as ses
from aws_cdk import aws_sns as sns
from constructs import Construct

from infra.blocks.access import (
    BATCH_GET,
    CONSUME,
    GET_ITEM,
    GET_SECRET,
    PUBLISH,
    PUT_ITEM,
    QUERY,
    SEND,
    SEND_EMAIL,
    UPDATE_ITEM,
    allow,
    environment_of,
    index_of,
)
from infra.blocks.key import use_of
from infra.blocks.lambda_function import ProductFunction, SharedResources
from infra.blocks.queues import WorkQueue
from infra.stores.contacts import Contacts
from infra.stores.secrets import Secrets
from infra.stores.tables import ALERTS_BY_ARREST, ALERTS_BY_OFFICE, Tables

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
    """Both functions and their work queues. They send as the identity of `contacts`, and to its topic.

    In a `mail_sandbox` recipients are verified identities. `claim_lease_seconds` is how long a sender's claim on a
    delivery holds; all senders together keep to `mails_a_second` and `texts_a_second`. Messages lead to `console_url`.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        shared: SharedResources,
        tables: Tables,
        secrets: Secrets,
        contacts: Contacts,
        console_url: str,
        sender: str,
        mail_sandbox: bool,
        claim_lease_seconds: int,
        mails_a_second: int,
        texts_a_second: int,
    ) -> None:
        super().__init__(scope, id_)
        self._shared, self._tables, self._secrets, self._contacts = shared, tables, secrets, contacts
        self._sandbox_sender = sender if mail_sandbox else ""
        self.alert_work = self._work_queue("Alerts")
        self.event_work = self._work_queue("ProviderEvents")
        self.mail_events = sns.Topic(self, "MailEvents", master_key=shared.key, enforce_ssl=True)
        self.configuration_set = self._configuration_set()
        self.send_alerts = self._send_alerts(
            environment_of(
                sender=sender,
                console_url=console_url,
                claim_lease_seconds=claim_lease_seconds,
                mails_a_second=mails_a_second,
                texts_a_second=texts_a_second,
            )
        )
        self.record_delivery_events = self._record_delivery_events()
        self.text_reports = self._text_reports()

    @property
    def in_mail_sandbox(self) -> bool:
        return bool(self._sandbox_sender)

    @property
    def topics(self) -> dict[str, sns.Topic]:
        return {"Alerts": self._contacts.topic, "MailEvents": self.mail_events}

    def _work_queue(self, id_: str) -> WorkQueue:
        return WorkQueue(self, id_, key=self._shared.key, removal=self._shared.removal, consumer_timeout=TIMEOUT)

    def _configuration_set(self) -> ses.ConfigurationSet:
        """Every mail is sent with it, so that SES's events of the mail go SES -> topic -> queue."""
        mail = ses.ConfigurationSet(
            self,
            "Mail",
            tls_policy=ses.ConfigurationSetTlsPolicy.REQUIRE,
            reputation_metrics=True,
            suppression_reasons=ses.SuppressionReasons.BOUNCES_AND_COMPLAINTS,
        )
        events = ses.EventDestination.sns_topic(self.mail_events)
        mail.add_event_destination("Events", destination=events, events=MAIL_EVENTS)
        self._subscribe_queue(self.mail_events)
        return mail

    def _subscribe_queue(self, topic: sns.Topic) -> None:
        queue = self.event_work.queue
        queue.add_to_resource_policy(
            iam.PolicyStatement(
                principals=[iam.ServicePrincipal("sns.amazonaws.com")],
                actions=[SEND],
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

    def _send_alerts(self, configured: dict[str, str]) -> ProductFunction:
        tables = self._tables
        function = ProductFunction(
            self,
            "SendAlerts",
            name="send_alerts",
            shared=self._shared,
            layers=[self._shared.matching, self._shared.policy],
            timeout=TIMEOUT,
            memory=512,
            environment=configured
            | environment_of(
                alerts_table=tables.alerts,
                arrests_table=tables.arrests,
                offices_table=tables.offices,
                subscriptions_table=tables.subscriptions,
                configuration_set=self.configuration_set.configuration_set_name,
                alerts_topic=self._contacts.topic,
                links_secret=self._secrets.links,
                webhooks_secret=self._secrets.webhooks,
            ),
            grants=self._sender_grants(),
        )
        function.consume(self.alert_work.queue, batch=10)
        return function

    def _sender_grants(self) -> list[iam.PolicyStatement]:
        tables, stack = self._tables, Stack.of(self)
        configuration_set = stack.format_arn(
            service="ses", resource="configuration-set", resource_name=self.configuration_set.configuration_set_name
        )
        return [
            allow(CONSUME, self.alert_work.queue),
            allow([GET_ITEM, BATCH_GET, QUERY, PUT_ITEM, UPDATE_ITEM], tables.alerts),
            allow([QUERY], index_of(tables.alerts, ALERTS_BY_ARREST)),  # another agency's alerts of the same custody
            allow([QUERY], index_of(tables.alerts, ALERTS_BY_OFFICE)),  # possible matches that wait for a reader
            allow([GET_ITEM], tables.arrests, tables.offices),
            allow([BATCH_GET], tables.arrests),  # of possible matches, for an office that may not have all of them
            allow([BATCH_GET], tables.subscriptions),
            allow([SEND_EMAIL], self._contacts.identity.email_identity_arn, configuration_set),
            *self._recipients_in_sandbox(),
            allow([PUBLISH], self._contacts.topic),
            # A telephone number is no resource: this allows every number and no topic or endpoint.
            iam.PolicyStatement(actions=[PUBLISH], not_resources=[f"arn:{stack.partition}:sns:*:*:*"]),
            allow([GET_SECRET], self._secrets.links, self._secrets.webhooks),
            use_of(self._shared.key, through=("sqs", "sns", "dynamodb", "secretsmanager"), writes_tables=True),
        ]

    def _recipients_in_sandbox(self) -> list[iam.PolicyStatement]:
        """In its sandbox SES asks whether the sender may use the recipient's identity as well (Amazon SES Developer
        Guide, "Troubleshooting", Access Denied). Any verified one may be written to, and only from our address."""
        if not self._sandbox_sender:
            return []
        recipients = Stack.of(self).format_arn(service="ses", resource="identity", resource_name="*")
        from_us = {"StringEquals": {"ses:FromAddress": self._sandbox_sender}}
        return [iam.PolicyStatement(actions=[SEND_EMAIL], resources=[recipients], conditions=from_us)]

    def _record_delivery_events(self) -> ProductFunction:
        tables, queue = self._tables, self.event_work.queue
        function = ProductFunction(
            self,
            "NoteReceipts",
            name="record_delivery_events",
            shared=self._shared,
            timeout=TIMEOUT,
            memory=256,
            dead_letter=self.event_work.dead_letter,
            environment=environment_of(
                alerts_table=tables.alerts, offices_table=tables.offices, provider_events_queue=queue
            ),
            grants=[
                allow(CONSUME, queue),
                allow([SEND], queue),
                allow([GET_ITEM, QUERY, PUT_ITEM, UPDATE_ITEM], tables.alerts),
                allow([GET_ITEM], tables.offices),
                use_of(self._shared.key, through=("sqs", "dynamodb"), writes_tables=True),
            ],
        )
        function.consume(queue, batch=10)
        return function

    def _text_reports(self) -> iam.Role:
        """The role by which SNS writes what became of each text to two log groups of the account, and the permission of
        CloudWatch Logs to hand them to record_delivery_events. The groups, and the account's setting that SNS is to
        write, belong to no stack: `arrest-alert texts` makes them."""
        stack = Stack.of(self)
        groups = stack.format_arn(
            service="logs",
            resource="log-group",
            resource_name=f"sns/{stack.region}/{stack.account}/DirectPublishToPhoneNumber*",
            arn_format=ArnFormat.COLON_RESOURCE_NAME,
        )
        self.record_delivery_events.live.add_permission(
            "TextReports",
            principal=iam.ServicePrincipal("logs.amazonaws.com"),
            source_arn=groups,
            source_account=stack.account,
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
