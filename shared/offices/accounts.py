"""The accounts of people in the Cognito user pool: made when a user of an office is added, closed when removed.

An account alone opens nothing: the user's row is read at every request (`users_table.py`). So if a call here fails or
comes late, nobody gets in who should not.
"""

from typing import TYPE_CHECKING, NamedTuple

from shared.offices.users import AccountState, User

if TYPE_CHECKING:
    from mypy_boto3_cognito_idp import CognitoIdentityProviderClient
    from mypy_boto3_cognito_idp.type_defs import AdminGetUserResponseTypeDef

FIRST_PASSWORD = "FORCE_CHANGE_PASSWORD"  # noqa: S105 - the state of who has never signed in


class PoolPerson(NamedTuple):
    """Whose account it is, by what the pool says."""

    office_id: str
    email: str
    sub: str


class Accounts:
    def __init__(self, client: "CognitoIdentityProviderClient", pool_id: str) -> None:
        self._client, self._pool = client, pool_id

    def invite(self, user: User) -> AccountState:
        """Makes the account; the pool mails a first password, which is good for three days. May run twice: who has
        not signed in yet gets the mail again, with a new password. Somebody who has keeps their password and second
        factor, and can sign in again."""
        try:
            self._client.admin_create_user(
                UserPoolId=self._pool,
                Username=user.email,
                UserAttributes=[
                    {"Name": "email", "Value": user.email},
                    {"Name": "email_verified", "Value": "true"},  # only the mailbox's owner reads the first password
                    {"Name": "custom:office", "Value": user.office_id},
                ],
                DesiredDeliveryMediums=["EMAIL"],
            )
        except self._client.exceptions.UsernameExistsException:
            return self._let_in_again(user)
        return AccountState.INVITED

    def close(self, user: User) -> bool:
        """Disables the account and signs the user out everywhere. May run twice.

        Returns False if the pool has no account of this user. An account at the office's identity provider is closed
        there.
        """
        if self._account_of(user) is None:
            return False
        self._client.admin_disable_user(UserPoolId=self._pool, Username=user.email)
        self._client.admin_user_global_sign_out(UserPoolId=self._pool, Username=user.email)
        return True

    def person_of(self, account: str) -> PoolPerson | None:
        """`account` is the pool's own id. None for one that the pool does not have, or that names no office."""
        try:
            answer = self._client.admin_get_user(UserPoolId=self._pool, Username=account)
        except self._client.exceptions.UserNotFoundException:
            return None
        attributes = _attributes_of(answer)
        office_id, email = attributes.get("custom:office", ""), attributes.get("email", "").casefold()
        return PoolPerson(office_id, email, attributes.get("sub", "")) if office_id and email else None

    def reopen(self, user: User) -> bool:
        """Enables the account again, with its own password and second factor. May run twice. Returns False if the pool
        has no account of this user."""
        if self._account_of(user) is None:
            return False
        self._client.admin_enable_user(UserPoolId=self._pool, Username=user.email)
        return True

    def _let_in_again(self, user: User) -> AccountState:
        account = self._account_of(user)
        if account is None:
            return AccountState.TAKEN
        self._client.admin_enable_user(UserPoolId=self._pool, Username=user.email)
        if account["UserStatus"] != FIRST_PASSWORD:
            return AccountState.KEPT
        self._client.admin_create_user(
            UserPoolId=self._pool, Username=user.email, MessageAction="RESEND", DesiredDeliveryMediums=["EMAIL"]
        )
        return AccountState.INVITED

    def _account_of(self, user: User) -> "AdminGetUserResponseTypeDef | None":
        """Checks the office and the `sub`: an account with the same address may be another office's or person's."""
        try:
            account = self._client.admin_get_user(UserPoolId=self._pool, Username=user.email)
        except self._client.exceptions.UserNotFoundException:
            return None
        attributes = _attributes_of(account)
        is_theirs = attributes.get("custom:office") == user.office_id and user.belongs_to(attributes.get("sub", ""))
        return account if is_theirs else None


def _attributes_of(account: "AdminGetUserResponseTypeDef") -> dict[str, str]:
    return {attribute["Name"]: attribute.get("Value", "") for attribute in account["UserAttributes"]}
