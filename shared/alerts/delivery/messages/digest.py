"""Several alerts in one message."""

from datetime import datetime

from pydantic import AwareDatetime

from shared.alerts.delivery.model import Delivery
from shared.alerts.model import Alert, derived_id
from shared.offices.recipient import Recipient
from shared.value import FrozenModel


class Digest(FrozenModel):
    """Several alerts for one recipient in one message, at `due`: the daily digest, or what a flood held back."""

    digest_id: str
    office_id: str
    recipient: Recipient
    due: AwareDatetime
    flood: bool

    @property
    def delivery(self) -> Delivery:
        """On the one channel that a digest goes to: e-mail, if the recipient has it."""
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
    """The same for everything that is told to this recipient at this time, so there is one a window."""
    parts = "flood" if flood else "digest", alert.office_id, alert.recipient.key, due.isoformat()
    return Digest(
        digest_id=derived_id(*parts), office_id=alert.office_id, recipient=alert.recipient, due=due, flood=flood
    )
