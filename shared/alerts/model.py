"""One person is told of one arrest, with all reasons. Everything here is a decision: nothing is read or written."""

import hashlib
from collections.abc import Iterable
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
from shared.subscriptions.eligible_recipients import EligibleRecipient, eligible_recipients
from shared.subscriptions.folders.model import Role
from shared.subscriptions.model import Subscription
from shared.value import FrozenModel

_CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


class AlertReason(FrozenModel):
    """One subscription's reason, with what its owner wrote beside it."""

    subscription_id: str
    owner: str
    sentence: str
    grade: Grade
    basis: BasisKind
    case_number: str
    reference: str
    urgency: Urgency = Urgency.NORMAL
    folder: str = ""  # its path, such as Gangs > Harbor Ave
    note: str = ""  # the text that this recipient may read: the private one for owners, else the public one
    contact: str = ""  # whom to call about this watch, when that is not its owner
    others: tuple[str, ...] = ()  # who else watches this person and does so openly
    reasons: tuple[Reason, ...] = ()  # each on its own, with the compared values and the score
    withheld: WithheldFields = NO_FIELDS  # what the agreement did not share when this was found


class Match(FrozenModel):
    """`recipients_for` are those who may be told; none until they were asked for: then its own word holds."""

    subscription: Subscription
    reason: Reason
    hearers: tuple[EligibleRecipient, ...] | None = None
    others: tuple[str, ...] = ()  # who else watches this person, in words
    withheld: WithheldFields = (
        NO_FIELDS  # what the agreement does not share with this subscription's office for its basis
    )

    @property
    def heard_by(self) -> tuple[EligibleRecipient, ...]:
        return eligible_recipients(self.subscription, ()) if self.hearers is None else self.hearers

    def because(self, recipient: Recipient) -> AlertReason:
        subscription = self.subscription
        hearer = next(
            (eligible for eligible in self.heard_by if eligible.recipient.key == recipient.key),
            EligibleRecipient(recipient),
        )
        owner = hearer.role is Role.OWNER
        return AlertReason(
            subscription_id=subscription.subscription_id,
            owner=subscription.owner,
            sentence=self.reason.sentence,
            grade=self.reason.grade,
            basis=subscription.basis.kind,
            case_number=subscription.basis.case_number,
            reference=subscription.reference,
            urgency=subscription.urgency,
            folder=hearer.folder,
            contact=subscription.contact,
            note=subscription.note.for_reader(owner=owner),
            reasons=self.reason.parts or (self.reason,),
            others=self.others,
            withheld=self.withheld,
        )


class Stages(FrozenModel):
    """When the news passed each point, so that every alert's latency is known."""

    dropped_at: AwareDatetime
    stored_at: AwareDatetime
    matched_at: AwareDatetime


class StandIn(FrozenModel):
    """Whose alert this was, and why it is told to somebody else as well."""

    recipient: Recipient
    alert_id: str
    undelivered: bool  # otherwise it was delivered and not acknowledged


class Alert(FrozenModel):
    """`told` is the content of the arrest that the recipient was told of last; `revision` counts the tellings, and
    `changes` says what kind of thing was new in the last one, `differences` what exactly. It does not hold
    the arrest, which is read when the alert is sent. `on_behalf_of` says whose alert it was, when it is told to a
    deputy or an owner instead."""

    alert_id: str
    office_id: str
    arrest_id: str
    agency: str = ""  # that reported the arrest: without an agreement with it, nothing of this is told or shown
    recipient: Recipient
    because: tuple[AlertReason, ...]
    notified_content: str = Field(alias="told")
    revision: int = 1
    changes: tuple[ArrestChange, ...] = ()
    differences: tuple[Difference, ...] = ()
    created_at: AwareDatetime
    stages: Stages
    on_behalf_of: StandIn | None = None
    withdrawn_at: AwareDatetime | None = None

    @property
    def urgency(self) -> Urgency:
        return min(
            (reason.urgency for reason in self.because), key=lambda urgency: urgency.rank, default=Urgency.NORMAL
        )

    @property
    def number(self) -> str:
        """What a person reads out on the telephone: ten characters without I, L, O and U."""
        bits = int(self.alert_id, 16) >> 78
        digits = "".join(_CROCKFORD[bits >> shift & 31] for shift in range(45, -1, -5))
        return f"{digits[:5]}-{digits[5:]}"


def alert_id(pseudonyms: Pseudonyms, arrest_id: str, office_id: str, recipient: Recipient) -> str:
    return pseudonyms.of("alert", arrest_id, office_id, recipient.key)


