"""Signed links of a mail, for a recipient who does not sign in.

Opening a link does nothing, because mail programs open links by themselves; pressing its button acts. A page shows the
number of the alert and the possible answers, and names nobody. Whether the link may still do anything is asked at each
use (`shared/alerts/responses/link_use.py`).
"""

from datetime import UTC, datetime
from html import escape
from http import HTTPStatus
from typing import Annotated

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Path, Query

from shared.access import Resource, ResourceKind
from shared.alerts.delivery.messages.digest import Digest
from shared.alerts.model import Alert
from shared.alerts.responses.link_use import LinkState, find_linked, link_state
from shared.alerts.responses.model import AlertResponse, Verdict
from shared.alerts.responses.respond import acknowledge, end_digest, record_verdict_once
from shared.alerts.signed_links import SignedLink, read_token
from shared.office_api import dependencies
from shared.office_api.endpoints import Entry, Routes
from shared.office_api.gate.audited_subjects import SUBJECTS
from shared.office_api.gate.link_holder import ACKNOWLEDGE

routes = Routes("links")
router = routes.router
Token = Annotated[str, Path(pattern="^[A-Za-z0-9_-]{50}$", description="The signed token of the link.")]
_VERDICTS = tuple(verdict.value for verdict in Verdict)
_STOP_DIGEST = "Stop this digest"
_HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; "
    "frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
}
_OVER = "This link is not valid any more. Sign in to answer."
_WITHDRAWN = "It is withdrawn. Do not act on it, and delete every copy of what it said."
# Uses in a minute. A whole office may stand behind one network address, and its mail programs open every link.
_USES_OF_A_LINK, _USES_OF_AN_ADDRESS = 20, 600


@routes.get(
    "/v1/links/{token}",
    action=None,
    entry=Entry.SIGNED_LINK,
    summary="Open the link of a mail",
)
def open_link(token: Token) -> Response[str]:
    """Shows what the link lets its recipient do and does nothing else: mail programs open links by themselves. No sign-
    in is needed."""
    return _follow_link(token, None)


@routes.post(
    "/v1/links/{token}",
    action=None,
    entry=Entry.SIGNED_LINK,
    summary="Do what the link of a mail offers",
)
def use_link(
    token: Token,
    say: Annotated[str, Query(max_length=40, description="What the pressed button says; empty ends a digest.")] = "",
) -> Response[str]:
    """An acknowledgement, a verdict, or the end of a daily digest (RFC 8058, one click). No sign-in is needed."""
    return _follow_link(token, say)


def _follow_link(token: str, pressed: str | None) -> Response[str]:
    """`pressed` is what the button says, None when the link is merely opened."""
    now = datetime.now(UTC)
    link = read_token(token, now, dependencies.secret_key())
    if seconds := _seconds_to_wait(link, now):
        return _too_many(seconds)
    record = find_linked(link, dependencies.response_deps) if link else None
    if isinstance(record, Alert):
        about = Resource(ResourceKind.ALERT, record.alert_id, record.office_id)
        router.context[SUBJECTS].reach(about)
    state = link_state(record, dependencies.response_deps, now) if record else LinkState.CLOSED
    if record is None or state is LinkState.CLOSED:
        return _page("Arrest Alert", _OVER, (), HTTPStatus.GONE)
    if isinstance(record, Digest):
        return _digest_page(record, pressed)
    if state is LinkState.WITHDRAWN:
        return _page(_title(record), _WITHDRAWN, ())
    return _alert_page(record, pressed, now)


def _seconds_to_wait(link: SignedLink | None, now: datetime) -> int:
    """Counts this use for the network address that it comes from, and for the link. Returns 0 if it may go on."""
    uses = [("link source", router.current_event.request_context.http.source_ip, _USES_OF_AN_ADDRESS)]
    uses += [("link", link.about, _USES_OF_A_LINK)] if link else []
    pseudonyms, rates = dependencies.pseudonyms(), dependencies.link_rates
    waits = (rates.seconds_to_wait(pseudonyms.of(kind, value), limit, now) for kind, value, limit in uses)
    return next(filter(None, waits), 0)


def _too_many(seconds: int) -> Response[str]:
    page = _page("Arrest Alert", "Too many requests. Wait a minute and try again.", (), HTTPStatus.TOO_MANY_REQUESTS)
    page.headers["Retry-After"] = str(seconds)
    return page


def _digest_page(digest: Digest, pressed: str | None) -> Response[str]:
    if pressed is None:
        return _page("Daily digest", "Its alerts will wait for you in the list.", (_STOP_DIGEST,))
    end_digest(digest, dependencies.response_deps)
    return _page("Daily digest", "It is stopped.", ())


def _alert_page(alert: Alert, pressed: str | None, now: datetime) -> Response[str]:
    """Offers what has no answer yet. By link the first answer stands, so that a page which is sent again, or used by
    somebody else, changes nothing."""
    by = f"{alert.recipient.email or 'its recipient'}, by link"
    if pressed == ACKNOWLEDGE:
        acknowledge(alert, by, dependencies.response_deps, now)
    elif pressed in _VERDICTS:
        record_verdict_once(alert, Verdict(pressed), by, dependencies.response_deps)
    answers = dependencies.responses.read([alert.alert_id]).get(alert.alert_id, AlertResponse())
    text = "Acknowledged. " if answers.acknowledged_at else ""
    text += "A verdict is given; sign in to change it." if answers.verdict else ""
    buttons = (() if answers.acknowledged_at else (ACKNOWLEDGE,)) + (() if answers.verdict else _VERDICTS)
    return _page(_title(alert), text.strip() or "Sign in to read it.", buttons)


def _title(alert: Alert) -> str:
    return f"Arrest alert {alert.number}"


def _page(title: str, text: str, buttons: tuple[str, ...], status: HTTPStatus = HTTPStatus.OK) -> Response[str]:
    forms = "".join(
        f'<form method="post" action="?say={escape(text.replace(" ", "%20"), quote=True)}"><button style="font:inherit;'
        f'padding:10px 16px;margin:0 0 8px;min-width:220px">{escape(text.capitalize())}</button></form>'
        for text in buttons
    )
    body = (
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="robots" content="noindex">'
        f'<meta name="viewport" content="width=device-width"><title>{escape(title)}</title></head>'
        '<body style="font-family:sans-serif;font-size:16px;max-width:640px;padding:0 12px">'
        f"<h1>{escape(title)}</h1><p>{escape(text)}</p>{forms}</body></html>"
    )
    return Response(status_code=status.value, content_type="text/html; charset=utf-8", headers={**_HEADERS}, body=body)
