"""What an alert says, in every wording. Its subject and its short text never say who was arrested."""

from shared.alerts.delivery.messages.arrest_lines import event_lines, person_lines
from shared.alerts.delivery.messages.page import VERIFY, Links, Section, page_as_html, page_as_text
from shared.alerts.matches.reason_words import reason_sentence, sureness
from shared.alerts.model import AlertReason, StandIn, WithdrawalCause
from shared.alerts.view import ShownAlert, ShownArrest
from shared.arrests.model import ArrestChange
from shared.offices.model import Office

_CHANGES = {
    ArrestChange.CHARGE_ADDED: "A charge was added.",
    ArrestChange.CHARGE_REMOVED: "A charge was taken away.",
    ArrestChange.IDENTIFIER_ADDED: "An identifier was added.",
    ArrestChange.PERSON_CORRECTED: "The person's name or date of birth was corrected.",
    ArrestChange.EVENT_MOVED: "The date was moved.",
}
_WITHDRAWN = "This alert must no longer be used. Do not act on it, and delete every copy of what it said."
_NOT_REPEATED = "What it was about may not be repeated here."
_DISMISSED = "Somebody in your office looked at the possible match and decided that it is another person."
_CORRECTED = "The agency corrected the record. It no longer meets anything that you watch."


def alert_url(console: str, alert: ShownAlert) -> str:
    return f"{console.rstrip('/')}/v1/alerts/{alert.alert_id}"


def subject(alert: ShownAlert) -> str:
    if alert.withdrawn_at:
        return f"Arrest alert {alert.number} is withdrawn"
    return f"Arrest alert {alert.number}" + (f", update {alert.revision - 1}" if alert.revision > 1 else "")


def short_text(alert: ShownAlert, console: str) -> str:
    """Fits one SMS part of 160 characters (GSM 03.38) if the console's address has at most 60."""
    instruction = "do not act on it." if alert.withdrawn_at else "sign in to read it."
    return f"{subject(alert)}: {instruction} {alert_url(console, alert)}"


def alert_as_text(alert: ShownAlert, office: Office, sections: list[Section], console: str, answer: str = "") -> str:
    """`sections` are those of `alert_sections`. `answer` is the signed link for an answer, empty for none."""
    return page_as_text(subject(alert), office, sections, Links(alert_url(console, alert), answer), _warning(alert))


def alert_as_html(alert: ShownAlert, office: Office, sections: list[Section], console: str, answer: str = "") -> str:
    """The same as `alert_as_text`, in HTML."""
    return page_as_html(subject(alert), office, sections, Links(alert_url(console, alert), answer), _warning(alert))


def _warning(alert: ShownAlert) -> str:
    return "" if alert.withdrawn_at else VERIFY


def alert_sections(alert: ShownAlert, arrest: ShownArrest | None, office: Office) -> list[Section]:
    """`arrest` is None for a ping, which says only that there is an alert."""
    sections = []
    if news := _news_lines(alert, with_details=arrest is not None):
        sections.append(Section(heading="What is new", lines=news))
    if alert.on_behalf_of:
        sections.append(Section(heading="Why you get this", lines=(_stand_in_line(alert.on_behalf_of),)))
    return [*sections, *(_detail_sections(alert, arrest, office) if arrest else [_ping_section(alert, office)])]


def withdrawal_sections(alert: ShownAlert, *, with_details: bool) -> list[Section]:
    """Only what the agency took away is said, and only where the alert itself could be told in full."""
    if alert.withdrawn_because is WithdrawalCause.DISMISSED:
        return [Section(heading="Withdrawn", lines=(_DISMISSED, _WITHDRAWN))]
    if alert.withdrawn_because is not WithdrawalCause.CORRECTED:
        return [Section(heading="Withdrawn", lines=(_WITHDRAWN, _NOT_REPEATED))]
    taken_away = _news_lines(alert, with_details=with_details) if alert.differences else ()
    return [Section(heading="Withdrawn", lines=(_CORRECTED, *taken_away, _WITHDRAWN))]


def _news_lines(alert: ShownAlert, *, with_details: bool) -> tuple[str, ...]:
    """What an update says anew: the exact differences and the reasons that ended, or in a ping only their kinds."""
    news = tuple(_CHANGES[change] for change in alert.changes)
    ended: tuple[str, ...] = ("A reason that was given before holds no more.",) if alert.ended else ()
    if with_details:
        news = tuple(difference.sentence for difference in alert.differences) or news
        ended = tuple(f"no longer a reason: {sentence}" for sentence in alert.ended)
    news += ended
    if alert.revision > 1 and not news:
        came_back = alert.revision - 1 in alert.withdrawn_revisions
        return ("It was withdrawn and holds again." if came_back else "There is a reason that was not given before.",)
    return news


def _stand_in_line(original: StandIn) -> str:
    *others, last = dict.fromkeys(recipient.email or "its recipient" for recipient in original.recipients)
    recipients = f"{', '.join(others)} and {last}" if others else last
    if original.undelivered:
        return f"This alert could not be delivered to {recipients}: every address failed."
    return f"This urgent alert was not acknowledged by {recipients}. Acknowledge it, and nobody is asked any more."


def _ping_section(alert: ShownAlert, office: Office) -> Section:
    return Section(heading="Details", lines=(*_folder_lines(alert, office), "Sign in to read who, what and why."))


def _folder_lines(alert: ShownAlert, office: Office) -> tuple[str, ...]:
    """Each folder once, if the office lets a ping name folders."""
    if not office.folders_in_pings:
        return ()
    folders = dict.fromkeys(reason.folder for reason in alert.because if reason.folder)
    return tuple(f"in {folder}" for folder in folders)


def _detail_sections(alert: ShownAlert, arrest: ShownArrest, office: Office) -> list[Section]:
    reasons = alert.because
    return [
        Section(heading="Who", lines=person_lines(arrest)),
        Section(heading="What", lines=event_lines(arrest, office)),
        Section(heading=f"Why you are told ({len(reasons)})", lines=tuple(map(_reason_line, reasons))),
    ]


def _reason_line(reason: AlertReason) -> str:
    """The sentence and grade of a reason, and under it a line for each thing that belongs to it."""
    details = (
        f"basis: {reason.basis.value} {reason.case_number}",
        f"contact: {reason.contact} (watched by {reason.owner})" if reason.contact else f"watched by {reason.owner}",
        f"your reference: {reason.reference}" if reason.reference else "",
        f"note: {reason.note}" if reason.note else "",
        f"also watched by {', '.join(reason.others)}" if reason.others else "",
    )
    folder = f"{reason.folder}: " if reason.folder else ""
    return "\n".join([f"{folder}{reason_sentence(reason)} {sureness(reason)}".rstrip(), *filter(None, details)])
