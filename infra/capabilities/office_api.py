"""The prosecutors' door: HTTP API -> office_api, behind the user pool's tokens."""

import json
from collections.abc import Sequence

from aws_cdk import Duration, RemovalPolicy
from aws_cdk import aws_apigatewayv2 as http
from aws_cdk import aws_apigatewayv2_authorizers as authorizers
from aws_cdk import aws_apigatewayv2_integrations as integrations
from aws_cdk import aws_cognito as cognito
from aws_cdk import aws_logs as logs
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_secretsmanager as secretsmanager
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from infra.blocks.key import use_of
from infra.blocks.lambda_function import ProductFunction, SharedResources, allow
from infra.blocks.tables import ALERTS_BY_ARREST, ALERTS_BY_OFFICE, AUDIT_BY_USER, DROPS_BY_TIME, Tables
from infra.capabilities.sign_in import federated_client, machine_clients
from infra.environments import IdentityProvider, MachineClient

GET, POST, PUT, DELETE = http.HttpMethod.GET, http.HttpMethod.POST, http.HttpMethod.PUT, http.HttpMethod.DELETE
ROUTES = {
    "/v1/subscriptions": [POST, GET],
    "/v1/subscriptions/{id}": [GET, PUT, DELETE],
    "/v1/subscriptions/validations": [POST],
    "/v1/subscriptions/cancellations": [POST],
    "/v1/subscriptions/{id}/recipients": [POST],
    "/v1/subscriptions/{id}/others": [GET],
    "/v1/subscriptions/{id}/validate": [POST],
    "/v1/subscriptions/{id}/renew": [POST],
    "/v1/subscriptions/{id}/uncancel": [POST],
    "/v1/uploads/preview": [POST],
    "/v1/uploads": [POST],
    "/v1/lists/{kind}": [POST],
    "/v1/backtest": [POST],
    "/v1/users": [GET, POST],
    "/v1/users/{email}": [PUT, DELETE],
    "/v1/users/{email}/recertification": [POST],
    "/v1/reports/recertification": [GET],
    "/v1/folders": [GET, POST],
    "/v1/folders/{id}": [GET, PUT, DELETE],
    "/v1/folders/{id}/archive": [POST, DELETE],
    "/v1/folders/{id}/roles/{email}": [PUT, DELETE],
    "/v1/alerts": [GET],
    "/v1/alerts/{id}": [GET],
    "/v1/alerts/{id}/acknowledgement": [PUT],
    "/v1/alerts/{id}/verdict": [PUT],
    "/v1/alerts/{id}/recall": [POST],
    "/v1/arrests/search": [POST],
    "/v1/arrests/{id}": [GET],
    "/v1/arrests/{id}/history": [GET],
    "/v1/reviews": [GET],
    "/v1/reviews/{id}": [GET],
    "/v1/reviews/{id}/confirm": [POST],
    "/v1/reviews/{id}/dismiss": [POST],
    "/v1/me": [GET],
    "/v1/me/preferences": [GET, PUT],
    "/v1/reports/noise": [GET],
    "/v1/reports/folders": [GET],
    "/v1/reports/areas": [GET],
    "/v1/reports/acknowledgements": [GET],
    "/v1/reports/lapsing": [GET],
    "/v1/reports/users": [GET],
    "/v1/reports/delivery-times": [GET],
    "/v1/agreements": [GET],
    "/v1/agencies/{id}": [GET],
    "/v1/agencies/{id}/profile": [GET, PUT],
    "/v1/agencies/{id}/drops": [GET],
    "/v1/agencies/{id}/drops/{drop}": [GET],
    "/v1/agencies/{id}/drops/{drop}/rejects": [GET],
    "/v1/agencies/{id}/drops/{drop}/release": [POST],
    "/v1/agencies/{id}/drops/{drop}/discard": [POST],
    "/v1/agencies/{id}/drops/{drop}/replay": [POST],
    "/v1/agencies/{id}/uploads": [POST],
    "/v1/agencies/{id}/dry-run": [POST],
    "/v1/agencies/{id}/arrests": [POST],
    "/v1/agencies/{id}/seals": [POST],
    "/v1/audit": [GET],
    "/v1/audit/search": [POST],
    "/v1/audit/tellings": [GET],
    "/v1/audit/reviews": [GET],
    "/v1/audit/reviews/{week}": [POST],
}
SIGNED = {"/v1/links/{token}": [GET, POST]}  # the link itself says who made it and what for: no sign-in
DOCUMENTATION = ("/v1/openapi.json", "/v1/swagger")
REQUESTS_A_SECOND, BURST = 50, 100
ACCESS_LOG_LINE = json.dumps(
    {
        fact: f"$context.{fact}"
        for fact in (
            "requestId",
            "requestTime",
            "routeKey",
            "status",
            "responseLatency",
            "integrationErrorMessage",
            "authorizer.error",
            "authorizer.claims.sub",
            "identity.sourceIp",
        )
    }
)


