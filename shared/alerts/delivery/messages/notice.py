"""What somebody must know of a watch apart from its alerts."""

from pydantic import AwareDatetime

from shared.alerts.delivery.model import Delivery
from shared.alerts.expiry import ExpiryWarning
from shared.offices.recipient import Recipient
from shared.value import FrozenModel


class Notice(FrozenModel):
    """One e-mail to one person of an office. It names nobody: no person, no number and no charge, so that it may go to
    every address of the office. `path` is where to read on. The same notice has the same id, and goes out once.
    `lapses` are watches that are about to be over, of which it says what is still so when it goes out."""

    notice_id: str
    office_id: str
    email: str
    title: str
    lines: tuple[str, ...]
    path: str
    lapses: tuple[ExpiryWarning, ...] = ()
    created_at: AwareDatetime

    @property
    def recipient(self) -> Recipient:
        return Recipient.from_email(self.email)

    @property
    def delivery(self) -> Delivery:
        return Delivery(
            alert_id=self.notice_id,
            office_id=self.office_id,
            revision=1,
            channel=self.recipient.main_channel,
            address=self.email,
            queued_at=self.created_at,
        )
