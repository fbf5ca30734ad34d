"""What an alert says. Plain text and HTML carry the same; subject and text message never say who it is about."""

from datetime import datetime
from html import escape
from itertools import groupby
from typing import NamedTuple

from shared.alerts.delivery.messages.digest import Digest
from shared.alerts.delivery.messages.notice import Notice
from shared.alerts.expiry import ExpiryWarning
from shared.alerts.model import Alert, AlertReason, StandIn
from shared.arrests.model import CUSTODY_BEGINS, Arrest, ArrestChange
from shared.arrests.person import Sex, age_on
from shared.offices.model import Office
from shared.value import FrozenModel

VERIFY = "Verify before you act: this is a report from another agency, matched by machine. It is not probable cause."
_NEWS = {
    ArrestChange.CHARGE_ADDED: "A charge was added.",
    ArrestChange.IDENTIFIER_ADDED: "An identifier was added.",
    ArrestChange.PERSON_CORRECTED: "The person's name or date of birth was corrected.",
    ArrestChange.EVENT_MOVED: "The date was moved.",
}
_UNSAID = "not supplied"
_WITHDRAWN = (
    "This alert must no longer be used. Do not act on it, and delete every copy of what it said.",
    "What it was about may not be repeated here.",
)


class Section(FrozenModel):
    """A heading with lines under it, the common form of both wordings. What a line holds after a line break belongs
    under it."""

    heading: str
    lines: tuple[str, ...]


class Links(NamedTuple):
    """Where a page leads; empty where it does not."""

    read: str
    answer: str = ""
    stop: str = ""
    opens: str = "Sign in and read"

    @property
    def named(self) -> list[tuple[str, str]]:
        every = (
            (self.opens, self.read),
            ("Acknowledge it, or say if it was useful (no sign-in)", self.answer),
            ("Stop this daily digest (no sign-in)", self.stop),
        )
        return [(what, where) for what, where in every if where]


def signed_link(console: str, token: str) -> str:
    return f"{console.rstrip('/')}/v1/links/{token}"


def link(console: str, alert: Alert) -> str:
    return f"{console.rstrip('/')}/v1/alerts/{alert.alert_id}"


def subject(alert: Alert) -> str:
    if alert.withdrawn_at:
        return f"Arrest alert {alert.number} is withdrawn"
    return f"Arrest alert {alert.number}" + (f", update {alert.revision - 1}" if alert.revision > 1 else "")


def short(alert: Alert, console: str) -> str:
    """Fits one GSM-7 part of 160 characters as long as the console's address has at most 60."""
    what = "do not act on it." if alert.withdrawn_at else "sign in to read it."
    return f"{subject(alert)}: {what} {link(console, alert)}"


def sections(alert: Alert, arrest: Arrest | None, office: Office) -> list[Section]:
    """`arrest` is None for a ping, which says no more than that there is an alert."""
    if alert.withdrawn_at:
        return [Section(heading="Withdrawn", lines=_WITHDRAWN)]
    news = tuple(_NEWS[change] for change in alert.changes)
    if arrest and alert.differences:
        news = tuple(difference.sentence for difference in alert.differences)
    if alert.revision > 1 and not news:
        news = ("There is a reason that was not given before.",)
    found = [Section(heading="What is new", lines=news)] if news else []
    if alert.on_behalf_of:
        found.append(Section(heading="Why you get this", lines=(_instead(alert.on_behalf_of),)))
    if arrest is None:
        return [
            *found,
            Section(heading="Details", lines=(*_folders(alert, office), "Sign in to read who, what and why.")),
        ]
    return [
        *found,
        Section(heading="Who", lines=_who(arrest)),
        Section(heading="What", lines=_what(arrest, office)),
        Section(heading=f"Why you are told ({len(alert.because)})", lines=tuple(map(_because, alert.because))),
    ]


def _folders(alert: Alert, office: Office) -> tuple[str, ...]:
    named = dict.fromkeys(reason.folder for reason in alert.because if reason.folder) if office.folders_in_pings else ()
    return tuple(f"in {folder}" for folder in named)


