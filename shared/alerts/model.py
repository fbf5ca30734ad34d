"""An alert: one arrest, one recipient, every reason. No I/O.

A notification is one revision of an alert: the first, an update, or a withdrawal (`revisions.py`).
"""

import hashlib
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from pydantic import AwareDatetime, Field

from shared.alerts.number import earlier_number
from shared.arrests.diff import Difference
from shared.arrests.minimisation import NO_FIELDS, UNSHARED, WithheldFields, redact_differences
from shared.arrests.model import ArrestChange
from shared.matching.criteria import Grade, Reason
from shared.offices.preferences import Urgency
from shared.offices.recipient import BasisKind, Recipient
from shared.pseudonyms import Pseudonyms
from shared.value import FrozenModel


class AlertReason(FrozenModel):
    """One subscription's share of an alert: the reason for the match, and what the owner wrote beside it.

    `sentence` is made of `reasons` when it is read (`matches/reason_words.py`); it is stored only in alerts of before
    reasons had kinds.
    """

    subscription_id: str
    owner: str
    sentence: str = ""
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
    confirmed_by: str = ""  # who confirmed a possible match, and when
    confirmed_on: date | None = None
    withheld: WithheldFields = NO_FIELDS  # minimisation: what the agreement did not share when this was matched
    for_information: bool = False  # a visitor of the folder gets it: others must acknowledge it

    @property
    def is_urgent(self) -> bool:
        return self.urgency is Urgency.URGENT

    @property
    def must_be_acknowledged(self) -> bool:
        return self.is_urgent and not self.for_information


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


class CustodyLink(NamedTuple):
    """The recipient's first alert about the same custody, which another agency reported (`link_custody.py`)."""

    alert_id: str
    arrest_id: str
    agency: str


class Alert(FrozenModel):
    """One arrest, one recipient, all reasons. It does not hold the arrest, which is read when the alert is sent.

    `notified_content` is the content hash of the arrest at the last notification. `revision` counts notifications.
    `changes` are the kinds of change that the last one reports, `differences` the exact values. `ended_reasons` were
    given before, and the last one takes them back; `ended` are their sentences, made when the alert is shown.
    `on_behalf_of` is the original alert, when this one goes to a deputy or an owner instead. `custody` is set if the
    recipient had been told of the same custody by another agency; `also_from` are the other alerts of it, set when the
    alert is shown.
    """

    alert_id: str
    office_id: str
    arrest_id: str
    arrest_number: str = Field(default="", alias="number")  # empty in an alert that was stored before there was one
    agency: str = ""  # that reported the arrest; without an agreement with it nothing of the alert is sent or shown
    recipient: Recipient
    because: tuple[AlertReason, ...]
    notified_content: str = Field(alias="told")
    revision: int = 1
    changes: tuple[ArrestChange, ...] = ()
    differences: tuple[Difference, ...] = ()
    ended: tuple[str, ...] = ()  # stored only in alerts of before reasons had kinds
    ended_reasons: tuple[Reason, ...] = ()
    created_at: AwareDatetime
    stages: Stages
    on_behalf_of: StandIn | None = None
    custody: CustodyLink | None = None
    also_from: tuple[CustodyLink, ...] = ()
    withdrawn_at: AwareDatetime | None = None
    withdrawn_because: WithdrawalCause = WithdrawalCause.TAKEN_BACK
    withdrawn_revisions: tuple[int, ...] = ()  # those that withdrew it: after a correction it may have come back

    @property
    def is_withdrawn_for_good(self) -> bool:
        return self.withdrawn_at is not None and self.withdrawn_because is WithdrawalCause.TAKEN_BACK

    @property
    def arrest_ids(self) -> tuple[str, ...]:
        """The arrest, and that of the first alert about the same custody: whoever answers one has answered both."""
        return (self.arrest_id, self.custody.arrest_id) if self.custody else (self.arrest_id,)

    @property
    def is_update(self) -> bool:
        """Whether the reader knows of the arrest already, by this alert or by another agency's."""
        return self.revision > 1 or bool(self.also_from)

    @property
    def urgency(self) -> Urgency:
        """That of the most urgent reason."""
        return min(
            (reason.urgency for reason in self.because), key=lambda urgency: urgency.rank, default=Urgency.NORMAL
        )

    @property
    def number(self) -> str:
        """What a person reads out on the telephone: one for the arrest and the office (`number.py`)."""
        return self.arrest_number or earlier_number(self.alert_id)

    @property
    def short_number(self) -> str:
        """The first half of the number, which names one arrest in its office (`numbers_table.py`). The whole number of
        an alert of before numbers belonged to arrests."""
        return self.number if self.number == earlier_number(self.alert_id) else self.number.partition("-")[0]


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


_UNSHARED_REASON = {"sentence": UNSHARED, "reasons": ()}


def stand_ins(alert: Alert, step: int, deputy: str | None) -> set[str]:
    """The e-mail addresses that an escalation step notifies, without the recipient's own. Without a deputy, the owners
    come at the first step already."""
    owners = {reason.owner.casefold() for reason in alert.because}
    deputies = {deputy.casefold()} if deputy else set()
    by_step = ((deputies or owners), owners, deputies | owners)
    return by_step[step] - {alert.recipient.email.casefold()}


def redact_alert(alert: Alert, withheld: WithheldFields) -> Alert:
    """Minimisation: the alert as it may be sent or shown now. `withheld` is what no agreement shares today. A reason
    that rests on fields withheld since the match loses its sentence."""
    if not withheld or alert.withdrawn_at:
        return alert
    because = tuple(
        reason if withheld <= reason.withheld else reason.model_copy(update=_UNSHARED_REASON)
        for reason in alert.because
    )
    return alert.model_copy(
        update={
            "because": because,
            "ended": (UNSHARED,) * (len(alert.ended) + len(alert.ended_reasons)),
            "ended_reasons": (),
            "differences": redact_differences(withheld, alert.differences),
        }
    )
