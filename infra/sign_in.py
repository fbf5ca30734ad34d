"""Sign-in through an office's own identity provider, beside that of the user pool.

A client of its own: Cognito lets a provider fill in only what its client may write, and with the console's client a
person could then write their own office. Nobody signs in with a password here, so no token of it may change anything.
"""

from collections.abc import Sequence

from aws_cdk import Duration, SecretValue
from aws_cdk import aws_cognito as cognito
from constructs import Construct

from infra.environments import IdentityProvider

OF_THE_OFFICE = ("office", "ori", "mfa")  # custom attributes, by the names of the provider's claims


def federated_client(
    scope: Construct,
    pool: cognito.UserPool,
    *,
    providers: Sequence[IdentityProvider],
    domain_prefix: str,
    console_url: str,
    token: Duration,
) -> cognito.UserPoolClient:
    """The providers with the pool's domain, where they send people back to, and the client they sign in with."""
    pool.add_domain("SignInPage", cognito_domain=cognito.CognitoDomainOptions(domain_prefix=domain_prefix))
    made = [_provider(scope, pool, one) for one in providers]
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
        supported_identity_providers=[cognito.UserPoolClientIdentityProvider.custom(one.name) for one in providers],
        id_token_validity=token,
        access_token_validity=token,
        refresh_token_validity=Duration.hours(8),
        read_attributes=filled,
        write_attributes=filled,
    )
    bare = client.node.default_child
    if not isinstance(bare, cognito.CfnUserPoolClient):
        raise TypeError("the client belongs to this stack")
    bare.explicit_auth_flows = ["ALLOW_REFRESH_TOKEN_AUTH"]  # unsaid, Cognito would allow passwords
    client.node.add_dependency(*made)
    return client


def _provider(scope: Construct, pool: cognito.UserPool, one: IdentityProvider) -> Construct:
    other = cognito.ProviderAttribute.other
    mapping = cognito.AttributeMapping(
        email=other("email"), custom={f"custom:{name}": other(name) for name in OF_THE_OFFICE}
    )
    if one.metadata_url:
        return cognito.UserPoolIdentityProviderSaml(
            scope,
            f"Saml{one.name}",
            user_pool=pool,
            name=one.name,
            metadata=cognito.UserPoolIdentityProviderSamlMetadata.url(one.metadata_url),
            attribute_mapping=mapping,
        )
    return cognito.UserPoolIdentityProviderOidc(
        scope,
        f"Oidc{one.name}",
        user_pool=pool,
        name=one.name,
        issuer_url=one.issuer,
        client_id=one.client_id,
        # A reference that CloudFormation resolves: the secret itself stands in no template.
        client_secret=SecretValue.secrets_manager(one.client_secret).unsafe_unwrap(),
        scopes=["openid", "email", "profile"],
        attribute_mapping=mapping,
    )
