"""Signed links of a mail, for a recipient who does not sign in.

Opening a link does nothing, because mail programs open links by themselves; pressing its button acts. A page names
nobody: it shows the number of the alert and the possible answers.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from html import escape
from typing import Annotated

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Path, Query

from functions.office_api import dependencies
from functions.office_api.endpoints import Entry, Routes
from shared.alerts.model import Alert
from shared.alerts.responses.model import Verdict
from shared.alerts.responses.respond import acknowledge, end_digest, record_verdict
from shared.alerts.signed_links import LinkPurpose, SignedLink, read_token

routes = Routes("links")
router = routes.router
Token = Annotated[str, Path(pattern="^[A-Za-z0-9_-]{50}$", description="The signed token of the link.")]
_ACKNOWLEDGE = "acknowledge"
_ANSWERS = (_ACKNOWLEDGE, *(verdict.value for verdict in Verdict))
_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; "
    "frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
}
_OVER = "This link is not valid any more. Sign in to answer."


@routes.get(
    "/v1/links/{token}",
    action=None,
    entry=Entry.SIGNED_LINK,
    summary="Open the link of a mail",
)
def open_link(token: Token) -> Response[str]:
    """Shows what the link lets its recipient do and does nothing else: mail programs open links by themselves. No sign-
    in is needed."""
    return _follow_link(
        token,
        lambda alert: _alert_page(alert, ""),
        lambda: _page("Daily digest", "Its alerts will wait for you in the list.", ("Stop this digest",)),
    )


@routes.post(
    "/v1/links/{token}",
    action=None,
    entry=Entry.SIGNED_LINK,
    summary="Do what the link of a mail offers",
    idempotent=False,
)
def use_link(
    token: Token,
    say: Annotated[str, Query(max_length=40, description="What the pressed button says; empty ends a digest.")] = "",
) -> Response[str]:
    """An acknowledgement, a verdict, or the end of a daily digest (RFC 8058, one click). No sign-in is needed."""

    def answer(alert: Alert) -> Response[str]:
        return _alert_page(alert, say if say in _ANSWERS and not alert.withdrawn_at else "")

    return _follow_link(token, answer, lambda: _page("Daily digest", "It is stopped.", ()), acts=True)


def _follow_link(
    token: str,
    of_alert: Callable[[Alert], Response[str]],
    of_digest: Callable[[], Response[str]],
    *,
    acts: bool = False,
) -> Response[str]:
    link = read_token(token, datetime.now(UTC), dependencies.secret_key())
    if link and link.purpose is LinkPurpose.ANSWER and (alert := dependencies.alerts.find(link.about)):
        return of_alert(alert)
    if link and link.purpose is LinkPurpose.NO_DIGEST and _digest(link, acts=acts):
        return of_digest()
    return _page("Arrest Alert", _OVER, (), status=410)


def _digest(link: SignedLink, *, acts: bool) -> bool:
    digest = dependencies.digests.find(link.about)
    if digest and acts:
        end_digest(digest, dependencies.response_deps)
    return digest is not None


def _alert_page(alert: Alert, say: str) -> Response[str]:
    title = f"Arrest alert {alert.number}"
    if alert.withdrawn_at:
        return _page(title, "It is withdrawn. Do not act on it, and delete every copy of what it said.", ())
    by = f"{alert.recipient.email or 'its recipient'}, by link"
    if say == _ACKNOWLEDGE:
        acknowledge(alert, by, dependencies.response_deps, datetime.now(UTC))
    elif say:
        record_verdict(alert, Verdict(say), by, dependencies.response_deps)
    answers = dependencies.responses.read([alert.alert_id]).get(alert.alert_id)
    sentences = [
        f"Acknowledged {answers.acknowledged_at:%Y-%m-%d %H:%M} UTC." if answers and answers.acknowledged_at else "",
        f"Your verdict: {answers.verdict.value}." if answers and answers.verdict else "",
    ]
    return _page(title, " ".join(filter(None, sentences)) or "Sign in to read it.", _ANSWERS)


def _page(title: str, text: str, buttons: tuple[str, ...], status: int = 200) -> Response[str]:
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
    return Response(status_code=status, content_type="text/html; charset=utf-8", headers=_HEADERS, body=body)
