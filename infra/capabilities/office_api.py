"""The prosecutors' way in: HTTP API -> office_api, behind the tokens of the user pool."""

import json
from collections.abc import Sequence
from pathlib import Path

from aws_cdk import Duration
from aws_cdk import aws_apigatewayv2 as http
from aws_cdk import aws_apigatewayv2_authorizers as authorizers
from aws_cdk import aws_apigatewayv2_integrations as integrations
from aws_cdk import aws_cognito as cognito
from aws_cdk import aws_iam as iam
from aws_cdk import aws_logs as logs
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_secretsmanager as secretsmanager
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from infra.blocks.access import (
    BATCH_GET,
    DELETE_ITEM,
    GET_ITEM,
    GET_OBJECT,
    GET_SECRET,
    LIST_BUCKET,
    LIST_VERSIONS,
    PUT_ITEM,
    PUT_OBJECT,
    QUERY,
    SCAN,
    SEND,
    UPDATE_ITEM,
    allow,
    environment_of,
    index_of,
)
from infra.blocks.key import use_of
from infra.blocks.l1 import l1_of
from infra.blocks.lambda_function import ProductFunction, SharedResources
from infra.blocks.tables import ALERTS_BY_ARREST, ALERTS_BY_OFFICE, AUDIT_BY_USER, DROPS_BY_TIME, Tables
from infra.capabilities.denials import Denials
from infra.capabilities.sign_in import console_client, federated_client, machine_clients, user_pool
from infra.environments import IdentityProvider, MachineClient

