"""From an HTTP event to a page: find the route, find the session, check where a form comes from, run, render.

The order matters: nothing is read for a request without a session, and nothing is changed by a form that another site
sent.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from hmac import compare_digest
from http import HTTPStatus
from typing import Any
from urllib.parse import unquote, urlencode

from aws_lambda_powertools import Logger
from botocore.exceptions import BotoCoreError, ClientError

from functions.console import dependencies
from functions.console.api import ApiRefusedError, api_of
from functions.console.error_pages import error_page
from functions.console.forms import CSRF, Form, UnreadableFormError, form_of
from functions.console.page import Download, HtmlPage, Pages, Redirect, Reply, Route
from functions.console.render import render
from functions.console.responses import NOTICE_COOKIE, Response, download, forgotten_cookie, html, redirect
from functions.console.sessions.attempt import HOME
from functions.console.sessions.begin import end_session, person_now
from functions.console.sessions.current import cookie_of, current_session
from functions.console.sessions.model import COOKIE, Session
from functions.console.sessions.pool_answers import SignInUnavailableError
from functions.console.visit import Visit

Event = Mapping[str, Any]
SIGN_OUT, SIGNED_OUT = "/console/sign-out", "/console/signed-out"
logger = Logger()


@dataclass(frozen=True)
class Answer:
    """`pattern` is the route's path with its parameters in braces, for logs: the path itself holds ids."""

    response: Response
    pattern: str


class ForeignFormError(Exception):
    """The form does not come from a page of this session."""


class Dispatcher:
    def __init__(self, modules: Iterable[Pages]) -> None:
        self.routes = tuple(route for pages in modules for route in pages.routes)
        self._compiled = [(_regex(route.path), route) for route in self.routes]

    def answer(self, event: Event) -> Answer:
        path, method = event["rawPath"], event["requestContext"]["http"]["method"]
        route, ids = self._find(method, path)
        try:
            session = None if route and not route.signed_in else current_session(event, datetime.now(UTC))
            response = self._enter(route, ids, event, session)
        except (BotoCoreError, ClientError, SignInUnavailableError):
            logger.exception("the session could not be read")
            response = _failure(HTTPStatus.SERVICE_UNAVAILABLE, None)
        except Exception:
            logger.exception("a request failed before its page")
            response = _failure(HTTPStatus.INTERNAL_SERVER_ERROR, None)
        return Answer(response, route.path if route else "-")

    def _enter(self, route: Route | None, ids: dict[str, str], event: Event, session: Session | None) -> Response:
        if route is None:
            return _failure(HTTPStatus.NOT_FOUND, session)
        if session is None and route.signed_in:
            return redirect(_where_without_session(event, route))
        if session and session.person.waits and route.needs_purpose:
            return _first(event)
        if session and session.purpose is None and route.needs_purpose:
            return redirect(f"/console/purpose?{urlencode({'next': _own(event)})}")
        return self._run(route, ids, event, session)

    def _find(self, method: str, path: str) -> tuple[Route | None, dict[str, str]]:
        for pattern, route in self._compiled:
            if route.method == method and (match := pattern.fullmatch(path)):
                return route, {name: unquote(value) for name, value in match.groupdict().items()}
        return None, {}

    def _run(self, route: Route, ids: dict[str, str], event: Event, session: Session | None) -> Response:
        try:
            form = form_of(event) if route.method == "POST" else Form()
            if route.method == "POST":
                _require_own_form(event, session, form)
            if session is None:
                return _response(route.run(event, **ids), None, route, event)
            visit = _visit(event, session, form)
            return _response(route.run(visit, **ids), visit, route, event)
        except ForeignFormError:
            return _failure(HTTPStatus.FORBIDDEN, session, "foreign form")
        except UnreadableFormError as error:
            return _failure(HTTPStatus.BAD_REQUEST, session, detail=str(error))
        except ApiRefusedError as refused:
            return _out(event, session) or _refused(refused, ids, session)
        except Exception:
            logger.exception("a page failed")
            return _failure(HTTPStatus.INTERNAL_SERVER_ERROR, session)


def _out(event: Event, session: Session | None) -> Response | None:
    """After a refusal: ends the session of a person whom the office knows no more, and leads somebody who must see to
    something first to that. Returns None for everybody else, who was refused for lack of a right."""
    person = person_now(session, event) if session else None
    if session is None or (person and not person.waits):
        return None
    if person:
        dependencies.sessions.change(session, person=person)
        return _first(event)
    end_session(session)
    page = error_page(HTTPStatus.FORBIDDEN, "out")
    return html(render(page, None, "", ""), page.status, [forgotten_cookie(COOKIE)])


def _first(event: Event) -> Response:
    """What a form held was not sent: the page behind it can be opened again."""
    is_form = event["requestContext"]["http"]["method"] == "POST"
    return redirect(f"/console/first?{urlencode({'next': HOME if is_form else _own(event)})}")


def _visit(event: Event, session: Session, form: Form) -> Visit:
    api = api_of(event, claims=session.claims, purpose=session.purpose)
    return Visit(session=session, api=api, path=_own(event), query=event.get("queryStringParameters") or {}, form=form)


def _require_own_form(event: Event, session: Session | None, form: Form) -> None:
    """Raises ForeignFormError unless the form comes from our own address and carries this session's token."""
    headers = event.get("headers") or {}
    origin = headers.get("origin")
    if origin is not None and origin != dependencies.settings.console_url:
        raise ForeignFormError
    if session is None or not compare_digest(form.text(CSRF).encode(), session.csrf.encode()):
        raise ForeignFormError


def _response(reply: Reply, visit: Visit | None, route: Route, event: Event) -> Response:
    match reply:
        case HtmlPage():
            return html(render(reply, visit, route.nav, _notice(event)), reply.status, reply.cookies)
        case Redirect():
            return redirect(reply.to, reply.notice, reply.cookies)
        case Download():
            return download(reply)


def _notice(event: Event) -> str:
    return unquote(cookie_of(event, NOTICE_COOKIE))


def _failure(status: HTTPStatus, session: Session | None, case: str = "", detail: str = "") -> Response:
    page = error_page(status, case, detail)
    return html(render(page, None, "", "", session), page.status)


def _refused(refused: ApiRefusedError, ids: dict[str, str], session: Session | None) -> Response:
    """An address whose id has not the form of an id is the address of nothing."""
    wrong = {error.field for error in refused.errors}
    if refused.status == HTTPStatus.UNPROCESSABLE_ENTITY and wrong and wrong <= set(ids):
        return _failure(HTTPStatus.NOT_FOUND, session)
    return _failure(HTTPStatus(refused.status), session, detail=refused.detail)


def _own(event: Event) -> str:
    """The path and query of the request, which is a place in the console."""
    query = event.get("rawQueryString")
    return f"{event['rawPath']}?{query}" if query else str(event["rawPath"])


def _where_without_session(event: Event, route: Route) -> str:
    """The sign-in, and from there back. Whose session is over is told so first: what their form held was not sent. A
    form leads on to the home page, not to itself."""
    goal = {"next": HOME if route.method == "POST" else _own(event)}
    if not cookie_of(event, COOKIE):
        return f"/console/sign-in?{urlencode(goal)}"
    if route.path == SIGN_OUT:
        return SIGNED_OUT
    return f"/console/session-over?{urlencode(goal | ({'form': 'yes'} if route.method == 'POST' else {}))}"


def _regex(path: str) -> re.Pattern[str]:
    return re.compile(re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", path))
