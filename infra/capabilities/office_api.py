"""The prosecutors' way in: HTTP API -> office_api, behind the tokens of the user pool."""

import json
from collections.abc import Sequence
from pathlib import Path

from aws_cdk import Duration
from aws_cdk import aws_apigatewayv2 as http
from aws_cdk import aws_apigatewayv2_authorizers as authorizers
from aws_cdk import aws_apigatewayv2_integrations as integrations
from aws_cdk import aws_cognito as cognito
from aws_cdk import aws_logs as logs
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from infra.blocks.l1 import l1_of
from infra.blocks.lambda_function import ProductFunction, SharedResources
from infra.blocks.secrets import Secrets
from infra.blocks.tables import Tables
from infra.capabilities.denials import Denials
from infra.capabilities.office_access import OfficeAccess
from infra.capabilities.sign_in import PeoplesClients, console_client, federated_client, machine_clients, user_pool
from infra.environments import IdentityProvider, MachineClient

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
    """`office_api`, the `api` in front of it, and the user pool with its clients: the console's, one for the identity
    providers if there are any, and one for each machine.

    `console_url` is empty where the console has no address of its own: then it is the API's. With
    `public_documentation` the description of the API needs no token. `sign_in_domain` must be unique in its region.
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
        feed_queue: sqs.Queue,
        console_url: str,
        public_documentation: bool,
        token_minutes: int,
        deletion_protection: bool,
        identity_providers: Sequence[IdentityProvider],
        sign_in_domain: str,
        machines: Sequence[MachineClient],
    ) -> None:
        super().__init__(scope, id_)
        self._shared = shared
        self.api = self._api(console_url)
        self.console_url = console_url or self.api.api_endpoint
        self.user_pool = user_pool(
            self,
            removal=shared.removal,
            deletion_protection=deletion_protection,
            console_url=self.console_url,
        )
        self.sign_in = self.user_pool.add_domain(
            "SignInPage",
            cognito_domain=cognito.CognitoDomainOptions(domain_prefix=sign_in_domain),
            managed_login_version=cognito.ManagedLoginVersion.NEWER_MANAGED_LOGIN,
        )
        token = Duration.minutes(token_minutes)
        self.people = self._clients_of_people(identity_providers, token)
        self.machines = machine_clients(self.user_pool, machines=machines, token=token)
        self.access = OfficeAccess(
            key=shared.key,
            tables=tables,
            secrets=secrets,
            alerts_queue=alerts_queue,
            feed_queue=feed_queue,
            feeds_bucket=feeds_bucket,
            copies_bucket=copies_bucket,
            user_pool=self.user_pool,
            token_url=self.token_url,
            public_documentation=public_documentation,
        )
        self.office_api = self._office_api()
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

    def _clients_of_people(self, identity_providers: Sequence[IdentityProvider], token: Duration) -> PeoplesClients:
        console = console_client(self, self.user_pool, console_url=self.console_url, token=token)
        federated = federated_client(
            self, self.user_pool, providers=identity_providers, console_url=self.console_url, token=token
        )
        return PeoplesClients(console, federated)

    @property
    def clients(self) -> list[cognito.UserPoolClient]:
        """Those whose tokens the API takes."""
        return [*self.people.all, *self.machines.values()]

    @property
    def sign_in_url(self) -> str:
        """The origin of the managed login pages."""
        return self.sign_in.base_url(fips=self._shared.fips)

    @property
    def token_url(self) -> str:
        """Where a machine gets its tokens."""
        return f"{self.sign_in_url}/oauth2/token"

    def _office_api(self) -> ProductFunction:
        shared = self._shared
        return ProductFunction(
            self,
            "OfficeApi",
            name="office_api",
            shared=shared,
            timeout=Duration.seconds(29),  # a backtest; the HTTP API waits no longer than 30
            memory=1769,  # one whole vCPU
            layers=[shared.matching, shared.policy, shared.feeds],
            environment=self.access.environment,
            grants=self.access.grants,
        )

    def _api(self, console_url: str) -> http.HttpApi:
        """Pages of the API's own address need no CORS, and naming that address here would be a circle."""
        method = http.CorsHttpMethod
        of_the_console = http.CorsPreflightOptions(
            allow_origins=[console_url],
            allow_headers=["authorization", "content-type", "purpose", "idempotency-key", "if-match"],
            expose_headers=["etag", "idempotent-replayed"],
            allow_methods=[method.GET, method.POST, method.PUT, method.DELETE],
            max_age=Duration.hours(1),
        )
        return http.HttpApi(
            self,
            "Api",
            create_default_stage=False,
            description="Arrest Alert: subscriptions and alerts of an office",
            cors_preflight=of_the_console if console_url else None,
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
