"""Puts an address on the suppression list after a permanent bounce or a complaint, and tells its office by mail.

The mail goes to the office's contact or, if it names none, to the owners of the subscriptions whose alert did not
arrive.
"""

from datetime import datetime

from shared.alerts.delivery.messages.notice import Notice
from shared.alerts.delivery.model import Delivery
from shared.alerts.model import derived_id
from shared.alerts.table import AlertsTable
from shared.offices.table import OfficesTable
from shared.words import words


def suppress_address(delivery: Delivery, why: str, alerts: AlertsTable, offices: OfficesTable, now: datetime) -> None:
    """Suppresses the delivery's address. May run twice: the office gets one notice a day. The sweep queues it."""
    alerts.suppression_list.add(delivery.channel, delivery.address, why, now)
    for email in _responsible_emails(delivery, alerts, offices) - {delivery.address.casefold()}:
        alerts.notices.store(_notice(delivery, why, email, now))


def _notice(delivery: Delivery, why: str, email: str, now: datetime) -> Notice:
    address = delivery.address
    return Notice(
        notice_id=derived_id("barred", email, delivery.channel, address.casefold(), f"{now:%Y-%m-%d}"),
        office_id=delivery.office_id,
        email=email,
        title=words("address.title"),
        lines=(words("address.line", address=address, why=why), words("address.next"), words("address.remedy")),
        path="/console/watches",
        opens=words("notice.open watches"),
        created_at=now,
    )


def _responsible_emails(delivery: Delivery, alerts: AlertsTable, offices: OfficesTable) -> set[str]:
    office = offices.office(delivery.office_id)
    if office and office.contact:
        return {office.contact.casefold()}
    alert = alerts.find(delivery.alert_id)
    return {reason.owner.casefold() for reason in alert.because} if alert else set()
