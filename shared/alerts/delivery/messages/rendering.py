"""The mail of an alert: with who was arrested, as a ping without, or that it is withdrawn."""

from collections.abc import Iterator
from datetime import datetime
from types import MappingProxyType
from typing import NamedTuple
from zoneinfo import ZoneInfo

from shared.alerts.delivery.messages import arrest_lines
from shared.alerts.delivery.messages.page import Box, Link, MailPage, Section, alert_closing
from shared.alerts.delivery.messages.subjects import Names, answer_by, listed, missed_people, news_in_short
from shared.alerts.matches.reason_words import reason_sentence, shown_differences, sureness, surest_first
from shared.alerts.model import AlertReason, WithdrawalCause, must_be_acknowledged
from shared.alerts.view import ShownAlert, ShownArrest
from shared.offices.model import Office
from shared.words import counted, words
from shared.words.agencies import agency_title
from shared.words.moments import clock_text

_CHARGES_ON_TOP = 2
_LONGEST_ON_TOP = 64  # characters of a charge above the button, where every line counts
_MOST_NEWS_ON_TOP = 2
_ROWS_ON_TOP = 8  # of text above the check and the button: about 340 px at 375 px width
_HEADING_WIDTH = 24  # characters


class Reading(NamedTuple):
    """What a message needs to know of its reader and of the deployment. `others` are told if the reader does not answer
    in time. `answer` is the signed link for an answer, empty where there is none."""

    office: Office
    zone: ZoneInfo
    now: datetime
    console: str
    answer: str = ""
    others: tuple[str, ...] = ()
    names: Names = MappingProxyType({})

    def person(self, email: str) -> str:
        """The name of a colleague beside the address, as far as it is known."""
        name = self.names.get(email.casefold())
        return f"{name} ({email})" if name else email

    def url(self, path: str) -> str:
        return f"{self.console.rstrip('/')}{path}"


def alert_url(reading: Reading, alert: ShownAlert) -> str:
    return reading.url(f"/console/alerts/{alert.number}")


def alert_page(alert: ShownAlert, arrest: ShownArrest | None, reading: Reading) -> MailPage:
    """`arrest` is None for a ping, which says only that there is an alert."""
    return _full_page(alert, arrest, reading) if arrest else _ping(alert, reading)


def withdrawal_page(alert: ShownAlert, reading: Reading, *, with_details: bool) -> MailPage:
    """Only what the agency took away is said, and only where the alert itself could be told in full."""
    cause = (words(f"withdrawn.{alert.withdrawn_because}"),) if alert.withdrawn_because in _SAID_CAUSES else ()
    has_news = alert.withdrawn_because is WithdrawalCause.CORRECTED and bool(alert.differences)
    news = news_lines(alert, reading.zone, with_details=with_details) if has_news else ()
    return MailPage(
        kicker=words("kicker.alert", number=alert.short_number),
        heading=words("heading.withdrawn"),
        lead=(*cause, *news, words("withdrawn.delete")),
        links=(Link(words("link.open"), alert_url(reading, alert)),),
        closing=alert_closing(reading.office, reading.console),
    )


_SAID_CAUSES = {WithdrawalCause.CORRECTED, WithdrawalCause.DISMISSED}


def _ping(alert: ShownAlert, reading: Reading) -> MailPage:
    url = alert_url(reading, alert)
    folders = _folders(alert) if reading.office.folders_in_pings else ()
    answer = Link(words("link.have it"), reading.answer, _answer_note(alert, reading))
    return MailPage(
        kicker=_kicker(alert),
        heading=words("heading.ping"),
        lead=(
            *_stand_in_lines(alert, reading),
            *news_lines(alert, reading.zone, with_details=False),
            words("ping.why"),
        ),
        press=Link(words("link.sign in"), url),
        links=(answer,) if reading.answer else (),
        sections=(Section(heading=words("section.folders"), lines=folders),) if folders else (),
        closing=alert_closing(reading.office, reading.console),
    )


