"""P1: an office's people come from its own identity provider, in an environment that has one."""

import pytest

pytestmark = pytest.mark.exhaustive  # CDK is started for it alone: ten seconds


@pytest.fixture(scope="module")
def template():
    from aws_cdk import Duration, Stack  # noqa: PLC0415 - starts Node
    from aws_cdk import aws_cognito as cognito  # noqa: PLC0415
    from aws_cdk.assertions import Template  # noqa: PLC0415

    from infra.environments import IdentityProvider  # noqa: PLC0415
    from infra.stores.sign_in import OF_THE_OFFICE, federated_client  # noqa: PLC0415

    stack = Stack()
    custom = {name: cognito.StringAttribute(mutable=True) for name in OF_THE_OFFICE}
    federated_client(
        stack,
        cognito.UserPool(stack, "People", custom_attributes=custom),
        providers=[
            IdentityProvider(name="Kings", issuer="https://id.kings.example", client_id="c", client_secret="kings-idp"),
            IdentityProvider(name="Queens", metadata_url="https://id.queens.example/metadata"),
        ],
        console_url="https://console.example",
        token=Duration.minutes(15),
    )
    return Template.from_stack(stack).to_json()["Resources"].values()


def of_type(template, kind):
    return [one["Properties"] for one in template if one["Type"] == f"AWS::Cognito::{kind}"]


def test_p1_a_provider_says_who_of_which_office_and_whether_with_a_second_factor(template):
    found = {one["ProviderName"]: one for one in of_type(template, "UserPoolIdentityProvider")}
    assert {name: one["ProviderType"] for name, one in found.items()} == {"Kings": "OIDC", "Queens": "SAML"}
    mapped = {"email": "email", "custom:office": "office", "custom:ori": "ori", "custom:mfa": "mfa"}
    assert [one["AttributeMapping"] for one in found.values()] == [mapped, mapped]
    assert "{{resolve:secretsmanager:kings-idp:" in found["Kings"]["ProviderDetails"]["client_secret"]


def test_p1_through_the_providers_client_nobody_signs_in_with_a_password_or_writes_their_own_office(template):
    (client,) = of_type(template, "UserPoolClient")
    assert client["ExplicitAuthFlows"] == ["ALLOW_REFRESH_TOKEN_AUTH"]
    assert client["AllowedOAuthFlows"] == ["code"]
    assert client["AllowedOAuthScopes"] == ["openid"], "none that may change attributes, or that hides the office"
    assert client["SupportedIdentityProviders"] == ["Kings", "Queens"]
    assert client["IdTokenValidity"] == 15
