"""An alert: one arrest, one recipient, every reason; and the decisions about notifications. No I/O.

A notification is one revision of an alert: the first, an update, or a withdrawal. `next_notification` decides whether
there is one (idempotency: a recipient who knows everything gets none).
"""

import hashlib
from collections.abc import Iterable, Sequence
from datetime import datetime
from enum import StrEnum

from pydantic import AwareDatetime, Field

from shared.arrests.diff import Difference
from shared.arrests.minimisation import NO_FIELDS, UNSHARED, WithheldFields, redact_differences
from shared.arrests.model import Arrest, ArrestChange
from shared.matching.criteria import Grade, Reason
from shared.offices.preferences import Urgency
from shared.offices.recipient import BasisKind, Recipient
from shared.pseudonyms import Pseudonyms
from shared.value import FrozenModel

_CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


class AlertReason(FrozenModel):
    """One subscription's share of an alert: the reason for the match, and what the owner wrote beside it."""

    subscription_id: str
    owner: str
    sentence: str
    grade: Grade
    basis: BasisKind
    case_number: str
    reference: str
    urgency: Urgency = Urgency.NORMAL
    folder: str = ""  # its path, such as Gangs > Harbor Ave
    note: str = ""  # the private note if this recipient is an owner, else the public one
    contact: str = ""  # whom to call about this subscription, when that is not its owner
    others: tuple[str, ...] = ()  # deconfliction: who else watches this person and does so openly
    reasons: tuple[Reason, ...] = ()  # each on its own, with the compared values and the match weight
    withheld: WithheldFields = NO_FIELDS  # minimisation: what the agreement did not share when this was matched
    for_information: bool = False  # a visitor of the folder gets it: others must acknowledge it

    @property
    def must_be_acknowledged(self) -> bool:
        return self.urgency is Urgency.URGENT and not self.for_information


class Stages(FrozenModel):
    """When the arrest passed each stage. The latency of every alert is measured by it."""

    dropped_at: AwareDatetime
    stored_at: AwareDatetime
    matched_at: AwareDatetime


class StandIn(FrozenModel):
    """The original alert of a stand-in: a deputy or owner who is notified as well. `also` are further recipients who
    did not acknowledge theirs."""

    recipient: Recipient
    alert_id: str
    undelivered: bool  # otherwise it was delivered and not acknowledged
    also: tuple[Recipient, ...] = ()
    step: int | None = None  # of the escalation, from 0

    @property
    def recipients(self) -> tuple[Recipient, ...]:
        return (self.recipient, *self.also)


class WithdrawalCause(StrEnum):
    """Why an alert is withdrawn. Readers are not told of `unreadable` (`view.py`): it would say that the person is a
    minor."""

    TAKEN_BACK = "taken back"  # sealed, or withdrawn by a person: it never comes back
    CORRECTED = "corrected"  # the agency corrected the record, and no reason holds any more
    DISMISSED = "dismissed"  # a person of the office decided that the possible match is somebody else
    UNREADABLE = "unreadable"  # the record says now that the person is a minor