def as_text(alert: Alert, office: Office, parts: list[Section], console: str, answer: str = "") -> str:
    return page_as_text(subject(alert), office, parts, Links(link(console, alert), answer), _warning(alert))


def as_html(alert: Alert, office: Office, parts: list[Section], console: str, answer: str = "") -> str:
    return page_as_html(subject(alert), office, parts, Links(link(console, alert), answer), _warning(alert))


def _warning(alert: Alert) -> str:
    return "" if alert.withdrawn_at else VERIFY


def digest_subject(digest: Digest, alerts: list[Alert], office: Office) -> str:
    """One digest of the day, or what was held back in one hour."""
    form = "%Y-%m-%d %H:%M" if digest.flood else "%Y-%m-%d"
    kind = "held back by your office's hourly ceiling" if digest.flood else "in your digest"
    return f"{len(alerts)} arrest alerts {kind}, {digest.due.astimezone(office.zone):{form}}"


def digest_short(title: str, console: str) -> str:
    return f"{title}: sign in. {console.rstrip('/')}/v1/alerts"


def digest_sections(digest: Digest, alerts: list[Alert], console: str) -> list[Section]:
    """Numbers and links: a digest names nobody."""
    ordered = sorted(alerts, key=lambda alert: alert.created_at)
    lines = tuple(f"{one.number}, {len(one.because)} reason(s): {link(console, one)}" for one in ordered)
    return [Section(heading="Held back" if digest.flood else "Alerts", lines=lines)]


def notice_sections(notice: Notice, *, with_cases: bool) -> list[Section]:
    """What is about to be over by basis, the soonest first."""
    changed = [Section(heading="What has changed", lines=notice.lines)] if notice.lines else []
    ordered = sorted(notice.lapses, key=lambda warning: (warning.basis, warning.last_day, warning.case_number))
    return changed + [
        Section(heading=basis.value.capitalize(), lines=tuple(_lapse(one, with_cases=with_cases) for one in warnings))
        for basis, warnings in groupby(ordered, key=lambda warning: warning.basis)
    ]


def _lapse(warning: ExpiryWarning, *, with_cases: bool) -> str:
    which = warning.case_number if with_cases else f"watch {warning.subscription_id[:8]}"
    mend = "renew" if warning.by_its_own_end else "validate"
    if warning.step < 0:
        return f"{which}: it alerted until {warning.last_day} and alerts nobody any more; {mend} or cancel it"
    return f"{which}: it alerts until {warning.last_day}; {mend} it by then, if it is still needed"


def page_as_text(title: str, office: Office, parts: list[Section], links: Links, warning: str = VERIFY) -> str:
    lines = {part.heading: [f"- {line}".replace("\n", "\n    ") for line in part.lines] for part in parts}
    body = "\n\n".join("\n".join([heading.upper(), *some]) for heading, some in lines.items())
    said = "\n".join(f"{what}: {where}" for what, where in links.named)
    return f"{title}\n{office.name}\n\n" + (f"{warning}\n\n" if warning else "") + f"{body}\n\n{said}\n"


def page_as_html(title: str, office: Office, parts: list[Section], links: Links, warning: str = VERIFY) -> str:
    def section(part: Section) -> str:
        lines = "".join(f'<li style="margin:0 0 8px">{_line_as_html(line)}</li>' for line in part.lines)
        heading = f'<h2 style="font-size:16px;margin:20px 0 6px">{escape(part.heading)}</h2>'
        return f'{heading}<ul style="margin:0;padding-left:20px">{lines}</ul>'

    said = "".join(f'<p><a href="{escape(where, quote=True)}">{what}</a></p>' for what, where in links.named)
    boxed = '<p style="border-left:4px solid #b45309;background:#fef3c7;margin:12px 0;padding:8px 12px">'
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width">'
        f"<title>{escape(title)}</title></head>"
        '<body style="font-family:sans-serif;font-size:15px;line-height:1.4;max-width:640px;padding:0 12px;color:#111">'
        f'<h1 style="font-size:20px;margin:16px 0 0">{escape(title)}</h1>'
        f'<p style="margin:4px 0 0">{escape(office.name)}</p>'
        f"{f'{boxed}{escape(warning)}</p>' if warning else ''}"
        f"{''.join(map(section, parts))}{said}</body></html>"
    )


