"""An address that bounced for good or complained is written to no more, and its office is told so by mail: whoever
answers for its watches or, where the office names nobody, the owners of the watch that was to be told of."""

from datetime import datetime

from shared.alerts.delivery.messages.digests_table import DigestsTable
from shared.alerts.delivery.messages.notice import Notice
from shared.alerts.delivery.model import Delivery
from shared.alerts.model import derived_id
from shared.alerts.table import AlertsTable
from shared.offices.table import OfficesTable

_INSTEAD = (
    "What it would have got goes to the person's next channel or, where there is none, to the owners of the watch.",
    "Give that person another address; or, when this one works again, ask whoever runs the system to let it in.",
)


def suppress_address(
    delivery: Delivery, why: str, alerts: AlertsTable, digests: DigestsTable, offices: OfficesTable, now: datetime
) -> None:
    """May run twice: the office is told once a day. The sweep queues what is said here."""
    digests.suppress(delivery.channel, delivery.address, why, now)
    for email in _who_answers(delivery, alerts, offices) - {delivery.address.casefold()}:
        notice = Notice(
            notice_id=derived_id("barred", email, delivery.channel, delivery.address.casefold(), f"{now:%Y-%m-%d}"),
            office_id=delivery.office_id,
            email=email,
            title="An address is written to no more",
            lines=(f"{delivery.address} ({delivery.channel}): {why}.", *_INSTEAD),
            path="/v1/subscriptions",
            created_at=now,
        )
        alerts.notices.give(notice)


def _who_answers(delivery: Delivery, alerts: AlertsTable, offices: OfficesTable) -> set[str]:
    office = offices.office(delivery.office_id)
    if office and office.contact:
        return {office.contact.casefold()}
    alert = alerts.find(delivery.alert_id)
    return {reason.owner.casefold() for reason in alert.because} if alert else set()
