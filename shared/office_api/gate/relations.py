"""How the caller is related to a record: maker, recipient, or a role in its folder. The access policy decides by it."""

from collections.abc import Mapping

from shared.access import Relation
from shared.alerts.model import Alert
from shared.office_api import dependencies
from shared.office_api.gate.authentication import SignedIn
from shared.subscriptions.folders.model import FolderTree
from shared.subscriptions.folders.table import TreeKey
from shared.subscriptions.model import Subscription

Relations = frozenset[Relation]
Trees = tuple[FolderTree, FolderTree]


def folder_trees(by: SignedIn) -> Trees:
    """Returns the office's folders and the caller's own."""
    keys = TreeKey(by.office.office_id), TreeKey(by.office.office_id, by.user.email)
    trees = dependencies.subscriptions.folders.read(keys)
    return trees[keys[0]], trees[keys[1]]


def relations_to_subscription(by: SignedIn, subscription: Subscription, trees: Trees | None) -> Relations:
    email = by.user.email
    recipients = {recipient.email.casefold() for recipient in subscription.named_recipients}
    own = {Relation.MAKER: email == subscription.owner.casefold(), Relation.RECIPIENT: email in recipients}
    return relations_that_hold(own) | _relations_through_folders(by, subscription, trees)


def _relations_through_folders(by: SignedIn, subscription: Subscription, trees: Trees | None) -> Relations:
    """Roles in an archived folder count too: its subscriptions can still be read."""
    if not subscription.folders:
        return frozenset()
    roles = [
        tree.role_of(by.user.email, folder_id)
        for tree in trees or folder_trees(by)
        for folder_id in subscription.folders
    ]
    return frozenset(Relation(role.value) for role in roles if role)


def relations_to_alert(by: SignedIn, alert: Alert) -> Relations:
    """A machine is the recipient of what went to a webhook or topic that it receives and that is its office's still. It
    is no maker here: who is told because of its subscriptions are people."""
    if by.user.machine:
        received = {*by.user.machine.receives} & {*by.office.webhooks, *by.office.topics}
        return relations_that_hold({Relation.RECIPIENT: not received.isdisjoint(alert.recipient.root.values())})
    email = by.user.email
    owners = {reason.owner.casefold() for reason in alert.because}
    recipient = alert.recipient.email.casefold()
    return relations_that_hold({Relation.MAKER: email in owners, Relation.RECIPIENT: email == recipient})


def relations_that_hold(relations: Mapping[Relation, bool]) -> Relations:
    return frozenset(relation for relation, holds in relations.items() if holds)


def made_by(by: SignedIn, address: str) -> Relations:
    """The maker's relation if this is the address of whoever asks. Letters of either case are the same."""
    return relations_that_hold({Relation.MAKER: address.casefold() == by.user.email.casefold()})