ROUTES = json.loads(Path(__file__).parents[1].joinpath("office_api_routes.json").read_text(encoding="utf-8"))
REQUESTS_A_SECOND, BURST = 50, 100
ACCOUNT_ACTIONS = (
    "cognito-idp:AdminGetUser",
    "cognito-idp:AdminDisableUser",
    "cognito-idp:AdminEnableUser",
    "cognito-idp:AdminUserGlobalSignOut",
)
# The access log names the caller by the pool's own id and the route by its pattern: no name, no query.
ACCESS_LOG_FIELDS = (
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
ACCESS_LOG_LINE = json.dumps({field: f"$context.{field}" for field in ACCESS_LOG_FIELDS})


class OfficeApi(Construct):
    """`office_api`, the `api` in front of it, and the user pool with its clients: the console's, one for the identity
    providers if there are any, and one for each machine.

    With `public_documentation` the description of the API needs no token; with `password_sign_in` the console's client
    takes passwords, which only the local cloud needs. `sign_in_domain` must be unique in its region.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        shared: SharedResources,
        tables: Tables,
        secret: secretsmanager.Secret,
        alerts_queue: sqs.Queue,
        feeds_bucket: s3.Bucket,
        copies_bucket: s3.Bucket,
        feed_queue: sqs.Queue,
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
        self._shared, self._tables, self._secret = shared, tables, secret
        self._alerts_queue, self._feed_queue, self._feeds_bucket = alerts_queue, feed_queue, feeds_bucket
        self._copies_bucket = copies_bucket
        token = Duration.minutes(token_minutes)
        self.user_pool = user_pool(self, removal=shared.removal, deletion_protection=deletion_protection)
        self.sign_in = self.user_pool.add_domain(
            "SignInPage", cognito_domain=cognito.CognitoDomainOptions(domain_prefix=sign_in_domain)
        )
        self.client = console_client(self.user_pool, token=token, password_sign_in=password_sign_in)
        self.federated = federated_client(
            self, self.user_pool, providers=identity_providers, console_url=console_url, token=token
        )
        self.machines = machine_clients(self.user_pool, machines=machines, token=token)
        self.office_api = self._office_api(public_documentation=public_documentation)
        self.api = self._api(console_url)
        self.public_routes = self._route(public_documentation=public_documentation)
        self.access_logs = self._access_logs()
        self.stage = self._stage()
        self.denials = Denials(
            self,
            "Denials",
            user_pool=self.user_pool,
            access_logs=self.access_logs,
            retention=shared.log_retention,
            removal=shared.removal,
        )

    @property
    def clients(self) -> list[cognito.UserPoolClient]:
        """Those whose tokens the API takes."""
        return [self.client, *([self.federated] if self.federated else []), *self.machines.values()]

    @property
    def token_url(self) -> str:
        """Where a machine gets its tokens."""
        return f"{self.sign_in.base_url()}/oauth2/token"

    def _office_api(self, *, public_documentation: bool) -> ProductFunction:
        tables, shared = self._tables, self._shared
        return ProductFunction(
            self,
            "OfficeApi",
            name="office_api",
            shared=shared,
            timeout=Duration.seconds(29),  # a backtest; the HTTP API waits no longer than 30
            memory=1769,  # one whole vCPU
            layers=[shared.matching, shared.policy, shared.feeds],
            environment=environment_of(
                subscriptions_table=tables.subscriptions,
                offices_table=tables.offices,
                alerts_table=tables.alerts,
                arrests_table=tables.arrests,
                audit_table=tables.audit,
                agencies_table=tables.agencies,
                feeds_bucket=self._feeds_bucket,
                copies_bucket=self._copies_bucket,
                feed_queue=self._feed_queue,
                alerts_queue=self._alerts_queue,
                pseudonym_secret=self._secret,
                token_url=self.token_url,
                user_pool=self.user_pool,
                public_documentation=public_documentation,
            ),
            grants=self._grants(),
        )

    def _grants(self) -> list[iam.PolicyStatement]:
        tables, drops = self._tables, self._feeds_bucket.arn_for_objects
        return [
            allow([GET_ITEM, BATCH_GET, QUERY, PUT_ITEM, UPDATE_ITEM, DELETE_ITEM], tables.subscriptions),
            allow([GET_ITEM, BATCH_GET], tables.offices, tables.arrests, tables.alerts),
            allow([SCAN], tables.arrests),  # for a backtest
            allow([PUT_ITEM], tables.alerts),  # a confirmed review becomes an alert
            allow([PUT_ITEM, QUERY, BATCH_GET], tables.audit),
            allow([QUERY], index_of(tables.audit, AUDIT_BY_USER)),
            allow([SEND], self._alerts_queue, self._feed_queue),
            # An agency's people: its profile and drops, what they enter or upload, its rejects.
            allow([GET_ITEM, PUT_ITEM, UPDATE_ITEM], tables.agencies),
            allow([QUERY], index_of(tables.agencies, DROPS_BY_TIME)),
            allow([PUT_OBJECT], drops("*/in/*"), drops("*/entered/*")),
            allow([GET_OBJECT], drops("*/rejects/*")),
            allow([GET_OBJECT], *(self._copies_bucket.arn_for_objects(keys) for keys in ("raw/*", "clean/*"))),
            allow([LIST_BUCKET], self._copies_bucket),
            allow([LIST_VERSIONS], self._feeds_bucket),  # whether a drop's file is still there
            allow(
                [QUERY],
                tables.alerts,
                index_of(tables.alerts, ALERTS_BY_OFFICE),
                index_of(tables.alerts, ALERTS_BY_ARREST),
            ),
            allow([BATCH_GET, UPDATE_ITEM], tables.alerts),
            allow([GET_SECRET], self._secret),
            allow(ACCOUNT_ACTIONS, self.user_pool),  # of a user who is removed, or let in again
            use_of(self._shared.key, through=("s3", "sqs", "dynamodb", "secretsmanager"), writes_tables=True),
        ]

    def _api(self, console_url: str) -> http.HttpApi:
        method = http.CorsHttpMethod
        return http.HttpApi(
            self,
            "Api",
            create_default_stage=False,
            description="Arrest Alert: subscriptions and alerts of an office",
            cors_preflight=http.CorsPreflightOptions(
                allow_origins=[console_url],
                allow_headers=["authorization", "content-type", "purpose", "idempotency-key", "if-match"],
                expose_headers=["etag", "idempotent-replayed"],
                allow_methods=[method.GET, method.POST, method.PUT, method.DELETE],
                max_age=Duration.hours(1),
            ),
        )

    def _route(self, *, public_documentation: bool) -> list[http.HttpRoute]:
        """Adds every route. Returns those that need no token."""
        function = integrations.HttpLambdaIntegration(
            "OfficeApi", self.office_api.function, scope_permission_to_route=False
        )
        people = authorizers.HttpUserPoolAuthorizer("People", self.user_pool, user_pool_clients=self.clients)
        nobody = http.HttpNoneAuthorizer()
        authorizer_of: dict[str, http.IHttpRouteAuthorizer] = {
            "signed in": people,
            "signed link": nobody,
            "documentation": nobody if public_documentation else people,
        }
        public: list[http.HttpRoute] = []
        for route in ROUTES:
            methods = [http.HttpMethod(method) for method in route["methods"]]
            authorizer = authorizer_of[route["entry"]]
            added = self.api.add_routes(
                path=route["path"], methods=methods, integration=function, authorizer=authorizer
            )
            public.extend(added if authorizer is nobody else ())
        return public

    def _access_logs(self) -> logs.LogGroup:
        return logs.LogGroup(
            self,
            "AccessLogs",
            encryption_key=self._shared.key,
            retention=self._shared.log_retention,
            removal_policy=self._shared.removal,
        )

    def _stage(self) -> http.HttpStage:
        stage = http.HttpStage(
            self,
            "Stage",
            http_api=self.api,
            stage_name="$default",
            auto_deploy=True,
            detailed_metrics_enabled=True,
            throttle=http.ThrottleSettings(rate_limit=REQUESTS_A_SECOND, burst_limit=BURST),
        )
        l1_of(stage, http.CfnStage).access_log_settings = http.CfnStage.AccessLogSettingsProperty(
            destination_arn=self.access_logs.log_group_arn, format=ACCESS_LOG_LINE
        )
        return stage
