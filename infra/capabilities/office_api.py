"""The prosecutors' way in: HTTP API -> office_api, behind the tokens of the user pool."""

import json
from pathlib import Path

from aws_cdk import Duration
from aws_cdk import aws_apigatewayv2 as http
from aws_cdk import aws_apigatewayv2_authorizers as authorizers
from aws_cdk import aws_apigatewayv2_integrations as integrations
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from infra.blocks.l1 import l1_of
from infra.blocks.lambda_function import ProductFunction, SharedResources
from infra.capabilities.denials import Denials
from infra.capabilities.office_access import OfficeAccess
from infra.stores.entrance import Entrance
from infra.stores.secrets import Secrets
from infra.stores.tables import Tables

ROUTES = json.loads(Path(__file__).parents[1].joinpath("office_api_routes.json").read_text(encoding="utf-8"))
REQUESTS_A_SECOND, BURST = 50, 100
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
    """`office_api`, and what answers at the API's address: `api`, by reference, with its stage and routes.

    With `public_documentation` the description of the API needs no token.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        shared: SharedResources,
        tables: Tables,
        secrets: Secrets,
        alerts_queue: sqs.Queue,
        feeds_bucket: s3.Bucket,
        copies_bucket: s3.Bucket,
        exports_queue: sqs.Queue,
        feed_queue: sqs.Queue,
        entrance: Entrance,
        open_juvenile_records: lambda_.IAlias,
        public_documentation: bool,
        reserved: int,
    ) -> None:
        super().__init__(scope, id_)
        self._shared, self._entrance, self._reserved = shared, entrance, reserved
        self.routes = Construct(self, "Api")
        self.api = http.HttpApi.from_http_api_attributes(
            self, "Address", http_api_id=entrance.api.api_id, api_endpoint=entrance.api.api_endpoint
        )
        self.access = OfficeAccess(
            key=shared.key,
            tables=tables,
            secrets=secrets,
            alerts_queue=alerts_queue,
            feed_queue=feed_queue,
            feeds_bucket=feeds_bucket,
            copies_bucket=copies_bucket,
            exports_queue=exports_queue,
            user_pool=entrance.user_pool,
            token_url=entrance.token_url,
            open_juvenile_records=open_juvenile_records,
            public_documentation=public_documentation,
        )
        self.office_api = self._office_api()
        self.public_routes = self._route(public_documentation=public_documentation)
        self.access_logs = self._access_logs()
        self.stage = self._stage()
        self.denials = Denials(
            self,
            "Denials",
            user_pool=entrance.user_pool,
            access_logs=self.access_logs,
            retention=shared.log_retention,
            removal=shared.removal,
        )

    def _office_api(self) -> ProductFunction:
        shared = self._shared
        return ProductFunction(
            self,
            "OfficeApi",
            name="office_api",
            has_known_role=True,
            answers_people=True,
            reserved=self._reserved,
            shared=shared,
            timeout=Duration.seconds(29),  # a backtest; the HTTP API waits no longer than 30
            memory=1769,  # one whole vCPU
            layers=[shared.matching, shared.policy, shared.feeds],
            environment=self.access.environment,
            grants=self.access.grants,
        )

    def _route(self, *, public_documentation: bool) -> list[http.HttpRoute]:
        """Adds every route. Returns those that need no token."""
        function = integrations.HttpLambdaIntegration(
            "OfficeApi", self.office_api.live, scope_permission_to_route=False
        )
        entrance = self._entrance
        people = authorizers.HttpUserPoolAuthorizer("People", entrance.user_pool, user_pool_clients=entrance.clients)
        nobody = http.HttpNoneAuthorizer()
        authorizer_of: dict[str, http.IHttpRouteAuthorizer] = {
            "signed in": people,
            "signed link": nobody,
            "documentation": nobody if public_documentation else people,
        }
        public: list[http.HttpRoute] = []
        for route in ROUTES:
            authorizer = authorizer_of[route["entry"]]
            added = [
                self.add_route(http.HttpMethod(method), route["path"], function, authorizer)
                for method in route["methods"]
            ]
            public.extend(added if authorizer is nobody else ())
        return public

    def add_route(
        self,
        method: http.HttpMethod,
        path: str,
        integration: http.HttpRouteIntegration,
        authorizer: http.IHttpRouteAuthorizer,
    ) -> http.HttpRoute:
        """As `HttpApi.add_routes`, which would make the route in the API's own stack."""
        return http.HttpRoute(
            self.routes,
            f"{method.value}{path}",
            http_api=self.api,
            route_key=http.HttpRouteKey.with_(path, method),
            integration=integration,
            authorizer=authorizer,
        )

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
