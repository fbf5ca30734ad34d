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
from aws_lambda_powertools.utilities.typing import LambdaContext
from botocore.exceptions import BotoCoreError, ClientError

from functions.console import dependencies
from functions.console.api import Api, ApiRefusedError
from functions.console.error_pages import error_page
from functions.console.forms import CSRF, Form, UnreadableFormError, form_of
from functions.console.page import Download, HtmlPage, Pages, Redirect, Reply, Route
from functions.console.render import render
from functions.console.responses import NOTICE_COOKIE, Response, download, html, redirect
from functions.console.sessions.current import current_session
from functions.console.sessions.model import Session
from functions.console.visit import Visit

Event = Mapping[str, Any]
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

    def answer(self, event: Event, context: LambdaContext) -> Answer:
        path, method = event["rawPath"], event["requestContext"]["http"]["method"]
        route, ids = self._find(method, path)
        try:
            session = None if route and not route.signed_in else current_session(event, datetime.now(UTC))
            response = self._enter(route, ids, event, session, context)
        except (BotoCoreError, ClientError):
            logger.exception("the session could not be read")
            response = _failure(HTTPStatus.SERVICE_UNAVAILABLE, None)
        return Answer(response, route.path if route else "-")

    def _enter(
        self, route: Route | None, ids: dict[str, str], event: Event, session: Session | None, context: LambdaContext
    ) -> Response:
        if route is None:
            return _failure(HTTPStatus.NOT_FOUND, session)
        if session is None and route.signed_in:
            return redirect(_sign_in_and_come_back(event))
        if session and session.purpose is None and route.needs_purpose:
            return redirect(f"/console/purpose?{urlencode({'next': _own(event)})}")
        return self._run(route, ids, event, session, context)

    def _find(self, method: str, path: str) -> tuple[Route | None, dict[str, str]]:
        for pattern, route in self._compiled:
            if route.method == method and (match := pattern.fullmatch(path)):
                return route, {name: unquote(value) for name, value in match.groupdict().items()}
        return None, {}

    def _run(
        self, route: Route, ids: dict[str, str], event: Event, session: Session | None, context: LambdaContext
    ) -> Response:
        try:
            form = form_of(event) if route.method == "POST" else Form()
            if route.method == "POST":
                _require_own_form(event, session, form)
            if session is None:
                return _response(route.run(event, **ids), None, route, event)
            visit = _visit(event, session, form, context)
            return _response(route.run(visit, **ids), visit, route, event)
        except ForeignFormError:
            return _failure(HTTPStatus.FORBIDDEN, session, "foreign form")
        except UnreadableFormError as error:
            return _failure(HTTPStatus.BAD_REQUEST, session, detail=str(error))
        except ApiRefusedError as refused:
            return _failure(HTTPStatus(refused.status), session, detail=refused.detail)
        except Exception:
            logger.exception("a page failed")
            return _failure(HTTPStatus.INTERNAL_SERVER_ERROR, session)


def _visit(event: Event, session: Session, form: Form, context: LambdaContext) -> Visit:
    request = event["requestContext"]
    api = Api(
        claims=session.claims,
        purpose=session.purpose,
        source_ip=request["http"].get("sourceIp", ""),
        request_id=request.get("requestId", ""),
        context=context,
    )
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
            return html(render(reply, visit, route.nav, _notice(event)), reply.status)
        case Redirect():
            return redirect(reply.to, reply.notice)
        case Download():
            return download(reply)


def _notice(event: Event) -> str:
    return _cookies(event).get(NOTICE_COOKIE, "")


def _cookies(event: Event) -> dict[str, str]:
    pairs = (cookie.partition("=") for cookie in event.get("cookies") or ())
    return {name.strip(): value for name, _, value in pairs}


def _failure(status: HTTPStatus, session: Session | None, case: str = "", detail: str = "") -> Response:
    page = error_page(status, case, detail)
    return html(render(page, None, "", "", session), page.status)


def _own(event: Event) -> str:
    """The path and query of the request, which is a place in the console."""
    query = event.get("rawQueryString")
    return f"{event['rawPath']}?{query}" if query else str(event["rawPath"])


def _sign_in_and_come_back(event: Event) -> str:
    """A form that arrives after its session ended leads to the page, not to the form."""
    is_form = event["requestContext"]["http"]["method"] == "POST"
    return f"/console/sign-in?{urlencode({'next': '/console/alerts' if is_form else _own(event)})}"


def _regex(path: str) -> re.Pattern[str]:
    return re.compile(re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", path))
