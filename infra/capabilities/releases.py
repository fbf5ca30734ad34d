"""How a release reaches people: a tenth of the requests for five minutes, then all, or back on an alarm.

The API and the console alone: their errors show at once, and a caller can ask again. What reads queues and streams
takes the new version for all messages as soon as it is published: a message that fails comes back by itself, and waits
in the dead letter for the next release after ten times, so nothing is spared by failing a tenth. When an alarm goes off
within the five minutes, CodeDeploy moves the alias back, the update of the stack fails, and CloudFormation takes every
other function back to its version before.
"""

from collections.abc import Sequence

from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_codedeploy as codedeploy
from aws_cdk import aws_iam as iam
from constructs import Construct

from infra.blocks.access import allow
from infra.blocks.lambda_function import LIVE, ProductFunction

MOVES_AN_ALIAS = ("lambda:GetAlias", "lambda:UpdateAlias", "lambda:GetProvisionedConcurrencyConfig")


class Releases(Construct):
    """Moves the alias of each of the functions `gradual` a tenth at first. Each of `alarms` takes it back."""

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        gradual: Sequence[ProductFunction],
        alarms: Sequence[cloudwatch.IAlarm],
    ) -> None:
        super().__init__(scope, id_)
        self.policy = iam.ManagedPolicy(
            self,
            "Policy",
            statements=[
                allow(MOVES_AN_ALIAS, *(arn for each in gradual for arn in _arns(each))),
                allow(["cloudwatch:DescribeAlarms"], "*"),  # CodeDeploy asks for them by name
            ],
        )
        role = iam.Role(
            self, "Role", assumed_by=iam.ServicePrincipal("codedeploy.amazonaws.com"), managed_policies=[self.policy]
        ).without_policy_updates()  # the CDK adds a policy of AWS's, for every function of the account
        application = codedeploy.LambdaApplication(self, "Application")
        for function in gradual:
            codedeploy.LambdaDeploymentGroup(
                self,
                function.node.id,
                application=application,
                alias=function.live,
                role=role,
                deployment_config=codedeploy.LambdaDeploymentConfig.CANARY_10_PERCENT_5_MINUTES,
                alarms=list(alarms),
                auto_rollback=codedeploy.AutoRollbackConfig(
                    failed_deployment=True, stopped_deployment=True, deployment_in_alarm=True
                ),
            )


def _arns(function: ProductFunction) -> tuple[str, str]:
    return function.function.function_arn, f"{function.function.function_arn}:{LIVE}"
