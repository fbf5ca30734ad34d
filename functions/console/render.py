"""Templates: Jinja2, every value escaped, an unknown name an error."""

from datetime import UTC, date, datetime
from functools import cache
from hashlib import sha256
from pathlib import Path
from uuid import uuid4
from zoneinfo import ZoneInfo

from jinja2 import Environment, FileSystemLoader, StrictUndefined, pass_context
from jinja2.runtime import Context

from functions.console.navigation import navigation
from functions.console.notices import NOTICES
from functions.console.page import HtmlPage
from functions.console.sessions.model import Session
from functions.console.visit import Visit
from shared.words import words
from shared.words.charges import readable_charge
from shared.words.moments import birth_text, day_text, moment_text, zoned_clock_text
from shared.words.stamp import stamp

HERE = Path(__file__).parent
STATIC = HERE / "static"


def render(page: HtmlPage, visit: Visit | None, nav: str, notice: str = "", session: Session | None = None) -> str:
    """`session` is for a page that answers a failure, where there is no visit."""
    session = visit.session if visit else session
    return (
        _environment()
        .get_template(page.template)
        .render(
            **page.values,
            title=page.title,
            errors=page.errors,
            session=session,
            navigation=navigation(session, nav) if session else (),
            notice=NOTICES.get(notice, ""),
            here=visit.path if visit else "",
            form_key=uuid4().hex,
            stylesheet=stylesheet(),
            printed_stamp=stamp_of(session),
        )
    )


def stamp_of(session: Session | None) -> str:
    """What stands on paper, when somebody prints the page, and below a table that was made here."""
    if session is None or session.purpose is None:
        return ""
    person = session.person
    return stamp(person.email, person.office, session.purpose.value, datetime.now(UTC), ZoneInfo(person.time_zone))


@cache
def stylesheet() -> str:
    """The address of the sheet: a changed sheet has another one, so that browsers may keep it."""
    return f"/console/static/{sha256((STATIC / 'console.css').read_bytes()).hexdigest()[:16]}.css"


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    environment.filters |= {
        "day": day,
        "moment": moment,
        "clock": clock,
        "readable_charge": readable_charge,
        "born": born,
        "right_words": right_words,
    }
    return environment


def right_words(right: str) -> str:
    """`Releases or discards files that are held` for `quarantine`."""
    return words(f"right.{right}")


def born(value: date | None) -> str:
    """`Mar 14, 1988`."""
    return birth_text(value) if value else ""


def day(value: date | None) -> str:
    """`Tue, Oct 20, 2026`."""
    return day_text(value) if value else ""


@pass_context
def moment(context: Context, value: datetime | None) -> str:
    """`Tue, Oct 20, 2026, 9:30 p.m. EST` in the reader's zone."""
    return moment_text(value, _zone(context)) if value else ""


@pass_context
def clock(context: Context, value: datetime | None) -> str:
    """`9:30 p.m. EST` in the reader's zone."""
    return zoned_clock_text(value, _zone(context)) if value else ""


def _zone(context: Context) -> ZoneInfo:
    """The reader's zone; UTC where nobody has signed in."""
    session = context.get("session")
    return ZoneInfo(session.person.time_zone if session else "UTC")
