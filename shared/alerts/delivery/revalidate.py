"""Whether an alert may still be sent, asked again before every sending: days can lie between a match and its delivery.

`revalidate` reads the arrest, the subscriptions and the audience; `current_alert`, `reasons_in_force` and
`is_current_address` decide. What it returns is what the message says: the arrest is not read again.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import NamedTuple, Protocol

from shared.alerts.audience import may_stand_in, reasons_in_force, recipients_by_reason, resolve_audience
from shared.alerts.delivery.model import Delivery
from shared.alerts.model import Alert, AlertReason
from shared.alerts.view import AlertDisclosure, CurrentAlert, current_alert, show_alert
from shared.arrests.minimisation import ALL_FIELDS
from shared.arrests.table import ArrestsTable
from shared.offices.model import Office
from shared.offices.recipient import Recipient
from shared.subscriptions.model import Subscription, SubscriptionKey
from shared.subscriptions.table import SubscriptionsTable


class RevalidationDeps(Protocol):
    @property
    def arrests(self) -> ArrestsTable: ...
    @property
    def subscriptions(self) -> SubscriptionsTable: ...


class SendableAlert(NamedTuple):
    """What may be sent of an alert now. `is_corrected` says that no reason holds for the arrest as it is now; without
    it, an alert without reasons has no subscription in force that names the recipient."""

    shown: AlertDisclosure
    is_corrected: bool


def revalidate(
    alert: Alert, office: Office, deps: RevalidationDeps, now: datetime, delivery: Delivery | None = None
) -> SendableAlert:
    """Returns the alert with the reasons that hold for the arrest as it is now, and whose subscription is in force and
    still notifies this recipient.

    An alert for a stand-in is judged by the recipient for whom it was first, and by whether the stand-in is still in
    the office. No reason is left if no agreement is in force any more, or if none of the reasons gives the address of
    `delivery` any more: a telephone number may belong to somebody else by now.
    """
    subscriptions = _read_subscriptions(alert, deps)
    current = current_alert(alert, deps.arrests.find(alert.arrest_id), subscriptions)
    alert = alert.model_copy(update={"because": current.reasons})
    audience = resolve_audience(
        subscriptions.values(), {office.office_id: office}, [alert.agency], deps.subscriptions, now
    )
    recipients = recipients_by_reason(alert, audience)
    reasons = reasons_in_force(alert, subscriptions, recipients, office, now.astimezone(office.zone).date())
    if alert.on_behalf_of:
        reasons = tuple(
            reason
            for reason in reasons
            if may_stand_in(alert.recipient, subscriptions[reason.subscription_id], office, deps.subscriptions)
        )
    elif delivery and not is_current_address(delivery, reasons, recipients):
        reasons = ()
    withheld = ALL_FIELDS.intersection(*(audience.withheld[reason.subscription_id, alert.agency] for reason in reasons))
    sendable = CurrentAlert(alert, reasons, current.arrest)
    return SendableAlert(show_alert(sendable, withheld, now), is_corrected=not current.reasons)


def _read_subscriptions(alert: Alert, deps: RevalidationDeps) -> dict[str, Subscription]:
    """The subscriptions of the alert's reasons by id, without those that are deleted or unreadable."""
    stored, _ = deps.subscriptions.read(
        SubscriptionKey(alert.office_id, reason.subscription_id) for reason in alert.because
    )
    return {key.subscription_id: subscription for key, subscription in stored.items()}


def is_current_address(
    delivery: Delivery, reasons: Iterable[AlertReason], recipients: Mapping[str, tuple[Recipient, ...]]
) -> bool:
    """Whether a recipient of one of these reasons still has the delivery's address."""
    return any(
        recipient.has_address(delivery.channel, delivery.address)
        for reason in reasons
        for recipient in recipients[reason.subscription_id]
    )
