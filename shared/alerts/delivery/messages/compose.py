"""Composes the message of a claimed delivery: what it may say on this channel, to this address, in every wording."""

from urllib.parse import urlsplit

from shared.alerts.delivery.dependencies import Claim
from shared.alerts.delivery.messages import digest_text, notice_text, rendering, subjects
from shared.alerts.delivery.messages.digest import Digest
from shared.alerts.delivery.messages.notice import Notice
from shared.alerts.delivery.messages.page import Link, MailPage, page_as_html, page_as_text
from shared.alerts.delivery.messages.rendering import Reading
from shared.alerts.model import derived_id, stand_ins
from shared.alerts.reviews.waiting import WaitingReviews
from shared.alerts.signed_links import LinkPurpose, signed_token
from shared.alerts.view import AlertDisclosure, ShownAlert
from shared.channels.channel import Message
from shared.words import words

_AUTOMATIC = {"Auto-Submitted": "auto-generated"}  # RFC 3834: nobody's out-of-office answers it


def alert_message(shown: AlertDisclosure, claim: Claim) -> Message:
    """The message of an alert and its arrest. Where it may carry no details it is a ping."""
    alert = shown.alert
    answer = _signed_link(LinkPurpose.ANSWER, alert.alert_id, claim)
    deputy = claim.preferences_of(alert.recipient.email).deputy
    others = () if alert.on_behalf_of else tuple(sorted(stand_ins(alert, 0, deputy)))
    missed = subjects.missed_people(alert.on_behalf_of) if alert.on_behalf_of else []
    reading = _reading(claim, alert.recipient.email, answer, others)._replace(names=claim.names_of([*others, *missed]))
    arrest = shown.arrest if claim.may_carry_details else None
    return _alert_message(alert, rendering.alert_page(alert, arrest, reading), reading)


def withdrawal_message(alert: ShownAlert, claim: Claim, *, is_reported_elsewhere: bool) -> Message:
    """What was taken away is said only where the alert itself could be told in full. `is_reported_elsewhere` if another
    agency's record of the same custody stands."""
    reading = _reading(claim, alert.recipient.email)
    page = rendering.withdrawal_page(alert, reading, with_details=claim.may_carry_details)
    if is_reported_elsewhere:
        page = page._replace(lead=(*page.lead, words("withdrawn.reported elsewhere")))
    return _alert_message(alert, page, reading)


def _alert_message(alert: ShownAlert, page: MailPage, reading: Reading) -> Message:
    subject = subjects.alert_subject(alert, reading.zone, reading.now, reading.names)
    url = reading.url(f"/a/{alert.short_number}")
    return Message(
        subject=subject,
        short=subjects.alert_text_message(alert, reading.office, url, reading.zone, reading.now),
        text=page_as_text(page),
        html=page_as_html(subject, page),
        ids={"alert": alert.alert_id, "number": alert.number, "office": alert.office_id}
        | ({"withdrawn": "yes"} if alert.withdrawn_at else {}),
        headers=_AUTOMATIC | thread_headers(alert, reading.console),
    )


def thread_headers(alert: ShownAlert, console: str) -> dict[str, str]:
    """Mail programs show the mails of one arrest and office as one thread. The id is made of pseudonyms and was never
    a mail's own."""
    thread = derived_id("thread", alert.office_id, alert.arrest_ids[-1])
    return {"References": f"<{thread}@{urlsplit(console).hostname or 'arrest-alert.invalid'}>"}


def digest_message(
    digest: Digest, alerts: list[ShownAlert], claim: Claim, waiting: WaitingReviews | None = None
) -> Message:
    """`waiting` are possible matches that wait for the reader, who can stop the daily digest, also with the button of
    the mail program (RFC 2369, RFC 8058). The summary of a flood cannot be stopped: it stands for the alerts that it
    holds."""
    stop = "" if digest.flood else _signed_link(LinkPurpose.NO_DIGEST, digest.digest_id, claim)
    reading = _reading(claim, digest.recipient.email)
    with_folders = claim.may_carry_details or claim.office.folders_in_pings
    page = digest_text.digest_page(digest, alerts, reading, with_folders=with_folders, stop=stop)
    if waiting:
        link = Link(words("waiting.open"), reading.url(notice_text.WAITING_PATH))
        page = page._replace(
            sections=notice_text.waiting_sections(waiting, reading.zone, claim.now), closing=(link, *page.closing)
        )
    subject = digest_text.digest_subject(digest, alerts, reading.zone)
    return Message(
        subject=subject,
        short=subjects.text_message(claim.office, subject, reading.url(digest_text.ALERTS_PATH)),
        text=page_as_text(page),
        html=page_as_html(subject, page),
        ids={"digest": digest.digest_id, "office": digest.office_id},
        headers=_AUTOMATIC | (_unsubscribe_headers(stop) if stop else {}),
    )


def _unsubscribe_headers(url: str) -> dict[str, str]:
    return {"List-Unsubscribe": f"<{url}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}


def notice_message(notice: Notice, claim: Claim) -> Message:
    """Case numbers go only to whom personal details may go."""
    reading = _reading(claim, "" if notice.agency else notice.email)
    page = notice_text.notice_page(notice, reading, with_cases=claim.reader_may_know)
    return Message(
        subject=notice.title,
        short=subjects.text_message(claim.office, notice.title, page.press.url if page.press else ""),
        text=page_as_text(page),
        html=page_as_html(notice.title, page),
        ids={"notice": notice.notice_id, "office": notice.office_id},
        headers=dict(_AUTOMATIC),
    )


def _reading(claim: Claim, email: str, answer: str = "", others: tuple[str, ...] = ()) -> Reading:
    """In the zone of the reader's preferences, else in the office's."""
    zone = claim.preferences_of(email).zone(claim.office.zone)
    return Reading(claim.office, zone, claim.now, claim.deps.console, answer, others)


def signed_link(console: str, token: str) -> str:
    return f"{console.rstrip('/')}/v1/links/{token}"


def _signed_link(purpose: LinkPurpose, subject_id: str, claim: Claim) -> str:
    """A link that works without signing in. Empty where the channel cannot hold one, so that no secret is read."""
    if claim.deps.link_keys is None or not claim.channel.CONTENT.may_hold_details:
        return ""
    return signed_link(claim.deps.console, signed_token(purpose, subject_id, claim.now, claim.deps.link_keys()))
