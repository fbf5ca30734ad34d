"""Signed links of a mail, for a recipient who does not sign in.

Opening a link does nothing, because mail programs open links by themselves; pressing its button acts. A page shows the
number of the alert and the possible answers, and names nobody. Whether the link may still do anything is asked at each
use (`shared/alerts/responses/link_use.py`).
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from html import escape
from http import HTTPStatus
from typing import Annotated, NamedTuple
from zoneinfo import ZoneInfo

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Path, Query

from shared.access import Resource, ResourceKind
from shared.alerts.delivery.messages.digest import Digest
from shared.alerts.delivery.messages.page import html_document
from shared.alerts.model import Alert
from shared.alerts.responses.link_use import LinkState, find_linked, link_state
from shared.alerts.responses.model import AlertResponse, Verdict
from shared.alerts.responses.respond import acknowledge, end_digest, record_verdict_once
from shared.alerts.signed_links import SignedLink, read_token
from shared.office_api import dependencies
from shared.office_api.endpoints import Entry, Routes
from shared.office_api.gate.audited_subjects import SUBJECTS
from shared.office_api.gate.link_holder import ACKNOWLEDGE
from shared.offices.preferences import Preferences
from shared.words import words
from shared.words.moments import moment_text

routes = Routes("links")
router = routes.router
Token = Annotated[
    str,
    Path(
        max_length=200,
        description="The signed token of the link. One that was cut gets a page that says so.",
    ),
]
_PERSON = (Verdict.RIGHT_PERSON.value, Verdict.WRONG_PERSON.value)
_USEFUL = (Verdict.USEFUL.value, Verdict.NOT_USEFUL.value)
_STOP_DIGEST = "stop"
_HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; "
    "frame-ancestors 'none'; base-uri 'none'",
    "Referrer-Policy": "no-referrer",
}
_ALERTS = "/console/alerts"
_BY_LINK = ", by link"  # behind the name of whom the link was made for
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
    link = read_token(token, now, dependencies.link_keys())
    if seconds := _seconds_to_wait(link, now):
        return _too_many(seconds)
    record = find_linked(link, dependencies.response_deps) if link else None
    if isinstance(record, Alert):
        about = Resource(ResourceKind.ALERT, record.alert_id, record.office_id)
        router.context[SUBJECTS].reach(about)
    state = link_state(record, dependencies.response_deps, now) if record else LinkState.CLOSED
    if record is None or state is LinkState.CLOSED:
        return _over()
    reader = _reader_of(record)
    if isinstance(record, Digest):
        return _digest_page(record, pressed, reader)
    if state is LinkState.WITHDRAWN:
        return _answer(_withdrawn_page(record, reader))
    return _answer(_alert_page(record, pressed, now, reader))


class LinkReader(NamedTuple):
    """For whom the link was made: their office, and the zone in which they read times."""

    office: str
    zone: ZoneInfo


def _reader_of(record: Alert | Digest) -> LinkReader:
    deps, email = dependencies.response_deps, record.recipient.email
    office = deps.offices.office(record.office_id)
    zone = office.zone if office else ZoneInfo("UTC")
    preferences = deps.preferences.find(record.office_id, email) if email else Preferences()
    return LinkReader(office.name if office else "", preferences.zone(zone))


def _seconds_to_wait(link: SignedLink | None, now: datetime) -> int:
    """Counts this use for the network address that it comes from, and for the link. Returns 0 if it may go on."""
    uses = [("link source", router.current_event.request_context.http.source_ip, _USES_OF_AN_ADDRESS)]
    uses += [("link", link.about, _USES_OF_A_LINK)] if link else []
    pseudonyms, rates = dependencies.pseudonyms(), dependencies.link_rates
    waits = (rates.seconds_to_wait(pseudonyms.of(kind, value), limit, now) for kind, value, limit in uses)
    return next(filter(None, waits), 0)


def _too_many(seconds: int) -> Response[str]:
    page = LinkPage(words("link page.too many"), (words("link page.too many why"),))
    answer = _answer(page, HTTPStatus.TOO_MANY_REQUESTS)
    answer.headers["Retry-After"] = str(seconds)
    return answer


def _over() -> Response[str]:
    page = LinkPage(words("link page.over"), (words("link page.over why"),), link=(words("link page.sign in"), _ALERTS))
    return _answer(page, HTTPStatus.GONE)


def _digest_page(digest: Digest, pressed: str | None, reader: LinkReader) -> Response[str]:
    heading = words("link page.digest")
    if pressed is None:
        ask = words("link page.digest why")
        return _answer(LinkPage(heading, (ask,), (Presses("", (_STOP_DIGEST,)),), reader.office))
    end_digest(digest, dependencies.response_deps)
    return _answer(LinkPage(heading, (words("link page.digest stopped"),), office=reader.office))


def _withdrawn_page(alert: Alert, reader: LinkReader) -> "LinkPage":
    number = words("link page.alert", number=alert.short_number)
    return LinkPage(
        words("link page.withdrawn"),
        (words("link page.withdrawn why"),),
        office=reader.office,
        kicker=number,
        link=_to_alert(alert),
    )


def _alert_page(alert: Alert, pressed: str | None, now: datetime, reader: LinkReader) -> "LinkPage":
    """Offers what has no answer yet. By link the first answer stands, so that a page which is sent again, or used by
    somebody else, changes nothing."""
    by = f"{alert.recipient.email or words('names.recipient')}{_BY_LINK}"
    if pressed == ACKNOWLEDGE:
        acknowledge(alert, by, dependencies.response_deps, now)
    elif pressed in {*_PERSON, *_USEFUL}:
        record_verdict_once(alert, Verdict(pressed), by, dependencies.response_deps)
    answers = dependencies.responses.read([alert.alert_id]).get(alert.alert_id, AlertResponse())
    presses = [] if answers.acknowledged_at else [Presses("", (ACKNOWLEDGE,))]
    lines = [_acknowledgement(answers, alert.recipient.email, reader.zone)]
    if answers.verdict:
        lines.append(words("link page.answered", verdict=words(f"press.{answers.verdict}")))
    else:
        presses += [Presses(words("link page.right person"), _PERSON), Presses(words("link page.useful"), _USEFUL)]
    return LinkPage(
        words("link page.alert", number=alert.short_number),
        tuple(lines),
        tuple(presses),
        reader.office,
        link=_to_alert(alert),
    )


def _acknowledgement(answers: AlertResponse, email: str, zone: ZoneInfo) -> str:
    """Names nobody."""
    if answers.acknowledged_at is None:
        return words("link page.question")
    when = moment_text(answers.acknowledged_at, zone)
    by_reader = (answers.acknowledged_by or "").removesuffix(_BY_LINK).casefold() == email.casefold()
    return words("link page.you have it", when=when) if by_reader else words("link page.colleague has it", when=when)


def _to_alert(alert: Alert) -> tuple[str, str]:
    return words("link page.open"), f"{_ALERTS}/{alert.number}"


class Presses(NamedTuple):
    """Buttons under a question. Each says what is pressed to the route that it belongs to."""

    question: str
    presses: tuple[str, ...]


class LinkPage(NamedTuple):
    """`link` is a label and a path of the console."""

    heading: str
    lines: tuple[str, ...]
    presses: tuple[Presses, ...] = ()
    office: str = ""
    kicker: str = ""
    link: tuple[str, str] | None = None


def _answer(page: LinkPage, status: HTTPStatus = HTTPStatus.OK) -> Response[str]:
    title = f"{page.heading} - {words('link page.title')}"
    html = html_document(title, "".join(_body(page)), head='<meta name="robots" content="noindex">')
    return Response(status_code=status.value, content_type="text/html; charset=utf-8", headers={**_HEADERS}, body=html)


def _body(page: LinkPage) -> Iterator[str]:
    kicker = " - ".join(filter(None, (page.kicker, page.office)))
    if kicker:
        yield f'<p class="m" style="margin:0;font-size:14px;color:#565c65">{escape(kicker)}</p>'
    yield f'<h1 style="font-size:22px;line-height:1.2;margin:2px 0 8px">{escape(page.heading)}</h1>'
    yield from (f'<p style="margin:0 0 8px">{escape(line)}</p>' for line in page.lines)
    for group in page.presses:
        if group.question:
            anchor = ' id="wrong"' if group.presses == _PERSON else ""
            yield f'<h2{anchor} style="font-size:17px;margin:22px 0 6px">{escape(group.question)}</h2>'
        yield from map(_press, group.presses)
    if page.link:
        label, path = page.link
        yield f'<p style="margin:24px 0 0"><a class="l" style="color:#005ea2" href="{path}">{escape(label)}</a></p>'


def _press(press: str) -> str:
    said = escape(press.replace(" ", "%20"), quote=True)
    return (
        f'<form method="post" action="?say={said}"><button class="k" style="font:inherit;font-weight:bold;border:0;'
        "border-radius:4px;background-color:#005ea2;color:#ffffff;padding:11px 18px;margin:0 0 8px;min-width:180px"
        f'">{escape(words(f"press.{press}"))}</button></form>'
    )