class Alert(FrozenModel):
    """One arrest, one recipient, all reasons. It does not hold the arrest, which is read when the alert is sent.

    `told` is the content hash of the arrest at the last notification. `revision` counts notifications.
    `changes` are the kinds of change that the last one reports, `differences` the exact values. `ended` holds the
    sentences of reasons that were given before and that the last one takes back. `on_behalf_of` is the original alert,
    when this one goes to a deputy or an owner instead.
    """

    alert_id: str
    office_id: str
    arrest_id: str
    agency: str = ""  # that reported the arrest; without an agreement with it nothing of the alert is sent or shown
    recipient: Recipient
    because: tuple[AlertReason, ...]
    notified_content: str = Field(alias="told")
    revision: int = 1
    changes: tuple[ArrestChange, ...] = ()
    differences: tuple[Difference, ...] = ()
    ended: tuple[str, ...] = ()
    created_at: AwareDatetime
    stages: Stages
    on_behalf_of: StandIn | None = None
    withdrawn_at: AwareDatetime | None = None
    withdrawn_because: WithdrawalCause = WithdrawalCause.TAKEN_BACK
    withdrawn_revisions: tuple[int, ...] = ()  # those that withdrew it: after a correction it may have come back

    @property
    def is_withdrawn_for_good(self) -> bool:
        return self.withdrawn_at is not None and self.withdrawn_because is WithdrawalCause.TAKEN_BACK

    @property
    def urgency(self) -> Urgency:
        """That of the most urgent reason."""
        return min(
            (reason.urgency for reason in self.because), key=lambda urgency: urgency.rank, default=Urgency.NORMAL
        )

    @property
    def number(self) -> str:
        """What a person reads out on the telephone: ten characters of Crockford's base 32, without I, L, O and U."""
        bits = int(self.alert_id, 16) >> 78
        digits = "".join(_CROCKFORD[bits >> shift & 31] for shift in range(45, -1, -5))
        return f"{digits[:5]}-{digits[5:]}"


def alert_id(pseudonyms: Pseudonyms, arrest_id: str, office_id: str, recipient: Recipient) -> str:
    return pseudonyms.of("alert", arrest_id, office_id, recipient.key)


def derived_id(*values: str) -> str:
    """An id derived from other ids: the same values always give the same one, so that a repeated write is idempotent.

    32 hexadecimal digits. Not keyed: never derive an id from personal data with it.
    """
    return hashlib.blake2b("\x1f".join(values).encode(), digest_size=16).hexdigest()


def must_be_acknowledged(alert: Alert) -> bool:
    """Whether the alert escalates to others unless somebody acknowledges it."""
    waits = any(reason.must_be_acknowledged for reason in alert.because)
    return waits and not alert.withdrawn_at and not alert.on_behalf_of


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
            "ended": _ended_sentences(previous, alert.because),
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
            "ended": _ended_sentences(alert, current),
            "differences": (),
            "changes": (),
            "notified_content": content,
            "revision": alert.revision + 1,
            "stages": alert.stages.model_copy(update={"matched_at": now}),
        }
    )


def _ended_sentences(previous: Alert, current: tuple[AlertReason, ...]) -> tuple[str, ...]:
    current_ids = {reason.subscription_id for reason in current}
    return tuple(reason.sentence for reason in previous.because if reason.subscription_id not in current_ids)


def redact_alert(alert: Alert, withheld: WithheldFields) -> Alert:
    """Minimisation: the alert as it may be sent or shown now. `withheld` is what no agreement shares today. A reason
    that rests on fields withheld since the match loses its sentence."""
    if not withheld or alert.withdrawn_at:
        return alert
    because = tuple(
        reason if withheld <= reason.withheld else reason.model_copy(update={"sentence": UNSHARED, "reasons": ()})
        for reason in alert.because
    )
    return alert.model_copy(
        update={
            "because": because,
            "ended": (UNSHARED,) * len(alert.ended),
            "differences": redact_differences(withheld, alert.differences),
        }
    )


WITHDRAWN = "withdrawn"
_BLANK_REASON = {
    "sentence": WITHDRAWN,
    "reasons": (),
    "reference": "",
    "folder": "",
    "note": "",
    "contact": "",
    "others": (),
}


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
    return alert.model_copy(update={"because": blank_reasons, "ended": (), "changes": (), "differences": ()})


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
            "changes": (),
            "differences": (),
            "ended": (),
            "on_behalf_of": behalf,
            "stages": alert.stages.model_copy(update={"matched_at": now}),
        }
    )


def _reason_for_stand_in(reason: AlertReason, email: str, original: Recipient) -> AlertReason:
    """Removes the owner's private note, unless the stand-in is that owner."""
    note_is_private = original.email.casefold() == reason.owner.casefold()
    if note_is_private and email.casefold() != reason.owner.casefold():
        return reason.model_copy(update={"note": ""})
    return reason
