"""Invitations: how a new user comes to an account, and hears of it."""

from datetime import datetime

from aws_lambda_powertools import Logger
from botocore.exceptions import BotoCoreError, ClientError

from shared.alerts.invitation_notice import invitation_notice
from shared.office_api import dependencies
from shared.offices.model import Office
from shared.offices.users import AccountState, User

logger = Logger()


def invited(user: User, office: Office, now: datetime) -> User:
    """Gives the person a way to sign in, has them told by mail, and records on the user how it went.

    A fault of the user pool undoes nothing: the user stays added, and `account` is `missing` until the invitation is
    sent again."""
    if user.machine:
        return user
    after = user.model_copy(update={"account": _account_for(user, office, now), "revision": user.revision + 1})
    dependencies.users.change(user, after)
    return after


def _account_for(user: User, office: Office, now: datetime) -> AccountState:
    if office.identity_provider:
        notice = invitation_notice(user, office, now)
        dependencies.alerts.notices.store(notice)
        dependencies.enqueue()([notice.delivery.key])
        return AccountState.OFFICE
    try:
        return dependencies.accounts().invite(user)
    except (ClientError, BotoCoreError):
        logger.exception("the account in the user pool could not be made")
        return AccountState.MISSING
