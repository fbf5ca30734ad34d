"""The audience of a subscription: everybody who may be notified of a match. Asked when an arrest is matched, and again
when its alert is sent.

`resolve_audience` reads folders, users and agreements; the offices are read by its caller. `decide_audience` is the
decision, from plain values: the folders and the subscription propose recipients, the access policy allows or refuses
each of them, and the agreement with the agency says whether anybody may know and which fields are withheld
(minimisation).
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from types import MappingProxyType
from typing import NamedTuple

from shared.access import Action, Principal, Relation, Resource, ResourceKind, permits, principal_of
from shared.alerts.model import Alert, AlertReason
from shared.arrests.minimisation import WithheldFields
from shared.arrests.model import EventKind
from shared.offices.agreements import PURPOSE_OF_BASIS, OfficeAgreements
from shared.offices.model import Office
from shared.offices.recipient import Recipient
from shared.offices.users import User
from shared.subscriptions.chosen_events import chosen_kinds
from shared.subscriptions.eligible_recipients import EligibleRecipient, eligible_recipients, is_archived
from shared.subscriptions.folders.table import TreeKey
from shared.subscriptions.model import Subscription, SubscriptionKey
from shared.subscriptions.table import SubscriptionsTable


class Audience(NamedTuple):
    """`eligible` maps (subscription_id, agency) to eligible recipients. A missing pair means that no agreement is in
    force: nobody may be notified or named. `withheld` has the same pairs, and the fields that their agreement does not
    share. `refused` maps subscription_id to the recipients whom the access policy refuses. `events` maps
    subscription_id to the kinds of event of which it tells; None, or no entry, means the default. `agreements` are
    keyed by office_id: they know what the office has switched off, which the pairs do not ask for."""

    eligible: Mapping[tuple[str, str], tuple[EligibleRecipient, ...]]
    withheld: Mapping[tuple[str, str], WithheldFields]
    refused: Mapping[str, tuple[EligibleRecipient, ...]]
    events: Mapping[str, frozenset[EventKind] | None] = MappingProxyType({})
    agreements: Mapping[str, OfficeAgreements] = MappingProxyType({})

    def is_switched_off(self, office_id: str, agency: str, *instants: datetime) -> bool:
        """Whether the office has switched the agency's feed off at one of these instants."""
        agreements = self.agreements.get(office_id)
        return agreements is not None and any(agreements.is_off(agency, instant) for instant in instants)


@dataclass(frozen=True)
class AudienceFacts:
    """What the decision rests on. `proposed` maps subscription_id to the recipients by its folders and its own list;
    `users` are keyed by (office_id, e-mail in lower case), `offices` and `agreements` by office_id. `archived` has the
    ids of subscriptions whose folders are all archived: they notify nobody on purpose. `events` is as in `Audience`."""

    proposed: Mapping[str, tuple[EligibleRecipient, ...]]
    offices: Mapping[str, Office]
    users: Mapping[tuple[str, str], User]
    agreements: Mapping[str, OfficeAgreements]
    archived: frozenset[str] = frozenset()
    events: Mapping[str, frozenset[EventKind] | None] = field(default_factory=dict)


def resolve_audience(
    subscriptions: Iterable[Subscription],
    offices: Mapping[str, Office],
    agencies: Collection[str],
    subscriptions_table: SubscriptionsTable,
    now: datetime,
) -> Audience:
    """Reads what the decision rests on, three batch reads whatever the number of subscriptions, and decides.

    A subscription whose office is not among `offices` has no audience and is left out.
    """
    in_known_offices = [subscription for subscription in subscriptions if subscription.office_id in offices]
    facts = load_facts(in_known_offices, offices, subscriptions_table)
    return decide_audience(in_known_offices, agencies, facts, now)


