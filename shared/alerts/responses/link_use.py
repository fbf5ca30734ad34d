"""What a signed link may still do. A link outlives the rights of whom it was sent to, so everything is asked again at
each use: the office, the recipient, the agreement, the reasons, the arrest as it is now."""

from datetime import datetime
from enum import Enum, auto

from shared.alerts.audience import may_be_told
from shared.alerts.delivery.messages.digest import Digest
from shared.alerts.delivery.revalidate import revalidate
from shared.alerts.model import Alert
from shared.alerts.responses.respond import ResponseDeps
from shared.alerts.signed_links import LinkPurpose, SignedLink


class LinkState(Enum):
    OPEN = auto()  # its recipient may answer
    WITHDRAWN = auto()  # its recipient may know that the alert is withdrawn, and answers nothing
    CLOSED = auto()  # for anybody who has it: like a link that is too old


def find_linked(link: SignedLink, deps: ResponseDeps) -> Alert | Digest | None:
    """Returns the record that the link was made for, or None if it is gone."""
    if link.purpose is LinkPurpose.ANSWER:
        return deps.alerts.find(link.about)
    return deps.alerts.digests.find(link.about)


def link_state(record: Alert | Digest, deps: ResponseDeps, now: datetime) -> LinkState:
    """Decides as before a sending (`revalidate`): what may not be sent any more may not be answered either."""
    office = deps.offices.office(record.office_id)
    if office is None or not may_be_told(record.recipient, office, deps.subscriptions):
        return LinkState.CLOSED
    if isinstance(record, Digest):
        return LinkState.OPEN
    if record.withdrawn_at:
        return LinkState.WITHDRAWN
    sendable = revalidate(record, office, deps, now)
    if sendable.is_corrected:
        return LinkState.WITHDRAWN
    return LinkState.CLOSED if sendable.shown.alert.withdrawn_at else LinkState.OPEN
