"""What one delivery says, and whether it may still say it: the subscriptions are asked again at every sending."""

from datetime import datetime
from typing import NamedTuple

from shared.alerts.audience import may_stand_in, resolve_audience
from shared.alerts.delivery.dependencies import Claim, DeliveryDeps
from shared.alerts.delivery.messages import rendering
from shared.alerts.delivery.messages.digest import Digest
from shared.alerts.delivery.messages.notice import Notice
from shared.alerts.delivery.model import Delivery
from shared.alerts.model import Alert, redact_alert
from shared.alerts.signed_links import LinkPurpose, signed_token
from shared.arrests.minimisation import ALL_FIELDS, WithheldFields, redact
from shared.arrests.model import Arrest
from shared.channels import CHANNELS
from shared.channels.channel import Message
from shared.offices.model import Office
from shared.subscriptions.model import SubscriptionKey


class CurrentAlert(NamedTuple):
    """`withheld` is what of the arrest the agreements share with none of the alert's watches."""

    alert: Alert
    withheld: WithheldFields


def revalidate(
    alert: Alert, office: Office, deps: DeliveryDeps, now: datetime, delivery: Delivery | None = None
) -> CurrentAlert:
    """The alert with just those reasons whose subscription is in force and still names this recipient, or the one on
    whose behalf it goes to somebody else. An agreement that is over by now takes all of them away, and so does, of a
    `delivery`, that none of them gives its address any more: a telephone number may belong to somebody else by now."""
    keys = {
        reason.subscription_id: SubscriptionKey(alert.office_id, reason.subscription_id) for reason in alert.because
    }
    subscriptions, _ = deps.subscriptions.read(keys.values())
    heard = resolve_audience(
        subscriptions.values(), {office.office_id: office}, [alert.agency], deps.subscriptions, now
    )
    today = now.astimezone(office.zone).date()
    named = alert.on_behalf_of.recipient if alert.on_behalf_of else alert.recipient
    reached = {
        reason.subscription_id: [
            hearer.recipient
            for hearer in heard.eligible.get((reason.subscription_id, alert.agency), ())
            if hearer.recipient.key == named.key
        ]
        for reason in alert.because
    }
    because = tuple(
        reason
        for reason in alert.because
        if (subscription := subscriptions.get(keys[reason.subscription_id]))
        and subscription.in_force(today, office.goes_by)
        and reached[reason.subscription_id]
        and (not alert.on_behalf_of or may_stand_in(alert.recipient, subscription, office, deps.subscriptions))
    )
    if delivery and delivery.channel != "email":
        given = {
            recipient.root.get(delivery.channel) for reason in because for recipient in reached[reason.subscription_id]
        }
        because = because if delivery.address in given else ()
    withheld = ALL_FIELDS.intersection(*(heard.withheld[reason.subscription_id, alert.agency] for reason in because))
    return CurrentAlert(alert.model_copy(update={"because": because}), withheld)


def message_of(alert: Alert, claim: Claim, withheld: WithheldFields = ALL_FIELDS) -> Message:
    office, deps = claim.office, claim.at
    full = CHANNELS[claim.key.channel].CARRIES_DETAIL and office.has_agreed(claim.delivery.address)
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
    if claim.key.channel != "email" or claim.at.secret is None:
        return ""
    return rendering.signed_link(claim.at.console, signed_token(purpose, about, claim.now, claim.at.secret()))