def load_facts(
    subscriptions: Collection[Subscription], offices: Mapping[str, Office], subscriptions_table: SubscriptionsTable
) -> AudienceFacts:
    """The office of each subscription must be among `offices`."""
    trees = subscriptions_table.folders.read(key for subscription in subscriptions for key in _tree_keys(subscription))
    trees_of = {
        subscription.subscription_id: [trees[key] for key in _tree_keys(subscription)] for subscription in subscriptions
    }
    proposed = {
        subscription.subscription_id: eligible_recipients(subscription, trees_of[subscription.subscription_id])
        for subscription in subscriptions
    }
    users = subscriptions_table.users.read(
        (subscription.office_id, eligible.recipient.email)
        for subscription in subscriptions
        for eligible in proposed[subscription.subscription_id]
        if eligible.recipient.email
    )
    agreements = subscriptions_table.agreements.read(subscription.office_id for subscription in subscriptions)
    archived = frozenset(
        subscription.subscription_id
        for subscription in subscriptions
        if is_archived(subscription, trees_of[subscription.subscription_id])
    )
    events = {
        subscription.subscription_id: chosen_kinds(subscription, trees_of[subscription.subscription_id])
        for subscription in subscriptions
    }
    return AudienceFacts(proposed, offices, users, agreements, archived, events)


def decide_audience(
    subscriptions: Collection[Subscription], agencies: Collection[str], facts: AudienceFacts, now: datetime
) -> Audience:
    """Decides who may be notified, without I/O. Every subscription's office must be among the facts.

    A deprovisioned user is refused, and so is everybody of a suspended office.
    """
    allowed = {subscription.subscription_id: allowed_recipients(subscription, facts) for subscription in subscriptions}
    withheld: dict[tuple[str, str], WithheldFields] = {}
    for subscription in subscriptions:
        for agency in agencies:
            fields = _withheld_fields(subscription, agency, facts, now)
            if fields is not None:
                withheld[subscription.subscription_id, agency] = fields
    return Audience(
        eligible={(subscription_id, agency): allowed[subscription_id] for subscription_id, agency in withheld},
        withheld=withheld,
        refused={
            subscription_id: tuple(
                recipient for recipient in facts.proposed[subscription_id] if recipient not in recipients
            )
            for subscription_id, recipients in allowed.items()
        },
        events=facts.events,
        agreements=facts.agreements,
    )


def may_be_told(recipient: Recipient, office: Office, subscriptions_table: SubscriptionsTable) -> bool:
    """Whether this recipient may still be notified by the office of anything: a user who is active, or an address that
    the office may write to, of an office that is not suspended."""
    if recipient.email and not office.allows(recipient.email):
        return False
    users = subscriptions_table.users.read([(office.office_id, recipient.email)] if recipient.email else [])
    about = Resource(ResourceKind.MATCH, office.office_id, office.office_id, frozenset({Relation.RECIPIENT}))
    return permits(_principal(recipient, office, users), Action.BE_TOLD, about)


def subscriptions_of(alerts: Iterable[Alert], table: SubscriptionsTable) -> dict[str, Subscription]:
    """The subscriptions of these alerts' reasons by id, in one batch read, without those that are deleted or
    unreadable."""
    stored, _ = table.read(
        SubscriptionKey(alert.office_id, reason.subscription_id) for alert in alerts for reason in alert.because
    )
    return {key.subscription_id: subscription for key, subscription in stored.items()}


def reasons_for_recipient(
    alert: Alert,
    subscriptions: Mapping[str, Subscription],
    audience: Audience,
    office: Office,
    table: SubscriptionsTable,
    now: datetime,
) -> tuple[AlertReason, ...]:
    """The reasons whose subscription is in force and notifies the recipient of this alert today.

    An alert for a stand-in is judged by the recipient for whom it was first, and by whether the stand-in is still in
    the office.
    """
    today = office.local_day(now)
    reasons = reasons_in_force(alert, subscriptions, recipients_by_reason(alert, audience), office, today)
    if not alert.on_behalf_of:
        return reasons
    return tuple(
        reason
        for reason in reasons
        if may_stand_in(alert.recipient, subscriptions[reason.subscription_id], office, table)
    )


