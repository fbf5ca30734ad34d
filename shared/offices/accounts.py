"""Closes and reopens accounts of the Cognito user pool, when a user of an office is removed or added again.

An account alone opens nothing: the user's row is read at every request (`users_table.py`). So if a call here fails or
comes late, nobody gets in who should not.
"""

from typing import TYPE_CHECKING

from shared.offices.users import User

if TYPE_CHECKING:
    from mypy_boto3_cognito_idp import CognitoIdentityProviderClient


class Accounts:
    def __init__(self, client: "CognitoIdentityProviderClient", pool_id: str) -> None:
        self._client, self._pool = client, pool_id

    def close(self, user: User) -> bool:
        """Disables the account and signs the user out everywhere. May run twice.

        Returns False if the pool has no account of this user. An account at the office's identity provider is closed
        there.
        """
        if not self._has_account(user):
            return False
        self._client.admin_disable_user(UserPoolId=self._pool, Username=user.email)
        self._client.admin_user_global_sign_out(UserPoolId=self._pool, Username=user.email)
        return True

    def reopen(self, user: User) -> bool:
        """Enables the account again, with its old password and second factor. May run twice.

        Returns False if the pool has no account of this user.
        """
        if not self._has_account(user):
            return False
        self._client.admin_enable_user(UserPoolId=self._pool, Username=user.email)
        return True

    def _has_account(self, user: User) -> bool:
        """Checks the office and the `sub`: an account with the same address may be another office's or person's."""
        try:
            account = self._client.admin_get_user(UserPoolId=self._pool, Username=user.email)
        except self._client.exceptions.UserNotFoundException:
            return False
        attributes = {attribute["Name"]: attribute.get("Value", "") for attribute in account["UserAttributes"]}
        return attributes.get("custom:office") == user.office_id and user.belongs_to(attributes.get("sub", ""))
