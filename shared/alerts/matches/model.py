"""A match: one subscription that one arrest meets, with its reason and its eligible recipients.

The matches of one recipient become one alert.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple

from shared.alerts.model import Alert, AlertReason, Stages, alert_id
from shared.alerts.number import alert_number
from shared.arrests.diff import Difference, tells_only_charges_of
from shared.arrests.minimisation import NO_FIELDS, WithheldFields, redact_differences
from shared.arrests.model import Arrest, EventKind
from shared.arrests.table import Version
from shared.matching.criteria import Reason
from shared.offices.preferences import Urgency
from shared.offices.recipient import Recipient
from shared.pseudonyms import Pseudonyms
from shared.subscriptions.eligible_recipients import EligibleRecipient
from shared.subscriptions.folders.model import Role
from shared.subscriptions.model import Subscription
from shared.value import FrozenModel

_REASONS_BYTES = 60_000  # of one alert; with what changed in the arrest it stays below the 400 KB of an item


class Match(FrozenModel):
    """`eligible` are the recipients who may be notified (`audience.py`). `others` names the other subscribers of the
    same person. `withheld` is what the agreement does not share with the subscription's office for its basis.
    `only_charges_of` is the arrest as that office has it if it may not have nonconviction data for this basis."""

    subscription: Subscription
    reason: Reason
    eligible: tuple[EligibleRecipient, ...]
    others: tuple[str, ...] = ()
    withheld: WithheldFields = NO_FIELDS
    only_charges_of: Arrest | None = None

    def alert_reason_for(self, recipient: Recipient) -> AlertReason:
        """What the alert of this recipient says of this match: the private note is for owners only."""
        subscription = self.subscription
        role, folder = self._role_of(recipient)
        return AlertReason(
            subscription_id=subscription.subscription_id,
            owner=subscription.owner,
            grade=self.reason.grade,
            basis=subscription.basis.kind,
            case_number=subscription.basis.case_number,
            reference=subscription.reference,
            urgency=subscription.urgency,
            folder=folder,
            contact=subscription.contact,
            note=subscription.note.for_reader(owner=role is Role.OWNER),
            reasons=self.reason.subreasons or (self.reason,),
            confirmed_by=self.reason.confirmed_by,
            confirmed_on=self.reason.confirmed_on,
            others=self.others,
            withheld=self.withheld,
            for_information=role is Role.VISITOR and self._is_told_to_others,
        )

    @property
    def _is_told_to_others(self) -> bool:
        """Whether somebody is told who is no visitor. If nobody is, the visitors must acknowledge it."""
        return any(eligible.role is not Role.VISITOR for eligible in self.eligible)

    def _role_of(self, recipient: Recipient) -> tuple[Role | None, str]:
        """The role and the folder through which this recipient is notified; none and empty if named directly."""
        for eligible in self.eligible:
            if eligible.recipient.key == recipient.key:
                return eligible.role, eligible.folder
        return None, ""


class RefusedDisclosure(NamedTuple):
    """A recipient whom the access policy refuses, although the subscription matches the arrest.

    `recipient` is None if no agreement with the agency is in force: then nobody may be notified or named.
    """

    office_id: str
    arrest_id: str
    subscription_id: str
    recipient: Recipient | None


def by_recipient(matches: Iterable[Match]) -> dict[tuple[str, str], tuple[Recipient, list[Match]]]:
    """Groups the matches of one arrest into alerts: (office_id, recipient key) -> the recipient with the channels of
    all its subscriptions, and every match that the recipient is notified of."""
    grouped: dict[tuple[str, str], tuple[Recipient, list[Match]]] = {}
    for match in matches:
        for eligible in match.eligible:
            key = match.subscription.office_id, eligible.recipient.key
            recipient, earlier = grouped.get(key, (eligible.recipient, []))
            grouped[key] = recipient.joined_with(eligible.recipient), [*earlier, match]
    return grouped


def alert_of(
    version: Version, recipient: Recipient, matches: Sequence[Match], pseudonyms: Pseudonyms, now: datetime
) -> Alert:
    """The alert of these matches, which are all of one office, as if nothing had been sent before."""
    arrest, office_id = version.arrest, matches[0].subscription.office_id
    return Alert(
        alert_id=alert_id(pseudonyms, arrest.arrest_id, office_id, recipient),
        office_id=office_id,
        arrest_id=arrest.arrest_id,
        arrest_number=alert_number(pseudonyms, arrest.arrest_id, office_id),
        agency=arrest.agency,
        recipient=recipient,
        because=_reasons_that_fit([_at_once(arrest, match.alert_reason_for(recipient)) for match in matches]),
        notified_content=arrest.content,
        created_at=now,
        stages=Stages(dropped_at=version.dropped_at, stored_at=version.stored_at, matched_at=now),
    )


def _at_once(arrest: Arrest, reason: AlertReason) -> AlertReason:
    """A release that is to come is told at once, also in quiet hours: it may be in two days (Correction Law 149)."""
    is_release = arrest.kind is EventKind.RELEASE_SCHEDULED
    return reason.model_copy(update={"urgency": Urgency.URGENT}) if is_release else reason


def _reasons_that_fit(reasons: Sequence[AlertReason]) -> tuple[AlertReason, ...]:
    """As many as an alert has room for, in their order. Urgent ones have room first; of the others the choice depends
    on the subscriptions alone, so that the next version of the arrest gives the same ones and no news.

    Somebody whose 50 or more watches all meet one arrest reads the first of them; the others are in the list of his
    subscriptions, which an alert does not end.
    """
    room, chosen = _REASONS_BYTES, set[str]()
    for reason in sorted(reasons, key=lambda reason: (not reason.is_urgent, reason.subscription_id)):
        room -= len(reason.model_dump_json().encode())
        if room < 0 and chosen:
            break
        chosen.add(reason.subscription_id)
    return tuple(reason for reason in reasons if reason.subscription_id in chosen)


def news_for(matches: Sequence[Match], differences: Iterable[Difference]) -> tuple[Difference, ...]:
    """Minimisation: the differences without those that the agreements of all these matches withhold, and for an office
    that may not have nonconviction data without those of another charge or outcome (28 CFR 20.21)."""
    shared = redact_differences(frozenset.intersection(*(match.withheld for match in matches)), differences)
    narrowed = [match.only_charges_of for match in matches if match.only_charges_of]
    if len(narrowed) < len(matches):
        return shared
    return tuple(difference for difference in shared if tells_only_charges_of(narrowed[0], difference))
