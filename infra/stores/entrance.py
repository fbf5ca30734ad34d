"""Where people and machines come in: the address of the API and the console, the user pool and its clients.

The address is a store, too: mails, bookmarks and machines hold it, and the pool's invitations and clients name it. What
answers there (stage, routes, functions) belongs to the services.
"""

from collections.abc import Sequence

from aws_cdk import Duration, RemovalPolicy
from aws_cdk import aws_apigatewayv2 as http
from aws_cdk import aws_cognito as cognito
from constructs import Construct

from infra.environments import IdentityProvider, MachineClient
from infra.stores.sign_in import PeoplesClients, console_client, federated_client, machine_clients, user_pool


class Entrance(Construct):
    """The `api` without routes, and the user pool with its clients: the console's, one for the identity providers if
    there are any, and one for each machine.

    `console_url` is empty where the console has no address of its own: then it is the API's. `sign_in_domain` must be
    unique in its region.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        console_url: str,
        token_minutes: int,
        removal: RemovalPolicy,
        deletion_protection: bool,
        identity_providers: Sequence[IdentityProvider],
        sign_in_domain: str,
        machines: Sequence[MachineClient],
        fips: bool,
    ) -> None:
        super().__init__(scope, id_)
        self._fips = fips
        self.api = self._api(console_url)
        self.console_url = console_url or self.api.api_endpoint
        self.user_pool = user_pool(
            self, removal=removal, deletion_protection=deletion_protection, console_url=self.console_url
        )
        self.sign_in = self.user_pool.add_domain(
            "SignInPage",
            cognito_domain=cognito.CognitoDomainOptions(domain_prefix=sign_in_domain),
            managed_login_version=cognito.ManagedLoginVersion.NEWER_MANAGED_LOGIN,
        )
        token = Duration.minutes(token_minutes)
        self.people = self._clients_of_people(identity_providers, token)
        self.machines = machine_clients(self.user_pool, machines=machines, token=token)

    @property
    def clients(self) -> list[cognito.UserPoolClient]:
        """Those whose tokens the API takes."""
        return [*self.people.all, *self.machines.values()]

    @property
    def sign_in_url(self) -> str:
        """The origin of the managed login pages."""
        return self.sign_in.base_url(fips=self._fips)

    @property
    def token_url(self) -> str:
        """Where a machine gets its tokens."""
        return f"{self.sign_in_url}/oauth2/token"

    def _clients_of_people(self, identity_providers: Sequence[IdentityProvider], token: Duration) -> PeoplesClients:
        console = console_client(self, self.user_pool, console_url=self.console_url, token=token)
        federated = federated_client(
            self, self.user_pool, providers=identity_providers, console_url=self.console_url, token=token
        )
        return PeoplesClients(console, federated)

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
