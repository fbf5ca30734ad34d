"""Authentication: who is calling. API Gateway has verified the token; this module finds the user that it names."""

import re
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any, NamedTuple

from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.data_classes import APIGatewayProxyEventV2
from botocore.exceptions import BotoCoreError, ClientError

from shared.access import Principal, principal_of
from shared.office_api import dependencies
from shared.office_api.answers.problems import RefusalError
from shared.offices.governance.standing import Barrier, barriers
from shared.offices.model import Office
from shared.offices.users import Machine, User

logger = Logger()
_PROVIDER = re.compile(r"providerName[\"':\s]+([\w-]+)")


class Caller(NamedTuple):
    email: str
    office: Office


class SignedIn(NamedTuple):
    """A user of an enrolled office and the stated purpose. The policy decides what that user may do. A machine has only
    those of its scopes that its token has too. `barriers` are what the user, or a machine's keeper, must see to before
    anything is read."""

    user: User
    office: Office
    purpose: str = ""
    barriers: frozenset[Barrier] = frozenset()

    @property
    def caller(self) -> Caller:
        return Caller(self.user.email, self.office)

    @property
    def principal(self) -> Principal:
        return principal_of(self.user, self.office)._replace(barriers=self.barriers)

    @property
    def may_enter(self) -> bool:
        """Whether anything but what is missing may be read."""
        return self.office.live and not self.barriers


def signed_in(event: APIGatewayProxyEventV2) -> SignedIn:
    """Returns the caller. A person sends an ID token, a machine an access token.

    Raises RefusalError: 401 without a complete token, 403 if it names no user of an enrolled office. The user's record
    is read at every request, so a removed user is refused from the next request on, whatever the token says.
    """
    claims = claims_of(event.raw_event)
    return _machine(claims) if is_machines(claims) else _person(claims)


def claims_of(event: dict[str, Any]) -> dict[str, Any]:
    """Returns the claims that API Gateway verified; empty without a token."""
    return event["requestContext"].get("authorizer", {}).get("jwt", {}).get("claims") or {}


def is_machines(claims: dict[str, Any]) -> bool:
    """Whether this is an access token of a machine. A person's has a `username` and is not accepted: it does not show
    the second factor."""
    return claims.get("token_use") == "access" and "username" not in claims and "client_id" in claims


def office_and_email(claims: dict[str, Any]) -> tuple[str, str]:
    """Returns the office id and the e-mail address that a token names, whether or not they have any rights."""
    if is_machines(claims):
        return dependencies.users.find_machine(str(claims["client_id"])) or ("", f"machine {claims['client_id']}")
    return str(claims.get("custom:office", "")), str(claims.get("email", "")).casefold()


def _machine(claims: dict[str, Any]) -> SignedIn:
    office_id, email = office_and_email(claims)
    office = dependencies.offices.office(office_id or "-")
    user = dependencies.users.find(office.office_id, email) if office and office.allows(email) else None
    if office is None or user is None or not user.machine or user.machine.client_id != claims["client_id"]:
        raise RefusalError(HTTPStatus.FORBIDDEN, "This machine belongs to no office that is enrolled here.")
    now, keeper_email = datetime.now(UTC), user.machine.keeper
    keeper = dependencies.users.find(office.office_id, keeper_email) if keeper_email else None
    _note_sign_in(user, now)
    machine = _with_scopes_of_token(user.machine, str(claims.get("scope", "")))
    raised = barriers(user, keeper, office, now)
    return SignedIn(user.model_copy(update={"machine": machine}), office, barriers=raised)


def _with_scopes_of_token(machine: Machine, token_scopes: str) -> Machine:
    scopes = (scope for scope in machine.scopes if scope.in_token in token_scopes.split())
    return machine.model_copy(update={"scopes": frozenset(scopes)})


def _person(claims: dict[str, Any]) -> SignedIn:
    _require_complete_id_token(claims)
    office_id, email = office_and_email(claims)
    office = dependencies.offices.office(office_id or "-")
    user = dependencies.users.find(office.office_id, email) if office and office.allows(email) else None
    if office is None or user is None or user.machine or not _same_sign_in(user, office, claims):
        raise RefusalError(HTTPStatus.FORBIDDEN, "Your account belongs to no office that is enrolled here.")
    now = datetime.now(UTC)
    _note_sign_in(user, _signed_in_at(claims, now))
    return SignedIn(user, office, barriers=barriers(user, None, office, now))


def _signed_in_at(claims: dict[str, Any], now: datetime) -> datetime:
    """When the person showed password and second factor (OpenID Connect Core 1.0, section 2: `auth_time`). A token may
    be an hour old, and renewed for eight."""
    seconds = str(claims.get("auth_time", ""))
    return min(datetime.fromtimestamp(int(seconds), UTC), now) if seconds.isdigit() else now


def _note_sign_in(user: User, moment: datetime) -> None:
    """At most once a day (UTC), so that an account that nobody uses is found. A fault refuses nobody: what was not
    noted is noted at the next request."""
    noted = user.last_signed_in
    if not user.active or (noted and noted.date() >= moment.date()):
        return
    try:
        dependencies.users.note_sign_in(user, moment)
    except (ClientError, BotoCoreError):
        logger.exception("a sign-in was not noted")


def _same_sign_in(user: User, office: Office, claims: dict[str, Any]) -> bool:
    return user.belongs_to(str(claims.get("sub", ""))) and _from_own_provider(office, claims)


def _from_own_provider(office: Office, claims: dict[str, Any]) -> bool:
    """Whether the sign-in came through the office's own identity provider: another office's provider could claim any
    address. API Gateway passes the list of `identities` as text in a form of its own."""
    providers = set(_PROVIDER.findall(str(claims.get("identities") or "")))
    return providers == ({office.identity_provider} if office.identity_provider else set())


def _require_complete_id_token(claims: dict[str, Any]) -> None:
    """Raises RefusalError 401 for a token that is no ID token or lacks a claim.

    The pool asks its own users for a second factor; an identity provider (`identities`) must assert that it did."""
    if claims.get("token_use") != "id" or not claims.get("email"):
        raise RefusalError(HTTPStatus.UNAUTHORIZED, "Sign in and send the ID token as the bearer token.")
    if str(claims.get("email_verified", "true")).casefold() != "true":
        raise RefusalError(HTTPStatus.UNAUTHORIZED, "Your e-mail address is not verified. Verify it and sign in again.")
    if claims.get("identities") and str(claims.get("custom:mfa", "")).casefold() != "true":
        raise RefusalError(HTTPStatus.UNAUTHORIZED, "Sign in with a second factor at your identity provider.")
