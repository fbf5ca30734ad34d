"""Revisions: the notifications that an alert goes through, each as the next revision of the alert. Pure.

The first notification, an update, a withdrawal, and the same alert for a stand-in. `next_notification` decides whether
there is anything that the recipient does not know (idempotency: a recipient who knows everything gets none).
"""

from collections.abc import Iterable, Sequence
from datetime import datetime

from shared.alerts.model import Alert, AlertReason, StandIn, WithdrawalCause, derived_id
from shared.arrests.diff import Difference
from shared.arrests.model import Arrest, ArrestChange
from shared.matching.criteria import Reason
from shared.offices.recipient import Recipient


def next_notification(
    previous: Alert | None, alert: Alert, arrest: Arrest, differences: tuple[Difference, ...]
) -> Alert | None:
    """Returns the notification to store now, or None if the recipient knows everything in it.

    An alert is sent once. It is sent again, as an update, only if the arrest changed in a way that matters
    (`differences`) or if there is a reason that was not given before. An alert that was withdrawn because of a
    correction or a dismissal starts anew when the arrest matches again: its reader knows nothing of the versions
    between, so their differences are not said. An alert that was taken back is never sent again.
    """
    if previous is None:
        return alert
    if previous.is_withdrawn_for_good:
        return None
    if previous.withdrawn_at:
        return alert.model_copy(
            update={"revision": previous.revision + 1, "withdrawn_revisions": previous.withdrawn_revisions}
        )
    given = {reason.subscription_id for reason in previous.because}
    has_new_reason = any(reason.subscription_id not in given for reason in alert.because)
    has_changed = bool(differences) and previous.notified_content != arrest.content
    if not (has_new_reason or has_changed):
        return None
    return alert.model_copy(
        update={
            "revision": previous.revision + 1,
            "created_at": previous.created_at,
            "differences": differences,
            "changes": changes_in(differences),
            "ended_reasons": _ended_reasons(previous, alert.because),
            "withdrawn_revisions": previous.withdrawn_revisions,
        }
    )


def changes_in(differences: Iterable[Difference]) -> tuple[ArrestChange, ...]:
    """The kinds of change, each once."""
    return tuple(dict.fromkeys(difference.change for difference in differences))


def without_ended_reasons(alert: Alert, current: tuple[AlertReason, ...], content: str, now: datetime) -> Alert:
    """The update that takes back the reasons that are not `current` any more. `content` is the hash of the version for
    which they are current."""
    return alert.model_copy(
        update={
            "because": current,
            "ended": (),
            "ended_reasons": _ended_reasons(alert, current),
            "differences": (),
            "changes": (),
            "notified_content": content,
            "revision": alert.revision + 1,
            "stages": alert.stages.model_copy(update={"matched_at": now}),
        }
    )


def _ended_reasons(previous: Alert, current: tuple[AlertReason, ...]) -> tuple[Reason, ...]:
    current_ids = {reason.subscription_id for reason in current}
    ended = (reason for reason in previous.because if reason.subscription_id not in current_ids)
    return tuple(Reason(sentence=reason.sentence, grade=reason.grade, subreasons=reason.reasons) for reason in ended)


WITHDRAWN = "withdrawn"
_BLANK_REASON = {
    "sentence": WITHDRAWN,
    "reasons": (),
    "reference": "",
    "folder": "",
    "note": "",
    "contact": "",
    "others": (),
    "confirmed_by": "",
    "confirmed_on": None,
}
_NO_NEWS = {"ended": (), "ended_reasons": (), "changes": (), "differences": ()}


def withdrawal_of(
    alert: Alert,
    now: datetime,
    cause: WithdrawalCause = WithdrawalCause.TAKEN_BACK,
    differences: tuple[Difference, ...] = (),
) -> Alert:
    """The notification that withdraws the alert. Its content is gone; the recipient and the subscriptions stay.

    `differences` are those that its reader may be told: what was taken away of the version that the reader knows.
    """
    return blank_alert(alert).model_copy(
        update={
            "differences": differences,
            "changes": changes_in(differences),
            "revision": alert.revision + 1,
            "withdrawn_at": now,
            "withdrawn_because": cause,
            "withdrawn_revisions": (*alert.withdrawn_revisions, alert.revision + 1),
            "stages": alert.stages.model_copy(update={"matched_at": now}),
        }
    )


def without_reason(alert: Alert, subscription_id: str, now: datetime) -> Alert:
    """The notification that takes one reason back, because it was of another person. Without any other reason the
    alert is withdrawn."""
    others = tuple(reason for reason in alert.because if reason.subscription_id != subscription_id)
    if not others:
        return withdrawal_of(alert, now, WithdrawalCause.DISMISSED)
    return without_ended_reasons(alert, others, alert.notified_content, now)


def blank_alert(alert: Alert) -> Alert:
    """The alert without anything of the arrest and of the watch: what a withdrawn alert shows."""
    blank_reasons = tuple(reason.model_copy(update=_BLANK_REASON) for reason in alert.because)
    return alert.model_copy(update=_NO_NEWS | {"because": blank_reasons})


def escalation_to(alerts: Sequence[Alert], email: str, step: int, now: datetime) -> Alert:
    """One alert for a deputy or owner, because nobody acknowledged these alerts of one arrest and office. `step` counts
    from 0. Each subscription is a reason once."""
    original, *others = sorted(alerts, key=lambda alert: alert.alert_id)
    reasons: dict[str, AlertReason] = {}
    for alert in (original, *others):
        for reason in alert.because:
            reasons.setdefault(reason.subscription_id, _reason_for_stand_in(reason, email, alert.recipient))
    behalf = StandIn(
        recipient=original.recipient,
        alert_id=original.alert_id,
        undelivered=False,
        also=tuple(alert.recipient for alert in others),
        step=step,
    )
    round_id = (original.office_id, original.arrest_id, *sorted(reasons))
    id_ = derived_id(f"step {step}", *round_id, email)
    return _for_stand_in(original, email, id_, behalf, tuple(reasons.values()), now)


def fallback_to(alert: Alert, email: str, now: datetime) -> Alert:
    """The same alert for an owner, because every address of its recipient failed."""
    id_ = derived_id("undelivered", alert.alert_id, str(alert.revision), email)
    behalf = StandIn(recipient=alert.recipient, alert_id=alert.alert_id, undelivered=True)
    reasons = tuple(_reason_for_stand_in(reason, email, alert.recipient) for reason in alert.because)
    return _for_stand_in(alert, email, id_, behalf, reasons, now)


def _for_stand_in(
    alert: Alert, email: str, id_: str, behalf: StandIn, reasons: tuple[AlertReason, ...], now: datetime
) -> Alert:
    return alert.model_copy(
        update={
            "because": reasons,
            "created_at": now,
            "revision": 1,
            "alert_id": id_,
            "recipient": Recipient.from_email(email),
            "on_behalf_of": behalf,
            "stages": alert.stages.model_copy(update={"matched_at": now}),
            **_NO_NEWS,
        }
    )


def _reason_for_stand_in(reason: AlertReason, email: str, original: Recipient) -> AlertReason:
    """Removes the owner's private note, unless the stand-in is that owner."""
    note_is_private = original.email.casefold() == reason.owner.casefold()
    if note_is_private and email.casefold() != reason.owner.casefold():
        return reason.model_copy(update={"note": ""})
    return reason
