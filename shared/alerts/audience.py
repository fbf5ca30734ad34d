"""Who may be told of what these subscriptions find, asked when an arrest is matched and again when an alert is sent."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import NamedTuple

from shared.access import Action, Principal, Relation, Resource, ResourceKind, permits, principal_of
from shared.arrests.minimisation import WithheldFields
from shared.offices.agreements import PURPOSE_OF_BASIS, OfficeAgreements
from shared.offices.model import Office
from shared.offices.recipient import Recipient
from shared.offices.users import User
from shared.subscriptions.eligible_recipients import EligibleRecipient, eligible_recipients
from shared.subscriptions.folders.table import TreeKey
from shared.subscriptions.model import Subscription
from shared.subscriptions.table import SubscriptionsTable


class Audience(NamedTuple):
    """Who hears, by subscription and agency; pairs that no agreement covers are not in it: of those nobody may be told
    or asked. `withheld` is what their agreement does not share. `refused`, by subscription, are those who would hear if
    the policy let them."""

    by: Mapping[tuple[str, str], tuple[EligibleRecipient, ...]]
    withheld: Mapping[tuple[str, str], WithheldFields]
    refused: Mapping[str, tuple[EligibleRecipient, ...]]


def resolve_audience(
    subscriptions: Iterable[Subscription],
    offices: Mapping[str, Office],
    agencies: Collection[str],
    subscriptions_table: SubscriptionsTable,
    now: datetime,
) -> Audience:
    """A user who was removed hears nothing any more, nor does anybody of a suspended office."""
    known = [subscription for subscription in subscriptions if subscription.office_id in offices]
    trees = subscriptions_table.folders.read(key for subscription in known for key in _trees_of(subscription))
    hoped = {
        subscription.subscription_id: eligible_recipients(subscription, [trees[key] for key in _trees_of(subscription)])
        for subscription in known
    }
    users = subscriptions_table.users.read(
        (subscription.office_id, email)
        for subscription in known
        for hearer in hoped[subscription.subscription_id]
        if (email := hearer.recipient.root.get("email"))
    )
    told = {
        subscription.subscription_id: tuple(
            hearer
            for hearer in hoped[subscription.subscription_id]
            if permits(_who(hearer, offices[subscription.office_id], users), Action.BE_TOLD, _what(subscription))
        )
        for subscription in known
    }
    agreements = subscriptions_table.agreements.read(subscription.office_id for subscription in known)
    withheld = {
        (subscription.subscription_id, agency): found
        for subscription in known
        for agency in agencies
        if (
            found := _withheld(
                subscription, agency, agreements[subscription.office_id], offices[subscription.office_id], now
            )
        )
        is not None
    }
    by = {pair: told[pair[0]] for pair in withheld}
    return Audience(
        by,
        withheld,
        {
            id_: tuple(eligible for eligible in hoped[id_] if eligible not in eligibles)
            for id_, eligibles in told.items()
        },
    )


def may_stand_in(
    recipient: Recipient, of: Subscription, office: Office, subscriptions_table: SubscriptionsTable
) -> bool:
    """Whether a deputy or an owner may be told in a hearer's place: not once they have left the office."""
    users = subscriptions_table.users.read([(office.office_id, recipient.root["email"])])
    return permits(_who(EligibleRecipient(recipient), office, users), Action.BE_TOLD, _what(of))


def _withheld(
    subscription: Subscription, agency: str, agreements: OfficeAgreements, office: Office, now: datetime
) -> WithheldFields | None:
    """Where nothing is agreed, the policy forbids it to everybody, so nobody is asked for."""
    return agreements.withheld_fields(
        office, agency, [PURPOSE_OF_BASIS[subscription.basis.kind]], now.astimezone(office.zone).date()
    )


def _trees_of(subscription: Subscription) -> list[TreeKey]:
    return (
        [TreeKey(subscription.office_id), TreeKey(subscription.office_id, subscription.owner.casefold())]
        if subscription.folders
        else []
    )


def _who(hearer: EligibleRecipient, office: Office, users: Mapping[tuple[str, str], User]) -> Principal:
    """Whoever is no user, a topic or somebody of an allowed domain, is told as the office itself would be."""
    email = hearer.recipient.root.get("email", "").casefold()
    if user := users.get((office.office_id, email)):
        return principal_of(user, office)
    return Principal(hearer.recipient.key, office.office_id, frozenset(), True, office.suspended, office.may_subscribe)


def _what(subscription: Subscription) -> Resource:
    return Resource(
        ResourceKind.MATCH, subscription.subscription_id, subscription.office_id, frozenset({Relation.RECIPIENT})
    )
