"""What browsers do at the door of the console, and what lies in the table of sessions."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from tests.conftest import Tables
from tests.console.conftest import Answer, Browser
from tests.console.pool import Pool

SESSION, ATTEMPT = "__Host-session", "__Host-sign-in"
ALERT = "/console/alerts?unanswered=true"


def begin(browser: Browser, goal: str = ALERT) -> str:
    """The address of the pool's pages that the browser is sent to."""
    answer = browser.get(f"/console/sign-in?{urlencode({'next': goal})}")
    assert answer.status == 303
    return answer.location


def come_back(browser: Browser, query: dict[str, str]) -> Answer:
    return browser.get(f"/console/signed-in?{urlencode(query)}")


def walk_in(browser: Browser, pool: Pool, goal: str = ALERT) -> Answer:
    return come_back(browser, pool.lets_in(begin(browser, goal)))


def rows(tables: Tables) -> list[dict[str, Any]]:
    return tables.everything_in("Sessions")


def age(browser: Browser, **changes: Any) -> None:
    """Changes the row of the browser's session, as time would."""
    from functions.console import dependencies  # noqa: PLC0415 - as above
    from functions.console.sessions.model import hash_of  # noqa: PLC0415

    session = dependencies.sessions.find(hash_of(browser.cookies[SESSION]))
    assert session
    dependencies.sessions.save(session.model_copy(update=changes))
