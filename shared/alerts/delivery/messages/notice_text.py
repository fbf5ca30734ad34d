"""What a notice says, and what is said of possible matches that wait for their reader. Pure."""

from datetime import datetime
from itertools import groupby
from zoneinfo import ZoneInfo

from shared.alerts.delivery.messages.notice import Notice
from shared.alerts.delivery.messages.page import Link, MailPage, Section, notice_closing
from shared.alerts.delivery.messages.rendering import Reading
from shared.alerts.expiry import EXPIRED_STEP, ExpiryWarning
from shared.alerts.reviews.waiting import WaitingReviews
from shared.words import counted, words
from shared.words.moments import day_text

WAITING_PATH = "/console/possible-matches"
_PAGE_OF_ROUTE = (  # of notices that were stored before there were pages
    ("/v1/reports/", "/console/reports"),
    ("/v1/subscriptions", "/console/watches"),
    ("/v1/reviews", WAITING_PATH),
    ("/v1/agreements", "/console/office"),
    ("/v1/", "/console/"),
)


def notice_page(notice: Notice, reading: Reading, *, with_cases: bool) -> MailPage:
    path = page_path(notice.path)
    return MailPage(
        kicker=reading.office.name,
        heading=notice.title,
        press=Link(notice.opens, reading.url(path)) if path else None,
        sections=tuple(notice_sections(notice, with_cases=with_cases)),
        closing=notice_closing(reading.office, reading.console, notice.agency),
    )


def page_path(path: str) -> str:
    """The page of the console that a notice leads to."""
    for route, page in _PAGE_OF_ROUTE:
        if path.startswith(route):
            return page if page == "/console/reports" else page + path.removeprefix(route)
    return path


def notice_sections(notice: Notice, *, with_cases: bool) -> list[Section]:
    """Its lines, its sections, and a section of expiry warnings for each basis, the soonest first."""
    changed = [Section(heading=words("notice.happened"), lines=notice.lines)] if notice.lines else []
    changed += notice.sections
    ordered = sorted(notice.warnings, key=lambda warning: (warning.basis, warning.last_day, warning.case_number))
    return changed + [
        Section(
            heading=basis.value.capitalize(),
            lines=tuple(_warning_line(warning, with_case=with_cases) for warning in warnings),
        )
        for basis, warnings in groupby(ordered, key=lambda warning: warning.basis)
    ]


def _warning_line(warning: ExpiryWarning, *, with_case: bool) -> str:
    """Case numbers go only to whom personal details may go."""
    case = words("expiry.case", case=warning.case_number) if with_case else words("expiry.a watch")
    day = day_text(warning.last_day)
    if warning.step == EXPIRED_STEP:
        return words("expiry.stopped", case=case, day=day)
    return words("expiry.ends" if warning.by_its_own_end else "expiry.confirm", case=case, day=day)


def waiting_title(waiting: WaitingReviews) -> str:
    return counted("waiting.title", waiting.number)


def waiting_sections(waiting: WaitingReviews, zone: ZoneInfo, now: datetime) -> tuple[Section, ...]:
    days = (now - waiting.oldest).days
    age = counted("waiting.days", days) if days else words("waiting.today")
    oldest = words("waiting.oldest", day=day_text(waiting.oldest.astimezone(zone).date()), age=age)
    return (
        Section(heading=words("waiting.heading"), lines=(f"{waiting_title(waiting)}. {oldest}",)),
        Section(heading=words("notice.to do"), lines=(words("waiting.to do"),)),
    )
