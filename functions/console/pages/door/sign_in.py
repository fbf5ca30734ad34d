"""The door: to Cognito's sign-in pages and back, and out again.

The way: `/console/sign-in` -> the pool's own pages -> `/console/signed-in?code=...` -> the page that was asked for.
"""

from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode

from aws_lambda_powertools import Logger

from functions.console import dependencies
from functions.console.api import ApiRefusedError
from functions.console.page import HtmlPage, Pages, Redirect
from functions.console.responses import cookie, forgotten_cookie
from functions.console.sessions.attempt import (
    ATTEMPT_COOKIE,
    ATTEMPT_SECONDS,
    HOME,
    SignInAttempt,
    attempt_of,
    own_page,
)
from functions.console.sessions.begin import begin_session, end_session
from functions.console.sessions.current import cookie_of
from functions.console.sessions.model import COOKIE, hash_of
from functions.console.sessions.pool_answers import SignInRefusedError, SignInUnavailableError
from functions.console.visit import Visit

Event = dict[str, Any]
pages = Pages()
logger = Logger()
DENIED = (
    "You are not signed in",
    "The sign-in was not finished, or it was refused. Try again, or ask a super-owner of your office about it.",
)
STALE = (
    "This sign-in cannot be used",
    "It was used already, it took longer than half an hour, or it was begun in another window. You can sign in again.",
)
NO_ANSWER = ("Sign-in does not answer", "Nothing is wrong with your account. Wait a minute, then try again.")
STRANGER = (
    "You belong to no office here",
    "Your sign-in is right, but no office here knows your address. Ask a super-owner of your office to add you.",
)


@pages.get("/console/sign-in", signed_in=False)
def begin(event: Event) -> Redirect | HtmlPage:
    """Where offices have identity providers of their own, the person says first which sign-in is theirs."""
    query, settings = event.get("queryStringParameters") or {}, dependencies.settings
    goal = own_page(query.get("next", ""))
    clients = {"password": settings.sign_in_client, "office": settings.federated_client}
    if len(set(clients.values())) > 1 and query.get("with") not in clients:
        return _choice_of_sign_in(goal)
    attempt = SignInAttempt.begin(clients.get(query.get("with", ""), settings.sign_in_client), goal=goal)
    address = attempt.address(settings.sign_in_url, dependencies.redirect_uri)
    return Redirect(address, cookies=[cookie(ATTEMPT_COOKIE, attempt.as_cookie, ATTEMPT_SECONDS)])


def _choice_of_sign_in(goal: str) -> HtmlPage:
    links = [
        (f"/console/sign-in?{urlencode({'with': 'office', 'next': goal})}", "My office's own sign-in"),
        (f"/console/sign-in?{urlencode({'with': 'password', 'next': goal})}", "My e-mail address and a password"),
    ]
    return _message("How do you sign in?", "Your invitation says which of the two is yours.", links=links)


@pages.get("/console/signed-in", signed_in=False)
def come_back(event: Event) -> Redirect | HtmlPage:
    """The pool leads the browser here with a code. An older session of this browser is not used on."""
    query = event.get("queryStringParameters") or {}
    attempt = attempt_of(cookie_of(event, ATTEMPT_COOKIE))
    known = {dependencies.settings.sign_in_client, dependencies.settings.federated_client}
    if attempt is None or attempt.client_id not in known or not attempt.began_with(query.get("state", "")):
        return _failed(STALE, HTTPStatus.BAD_REQUEST)
    if "code" not in query:
        return _failed(DENIED, HTTPStatus.FORBIDDEN, attempt.goal)
    try:
        session_id = _session_for(query["code"], attempt, event)
    except SignInRefusedError as refused:
        logger.warning("a sign-in was refused", extra={"reason": str(refused) or "by the pool"})
        return _failed(STALE, HTTPStatus.BAD_REQUEST, attempt.goal)
    except SignInUnavailableError:
        logger.exception("the pool did not answer")
        return _failed(NO_ANSWER, HTTPStatus.SERVICE_UNAVAILABLE, attempt.goal)
    except ApiRefusedError as refused:
        disabled = any(error.field == "account" for error in refused.errors)
        texts = ("Your account is disabled", refused.detail) if disabled else STRANGER
        return _failed(texts, HTTPStatus.FORBIDDEN, attempt.goal)
    _end_older_session(event)
    return Redirect(attempt.goal, cookies=[cookie(COOKIE, session_id), forgotten_cookie(ATTEMPT_COOKIE)])


def _session_for(code: str, attempt: SignInAttempt, event: Event) -> str:
    tokens = dependencies.token_endpoint().exchange(attempt.exchange(code, dependencies.redirect_uri))
    claims = dependencies.id_tokens().claims(tokens.id_token, client_id=attempt.client_id, nonce=attempt.nonce)
    return begin_session(tokens, claims, attempt.client_id, event, datetime.now(UTC))


def _end_older_session(event: Event) -> None:
    older = cookie_of(event, COOKIE)
    session = dependencies.sessions.find(hash_of(older)) if older else None
    if session:
        end_session(session)


@pages.get("/console/session-over", signed_in=False)
def tell_that_the_session_is_over(event: Event) -> HtmlPage:
    query = event.get("queryStringParameters") or {}
    lost = "The form that you sent was not taken: nothing was changed." if query.get("form") else ""
    return _message(
        "You are signed out",
        "For safety a session ends after 30 minutes without a click, and after 8 hours at the latest.",
        lost,
        links=[_sign_in_link(query.get("next", ""))],
        cookies=_forgotten_if_over(event),
    )


@pages.post("/console/sign-out", needs_purpose=False)
def sign_out(visit: Visit) -> Redirect:
    """Ends the session here, and then the one of Cognito's pages."""
    end_session(visit.session)
    settings = dependencies.settings
    leave = {
        "client_id": visit.session.client_id or settings.sign_in_client,
        "logout_uri": f"{settings.console_url}/console/signed-out",
    }
    return Redirect(f"{settings.sign_in_url}/logout?{urlencode(leave)}", cookies=[forgotten_cookie(COOKIE)])


@pages.get("/console/signed-out", signed_in=False)
def tell_that_you_are_out(event: Event) -> HtmlPage:
    return _message(
        "You are signed out",
        "The back button shows nothing any more. If this is not your own computer, close the browser.",
        links=[_sign_in_link(HOME)],
        cookies=_forgotten_if_over(event),
    )


def _forgotten_if_over(event: Event) -> tuple[str, ...]:
    """Takes the cookie away, unless its session goes on: another site that leads a browser here signs nobody out."""
    session = dependencies.sessions.find(hash_of(cookie_of(event, COOKIE)))
    return () if session and not session.is_over(datetime.now(UTC)) else (forgotten_cookie(COOKIE),)


def _failed(texts: tuple[str, str], status: int, goal: str = HOME) -> HtmlPage:
    title, text = texts
    forget = (forgotten_cookie(ATTEMPT_COOKIE),)
    return _message(title, text, links=[_sign_in_link(goal)], status=status, cookies=forget)


def _message(
    title: str,
    *texts: str,
    links: list[tuple[str, str]],
    status: int = HTTPStatus.OK,
    cookies: tuple[str, ...] = (),
) -> HtmlPage:
    values = {"texts": [text for text in texts if text], "links": links}
    return HtmlPage(template="door/message.html", title=title, values=values, status=status, cookies=cookies)


def _sign_in_link(goal: str) -> tuple[str, str]:
    return f"/console/sign-in?{urlencode({'next': own_page(goal)})}", "Sign in"
