"""Who is calling. API Gateway has verified the token; what it means is decided here."""

from http import HTTPStatus
from typing import NamedTuple

from aws_lambda_powertools.utilities.data_classes import APIGatewayProxyEventV2

from functions.office_api import parts
from functions.office_api.problems import Refusal
from shared.domain.offices import Office


class Caller(NamedTuple):
    email: str
    office: Office


def caller_of(event: APIGatewayProxyEventV2) -> Caller:
    """Raises Refusal: 401 without a verified ID token, 403 when it names no office that is enrolled here."""
    authorizer = event.request_context.authorizer
    claims = (authorizer.jwt_claim if authorizer else None) or {}
    email = str(claims.get("email", "")).casefold()
    if claims.get("token_use") != "id" or not email:
        raise Refusal(HTTPStatus.UNAUTHORIZED, "Sign in and send the ID token as the bearer token.")
    office = parts.offices.office(str(claims.get("custom:office") or "-"))
    if office is None or not office.allows(email):
        raise Refusal(HTTPStatus.FORBIDDEN, "Your account belongs to no office that is enrolled here.")
    return Caller(email, office)
