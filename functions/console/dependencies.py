"""Dependencies of the console: the table of sessions, and the user pool. What the pages show comes through the office
API. What only a sign-in needs is made then."""

from functools import cache
from typing import TYPE_CHECKING

import boto3
from botocore.config import Config

from functions.console.sessions.table import SessionsTable
from functions.console.settings import Settings
from shared.aws.settings import load_settings
from shared.aws.time_limits import ANSWERS_WITHIN

if TYPE_CHECKING:
    from mypy_boto3_cognito_idp import CognitoIdentityProviderClient

    from functions.console.sessions.token_cipher import TokenCipher
    from functions.console.sessions.tokens import IdTokens, TokenEndpoint

settings = load_settings(Settings)
sessions = SessionsTable(boto3.client("dynamodb", config=ANSWERS_WITHIN), settings.sessions_table)
redirect_uri = f"{settings.console_url}/console/signed-in"


@cache
def token_endpoint() -> "TokenEndpoint":
    from functions.console.sessions.tokens import TokenEndpoint  # noqa: PLC0415 - loads a library of cryptography

    return TokenEndpoint(settings.token_url)


@cache
def id_tokens() -> "IdTokens":
    """The pool's keys are where its API is; its name says in which region."""
    from functions.console.sessions.tokens import IdTokens  # noqa: PLC0415 - loads a library of cryptography

    pool = settings.user_pool
    issuer = f"https://cognito-idp.{pool.partition('_')[0]}.amazonaws.com/{pool}"
    return IdTokens(f"{user_pool().meta.endpoint_url}/{pool}/.well-known/jwks.json", issuer)


@cache
def token_cipher() -> "TokenCipher":
    from functions.console.sessions.token_cipher import TokenCipher  # noqa: PLC0415 - as above

    return TokenCipher(boto3.client("kms", config=ANSWERS_WITHIN), settings.product_key)


@cache
def user_pool() -> "CognitoIdentityProviderClient":
    """Revoking a token is asked for unsigned, as a client without a secret does."""
    return boto3.client(
        "cognito-idp", config=Config(connect_timeout=2, read_timeout=3, retries={"total_max_attempts": 2})
    )
