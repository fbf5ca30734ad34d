"""The user pool, and its clients: the console's, the one of the offices' identity providers, and one for each machine.

A person signs in on Cognito's own pages (managed login), which send an authorization code to the console. Both clients
of people are public, without a secret: only who made the code's verifier (PKCE, RFC 7636) can exchange it, so there is
no secret to store, to rotate or to lose. `arrest-alert sign-in` is served by the same clients at a loopback address
(RFC 8252).

The providers have a client of their own, because Cognito lets a provider fill in only what its client may write; with
the console's client a person could then write their own office. Nobody signs in with a password at the providers'
client, so no token of it may change anything.

Each machine has a client of its own as well. API Gateway takes a machine's token only for a client that its authorizer
names: a client that was made beside the template would be locked out by the next deployment.
"""

from collections.abc import Sequence
from typing import NamedTuple

from aws_cdk import Duration, RemovalPolicy, SecretValue
from aws_cdk import aws_cognito as cognito
from constructs import Construct

from infra.blocks.l1 import l1_of
from infra.environments import IdentityProvider, MachineClient

SCOPES = ("lists", "subscriptions", "feeds", "alerts")
OF_THE_OFFICE = ("office", "ori", "mfa")  # custom attributes, by the names of the provider's claims
AFTER_SIGN_IN, AFTER_SIGN_OUT = "/console/signed-in", "/console/signed-out"
# Where `arrest-alert sign-in` waits for the code: the first of these ports that is free. Cognito compares the port too.
LOOPBACKS = tuple(f"http://localhost:{port}/signed-in" for port in (8976, 18976, 28976))


class PeoplesClients(NamedTuple):
    """`federated` is None where no office has an identity provider."""

    console: cognito.UserPoolClient
    federated: cognito.UserPoolClient | None

    @property
    def all(self) -> list[cognito.UserPoolClient]:
        return [self.console, *([self.federated] if self.federated else [])]


def user_pool(
    scope: Construct, *, removal: RemovalPolicy, deletion_protection: bool, console_url: str
) -> cognito.UserPool:
    """Super-owners make the users; everybody signs in with an authenticator app as second factor."""
    return cognito.UserPool(
        scope,
        "People",
        self_sign_up_enabled=False,
        sign_in_aliases=cognito.SignInAliases(email=True),
        sign_in_case_sensitive=False,
        removal_policy=removal,
        deletion_protection=deletion_protection,
        mfa=cognito.Mfa.REQUIRED,
        mfa_second_factor=cognito.MfaSecondFactor(otp=True, sms=False),
        user_invitation=_invitation(console_url),
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
            # The claims of an identity provider: the person's agency, and whether they showed a second factor.
            "ori": cognito.StringAttribute(max_len=9, mutable=True),
            "mfa": cognito.StringAttribute(max_len=5, mutable=True),
        },
    )


def _invitation(console_url: str) -> cognito.UserInvitationConfig:
    """Cognito's own mail: the first password is in no queue, table or log of ours. Cognito fills in the braces. It
    sends 50 mails a day, and more with an address of the office's that SES has verified (`email` of the pool)."""
    page = f"{console_url}/console/alerts"
    lines = (
        "Your office has added you to Arrest Alert. It tells you of arrests that matter to your cases.",
        f'Sign in here within three days: <a href="{page}">{page}</a>',
        "Your e-mail address: {username}<br>Your first password: <strong>{####}</strong>",
        "You will choose a password of your own, and set up an authenticator app on your phone, which shows codes.",
        "If the three days are over, or if you did not expect this message, ask your office's super-owner.",
    )
    return cognito.UserInvitationConfig(
        email_subject="Sign in to Arrest Alert", email_body="".join(f"<p>{line}</p>" for line in lines)
    )


def console_client(
    scope: Construct, pool: cognito.UserPool, *, console_url: str, token: Duration
) -> cognito.UserPoolClient:
    """Its ID token is the API's bearer: it carries the office, which the person can read and never write."""
    readable = cognito.ClientAttributes().with_standard_attributes(email=True, email_verified=True)
    return _client_of_people(
        scope,
        pool,
        "Console",
        console_url=console_url,
        token=token,
        providers=[cognito.UserPoolClientIdentityProvider.COGNITO],
        read_attributes=readable.with_custom_attributes("office"),
        # An empty list would mean "all". The one harmless attribute keeps the office and the address out of reach.
        write_attributes=cognito.ClientAttributes().with_standard_attributes(locale=True),
    )


