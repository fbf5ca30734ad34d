"""Who is calling. API Gateway has verified the token; what it means is decided here."""

import re
from http import HTTPStatus
from typing import Any, NamedTuple

from aws_lambda_powertools.utilities.data_classes import APIGatewayProxyEventV2

from functions.office_api import parts
from functions.office_api.problems import Refusal
from shared.domain.offices import Office
from shared.domain.policy import Principal, principal
from shared.domain.users import User

_PROVIDER = re.compile(r"providerName[\"':\s]+([\w-]+)")


class Caller(NamedTuple):
    email: str
    office: Office


class SignedIn(NamedTuple):
    """A user of an enrolled office, and the purpose said. Whether that user may do anything, the policy says."""

    user: User
    office: Office
    purpose: str = ""

    @property
    def caller(self) -> Caller:
        return Caller(self.user.email, self.office)

    @property
    def principal(self) -> Principal:
        return principal(self.user, self.office)


def signed_in(event: APIGatewayProxyEventV2) -> SignedIn:
    """Raises Refusal: 401 without a verified ID token, 403 when it names no user of an office that is enrolled here.

    The user's row is read at every request, so whoever was removed is out at the next one, whatever the token says.
    """
    claims = _claims(event)
    email = str(claims.get("email", "")).casefold()
    office = parts.offices.office(str(claims.get("custom:office") or "-"))
    user = parts.users.find(office.office_id, email) if office and office.allows(email) else None
    if office is None or user is None or not user.belongs_to(str(claims.get("sub", ""))) or not _by(office, claims):
        raise Refusal(HTTPStatus.FORBIDDEN, "Your account belongs to no office that is enrolled here.")
    return SignedIn(user, office)


def _by(office: Office, claims: dict[str, Any]) -> bool:
    """Whether the sign-in is the office's own: another office's identity provider could say anything of whom it lets
    in. API Gateway writes the list of `identities` as text, in a form of its own."""
    named = set(_PROVIDER.findall(str(claims.get("identities") or "")))
    return named == ({office.identity_provider} if office.identity_provider else set())


def _claims(event: APIGatewayProxyEventV2) -> dict[str, Any]:
    """Of an ID token with all that it must say. The pool asks its own users for a second factor; who comes from an
    identity provider (`identities`) must bring its word that it did."""
    authorizer = event.request_context.authorizer
    claims: dict[str, Any] = (authorizer.jwt_claim if authorizer else None) or {}
    if claims.get("token_use") != "id" or not claims.get("email"):
        raise Refusal(HTTPStatus.UNAUTHORIZED, "Sign in and send the ID token as the bearer token.")
    if str(claims.get("email_verified", "true")).casefold() != "true":
        raise Refusal(HTTPStatus.UNAUTHORIZED, "Your e-mail address is not verified. Verify it and sign in again.")
    if claims.get("identities") and str(claims.get("custom:mfa", "")).casefold() != "true":
        raise Refusal(HTTPStatus.UNAUTHORIZED, "Sign in with a second factor at your identity provider.")
    return claims
