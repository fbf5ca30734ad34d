"""Finds the session that a request's cookie names."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from functions.console import dependencies
from functions.console.sessions.model import COOKIE, RENEWED_AFTER, Session, hash_of


def current_session(event: Mapping[str, Any], now: datetime) -> Session | None:
    """Returns None without a session, and for one that is over, whose row is deleted."""
    session_id = _cookie(event)
    session = dependencies.sessions.find(hash_of(session_id)) if session_id else None
    if session is None:
        return None
    if session.is_over(now):
        dependencies.sessions.delete(session.session_hash)
        return None
    if now - session.seen_at >= RENEWED_AFTER:
        session = session.model_copy(update={"seen_at": now})
        dependencies.sessions.save(session)
    return session


def _cookie(event: Mapping[str, Any]) -> str:
    for cookie in event.get("cookies") or ():
        name, _, value = cookie.partition("=")
        if name.strip() == COOKIE:
            return str(value)
    return ""
