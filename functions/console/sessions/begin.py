"""Begins a session after a sign-in, renews its ID token, and ends it."""

import secrets
from collections.abc import Mapping
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any

from aws_lambda_powertools import Logger
from botocore.exceptions import BotoCoreError, ClientError

from functions.console import dependencies
from functions.console.api import ApiRefusedError, api_of
from functions.console.sessions.model import Session, SignedInPerson, hash_of, new_session_id
from functions.console.sessions.pool_answers import PoolTokens, SignInRefusedError, SignInUnavailableError
from shared.office_api.routes.office.me import Me

logger = Logger()


def begin_session(
    tokens: PoolTokens, claims: dict[str, str], client_id: str, event: Mapping[str, Any], now: datetime
) -> str:
    """Returns the id of a new session, which the cookie holds: never one that a browser brought.

    Raises ApiRefusedError 401 or 403 for somebody who belongs to no office here."""
    person = _person(claims, event)
    session_id = new_session_id()
    session_hash = hash_of(session_id)
    session = Session(
        session_hash=session_hash,
        claims=claims,
        person=person,
        csrf=secrets.token_urlsafe(32),
        began_at=now,
        seen_at=now,
        client_id=client_id,
        refresh_token=dependencies.token_cipher().encrypted(tokens.refresh_token, session_hash),
        token_ends_at=_end_of(claims),
    )
    dependencies.sessions.save(session)
    return session_id


def renew_session(session: Session, event: Mapping[str, Any], now: datetime) -> Session | None:
    """Returns the session with a new ID token, and with what the office's records say of the person now.

    Returns None for a person who is out: the session is ended. Raises SignInUnavailableError when the pool does not
    answer and the ID token is over."""
    try:
        claims = _renewed_claims(session)
        person = _person(claims, event)
    except SignInUnavailableError:
        if session.token_ends_at and now < session.token_ends_at:
            return session  # it is tried again at the next request
        raise
    except (SignInRefusedError, ApiRefusedError):
        end_session(session)
        return None
    facts = {"claims": claims, "person": person, "token_ends_at": _end_of(claims), "seen_at": now}
    return dependencies.sessions.change(session, **facts)


def end_session(session: Session) -> None:
    """Deletes the row; then revokes the refresh token. That the pool did not answer is logged and stops nothing: with
    the row the encrypted token is gone."""
    dependencies.sessions.delete(session.session_hash)
    if not session.refresh_token:
        return
    try:
        token = dependencies.token_cipher().decrypted(session.refresh_token, session.session_hash)
        dependencies.user_pool().revoke_token(Token=token, ClientId=session.client_id)
    except (BotoCoreError, ClientError):
        logger.warning("a refresh token was not revoked", exc_info=True)


def person_now(session: Session, event: Mapping[str, Any]) -> SignedInPerson | None:
    """The person as the office knows them now: any other refusal is about a right. None if it knows them no more."""
    try:
        return _person(session.claims, event)
    except ApiRefusedError as refused:
        is_out = refused.status in {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN}
        return None if is_out else session.person


def person_in(me: Me) -> SignedInPerson:
    facts = me.model_dump(include=set(SignedInPerson.model_fields))
    return SignedInPerson(**facts, waits=bool(me.before_access))


def _renewed_claims(session: Session) -> dict[str, str]:
    """Raises SignInRefusedError if the pool refuses, or answers with another person's token."""
    refresh_token = dependencies.token_cipher().decrypted(session.refresh_token, session.session_hash)
    tokens = dependencies.token_endpoint().renew(refresh_token, client_id=session.client_id)
    claims = dependencies.id_tokens().claims(tokens.id_token, client_id=session.client_id)
    if claims["sub"] != session.claims["sub"]:
        raise SignInRefusedError("the pool answered with another person's token")
    return claims


def _person(claims: dict[str, str], event: Mapping[str, Any]) -> SignedInPerson:
    return person_in(api_of(event, claims=claims, purpose=None).get("/v1/me", Me))


def _end_of(claims: Mapping[str, str]) -> datetime:
    return datetime.fromtimestamp(int(claims["exp"]), UTC)
