"""A notice: a mail about a subscription, an address, an agency or an agreement. No arrest is in it."""

from pydantic import AwareDatetime, Field

from shared.alerts.delivery.messages.page import Section
from shared.alerts.delivery.model import Delivery
from shared.alerts.expiry import ExpiryWarning
from shared.offices.recipient import Recipient
from shared.value import FrozenModel
from shared.words import words


class Notice(FrozenModel):
    """It names nobody: no person, no number, no charge. So it may go to every address of the office.

    `path` is where to read on and `opens` what the link says; without a path there is none. `sections` follow `lines`.
    `agency` is named if the notice goes to that agency's contact, who is of no office. `waiting` is how many possible
    matches wait for the reader; they are counted again before the notice goes out. `warnings` are about subscriptions
    that end soon; they are checked again too. The same notice has the same id, and goes out once.
    """

    notice_id: str
    office_id: str
    email: str
    title: str
    lines: tuple[str, ...]
    sections: tuple[Section, ...] = ()
    path: str
    opens: str = words("notice.open watch")
    agency: str = ""
    waiting: int = 0
    warnings: tuple[ExpiryWarning, ...] = Field((), alias="lapses")
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
