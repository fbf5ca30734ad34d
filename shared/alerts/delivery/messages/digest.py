"""A digest: several alerts for one recipient in one message."""

from datetime import datetime

from pydantic import AwareDatetime

from shared.alerts.delivery.model import Delivery
from shared.alerts.model import Alert, derived_id
from shared.offices.recipient import Recipient
from shared.value import FrozenModel


class Digest(FrozenModel):
    """The daily digest, or the summary of a flood: what an office's hourly ceiling held back. Sent at `due`."""

    digest_id: str
    office_id: str
    recipient: Recipient
    due: AwareDatetime
    flood: bool

    @property
    def delivery(self) -> Delivery:
        """A digest goes to one channel: the recipient's main one."""
        return self.delivery_on(self.recipient.main_channel)

    def delivery_on(self, channel: str) -> Delivery:
        return Delivery(
            alert_id=self.digest_id,
            office_id=self.office_id,
            revision=1,
            channel=channel,
            address=self.recipient.root[channel],
            queued_at=self.due,
            not_before=self.due,
        )


def digest_for(alert: Alert, due: datetime, *, flood: bool) -> Digest:
    """The digest that this alert becomes a line of. Its id is derived from office, recipient and time, so there is one
    for each window."""
    office_id, recipient = alert.office_id, alert.recipient
    flood_id = derived_id("flood", office_id, recipient.key, due.isoformat())
    return Digest(
        digest_id=flood_id if flood else daily_digest_id(office_id, recipient, due),
        office_id=alert.office_id,
        recipient=alert.recipient,
        due=due,
        flood=flood,
    )


def daily_digest_id(office_id: str, recipient: Recipient, due: datetime) -> str:
    """`due` is in UTC."""
    return derived_id("digest", office_id, recipient.key, due.isoformat())