def _full_page(alert: ShownAlert, arrest: ShownArrest, reading: Reading) -> MailPage:
    """The top is short, so that the first thing to press stands on the first screen of a telephone; what did not fit
    there is said below."""
    news = news_lines(alert, reading.zone, with_details=True)
    reasons = surest_first(alert.because)
    press, links = _presses(alert, reading)
    top = _top(alert, arrest, news, reading)
    not_on_top = len(news) > _MOST_NEWS_ON_TOP or tuple(map(_cut, news)) != news
    sections = [
        Section(heading=words("section.news"), lines=news) if not_on_top else None,
        Section(heading=words("section.who"), lines=arrest_lines.person_lines(arrest)),
        Section(heading=words("section.what"), lines=arrest_lines.event_lines(arrest, reading.zone)),
        Section(heading=counted("section.why", len(reasons)), lines=tuple(map(_reason_line, reasons))),
    ]
    return MailPage(
        kicker=_kicker(alert),
        heading=arrest_lines.happened(arrest),
        lead=top.lead,
        boxes=(top.box,),
        press=press,
        links=links,
        sections=tuple(section for section in sections if section),
        closing=alert_closing(reading.office, reading.console),
    )


def _presses(alert: ShownAlert, reading: Reading) -> tuple[Link, tuple[Link, ...]]:
    """What is pressed first, and the links after it. Without a signed link, that is signing in."""
    url, note = alert_url(reading, alert), _answer_note(alert, reading)
    if not reading.answer:
        return Link(words("link.sign in"), url, note), ()
    wrong = Link(words("link.wrong person"), f"{reading.answer}#wrong")
    return Link(words("link.have it"), reading.answer, note), (wrong, Link(words("link.open"), url))


def _kicker(alert: ShownAlert) -> str:
    number = alert.short_number
    if alert.on_behalf_of:
        key = "kicker.not delivered" if alert.on_behalf_of.undelivered else "kicker.not answered"
        return words(key, number=number)
    if alert.is_update:
        return words("kicker.update", number=number, news=news_in_short(alert))
    return words("kicker.urgent" if must_be_acknowledged(alert) else "kicker.alert", number=number)


class _Top(NamedTuple):
    """What stands above the first thing to press, and whether all of the news are in it."""

    lead: tuple[str, ...]
    box: Box


def _top(alert: ShownAlert, arrest: ShownArrest, news: tuple[str, ...], reading: Reading) -> _Top:
    """Who and when always; then, as far as there is room, in what the two persons differ, or else where and why."""
    first = (*_stand_in_lines(alert, reading), *map(_cut, news[:_MOST_NEWS_ON_TOP]))
    lead = (*first, arrest_lines.lead_line(arrest, reading.zone))
    room = _ROWS_ON_TOP - _rows(arrest_lines.happened(arrest), _HEADING_WIDTH) - sum(map(_rows, lead))
    differences = dict.fromkeys(shown.line for reason in alert.because for shown in shown_differences(reason))
    if differences:
        fitting = _fitting(list(differences), room, "lead.more differences")
        return _Top(lead, Box(words("reason.may be another"), (*fitting, _check())))
    if any(sureness(reason) == words("reason.may be another") for reason in alert.because):
        return _Top(lead, Box(words("reason.may be another"), (_check(),)))
    box = Box(words("check.heading"), (words("check.text"),))
    place = arrest_lines.place_line(arrest.place)
    facts = [] if first else [*([_cut(place)] if place else []), *map(_cut, arrest_lines.charge_lines(arrest))]
    most = _CHARGES_ON_TOP + bool(place)
    return _Top((*lead, *_fitting(facts, room, "lead.more charges", most)), box)


def _check() -> str:
    """In a box that has a warning of its own already."""
    return f"{words('check.heading')} {words('check.short')}"


