"""Who was not let in: Cognito's sign-ins that failed, and the gateway's requests without a valid token or right.

Cognito writes each sign-in into a log group: when, from where, by whom (the pool's own id), with which result. The
gateway's access log has each request with what its authorizer said. A metric filter counts the denials of each, for an
alarm (NIST SP 800-53: AU-2, AU-6, AC-7; Cognito itself locks an account out for longer after each further failure).
"""

from aws_cdk import ArnFormat, RemovalPolicy, Stack
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_cognito as cognito
from aws_cdk import aws_iam as iam
from aws_cdk import aws_logs as logs
from constructs import Construct

from infra.blocks.denial import Denial
from infra.blocks.removal import removal_of_named

DENIALS_NAMESPACE = "ArrestAlert/Denials"  # apart from the product's own metrics, which have a dimension
SIGN_INS_FAILED, REQUESTS_DENIED = "SignInsFailed", "RequestsDenied"
_FAILED_SIGN_IN = '{ $.message.eventResponse = "Fail" }'
_DENIED_REQUEST = '{ ($.status = "401") || ($.status = "403") }'


class Denials(Construct):
    """`sign_ins`, the log of Cognito's sign-ins, and `all`: what there are alarms on."""

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        user_pool: cognito.UserPool,
        access_logs: logs.LogGroup,
        retention: logs.RetentionDays,
        removal: RemovalPolicy,
    ) -> None:
        super().__init__(scope, id_)
        self.sign_ins = self._sign_in_log(retention, removal)
        self._deliver(user_pool)
        self.all = (
            self._count(SIGN_INS_FAILED, self.sign_ins, _FAILED_SIGN_IN),
            self._count(REQUESTS_DENIED, access_logs, _DENIED_REQUEST),
        )

    def _sign_in_log(self, retention: logs.RetentionDays, removal: RemovalPolicy) -> logs.LogGroup:
        """Cognito refuses a log group under a key of ours. A name under /aws/vendedlogs keeps the account's resource
        policy, which AWS extends for each log group that a service writes to, below its limit of 5,120 characters."""
        log_group = logs.LogGroup(
            self,
            "SignIns",
            log_group_name=f"/aws/vendedlogs/cognito/{Stack.of(self).stack_name}",
            retention=retention,
            removal_policy=removal_of_named(removal),
        )
        log_group.add_to_resource_policy(
            iam.PolicyStatement(
                principals=[iam.ServicePrincipal("delivery.logs.amazonaws.com")],
                actions=["logs:CreateLogStream", "logs:PutLogEvents"],
                resources=[f"{self._arn_of(log_group)}:*"],
                conditions={"StringEquals": {"aws:SourceAccount": Stack.of(self).account}},
            )
        )
        return log_group

    def _deliver(self, user_pool: cognito.UserPool) -> None:
        """The events of threat protection, which the pool's feature plan (Plus) includes."""
        configuration = cognito.CfnLogDeliveryConfiguration
        delivery = configuration(
            self,
            "Delivery",
            user_pool_id=user_pool.user_pool_id,
            log_configurations=[
                configuration.LogConfigurationProperty(
                    event_source="userAuthEvents",
                    log_level="INFO",
                    cloud_watch_logs_configuration=configuration.CloudWatchLogsConfigurationProperty(
                        log_group_arn=self._arn_of(self.sign_ins)
                    ),
                )
            ],
        )
        delivery.node.add_dependency(self.sign_ins.node.find_child("Policy"))  # the log group itself is referred to

    def _arn_of(self, log_group: logs.LogGroup) -> str:
        """Without the `:*` that CloudFormation adds to the attribute: Cognito takes it without."""
        return Stack.of(self).format_arn(
            service="logs",
            resource="log-group",
            resource_name=log_group.log_group_name,
            arn_format=ArnFormat.COLON_RESOURCE_NAME,
        )

    def _count(self, name: str, log_group: logs.LogGroup, pattern: str) -> Denial:
        logs.MetricFilter(
            self,
            name,
            log_group=log_group,
            filter_pattern=logs.FilterPattern.literal(pattern),
            metric_namespace=DENIALS_NAMESPACE,
            metric_name=name,
            metric_value="1",
        )
        metric = cloudwatch.Metric(namespace=DENIALS_NAMESPACE, metric_name=name)
        return Denial(name=name, metric=metric, log_group=log_group)
