"""Whether an alert may still be sent, asked again before every sending: days can lie between a match and its delivery.

`revalidate` reads the arrest, the subscriptions and the audience; `current_alert`, `reasons_for_recipient` and
`is_current_address` decide. What it returns is what the message says: the arrest is not read again.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import NamedTuple, Protocol

from shared.alerts.audience import reasons_for_recipient, recipients_by_reason, resolve_audience, subscriptions_of
from shared.alerts.delivery.model import Delivery
from shared.alerts.model import Alert, AlertReason
from shared.alerts.view import AlertDisclosure, CurrentAlert, current_alert, for_recipient, show_alert
from shared.arrests.minimisation import ALL_FIELDS
from shared.arrests.table import ArrestsTable
from shared.offices.model import Office
from shared.offices.recipient import Recipient
from shared.subscriptions.table import SubscriptionsTable


class RevalidationDeps(Protocol):
    @property
    def arrests(self) -> ArrestsTable: ...
    @property
    def subscriptions(self) -> SubscriptionsTable: ...


class SendableAlert(NamedTuple):
    """What may be sent of an alert now. `is_corrected` says that no reason holds for the arrest as it is now,
    `is_switched_off` that the office has switched the agency's feed off; without either, an alert without reasons has
    no subscription in force that names the recipient."""

    shown: AlertDisclosure
    is_corrected: bool
    is_switched_off: bool = False


def revalidate(
    alert: Alert, office: Office, deps: RevalidationDeps, now: datetime, delivery: Delivery | None = None
) -> SendableAlert:
    """Returns the alert with the reasons that hold for the arrest as it is now, and whose subscription is in force and
    still notifies this recipient. To an office that may not have nonconviction data the arrest is without it, and one
    that is nothing else is as if it could be read no more (28 CFR 20.21).

    An alert for a stand-in is judged by the recipient for whom it was first, and by whether the stand-in is still in
    the office. No reason is left if no agreement is in force any more, if the office has switched the agency's feed
    off, or if none of the reasons gives the address of `delivery` any more: a telephone number may belong to somebody
    else by now.
    """
    subscriptions = subscriptions_of([alert], deps.subscriptions)
    current = current_alert(alert, deps.arrests.find(alert.arrest_id), subscriptions)
    alert = alert.model_copy(update={"because": current.reasons})
    audience = resolve_audience(
        subscriptions.values(), {office.office_id: office}, [alert.agency], deps.subscriptions, now
    )
    reasons = reasons_for_recipient(alert, subscriptions, audience, office, deps.subscriptions, now)
    recipients = recipients_by_reason(alert, audience)
    if delivery and not alert.on_behalf_of and not is_current_address(delivery, reasons, recipients):
        reasons = ()
    if is_off := audience.is_switched_off(office.office_id, alert.agency, now):
        reasons = ()
    sendable = CurrentAlert(alert, reasons, current.arrest)
    held = for_recipient(sendable, office, subscriptions, now)
    is_corrected = not current.reasons or (bool(reasons) and not held.reasons)
    withheld = ALL_FIELDS.intersection(
        *(audience.withheld[reason.subscription_id, alert.agency] for reason in held.reasons)
    )
    disputed = deps.subscriptions.disputes.find(office.office_id, alert.arrest_id).disputed_facts
    return SendableAlert(show_alert(held, withheld, disputed, now), is_corrected, is_off)


def is_current_address(
    delivery: Delivery, reasons: Iterable[AlertReason], recipients: Mapping[str, tuple[Recipient, ...]]
) -> bool:
    """Whether a recipient of one of these reasons still has the delivery's address."""
    return any(
        recipient.has_address(delivery.channel, delivery.address)
        for reason in reasons
        for recipient in recipients[reason.subscription_id]
    )
