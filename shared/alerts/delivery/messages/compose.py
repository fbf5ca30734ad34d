"""Composes the message of a claimed delivery: what it may say on this channel, to this address, in every wording."""

from shared.alerts.delivery.dependencies import Claim
from shared.alerts.delivery.messages import digest_text, notice_text, rendering
from shared.alerts.delivery.messages.digest import Digest
from shared.alerts.delivery.messages.notice import Notice
from shared.alerts.delivery.messages.page import Links, Section, page_as_html, page_as_text
from shared.alerts.delivery.messages.waiting_text import waiting_sections
from shared.alerts.reviews.waiting import WaitingReviews
from shared.alerts.signed_links import LinkPurpose, signed_token
from shared.alerts.view import AlertDisclosure, ShownAlert
from shared.channels.channel import Message


def alert_message(shown: AlertDisclosure, claim: Claim) -> Message:
    """The message of an alert and its arrest. Where it may carry no details it is a ping."""
    sections = rendering.alert_sections(shown.alert, shown.arrest if claim.may_carry_details else None, claim.office)
    return _message(shown.alert, sections, claim, _signed_link(LinkPurpose.ANSWER, shown.alert.alert_id, claim))


def withdrawal_message(alert: ShownAlert, claim: Claim) -> Message:
    """What was taken away is said only where the alert itself could be told in full."""
    return _message(alert, rendering.withdrawal_sections(alert, with_details=claim.may_carry_details), claim)


def _message(alert: ShownAlert, sections: list[Section], claim: Claim, answer: str = "") -> Message:
    office, console = claim.office, claim.deps.console
    return Message(
        subject=rendering.subject(alert),
        short=rendering.short_text(alert, console),
        text=rendering.alert_as_text(alert, office, sections, console, answer),
        html=rendering.alert_as_html(alert, office, sections, console, answer),
        ids={"alert": alert.alert_id, "number": alert.number, "office": alert.office_id}
        | ({"withdrawn": "yes"} if alert.withdrawn_at else {}),
    )


def digest_message(
    digest: Digest, alerts: list[ShownAlert], claim: Claim, waiting: WaitingReviews | None = None
) -> Message:
    """`waiting` are possible matches that wait for the reader, who can stop the daily digest, also with the button of
    the mail program (RFC 2369, RFC 8058). The summary of a flood cannot be stopped: it stands for the alerts that it
    holds."""
    office, console = claim.office, claim.deps.console
    title = digest_text.digest_subject(digest, alerts, office)
    sections = digest_text.digest_sections(digest, alerts, console)
    if waiting:
        sections += waiting_sections(waiting, office.zone, claim.now)
    stop = "" if digest.flood else _signed_link(LinkPurpose.NO_DIGEST, digest.digest_id, claim)
    links = Links(f"{console.rstrip('/')}/v1/alerts", stop=stop)
    return Message(
        subject=title,
        short=digest_text.digest_short_text(title, console),
        text=page_as_text(title, office, sections, links),
        html=page_as_html(title, office, sections, links),
        ids={"digest": digest.digest_id, "office": digest.office_id},
        headers=_unsubscribe_headers(stop) if stop else {},
    )


def _unsubscribe_headers(url: str) -> dict[str, str]:
    return {"List-Unsubscribe": f"<{url}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}


def notice_message(notice: Notice, claim: Claim) -> Message:
    """Case numbers go only to whom personal details may go. Elsewhere the ids of the subscriptions stand."""
    office = claim.office
    url = f"{claim.deps.console.rstrip('/')}{notice.path}" if notice.path else ""
    links = Links(url, opens=notice.opens)
    sections = notice_text.notice_sections(notice, with_cases=claim.reader_may_know)
    return Message(
        subject=notice.title,
        short=f"{notice.title}: sign in. {url}" if url else notice.title,
        text=page_as_text(notice.title, office, sections, links, warning=""),
        html=page_as_html(notice.title, office, sections, links, warning=""),
        ids={"notice": notice.notice_id, "office": notice.office_id},
    )


def signed_link(console: str, token: str) -> str:
    return f"{console.rstrip('/')}/v1/links/{token}"


def _signed_link(purpose: LinkPurpose, subject_id: str, claim: Claim) -> str:
    """A link that works without signing in. Empty where the channel cannot hold one, so that no secret is read."""
    if claim.deps.secret is None or not claim.channel.CONTENT.may_hold_details:
        return ""
    return signed_link(claim.deps.console, signed_token(purpose, subject_id, claim.now, claim.deps.secret()))
