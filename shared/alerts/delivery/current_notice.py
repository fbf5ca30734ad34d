"""What a notice says at the moment of sending: what was seen to since it was stored is not in it any more."""

from shared.alerts.delivery.dependencies import Claim, DeliveryClosedError
from shared.alerts.delivery.messages.notice import Notice
from shared.alerts.delivery.messages.notice_text import waiting_sections, waiting_title
from shared.alerts.delivery.model import DeliveryState
from shared.alerts.expiry import is_still_due, reminder_title
from shared.alerts.reviews.waiting import WaitingReviews, waiting_reviews
from shared.offices.recipient import Recipient
from shared.subscriptions.model import SubscriptionKey


def current_notice(claim: Claim, notice: Notice) -> Notice:
    """Raises DeliveryClosedError if nothing of it is left to say."""
    if notice.warnings:
        return _with_due_warnings(claim, notice)
    return _recounted(claim, notice) if notice.waiting else notice


def reviews_waiting_for(claim: Claim, recipient: Recipient) -> WaitingReviews | None:
    """Possible matches that wait for this recipient now; None if none does."""
    deps = claim.deps
    waiting = waiting_reviews(claim.office, deps.alerts.reviews, deps.subscriptions, claim.now, deps.arrests)
    return waiting.get(recipient.email.casefold())


def _recounted(claim: Claim, notice: Notice) -> Notice:
    waiting = reviews_waiting_for(claim, notice.recipient)
    if waiting is None:
        raise DeliveryClosedError(DeliveryState.SUPPRESSED, "no possible match waits any more")
    sections = waiting_sections(waiting, claim.preferences_of(notice.email).zone(claim.office.zone), claim.now)
    return notice.model_copy(update={"title": waiting_title(waiting), "sections": sections})


def _with_due_warnings(claim: Claim, notice: Notice) -> Notice:
    stored, _ = claim.deps.subscriptions.read(
        SubscriptionKey(notice.office_id, warning.subscription_id) for warning in notice.warnings
    )
    subscriptions = {key.subscription_id: subscription for key, subscription in stored.items()}
    warnings = tuple(
        warning for warning in notice.warnings if is_still_due(warning, subscriptions.get(warning.subscription_id))
    )
    if not warnings:
        raise DeliveryClosedError(DeliveryState.SUPPRESSED, "everything in it was seen to meanwhile")
    return notice.model_copy(update={"warnings": warnings, "title": reminder_title(warnings)})
