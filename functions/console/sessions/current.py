"""Finds the session that a request's cookie names."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from functions.console import dependencies
from functions.console.sessions.begin import end_session, renew_session
from functions.console.sessions.model import COOKIE, RENEWED_AFTER, Session, hash_of


def current_session(event: Mapping[str, Any], now: datetime) -> Session | None:
    """Returns None without a session, and for one that is over, whose row is deleted. An ID token that is nearly over
    is renewed first, which fails for somebody who has left or was removed.

    Raises SignInUnavailableError when it must be renewed and the pool does not answer."""
    session_id = cookie_of(event, COOKIE)
    session = dependencies.sessions.find(hash_of(session_id)) if session_id else None
    if session is None:
        return None
    if session.is_over(now):
        end_session(session)
        return None
    if session.must_be_renewed(now):
        return renew_session(session, event, now)
    if now - session.seen_at >= RENEWED_AFTER:
        return dependencies.sessions.change(session, seen_at=now)
    return session


def cookie_of(event: Mapping[str, Any], wanted: str) -> str:
    """The value of a cookie of the request, "" without."""
    for cookie in event.get("cookies") or ():
        name, _, value = cookie.partition("=")
        if name.strip() == wanted:
            return str(value)
    return ""
