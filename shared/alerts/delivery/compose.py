"""What the message of one delivery says."""

from shared.alerts.delivery.dependencies import Claim
from shared.alerts.delivery.messages import rendering
from shared.alerts.delivery.messages.digest import Digest
from shared.alerts.delivery.messages.notice import Notice
from shared.alerts.model import Alert, redact_alert
from shared.alerts.signed_links import LinkPurpose, signed_token
from shared.arrests.minimisation import ALL_FIELDS, WithheldFields, redact
from shared.arrests.model import Arrest
from shared.channels import CHANNELS
from shared.channels.channel import Content, Message


def message_of(alert: Alert, claim: Claim, withheld: WithheldFields = ALL_FIELDS) -> Message:
    office, deps = claim.office, claim.at
    full = CHANNELS[claim.key.channel].CONTENT is Content.PAGE and office.has_agreed(claim.delivery.address)
    alert, arrest = _in_full(alert, claim, withheld) if full else (alert, None)
    parts = rendering.sections(alert, arrest, office)
    answer = "" if alert.withdrawn_at else _signed_link(LinkPurpose.ANSWER, alert.alert_id, claim)
    return Message(
        subject=rendering.subject(alert),
        short=rendering.short(alert, deps.console),
        text=rendering.as_text(alert, office, parts, deps.console, answer),
        html=rendering.as_html(alert, office, parts, deps.console, answer),
        ids={"alert": alert.alert_id, "number": alert.number, "office": alert.office_id}
        | ({"withdrawn": "yes"} if alert.withdrawn_at else {}),
    )


def _in_full(alert: Alert, claim: Claim, withheld: WithheldFields) -> tuple[Alert, Arrest | None]:
    """As far as the agreements share it today."""
    if alert.withdrawn_at or (arrest := claim.at.arrests.find(alert.arrest_id)) is None:
        return alert, None
    return redact_alert(alert, withheld), redact(withheld, arrest)


def digest_message(digest: Digest, alerts: list[Alert], claim: Claim) -> Message:
    """A daily digest can be stopped by its reader, also with the button of the mail program (RFC 2369, RFC 8058); the
    summary of a flood is part of being told and cannot."""
    console, parts = claim.at.console, rendering.digest_sections(digest, alerts, claim.at.console)
    title = rendering.digest_subject(digest, alerts, claim.office)
    stop = "" if digest.flood else _signed_link(LinkPurpose.NO_DIGEST, digest.digest_id, claim)
    links = rendering.Links(f"{console.rstrip('/')}/v1/alerts", stop=stop)
    return Message(
        subject=title,
        short=rendering.digest_short(title, console),
        text=rendering.page_as_text(title, claim.office, parts, links),
        html=rendering.page_as_html(title, claim.office, parts, links),
        ids={"digest": digest.digest_id, "office": digest.office_id},
        headers={"List-Unsubscribe": f"<{stop}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}
        if stop
        else {},
    )


def notice_message(notice: Notice, claim: Claim) -> Message:
    """Case numbers travel to agreed domains only; elsewhere the ids of the watches do."""
    where = f"{claim.at.console.rstrip('/')}{notice.path}"
    links = rendering.Links(where, opens="Open the watch")
    parts = rendering.notice_sections(notice, with_cases=claim.office.has_agreed(claim.delivery.address))
    return Message(
        subject=notice.title,
        short=f"{notice.title}: sign in. {where}",
        text=rendering.page_as_text(notice.title, claim.office, parts, links, warning=""),
        html=rendering.page_as_html(notice.title, claim.office, parts, links, warning=""),
        ids={"notice": notice.notice_id, "office": notice.office_id},
    )


def _signed_link(purpose: LinkPurpose, about: str, claim: Claim) -> str:
    if CHANNELS[claim.key.channel].CONTENT is not Content.PAGE or claim.at.secret is None:
        return ""
    return rendering.signed_link(claim.at.console, signed_token(purpose, about, claim.now, claim.at.secret()))
