"""The pages that people use: the same HTTP API -> console, behind its own sessions, which `functions/console` keeps in
a table. A page calls the office API in its own process, so the function has that API's settings and grants."""

from aws_cdk import Duration
from aws_cdk import aws_apigatewayv2 as http
from aws_cdk import aws_apigatewayv2_integrations as integrations
from aws_cdk import aws_iam as iam
from constructs import Construct

from infra.blocks.access import DELETE_ITEM, GET_ITEM, PUT_ITEM, allow, environment_of
from infra.blocks.key import seal_for
from infra.blocks.lambda_function import ProductFunction, SharedResources
from infra.capabilities.office_api import OfficeApi
from infra.stores.entrance import Entrance
from infra.stores.tables import Tables

# API Gateway looks at no token here: the function finds the session that the request's cookie names.
ROUTES = {
    "/console": http.HttpMethod.ANY,
    "/console/{proxy+}": http.HttpMethod.ANY,
    "/a/{number}": http.HttpMethod.GET,  # the short link of a text message
    "/policy": http.HttpMethod.GET,  # for everybody
    "/policy/{office}": http.HttpMethod.GET,
}


class Console(Construct):
    """`console`, and its routes on the API of `office`."""

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        shared: SharedResources,
        tables: Tables,
        office: OfficeApi,
        entrance: Entrance,
        reserved: int,
    ) -> None:
        super().__init__(scope, id_)
        self._reserved = reserved
        self._shared, self._tables, self._office, self._entrance = shared, tables, office, entrance
        self.console = self._console()
        self.routes = self._route()

    def _console(self) -> ProductFunction:
        shared, office, entrance = self._shared, self._office, self._entrance
        return ProductFunction(
            self,
            "Console",
            name="console",
            has_known_role=True,
            answers_people=True,
            reserved=self._reserved,
            shared=shared,
            timeout=Duration.seconds(29),  # as the API, whose routes it runs
            memory=1769,  # one whole vCPU
            layers=[shared.matching, shared.policy, shared.feeds, shared.console],
            environment=office.access.environment
            | environment_of(
                sessions_table=self._tables.sessions,
                console_url=entrance.console_url,
                sign_in_url=entrance.sign_in_url,
                sign_in_client=entrance.people.console.user_pool_client_id,
                federated_client=(entrance.people.federated or entrance.people.console).user_pool_client_id,
                product_key=shared.key.key_arn,
            ),
            grants=[*office.access.grants, *self._own_grants()],
        )

    def _own_grants(self) -> list[iam.PolicyStatement]:
        return [
            allow([GET_ITEM, PUT_ITEM, DELETE_ITEM], self._tables.sessions),
            seal_for(self._shared.key, "session"),  # a session's refresh token
        ]

    def _route(self) -> list[http.HttpRoute]:
        function = integrations.HttpLambdaIntegration("Console", self.console.live, scope_permission_to_route=False)
        nobody = http.HttpNoneAuthorizer()
        return [self._office.add_route(method, path, function, nobody) for path, method in ROUTES.items()]