def _rows(text: str, width: int = 40) -> int:
    """How many rows a text takes on a telephone, about."""
    return -(-len(text) // width)


def _fitting(lines: list[str], room: int, more: str, most: int = 99) -> list[str]:
    """As many lines as fit into the room, and how many more there are; the first one always."""
    fitting: list[str] = []
    for place, line in enumerate(lines):
        is_last = place + 1 == len(lines)
        room -= _rows(line)
        if fitting and (room < (0 if is_last else 1) or len(fitting) >= (most if is_last else most - 1)):
            return [*fitting, counted(more, len(lines) - place)]
        fitting.append(line)
    return fitting


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST_ON_TOP else f"{text[: _LONGEST_ON_TOP - 1].rstrip()}…"


def _stand_in_lines(alert: ShownAlert, reading: Reading) -> tuple[str, ...]:
    if alert.on_behalf_of is None:
        return ()
    key = "stand in.not delivered" if alert.on_behalf_of.undelivered else "stand in.not answered"
    return (words(key, names=listed(map(reading.person, missed_people(alert.on_behalf_of)))),)


def _answer_note(alert: ShownAlert, reading: Reading) -> str:
    """Until when to answer, who is told otherwise, and that the link needs no sign-in."""
    notes = []
    if deadline := answer_by(alert, reading.now):
        notes.append(words("answer.by", time=clock_text(deadline, reading.zone)))
        others = listed(map(reading.person, reading.others)) if reading.others else ""
        notes.append(
            counted("answer.else", len(reading.others), names=others) if others else words("answer.nobody else")
        )
    if reading.answer:
        notes.append(words("answer.no sign-in"))
    return " ".join(notes)


def news_lines(alert: ShownAlert, zone: ZoneInfo, *, with_details: bool) -> tuple[str, ...]:
    """What an update says anew: the exact differences and the reasons that ended, or in a ping only their kinds."""
    if not with_details:
        return tuple(_kinds_of_news(alert))
    sources = tuple(
        words("news.sources", first=agency_title(other.agency), agency=agency_title(alert.agency))
        for other in alert.also_from
    )
    if alert.revision == 1:
        return sources
    news = [arrest_lines.difference_line(difference, zone) for difference in alert.differences]
    news = news or [words(f"news.{change}") for change in alert.changes]
    news += [words("news.ended", sentence=sentence) for sentence in alert.ended]
    return (*sources, *(news or _kinds_of_news(alert)))


def _kinds_of_news(alert: ShownAlert) -> Iterator[str]:
    if alert.also_from:
        yield words("news.same custody")
    yield from (words(f"news.{change}") for change in alert.changes)
    if alert.ended:
        yield words("news.a reason ended")
    if alert.revision > 1 and not alert.withdrawn_at and not (alert.changes or alert.ended):
        came_back = alert.revision - 1 in alert.withdrawn_revisions
        yield words("news.it holds again") if came_back else words("news.a new reason")


def _folders(alert: ShownAlert) -> tuple[str, ...]:
    return tuple(dict.fromkeys(reason.folder for reason in alert.because if reason.folder))


def _reason_line(reason: AlertReason) -> str:
    """The sentence of a reason and how sure it is, and under it a line for each thing that belongs to it."""
    basis = words("reason.basis", basis=reason.basis.value, case=reason.case_number)
    details = (
        f"{reason.folder}, {basis}" if reason.folder else basis[:1].upper() + basis[1:],
        words("reason.call", contact=reason.contact) if reason.contact else "",
        words("reason.watched by", owner=reason.owner),
        words("reason.reference", reference=reason.reference) if reason.reference else "",
        words("reason.note", note=reason.note) if reason.note else "",
        words("reason.others", others=", ".join(reason.others)) if reason.others else "",
    )
    first = f"{reason_sentence(reason)} {sureness(reason)}".rstrip()
    differences = (difference.line for difference in shown_differences(reason))
    return "\n".join([first, *differences, *filter(None, details)])
