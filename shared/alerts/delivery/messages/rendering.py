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
from shared.arrests.diff import Difference
from shared.arrests.model import ArrestChange
from shared.offices.model import Office
from shared.words import counted, words
from shared.words.charges import american
from shared.words.moments import clock_text, moment_text

_CHARGES_ON_TOP = 2
_LONGEST_ON_TOP = 64  # characters of a charge above the button, where every line counts
_MOST_NEWS_ON_TOP = 2


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
    news = _news_lines(alert, reading.zone, with_details=with_details) if has_news else ()
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
            *_news_lines(alert, reading.zone, with_details=False),
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
    news = _news_lines(alert, reading.zone, with_details=True)
    reasons = surest_first(alert.because)
    press, links = _presses(alert, reading)
    sections = [
        Section(heading=words("section.news"), lines=news) if len(news) > _MOST_NEWS_ON_TOP else None,
        Section(heading=words("section.who"), lines=arrest_lines.person_lines(arrest)),
        Section(heading=words("section.what"), lines=arrest_lines.event_lines(arrest, reading.zone)),
        Section(heading=counted("section.why", len(reasons)), lines=tuple(map(_reason_line, reasons))),
    ]
    return MailPage(
        kicker=_kicker(alert),
        heading=arrest_lines.happened(arrest),
        lead=_lead(alert, arrest, news, reading),
        boxes=(_check_box(reasons),),
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
    if alert.revision > 1:
        return words("kicker.update", number=number, news=news_in_short(alert))
    return words("kicker.urgent" if must_be_acknowledged(alert) else "kicker.alert", number=number)


def _lead(alert: ShownAlert, arrest: ShownArrest, news: tuple[str, ...], reading: Reading) -> tuple[str, ...]:
    first = (*_stand_in_lines(alert, reading), *news[:_MOST_NEWS_ON_TOP])
    when = arrest_lines.when_line(arrest, reading.zone)
    if first or any(map(shown_differences, alert.because)):
        return (*first, when)
    place = arrest_lines.place_line(arrest.place)
    charges = [_cut(line) for line in arrest_lines.charge_lines(arrest)]
    more = len(charges) - _CHARGES_ON_TOP
    on_top = charges if more <= 0 else [charges[0], counted("lead.more charges", more + 1)]
    return (when, *([place] if place else []), *on_top)


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST_ON_TOP else f"{text[: _LONGEST_ON_TOP - 1].rstrip()}…"


def _stand_in_lines(alert: ShownAlert, reading: Reading) -> tuple[str, ...]:
    if alert.on_behalf_of is None:
        return ()
    key = "stand in.not delivered" if alert.on_behalf_of.undelivered else "stand in.not answered"
    return (words(key, names=listed(map(reading.person, missed_people(alert.on_behalf_of)))),)


def _check_box(reasons: list[AlertReason]) -> Box:
    """What to check; above it, in what the two sides differ."""
    differences = dict.fromkeys(difference.line for reason in reasons for difference in shown_differences(reason))
    check = f"{words('check.heading')} {words('check.text')}"
    if differences:
        return Box(words("reason.may be another"), (*differences, check))
    if any(sureness(reason) == words("reason.may be another") for reason in reasons):
        return Box(words("reason.may be another"), (check,))
    return Box(words("check.heading"), (words("check.text"),))


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


def _news_lines(alert: ShownAlert, zone: ZoneInfo, *, with_details: bool) -> tuple[str, ...]:
    """What an update says anew: the exact differences and the reasons that ended, or in a ping only their kinds."""
    if not with_details:
        return tuple(_kinds_of_news(alert))
    news = [_difference_line(difference, zone) for difference in alert.differences]
    news = news or [words(f"news.{change}") for change in alert.changes]
    news += [words("news.ended", sentence=sentence) for sentence in alert.ended]
    return tuple(news) or tuple(_kinds_of_news(alert))


def _kinds_of_news(alert: ShownAlert) -> Iterator[str]:
    yield from (words(f"news.{change}") for change in alert.changes)
    if alert.ended:
        yield words("news.a reason ended")
    if alert.revision > 1 and not alert.withdrawn_at and not (alert.changes or alert.ended):
        came_back = alert.revision - 1 in alert.withdrawn_revisions
        yield words("news.it holds again") if came_back else words("news.a new reason")


def _difference_line(difference: Difference, zone: ZoneInfo) -> str:
    field = american(difference.field)
    field = field[:1].upper() + field[1:]
    before, after = (_in_zone(difference, value, zone) for value in (difference.before, difference.after))
    if not after:
        return words("difference.removed", field=field, before=before)
    if not before:
        return words("difference.added", field=field, after=after)
    return words("difference.corrected", field=field, before=before, after=after)


def _in_zone(difference: Difference, value: str, zone: ZoneInfo) -> str:
    """A moved release is stored in UTC, or as a day."""
    if difference.change is not ArrestChange.EVENT_MOVED or ":" not in value:
        return american(value)
    return moment_text(datetime.fromisoformat(value), zone)


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
    return "\n".join([first, *filter(None, details)])
