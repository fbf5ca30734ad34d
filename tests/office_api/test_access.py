import pytest

from shared.offices.users import Right
from tests.builders import NOW, a_user, a_wish, an_office
from tests.office_api.conftest import ADA

SUBSCRIPTIONS = "/v1/subscriptions"


def test_who_is_no_user_of_the_office_is_refused_whatever_the_token_says(call):
    stranger = ADA | {"email": "new.hire@da.example.gov"}
    assert call("GET", "/v1/me", claims=stranger).status == 403


def test_a_user_who_is_removed_is_out_at_the_next_request(call, tables):
    assert call("GET", "/v1/me").status == 200
    before = tables.users.find("kings", ADA["email"])
    tables.users.change(before, before.model_copy(update={"deprovisioned_at": NOW, "revision": 2}))
    assert call("GET", "/v1/me").status == 403
    assert call("POST", SUBSCRIPTIONS, a_wish()).status == 403


def test_a_suspended_office_asks_nothing(call, tables):
    tables.offices.enrol(an_office(suspended=True))
    assert call("GET", SUBSCRIPTIONS).status == 403


def test_74_an_office_of_a_type_that_may_not_subscribe_is_refused(call, tables):
    tables.offices.enrol(an_office(ori="NY000000Z"))
    assert call("POST", SUBSCRIPTIONS, a_wish()).status == 403


@pytest.mark.parametrize(
    "claims",
    [
        ADA | {"email_verified": "false"},
        ADA | {"identities": "[{...}]"},
        ADA | {"identities": "[{...}]", "custom:mfa": "false"},
        {name: value for name, value in ADA.items() if name != "token_use"},
        {name: value for name, value in ADA.items() if name != "email"},
    ],
)
def test_a_token_that_lacks_what_it_must_say_is_refused(call, claims):
    assert call("GET", "/v1/me", claims=claims).status == 401


@pytest.mark.parametrize(
    "identities", ["[map[dateCreated:17 issuer:x primary:true providerName:Kings-IdP providerType:OIDC userId:ada]]",
                   '[{"userId": "ada", "providerName": "Kings-IdP", "providerType": "SAML"}]'],
)  # fmt: skip
def test_p1_who_signs_in_at_the_offices_own_provider_with_a_second_factor_is_let_in(call, tables, identities):
    federated = ADA | {"identities": identities, "custom:mfa": "true"}
    assert call("GET", "/v1/me", claims=federated).status == 403, "the office has named no provider"
    tables.offices.enrol(an_office(identity_provider="Kings-IdP"))
    assert call("GET", "/v1/me", claims=federated).status == 200
    assert call("GET", "/v1/me", claims=federated | {"custom:mfa": "false"}).status == 401
    assert call("GET", "/v1/me", claims=ADA).status == 403, "its people sign in there and nowhere else"


def test_p1_another_offices_identity_provider_opens_nothing_whatever_it_says_of_somebody(call, tables):
    tables.offices.enrol(an_office(identity_provider="Kings-IdP"))
    for other in ("Queens-IdP", "Kings-IdP2", "Queens-IdP providerName:Kings-IdP"):
        claims = ADA | {"identities": f"[map[providerName:{other} userId:ada]]", "custom:mfa": "true"}
        assert call("GET", "/v1/me", claims=claims).status == 403


def test_the_same_address_under_another_sign_in_does_not_inherit_the_user(call, tables):
    tables.users.add(a_user("cy@da.example.gov", sub="s-1"))
    cy = ADA | {"email": "cy@da.example.gov"}
    assert call("GET", "/v1/me", claims=cy | {"sub": "s-1"}).status == 200
    assert call("GET", "/v1/me", claims=cy | {"sub": "s-2"}).status == 403


def test_a_watch_is_for_its_maker_its_recipients_and_the_super_owner_and_for_nobody_else(call, tables):
    made = call("POST", SUBSCRIPTIONS, a_wish(recipients=[{"email": "bo@da.example.gov"}])).body
    path = f"{SUBSCRIPTIONS}/{made['subscription_id']}"
    tables.users.add(a_user("cy@da.example.gov"))
    tables.users.add(a_user("super@da.example.gov", rights=frozenset({Right.SUPER_OWNER})))
    statuses = {
        name: (call("GET", path, claims=one).status, call("PUT", path, a_wish(), one).status)
        for name in ("bo", "cy", "super")
        if (one := ADA | {"email": f"{name}@da.example.gov"})
    }
    assert statuses == {"bo": (200, 403), "cy": (404, 404), "super": (200, 200)}
    listed = call("GET", SUBSCRIPTIONS, claims=ADA | {"email": "cy@da.example.gov"})
    assert listed.body["items"] == []