def federated_client(
    scope: Construct,
    pool: cognito.UserPool,
    *,
    providers: Sequence[IdentityProvider],
    console_url: str,
    token: Duration,
) -> cognito.UserPoolClient | None:
    """The identity providers, and the client that people sign in with there. None without providers."""
    if not providers:
        return None
    identity_providers = [_provider(scope, pool, provider) for provider in providers]
    claims = cognito.ClientAttributes().with_standard_attributes(email=True).with_custom_attributes(*OF_THE_OFFICE)
    client = _client_of_people(
        scope,
        pool,
        "Federated",
        console_url=console_url,
        token=token,
        providers=[cognito.UserPoolClientIdentityProvider.custom(provider.name) for provider in providers],
        read_attributes=claims,
        write_attributes=claims,
    )
    client.node.add_dependency(*identity_providers)
    return client


def _client_of_people(
    scope: Construct,
    pool: cognito.UserPool,
    id_: str,
    *,
    console_url: str,
    token: Duration,
    providers: Sequence[cognito.UserPoolClientIdentityProvider],
    read_attributes: cognito.ClientAttributes,
    write_attributes: cognito.ClientAttributes,
) -> cognito.UserPoolClient:
    """Authorization code alone, and the look of the pages: without a branding, managed login shows no page."""
    client = pool.add_client(
        id_,
        generate_secret=False,
        prevent_user_existence_errors=True,
        enable_token_revocation=True,
        o_auth=cognito.OAuthSettings(
            flows=cognito.OAuthFlows(authorization_code_grant=True),
            scopes=[cognito.OAuthScope.OPENID],  # alone: beside another one, the ID token would not name the office
            callback_urls=[f"{console_url}{AFTER_SIGN_IN}", *LOOPBACKS],
            logout_urls=[f"{console_url}{AFTER_SIGN_OUT}"],
        ),
        supported_identity_providers=list(providers),
        id_token_validity=token,
        access_token_validity=token,
        refresh_token_validity=Duration.hours(8),  # the longest that a session lasts
        read_attributes=read_attributes,
        write_attributes=write_attributes,
    )
    _refuse_passwords(client)
    cognito.CfnManagedLoginBranding(
        scope,
        f"{id_}Pages",
        user_pool_id=pool.user_pool_id,
        client_id=client.user_pool_client_id,
        use_cognito_provided_values=True,
    )
    return client


def machine_clients(
    pool: cognito.UserPool, *, machines: Sequence[MachineClient], token: Duration
) -> dict[str, cognito.UserPoolClient]:
    """Machine's name -> its client. Nobody has seen the secret that a client is made with: `arrest-alert
    machine-secret` issues one."""
    if not machines:
        return {}
    scopes = [cognito.ResourceServerScope(scope_name=name, scope_description=name) for name in SCOPES]
    server = pool.add_resource_server("Scopes", identifier="arrest-alert", scopes=scopes)
    granted = {scope.scope_name: cognito.OAuthScope.resource_server(server, scope) for scope in scopes}
    return {
        machine.name: _machine_client(pool, machine, [granted[name] for name in machine.scopes], token)
        for machine in machines
    }


def _machine_client(
    pool: cognito.UserPool, machine: MachineClient, scopes: Sequence[cognito.OAuthScope], token: Duration
) -> cognito.UserPoolClient:
    client = pool.add_client(
        f"Machine-{machine.name}",
        user_pool_client_name=machine.name,
        generate_secret=True,
        enable_token_revocation=True,
        o_auth=cognito.OAuthSettings(flows=cognito.OAuthFlows(client_credentials=True), scopes=scopes),
        access_token_validity=token,
    )
    _refuse_passwords(client)
    return client


def _refuse_passwords(client: cognito.UserPoolClient) -> None:
    """Cognito allows passwords unless the flows are named."""
    l1_of(client, cognito.CfnUserPoolClient).explicit_auth_flows = ["ALLOW_REFRESH_TOKEN_AUTH"]


def _provider(scope: Construct, pool: cognito.UserPool, provider: IdentityProvider) -> Construct:
    claim = cognito.ProviderAttribute.other
    mapping = cognito.AttributeMapping(
        email=claim("email"), custom={f"custom:{name}": claim(name) for name in OF_THE_OFFICE}
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
        # A reference that CloudFormation resolves: the secret itself is not in the template.
        client_secret=SecretValue.secrets_manager(provider.client_secret).unsafe_unwrap(),
        scopes=["openid", "email", "profile"],
        attribute_mapping=mapping,
    )
