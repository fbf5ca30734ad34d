"""The accounts of the user pool follow who is a user of an office.

Whether somebody may ask for anything, their row says at each request. Their account opens nothing without it, so that
what fails here, or comes late, lets nobody in.
"""

from typing import TYPE_CHECKING

from shared.offices.users import User

if TYPE_CHECKING:
    from mypy_boto3_cognito_idp import CognitoIdentityProviderClient


class Accounts:
    def __init__(self, client: "CognitoIdentityProviderClient", pool_id: str) -> None:
        self._client, self._pool = client, pool_id

    def close(self, user: User) -> bool:
        """They are signed out everywhere and cannot sign in. May run twice. False where the pool has no such account:
        those of an identity provider are its own to close."""
        if not self._is_of(user):
            return False
        self._client.admin_disable_user(UserPoolId=self._pool, Username=user.email)
        self._client.admin_user_global_sign_out(UserPoolId=self._pool, Username=user.email)
        return True

    def reopen(self, user: User) -> bool:
        """They can sign in again, with the password and the second factor that they had. May run twice."""
        if not self._is_of(user):
            return False
        self._client.admin_enable_user(UserPoolId=self._pool, Username=user.email)
        return True

    def _is_of(self, user: User) -> bool:
        """An account of the same address may be another office's, or another person's."""
        try:
            found = self._client.admin_get_user(UserPoolId=self._pool, Username=user.email)
        except self._client.exceptions.UserNotFoundException:
            return False
        said = {one["Name"]: one.get("Value", "") for one in found["UserAttributes"]}
        return said.get("custom:office") == user.office_id and user.belongs_to(said.get("sub", ""))
