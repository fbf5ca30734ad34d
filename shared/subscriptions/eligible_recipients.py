"""Resolves who is notified of what a subscription finds, before preferences, agreements and channels are asked.

Everybody with a role on one of its folders is notified, and everybody whom the subscription names itself. Pure.
"""

from collections.abc import Iterable
from typing import NamedTuple

from shared.offices.recipient import Recipient
from shared.subscriptions.folders.model import FolderTree, Role, roles_in_folders
from shared.subscriptions.model import Subscription


class EligibleRecipient(NamedTuple):
    """A recipient with the role, and the path of the `folder`, through which it is notified.

    A recipient whom the subscription names itself has no folder; its role is owner if it is the subscription's owner,
    else none.
    """

    recipient: Recipient
    role: Role | None = None
    folder: str = ""


def eligible_recipients(subscription: Subscription, trees: Iterable[FolderTree]) -> tuple[EligibleRecipient, ...]:
    """Returns who is notified, each recipient once; a role on a folder takes precedence over being named.

    `trees` are those in which its folders may lie (`SubscriptionsTable.read_trees`). Nobody is notified if all its
    folders are archived. A subscription in no folder belongs to its creator's "My" tab: it notifies its named
    recipients or, if it names none, its creator. `without` excludes people in every case.
    """
    trees = tuple(trees)
    if subscription.folders and not _has_live_folder(subscription, trees):
        return ()
    named = {recipient.key: recipient for recipient in _named_or_owner(subscription)}
    eligible = {
        key: EligibleRecipient(recipient, _named_role(recipient, subscription)) for key, recipient in named.items()
    }
    excluded = {email.casefold() for email in subscription.without}
    for email, (role, path) in roles_in_folders(trees, subscription.folders).items():
        if email not in excluded:
            recipient = Recipient.from_email(email)
            eligible[recipient.key] = EligibleRecipient(named.get(recipient.key, recipient), role, path)
    return tuple(eligible.values())


def is_archived(subscription: Subscription, trees: Iterable[FolderTree]) -> bool:
    """Whether the subscription lies in folders, and each of them is archived. A folder that is gone is not archived."""
    trees = tuple(trees)
    present = [(tree, folder_id) for tree in trees for folder_id in subscription.folders if tree.find(folder_id)]
    return bool(present) and all(tree.is_archived(folder_id) for tree, folder_id in present)


def _has_live_folder(subscription: Subscription, trees: tuple[FolderTree, ...]) -> bool:
    return any(_is_live(tree, folder_id) for tree in trees for folder_id in subscription.folders)


def _is_live(tree: FolderTree, folder_id: str) -> bool:
    return tree.find(folder_id) is not None and not tree.is_archived(folder_id)


def _named_or_owner(subscription: Subscription) -> tuple[Recipient, ...]:
    if subscription.folders or subscription.recipients:
        return subscription.named_recipients
    return (Recipient.from_email(subscription.owner),)


def _named_role(recipient: Recipient, subscription: Subscription) -> Role | None:
    return Role.OWNER if recipient.has_email(subscription.owner) else None
