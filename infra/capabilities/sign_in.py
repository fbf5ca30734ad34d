"""The ways in beside the console's: through an office's own identity provider, and those of its machines.

The providers have a client of their own: Cognito lets a provider fill in only what its client may write, and with the
console's client a person could then write their own office. Nobody signs in with a password here, so no token of it may
change anything.

So has each machine. API Gateway takes a machine's token only for a client that its authorizer names: a client that was
made beside the template would be locked out by the next deployment.
"""

from collections.abc import Sequence

from aws_cdk import Duration, SecretValue
from aws_cdk import aws_cognito as cognito
from constructs import Construct

from infra.environments import IdentityProvider, MachineClient

SCOPES = ("lists", "subscriptions", "feeds")
OF_THE_OFFICE = ("office", "ori", "mfa")  # custom attributes, by the names of the provider's claims


def federated_client(
    scope: Construct,
    pool: cognito.UserPool,
    *,
    providers: Sequence[IdentityProvider],
    console_url: str,
    token: Duration,
) -> cognito.UserPoolClient:
    """The providers, which send people back to the pool's domain, and the client they sign in with."""
    made = [_provider(scope, pool, provider) for provider in providers]
    filled = cognito.ClientAttributes().with_standard_attributes(email=True).with_custom_attributes(*OF_THE_OFFICE)
    client = pool.add_client(
        "Federated",
        generate_secret=False,
        prevent_user_existence_errors=True,
        enable_token_revocation=True,
        o_auth=cognito.OAuthSettings(
            flows=cognito.OAuthFlows(authorization_code_grant=True),
            scopes=[cognito.OAuthScope.OPENID, cognito.OAuthScope.EMAIL],
            callback_urls=[console_url],
            logout_urls=[console_url],
        ),
        supported_identity_providers=[
            cognito.UserPoolClientIdentityProvider.custom(provider.name) for provider in providers
        ],
        id_token_validity=token,
        access_token_validity=token,
        refresh_token_validity=Duration.hours(8),
        read_attributes=filled,
        write_attributes=filled,
    )
    _without_passwords(client)
    client.node.add_dependency(*made)
    return client


def machine_clients(
    pool: cognito.UserPool, *, machines: Sequence[MachineClient], token: Duration
) -> dict[str, cognito.UserPoolClient]:
    """By name. Nobody has seen the secret that each is made with; `arrest-alert machine-secret` issues one."""
    if not machines:
        return {}
    scopes = [cognito.ResourceServerScope(scope_name=name, scope_description=name) for name in SCOPES]
    server = pool.add_resource_server("Scopes", identifier="arrest-alert", scopes=scopes)
    known = {one.scope_name: cognito.OAuthScope.resource_server(server, one) for one in scopes}
    return {client.name: _machine(pool, client, [known[name] for name in client.scopes], token) for client in machines}


def _machine(
    pool: cognito.UserPool, one: MachineClient, scopes: Sequence[cognito.OAuthScope], token: Duration
) -> cognito.UserPoolClient:
    client = pool.add_client(
        f"Machine-{one.name}",
        user_pool_client_name=one.name,
        generate_secret=True,
        enable_token_revocation=True,
        o_auth=cognito.OAuthSettings(flows=cognito.OAuthFlows(client_credentials=True), scopes=scopes),
        access_token_validity=token,
    )
    _without_passwords(client)
    return client


def _without_passwords(client: cognito.UserPoolClient) -> None:
    bare = client.node.default_child
    if not isinstance(bare, cognito.CfnUserPoolClient):
        raise TypeError("the client belongs to this stack")
    bare.explicit_auth_flows = ["ALLOW_REFRESH_TOKEN_AUTH"]  # unsaid, Cognito would allow passwords


def _provider(scope: Construct, pool: cognito.UserPool, provider: IdentityProvider) -> Construct:
    other = cognito.ProviderAttribute.other
    mapping = cognito.AttributeMapping(
        email=other("email"), custom={f"custom:{name}": other(name) for name in OF_THE_OFFICE}
    )
    if provider.metadata_url:
        return cognito.UserPoolIdentityProviderSaml(
            scope,
            f"Saml{provider.name}",
            user_pool=pool,
            name=provider.name,
            metadata=cognito.UserPoolIdentityProviderSamlMetadata.url(provider.metadata_url),
            attribute_mapping=mapping,
        )
    return cognito.UserPoolIdentityProviderOidc(
        scope,
        f"Oidc{provider.name}",
        user_pool=pool,
        name=provider.name,
        issuer_url=provider.issuer,
        client_id=provider.client_id,
        # A reference that CloudFormation resolves: the secret itself stands in no template.
        client_secret=SecretValue.secrets_manager(provider.client_secret).unsafe_unwrap(),
        scopes=["openid", "email", "profile"],
        attribute_mapping=mapping,
    )