def by_recipient(matches: Iterable[Match]) -> dict[tuple[str, str], tuple[Recipient, list[Match]]]:
    """Office and recipient -> the recipient with all his channels, and every match he is told of."""
    united: dict[tuple[str, str], tuple[Recipient, list[Match]]] = {}
    for match in matches:
        for recipient, _, _ in match.heard_by:
            key = match.subscription.office_id, recipient.key
            known, reasons = united.get(key, (recipient, []))
            united[key] = known.joined_with(recipient), [*reasons, match]
    return united


def next_notification(
    previous: Alert | None, alert: Alert, arrest: Arrest, differences: tuple[Difference, ...]
) -> Alert | None:
    """The alert to send now, or None when the recipient knows all of this.

    An alert is sent once; again, as an update, only when the arrest changed in a way that matters (`found`) or when
    there is a reason that was not given before.
    """
    if previous is None:
        return alert
    if previous.withdrawn_at:
        return None
    known = {because.subscription_id for because in previous.because}
    news = any(because.subscription_id not in known for because in alert.because)
    if previous.notified_content == arrest.content and not news:
        return None
    if not (news or differences):
        return None
    return alert.model_copy(
        update={
            "revision": previous.revision + 1,
            "created_at": previous.created_at,
            "differences": differences,
            "changes": tuple(dict.fromkeys(difference.change for difference in differences)),
        }
    )


def redacted_for(alert: Alert, withheld: WithheldFields) -> Alert:
    """As it may be told or shown now: what was found on parts that are withheld since is said no more."""
    if not withheld or alert.withdrawn_at:
        return alert
    because = tuple(
        reason if withheld <= reason.withheld else reason.model_copy(update={"sentence": UNSHARED, "reasons": ()})
        for reason in alert.because
    )
    return alert.model_copy(update={"because": because, "differences": redact_differences(withheld, alert.differences)})


WITHDRAWN = "withdrawn"
_UNSAID = {"folder": "", "note": "", "contact": "", "others": ()}


def withdrawn(alert: Alert, now: datetime) -> Alert:
    """The telling that takes the alert back. What it said is gone; whom it was for and who watched stays."""
    because = tuple(
        reason.model_copy(update={"sentence": WITHDRAWN, "reasons": (), "reference": "", **_UNSAID})
        for reason in alert.because
    )
    return alert.model_copy(
        update={
            "because": because,
            "changes": (),
            "differences": (),
            "revision": alert.revision + 1,
            "withdrawn_at": now,
            "stages": alert.stages.model_copy(update={"matched_at": now}),
        }
    )


def escalated(alert: Alert, email: str, step: int, now: datetime) -> Alert:
    """The same alert for whoever must see to it because its recipient did not acknowledge it; `step` counts from 0."""
    return _instead(alert, email, f"step {step}", now, undelivered=False)


def undelivered(alert: Alert, email: str, now: datetime) -> Alert:
    """The same alert for an owner, because every address of its recipient failed."""
    return _instead(alert, email, "undelivered", now, undelivered=True)


def _instead(alert: Alert, email: str, why: str, now: datetime, *, undelivered: bool) -> Alert:
    because = tuple(_as_read_by(email, reason, alert.recipient) for reason in alert.because)
    return alert.model_copy(
        update={
            "because": because,
            "created_at": now,
            "revision": 1,
            "alert_id": derived_id(why, alert.alert_id, str(alert.revision), email),
            "recipient": Recipient({"email": email}),
            "changes": (),
            "differences": (),
            "on_behalf_of": StandIn(recipient=alert.recipient, alert_id=alert.alert_id, undelivered=undelivered),
            "stages": alert.stages.model_copy(update={"matched_at": now}),
        }
    )


def _as_read_by(email: str, reason: AlertReason, first: Recipient) -> AlertReason:
    """The owner's own text stays with the owner, who was told first."""
    told_the_owner = first.root.get("email", "").casefold() == reason.owner.casefold()
    return (
        reason.model_copy(update={"note": ""})
        if told_the_owner and email.casefold() != reason.owner.casefold()
        else reason
    )


def derived_id(*parts: str) -> str:
    """An id made of ids: the same parts always give the same."""
    return hashlib.blake2b("\x1f".join(parts).encode(), digest_size=16).hexdigest()


class Verdict(StrEnum):
    """What the reader found the alert to be."""

    RIGHT_PERSON = "right person"
    WRONG_PERSON = "wrong person"
    USEFUL = "useful"
    NOT_USEFUL = "not useful"


def must_be_acknowledged(alert: Alert) -> bool:
    return alert.urgency is Urgency.URGENT and not alert.withdrawn_at and not alert.on_behalf_of