def recipients_by_reason(alert: Alert, audience: Audience) -> dict[str, tuple[Recipient, ...]]:
    """Maps the subscription_id of each reason to the eligible recipients who are the person of this alert: its
    recipient or, if a stand-in gets it, those on whose behalf. Empty where none of them is notified any more."""
    people = alert.on_behalf_of.recipients if alert.on_behalf_of else (alert.recipient,)
    keys = {recipient.key for recipient in people}
    return {
        reason.subscription_id: tuple(
            eligible.recipient
            for eligible in audience.eligible.get((reason.subscription_id, alert.agency), ())
            if eligible.recipient.key in keys
        )
        for reason in alert.because
    }


def reasons_in_force(
    alert: Alert,
    subscriptions: Mapping[str, Subscription],
    recipients: Mapping[str, tuple[Recipient, ...]],
    office: Office,
    today: date,
) -> tuple[AlertReason, ...]:
    """The reasons whose subscription exists, is in force today and still notifies somebody of `recipients`."""
    return tuple(
        reason
        for reason in alert.because
        if reason.subscription_id in subscriptions
        and subscriptions[reason.subscription_id].in_force(today, office.goes_by)
        and recipients[reason.subscription_id]
    )


def may_stand_in(
    recipient: Recipient, subscription: Subscription, office: Office, subscriptions_table: SubscriptionsTable
) -> bool:
    """Whether a deputy or an owner may be notified in place of a recipient. False once they have left the office.

    `recipient` must have an e-mail address.
    """
    users = subscriptions_table.users.read([(office.office_id, recipient.email)])
    return _is_allowed(EligibleRecipient(recipient), subscription, office, users)


def allowed_recipients(subscription: Subscription, facts: AudienceFacts) -> tuple[EligibleRecipient, ...]:
    """Those of the proposed recipients whom the access policy allows to be notified."""
    office = facts.offices[subscription.office_id]
    proposed = facts.proposed[subscription.subscription_id]
    return tuple(recipient for recipient in proposed if _is_allowed(recipient, subscription, office, facts.users))


def _is_allowed(
    recipient: EligibleRecipient, subscription: Subscription, office: Office, users: Mapping[tuple[str, str], User]
) -> bool:
    resource = Resource(
        ResourceKind.MATCH, subscription.subscription_id, subscription.office_id, frozenset({Relation.RECIPIENT})
    )
    return permits(_principal(recipient.recipient, office, users), Action.BE_TOLD, resource)


def _withheld_fields(
    subscription: Subscription, agency: str, facts: AudienceFacts, now: datetime
) -> WithheldFields | None:
    """The fields that the agency's agreement withholds for the purpose of this subscription's basis. None if no
    agreement is in force today, by the office's time zone: then the policy need not be asked about anybody."""
    office = facts.offices[subscription.office_id]
    today = office.local_day(now)
    purposes = [PURPOSE_OF_BASIS[subscription.basis.kind]]
    return facts.agreements[subscription.office_id].withheld_fields(office, agency, purposes, today)


def _tree_keys(subscription: Subscription) -> list[TreeKey]:
    """The folder trees that the subscription can lie in: the office's Team tab and its owner's My tab."""
    if not subscription.folders:
        return []
    return [TreeKey(subscription.office_id), TreeKey(subscription.office_id, subscription.owner.casefold())]


def _principal(recipient: Recipient, office: Office, users: Mapping[tuple[str, str], User]) -> Principal:
    """A recipient who is no user, such as a topic or an address of an allowed domain, counts as the office itself."""
    if user := users.get((office.office_id, recipient.email.casefold())):
        return principal_of(user, office)._replace(active=user.hears)
    return Principal(
        recipient.key,
        office.office_id,
        frozenset(),
        active=True,
        suspended=office.suspended,
        may_subscribe=office.may_subscribe,
        live=office.live,
    )