class OfficeApi(Construct):
    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        foundation: SharedResources,
        tables: Tables,
        secret: secretsmanager.ISecret,
        alerts_queue: sqs.IQueue,
        feeds_bucket: s3.IBucket,
        feed_queue: sqs.IQueue,
        console_url: str,
        public_documentation: bool,
        password_sign_in: bool,
        token_minutes: int,
        deletion_protection: bool,
        identity_providers: Sequence[IdentityProvider],
        sign_in_domain: str,
        machines: Sequence[MachineClient],
    ) -> None:
        super().__init__(scope, id_)
        self.user_pool = self._user_pool(foundation.removal, deletion_protection=deletion_protection)
        self.sign_in = self.user_pool.add_domain(
            "SignInPage", cognito_domain=cognito.CognitoDomainOptions(domain_prefix=sign_in_domain)
        )
        self.client = self._client(Duration.minutes(token_minutes), password_sign_in=password_sign_in)
        self.federated = (
            [
                federated_client(
                    self,
                    self.user_pool,
                    providers=identity_providers,
                    console_url=console_url,
                    token=Duration.minutes(token_minutes),
                )
            ]
            if identity_providers
            else []
        )
        self.machines = machine_clients(self.user_pool, machines=machines, token=Duration.minutes(token_minutes))
        self.clients = [self.client, *self.federated, *self.machines.values()]
        self.office_api = self._function(
            foundation,
            tables,
            secret,
            alerts_queue,
            feeds_bucket=feeds_bucket,
            feed_queue=feed_queue,
            public_documentation=public_documentation,
        )
        self.api = http.HttpApi(
            self,
            "Api",
            create_default_stage=False,
            description="Arrest Alert: subscriptions and alerts of an office",
            cors_preflight=http.CorsPreflightOptions(
                allow_origins=[console_url],
                allow_headers=["authorization", "content-type", "purpose", "idempotency-key", "if-match"],
                expose_headers=["etag", "idempotent-replayed"],
                allow_methods=[
                    http.CorsHttpMethod.GET,
                    http.CorsHttpMethod.POST,
                    http.CorsHttpMethod.PUT,
                    http.CorsHttpMethod.DELETE,
                ],
                max_age=Duration.hours(1),
            ),
        )
        self.public_routes = self._route(public_documentation=public_documentation)
        self.stage = self._stage(foundation)

    @property
    def token_url(self) -> str:
        """Where a machine gets its tokens."""
        return f"{self.sign_in.base_url()}/oauth2/token"

    def _user_pool(self, removal: RemovalPolicy, *, deletion_protection: bool) -> cognito.UserPool:
        return cognito.UserPool(
            self,
            "People",
            self_sign_up_enabled=False,
            sign_in_aliases=cognito.SignInAliases(email=True),
            sign_in_case_sensitive=False,
            removal_policy=removal,
            deletion_protection=deletion_protection,
            mfa=cognito.Mfa.REQUIRED,
            mfa_second_factor=cognito.MfaSecondFactor(otp=True, sms=False),
            account_recovery=cognito.AccountRecovery.EMAIL_ONLY,
            password_policy=cognito.PasswordPolicy(
                min_length=14,
                require_lowercase=True,
                require_uppercase=True,
                require_digits=True,
                require_symbols=True,
                temp_password_validity=Duration.days(3),
            ),
            feature_plan=cognito.FeaturePlan.PLUS,
            standard_threat_protection_mode=cognito.StandardThreatProtectionMode.FULL_FUNCTION,
            custom_attributes={
                "office": cognito.StringAttribute(min_len=1, max_len=64, mutable=True),
                # of who comes from an identity provider: what it says of its agency, and of a second factor
                "ori": cognito.StringAttribute(max_len=9, mutable=True),
                "mfa": cognito.StringAttribute(max_len=5, mutable=True),
            },
        )

    def _client(self, token: Duration, *, password_sign_in: bool) -> cognito.UserPoolClient:
        """The id token is the bearer: it carries the office, which the person can read and never write."""
        readable = cognito.ClientAttributes().with_standard_attributes(email=True, email_verified=True)
        return self.user_pool.add_client(
            "Console",
            generate_secret=False,
            disable_o_auth=True,
            prevent_user_existence_errors=True,
            enable_token_revocation=True,
            auth_flows=cognito.AuthFlow(user_srp=True, user_password=password_sign_in),
            id_token_validity=token,
            access_token_validity=token,
            refresh_token_validity=Duration.hours(8),
            read_attributes=readable.with_custom_attributes("office"),
            # An empty list would mean "all": one harmless attribute keeps the office and the address out of reach.
            write_attributes=cognito.ClientAttributes().with_standard_attributes(locale=True),
        )

    def _function(
        self,
        foundation: SharedResources,
        tables: Tables,
        secret: secretsmanager.ISecret,
        alerts_queue: sqs.IQueue,
        *,
        feeds_bucket: s3.IBucket,
        feed_queue: sqs.IQueue,
        public_documentation: bool,
    ) -> ProductFunction:
        return ProductFunction(
            self,
            "OfficeApi",
            name="office_api",
            foundation=foundation,
            timeout=Duration.seconds(29),  # a backtest; the HTTP API waits no longer than 30
            memory=1769,  # one whole core
            layers=[foundation.matching, foundation.policy, foundation.feeds],
            settings={
                "SUBSCRIPTIONS_TABLE": tables.subscriptions.table_name,
                "OFFICES_TABLE": tables.offices.table_name,
                "ALERTS_TABLE": tables.alerts.table_name,
                "ARRESTS_TABLE": tables.arrests.table_name,
                "AUDIT_TABLE": tables.audit.table_name,
                "AGENCIES_TABLE": tables.agencies.table_name,
                "FEEDS_BUCKET": feeds_bucket.bucket_name,
                "FEED_QUEUE": feed_queue.queue_url,
                "ALERTS_QUEUE": alerts_queue.queue_url,
                "PSEUDONYM_SECRET": secret.secret_arn,
                "TOKEN_URL": self.token_url,
                "USER_POOL": self.user_pool.user_pool_id,
                "PUBLIC_DOCUMENTATION": str(public_documentation).lower(),
            },
            statements=[
                allow(
                    [
                        "dynamodb:GetItem",
                        "dynamodb:BatchGetItem",
                        "dynamodb:Query",
                        "dynamodb:PutItem",
                        "dynamodb:UpdateItem",
                        "dynamodb:DeleteItem",
                    ],
                    tables.subscriptions.table_arn,
                ),
                allow(
                    ["dynamodb:GetItem", "dynamodb:BatchGetItem"],
                    tables.offices.table_arn,
                    tables.arrests.table_arn,
                    tables.alerts.table_arn,
                ),
                allow(["dynamodb:Scan"], tables.arrests.table_arn),  # a backtest reads them all
                allow(["dynamodb:PutItem"], tables.alerts.table_arn),  # a decided review, and what is told of it
                allow(["dynamodb:PutItem", "dynamodb:Query", "dynamodb:BatchGetItem"], tables.audit.table_arn),
                allow(["dynamodb:Query"], f"{tables.audit.table_arn}/index/{AUDIT_BY_USER}"),
                allow(["sqs:SendMessage"], alerts_queue.queue_arn, feed_queue.queue_arn),
                # an agency's side: its profile, its drops, what a person enters or uploads, its rejects
                allow(["dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:UpdateItem"], tables.agencies.table_arn),
                allow(["dynamodb:Query"], f"{tables.agencies.table_arn}/index/{DROPS_BY_TIME}"),
                allow(["s3:PutObject"], feeds_bucket.arn_for_objects("*/in/*")),
                allow(["s3:GetObject"], feeds_bucket.arn_for_objects("*/rejects/*")),
                allow(["s3:ListBucketVersions"], feeds_bucket.bucket_arn),  # is a drop's file kept still?
                allow(
                    ["dynamodb:Query"],
                    tables.alerts.table_arn,
                    tables.index_arn(ALERTS_BY_OFFICE),
                    tables.index_arn(ALERTS_BY_ARREST),
                ),
                allow(["dynamodb:BatchGetItem", "dynamodb:UpdateItem"], tables.alerts.table_arn),
                allow(["secretsmanager:GetSecretValue"], secret.secret_arn),
                allow(  # the account of who is removed, or let in again
                    [
                        "cognito-idp:AdminGetUser",
                        "cognito-idp:AdminDisableUser",
                        "cognito-idp:AdminEnableUser",
                        "cognito-idp:AdminUserGlobalSignOut",
                    ],
                    self.user_pool.user_pool_arn,
                ),
                use_of(foundation.key, through=("s3", "sqs", "dynamodb", "secretsmanager"), writes_tables=True),
            ],
        )

    def _route(self, *, public_documentation: bool) -> list[http.HttpRoute]:
        """Answers the routes that need no token."""
        function = integrations.HttpLambdaIntegration(
            "OfficeApi", self.office_api.function, scope_permission_to_route=False
        )
        people = authorizers.HttpUserPoolAuthorizer("People", self.user_pool, user_pool_clients=self.clients)
        nobody = http.HttpNoneAuthorizer()
        for path, methods in ROUTES.items():
            self.api.add_routes(path=path, methods=methods, integration=function, authorizer=people)
        described = [
            route
            for path in DOCUMENTATION
            for route in self.api.add_routes(
                path=path, methods=[GET], integration=function, authorizer=nobody if public_documentation else people
            )
        ]
        signed = [
            route
            for path, methods in SIGNED.items()
            for route in self.api.add_routes(path=path, methods=methods, integration=function, authorizer=nobody)
        ]
        return [*signed, *(described if public_documentation else [])]

    def _stage(self, foundation: SharedResources) -> http.HttpStage:
        """Access logs name the caller by the pool's own id and the route by its pattern: no name, no query."""
        written = logs.LogGroup(
            self,
            "AccessLogs",
            encryption_key=foundation.key,
            retention=foundation.log_retention,
            removal_policy=foundation.removal,
        )
        stage = http.HttpStage(
            self,
            "Stage",
            http_api=self.api,
            stage_name="$default",
            auto_deploy=True,
            detailed_metrics_enabled=True,
            throttle=http.ThrottleSettings(rate_limit=REQUESTS_A_SECOND, burst_limit=BURST),
        )
        bare = stage.node.default_child
        if not isinstance(bare, http.CfnStage):
            raise TypeError("the stage belongs to this stack")
        bare.access_log_settings = http.CfnStage.AccessLogSettingsProperty(
            destination_arn=written.log_group_arn, format=ACCESS_LOG_LINE
        )
        return stage