def _line_as_html(line: str) -> str:
    first, *under = map(escape, line.split("\n"))
    if not under:
        return first
    return f'<strong>{first}</strong><br><span style="color:#444;font-size:14px">{"<br>".join(under)}</span>'


def _who(arrest: Arrest) -> tuple[str, ...]:
    person = arrest.person
    names = [f"{name.surname.upper()}, {name.given} {name.middle} {name.suffix}".strip(" ,") for name in person.names]
    born = person.date_of_birth
    age = f", {age_on(arrest.arrested_on, born)} at arrest" if born and arrest.arrested_on else ""
    lines = [" ".join(names[0].split()) if names else f"name {_UNSAID}"]
    lines += [f"also known as {' '.join(name.split())}" for name in names[1:]]
    lines.append(f"born {born.isoformat()}{age}" if born else f"born {person.birth_year or f'({_UNSAID})'}")
    if person.sex is not Sex.UNKNOWN:
        lines.append(f"sex {person.sex.value}")
    lines += [f"{identifier.kind.value.upper()} {identifier.value}" for identifier in person.identifiers]
    return tuple(lines)


def _what(arrest: Arrest, office: Office) -> tuple[str, ...]:
    charges = [
        " ".join(
            part
            for part in (charge.statute, charge.text, f"({charge.charge_class.value})" if charge.charge_class else "")
            if part
        )
        for charge in arrest.charges
    ]
    place = ", ".join(part for part in (arrest.place.address, arrest.place.city, arrest.place.state) if part)
    precinct = f"precinct {arrest.place.precinct}" if arrest.place.precinct else ""
    beat = f"beat {arrest.place.beat}" if arrest.place.beat else ""
    where = ", ".join(part for part in (place, precinct, beat) if part) or _UNSAID
    return (
        f"{arrest.kind.value} {arrest.number or '(no number)'} by {arrest.agency}",
        *_event(arrest, office),
        f"{'when' if arrest.kind in CUSTODY_BEGINS else 'arrested'}: {_when(arrest, office)}",
        f"where: {where}",
        *(charges or [f"charges: {_UNSAID}"]),
        *(flag.value for flag in arrest.flags),
    )


def _event(arrest: Arrest, office: Office) -> tuple[str, ...]:
    """When what is told of happens, where that is not the arrest: a release, say. The line after it is the arrest's."""
    said = _local(arrest.event_at, office) if arrest.event_at else arrest.event_on
    return (f"{arrest.kind.value}: {said}",) if said else ()


def _when(arrest: Arrest, office: Office) -> str:
    if arrest.arrested_at:
        return _local(arrest.arrested_at, office)
    return arrest.arrested_on.isoformat() if arrest.arrested_on else f"date {_UNSAID}"


def _local(instant: datetime, office: Office) -> str:
    return f"{instant.astimezone(office.zone):%Y-%m-%d %H:%M %Z}"


def _instead(stand_in: StandIn) -> str:
    whose = stand_in.recipient.email or "its recipient"
    if stand_in.undelivered:
        return f"This alert could not be delivered to {whose}: every address failed."
    return f"This urgent alert was not acknowledged by {whose}."


def _because(reason: AlertReason) -> str:
    """The reason, and under it what belongs to it, a line each."""
    details = (
        f"basis: {reason.basis.value} {reason.case_number}",
        f"contact: {reason.contact} (watched by {reason.owner})" if reason.contact else f"watched by {reason.owner}",
        f"your reference: {reason.reference}" if reason.reference else "",
        f"note: {reason.note}" if reason.note else "",
        f"also watched by {', '.join(reason.others)}" if reason.others else "",
    )
    folder = f"{reason.folder}: " if reason.folder else ""
    return "\n".join([f"{folder}{reason.sentence} [{reason.grade.value}]", *filter(None, details)])
