"""One person is told of one arrest, with all reasons. Everything here is a decision: nothing is read or written."""

from collections.abc import Iterable
from enum import StrEnum

from pydantic import AwareDatetime

from shared.domain.arrests import Arrest, Change
from shared.domain.pseudonyms import Pseudonyms
from shared.domain.subscriptions import BasisKind, Recipient, Subscription
from shared.domain.value import Value
from shared.domain.watches import Grade, Reason

_CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


class Because(Value):
    """One subscription's reason, with what its owner wrote beside it."""

    subscription_id: str
    owner: str
    sentence: str
    grade: Grade
    basis: BasisKind
    case_number: str
    reference: str


class Match(Value):
    subscription: Subscription
    reason: Reason

    @property
    def because(self) -> Because:
        one = self.subscription
        return Because(
            subscription_id=one.subscription_id, owner=one.owner, sentence=self.reason.sentence,
            grade=self.reason.grade, basis=one.basis.kind, case_number=one.basis.case_number, reference=one.reference,
        )  # fmt: skip


class Stages(Value):
    """When the news passed each point, so that every alert's latency is known."""

    dropped_at: AwareDatetime
    stored_at: AwareDatetime
    matched_at: AwareDatetime


class Alert(Value):
    """`told` is the content of the arrest that the recipient was told of last; `revision` counts the tellings, and
    `changes` says what was new in the last one. It holds no name: the arrest is read when the alert is sent."""

    alert_id: str
    office_id: str
    arrest_id: str
    recipient: Recipient
    because: tuple[Because, ...]
    told: str
    revision: int = 1
    changes: tuple[Change, ...] = ()
    created_at: AwareDatetime
    stages: Stages

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
        for recipient in match.subscription.recipients:
            key = match.subscription.office_id, recipient.key
            known, reasons = united.get(key, (recipient, []))
            united[key] = known.joined_with(recipient), [*reasons, match]
    return united


def next_telling(previous: Alert | None, alert: Alert, arrest: Arrest, found: tuple[Change, ...]) -> Alert | None:
    """The alert to send now, or None when the recipient knows all of this.

    An alert is sent once; again, as an update, only when the arrest changed in a way that matters (`found`) or when
    there is a reason that was not given before.
    """
    if previous is None:
        return alert
    known = {because.subscription_id for because in previous.because}
    news = any(because.subscription_id not in known for because in alert.because)
    if previous.told == arrest.content and not news:
        return None
    if not (news or found):
        return None
    return alert.model_copy(
        update={"revision": previous.revision + 1, "changes": found, "created_at": previous.created_at}
    )


class DeliveryState(StrEnum):
    QUEUED = "queued"
    CLAIMED = "claimed"
    SENT = "sent"
    DELAYED = "delayed"
    DELIVERED = "delivered"
    SUPPRESSED = "suppressed"
    FAILED = "failed"
    BOUNCED = "bounced"
    COMPLAINED = "complained"

    @property
    def rank(self) -> int:
        """States only ever move up: a duplicated or late event changes nothing, a bounce after delivery wins."""
        return list(DeliveryState).index(self)


class Delivery(Value):
    """One alert on one channel, in one telling."""

    alert_id: str
    office_id: str
    revision: int
    channel: str
    address: str
    state: DeliveryState = DeliveryState.QUEUED
    attempt: int = 0
    queued_at: AwareDatetime
    claimed_at: AwareDatetime | None = None
    sent_at: AwareDatetime | None = None
    provider_id: str | None = None
    why: str | None = None

    @property
    def delivery_id(self) -> str:
        """Travels with the message as a tag, so that the provider's events name it."""
        return f"{self.alert_id}-{self.revision}-{self.channel}"


def deliveries_of(alert: Alert) -> list[Delivery]:
    return [
        Delivery(
            alert_id=alert.alert_id, office_id=alert.office_id, revision=alert.revision, channel=channel,
            address=address, queued_at=alert.stages.matched_at,
        )
        for channel, address in sorted(alert.recipient.root.items())
    ]  # fmt: skip
