"""Whether an alert may still be sent, asked again before every sending: days can lie between a match and its delivery.

`revalidate` reads the subscriptions and the audience; `reasons_in_force` and `is_current_address` decide.
"""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import NamedTuple

from shared.alerts.audience import Audience, may_stand_in, resolve_audience
from shared.alerts.delivery.dependencies import DeliveryDeps
from shared.alerts.delivery.model import Delivery
from shared.alerts.model import Alert, AlertReason
from shared.arrests.minimisation import ALL_FIELDS, WithheldFields
from shared.offices.model import Office
from shared.offices.recipient import Recipient
from shared.subscriptions.model import Subscription, SubscriptionKey


class CurrentAlert(NamedTuple):
    """An alert with the reasons that hold now. `withheld` are the fields of the arrest that none of these reasons'
    agreements shares; all fields if no reason is left."""

    alert: Alert
    withheld: WithheldFields


def revalidate(
    alert: Alert, office: Office, deps: DeliveryDeps, now: datetime, delivery: Delivery | None = None
) -> CurrentAlert:
    """Returns the alert with the reasons whose subscription is in force and still notifies this recipient.

    An alert for a stand-in is judged by the recipient for whom it was first, and by whether the stand-in is still in
    the office. No reason is left if no agreement is in force any more, or if none of the reasons gives the address of
    `delivery` any more: a telephone number may belong to somebody else by now.
    """
    subscriptions = _read_subscriptions(alert, deps)
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
    return CurrentAlert(alert.model_copy(update={"because": reasons}), withheld)


def _read_subscriptions(alert: Alert, deps: DeliveryDeps) -> dict[str, Subscription]:
    """The subscriptions of the alert's reasons by id, without those that are deleted or unreadable."""
    stored, _ = deps.subscriptions.read(
        SubscriptionKey(alert.office_id, reason.subscription_id) for reason in alert.because
    )
    return {key.subscription_id: subscription for key, subscription in stored.items()}


def recipients_by_reason(alert: Alert, audience: Audience) -> dict[str, tuple[Recipient, ...]]:
    """Maps the subscription_id of each reason to the eligible recipients who are the person of this alert: its
    recipient or, if a stand-in gets it, the one on whose behalf. Empty where that person is not notified any more."""
    person = alert.on_behalf_of.recipient if alert.on_behalf_of else alert.recipient
    return {
        reason.subscription_id: tuple(
            eligible.recipient
            for eligible in audience.eligible.get((reason.subscription_id, alert.agency), ())
            if eligible.recipient.key == person.key
        )
        for reason in alert.because
    }


def reasons_in_force(
    alert: Alert,
    subscriptions: Mapping[str, Subscription],
    recipients: Mapping[str, tuple[Recipient, ...]],
    office: Office,
    today: date,
) -> tuple[AlertReason, ...]:
    """The reasons whose subscription exists, is in force today and still notifies somebody of `recipients`."""
    return tuple(
        reason
        for reason in alert.because
        if reason.subscription_id in subscriptions
        and subscriptions[reason.subscription_id].in_force(today, office.goes_by)
        and recipients[reason.subscription_id]
    )


def is_current_address(
    delivery: Delivery, reasons: Iterable[AlertReason], recipients: Mapping[str, tuple[Recipient, ...]]
) -> bool:
    """Whether a recipient of one of these reasons still has the delivery's address."""
    return any(
        recipient.has_address(delivery.channel, delivery.address)
        for reason in reasons
        for recipient in recipients[reason.subscription_id]
    )
