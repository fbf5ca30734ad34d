"""Who is calling. API Gateway has verified the token; what it means is decided here."""

import re
from http import HTTPStatus
from typing import Any, NamedTuple

from aws_lambda_powertools.utilities.data_classes import APIGatewayProxyEventV2

from functions.office_api import dependencies
from functions.office_api.problems import Refusal
from shared.access import Principal, principal_of
from shared.offices.model import Office
from shared.offices.users import Machine, User

_PROVIDER = re.compile(r"providerName[\"':\s]+([\w-]+)")


class Caller(NamedTuple):
    email: str
    office: Office


class SignedIn(NamedTuple):
    """A user of an enrolled office, and the purpose said. Whether that user may do anything, the policy says. A
    machine has here the scopes that its token has as well."""

    user: User
    office: Office
    purpose: str = ""

    @property
    def caller(self) -> Caller:
        return Caller(self.user.email, self.office)

    @property
    def principal(self) -> Principal:
        return principal_of(self.user, self.office)


def signed_in(event: APIGatewayProxyEventV2) -> SignedIn:
    """Raises Refusal: 401 without a verified token, a person's ID token or a machine's access token; 403 when it names
    no user of an office that is enrolled here.

    The user's row is read at every request, so whoever was removed is out at the next one, whatever the token says.
    """
    claims = claims_of(event.raw_event)
    return _machine(claims) if is_machines(claims) else _person(claims)


def claims_of(event: dict[str, Any]) -> dict[str, Any]:
    """What API Gateway verified; nothing, where nobody signed in."""
    return event["requestContext"].get("authorizer", {}).get("jwt", {}).get("claims") or {}


def is_machines(claims: dict[str, Any]) -> bool:
    """An access token that no person stands behind: a person's names its `username`, and was given without a word of
    the second factor."""
    return claims.get("token_use") == "access" and "username" not in claims and "client_id" in claims


def named_in(claims: dict[str, Any]) -> tuple[str, str]:
    """The office and the address that a token names, whether they may do anything or not."""
    if is_machines(claims):
        return dependencies.users.find_machine(str(claims["client_id"])) or ("", f"machine {claims['client_id']}")
    return str(claims.get("custom:office", "")), str(claims.get("email", "")).casefold()


def _machine(claims: dict[str, Any]) -> SignedIn:
    office_id, email = named_in(claims)
    office = dependencies.offices.office(office_id or "-")
    user = dependencies.users.find(office.office_id, email) if office and office.allows(email) else None
    if office is None or user is None or not user.machine or user.machine.client_id != claims["client_id"]:
        raise Refusal(HTTPStatus.FORBIDDEN, "This machine belongs to no office that is enrolled here.")
    return SignedIn(user.model_copy(update={"machine": _narrowed(user.machine, str(claims.get("scope", "")))}), office)


def _narrowed(machine: Machine, said: str) -> Machine:
    scopes = (scope for scope in machine.scopes if scope.in_token in said.split())
    return machine.model_copy(update={"scopes": frozenset(scopes)})


def _person(claims: dict[str, Any]) -> SignedIn:
    _refuse_unless_whole(claims)
    office_id, email = named_in(claims)
    office = dependencies.offices.office(office_id or "-")
    user = dependencies.users.find(office.office_id, email) if office and office.allows(email) else None
    if office is None or user is None or user.machine or not _same_sign_in(user, office, claims):
        raise Refusal(HTTPStatus.FORBIDDEN, "Your account belongs to no office that is enrolled here.")
    return SignedIn(user, office)


def _same_sign_in(user: User, office: Office, claims: dict[str, Any]) -> bool:
    return user.belongs_to(str(claims.get("sub", ""))) and _by(office, claims)


def _by(office: Office, claims: dict[str, Any]) -> bool:
    """Whether the sign-in is the office's own: another office's identity provider could say anything of whom it lets
    in. API Gateway writes the list of `identities` as text, in a form of its own."""
    named = set(_PROVIDER.findall(str(claims.get("identities") or "")))
    return named == ({office.identity_provider} if office.identity_provider else set())


def _refuse_unless_whole(claims: dict[str, Any]) -> None:
    """An ID token with all that it must say. The pool asks its own users for a second factor; who comes from an
    identity provider (`identities`) must bring its word that it did."""
    if claims.get("token_use") != "id" or not claims.get("email"):
        raise Refusal(HTTPStatus.UNAUTHORIZED, "Sign in and send the ID token as the bearer token.")
    if str(claims.get("email_verified", "true")).casefold() != "true":
        raise Refusal(HTTPStatus.UNAUTHORIZED, "Your e-mail address is not verified. Verify it and sign in again.")
    if claims.get("identities") and str(claims.get("custom:mfa", "")).casefold() != "true":
        raise Refusal(HTTPStatus.UNAUTHORIZED, "Sign in with a second factor at your identity provider.")
