"""P1: the account of whoever was removed is closed in the user pool, and opened when they are let in again."""

import boto3
import pytest
from mypy_boto3_cognito_idp.type_defs import AttributeTypeTypeDef, SchemaAttributeTypeTypeDef

from shared.offices.accounts import Accounts
from shared.offices.users import AccountState
from tests.builders import a_user

ADA = "ada.example@da.example.gov"


@pytest.fixture
def pool(aws):
    cognito = boto3.client("cognito-idp")
    custom: SchemaAttributeTypeTypeDef = {"Name": "office", "AttributeDataType": "String", "Mutable": True}
    return cognito.create_user_pool(PoolName="people", UsernameAttributes=["email"], Schema=[custom])["UserPool"]["Id"]


@pytest.fixture
def accounts(pool):
    cognito = boto3.client("cognito-idp")
    attributes: list[AttributeTypeTypeDef] = [
        {"Name": "email", "Value": ADA},
        {"Name": "custom:office", "Value": "kings"},
    ]
    cognito.admin_create_user(UserPoolId=pool, Username=ADA, UserAttributes=attributes)
    return Accounts(cognito, pool)


def enabled(pool):
    return boto3.client("cognito-idp").admin_get_user(UserPoolId=pool, Username=ADA)["Enabled"]


def test_p1_the_account_is_closed_and_opened_again_and_twice_is_once(accounts, pool):
    for _ in range(2):
        assert accounts.close(a_user(ADA))
        assert not enabled(pool)
    for _ in range(2):
        assert accounts.invite(a_user(ADA)) is AccountState.INVITED
        assert enabled(pool)


def test_p1_nobody_closes_the_account_of_another_office_or_of_another_person_with_the_same_address(accounts, pool):
    for user in (a_user(ADA, "queens"), a_user(ADA, sub="somebody else's")):
        assert not accounts.close(user)
        assert enabled(pool)


def test_p1_who_signs_in_at_an_identity_provider_has_no_account_here_to_close(accounts):
    assert not accounts.close(a_user("bo@da.example.gov"))


def test_p1_nobody_is_let_into_the_account_of_another_office(accounts, pool):
    accounts.close(a_user(ADA))
    assert accounts.invite(a_user(ADA, "queens")) is AccountState.TAKEN
    assert not enabled(pool)
