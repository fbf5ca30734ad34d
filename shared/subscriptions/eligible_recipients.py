"""Who is told of what a subscription finds: everyone with a role on a folder it lies in, and those it names itself."""

from collections.abc import Iterable
from typing import NamedTuple

from shared.offices.recipient import Recipient
from shared.subscriptions.folders.model import FolderTree, Role, roles_in_folders
from shared.subscriptions.model import Subscription


class EligibleRecipient(NamedTuple):
    """`role` and the path of the `folder` are those through which this one is told; none for whom the subscription
    names itself. Its maker is an owner of it."""

    recipient: Recipient
    role: Role | None = None
    folder: str = ""


def eligible_recipients(subscription: Subscription, trees: Iterable[FolderTree]) -> tuple[EligibleRecipient, ...]:
    """Nobody, when every folder it lies in is archived: an archived folder is silent. In no folder it lies in its
    maker's My, and tells whom it names, or else its maker. `without` takes people out, however they would be told."""
    trees = tuple(trees)
    if subscription.folders and not any(_live(tree, folder_id) for tree in trees for folder_id in subscription.folders):
        return ()
    out = {email.casefold() for email in subscription.without}
    through = {
        email: place for email, place in roles_in_folders(trees, subscription.folders).items() if email not in out
    }
    named = {recipient.key: recipient for recipient in subscription.named_recipients}
    if not subscription.folders and not subscription.recipients:
        named = {recipient.key: recipient for recipient in (Recipient({"email": subscription.owner}),)}
    eligibles = {
        key: EligibleRecipient(recipient, _of_maker(recipient, subscription)) for key, recipient in named.items()
    }
    for email, (role, folder) in through.items():
        told = Recipient({"email": email})
        eligibles[told.key] = EligibleRecipient(named.get(told.key, told), role, folder)
    return tuple(eligibles.values())


def _live(tree: FolderTree, folder_id: str) -> bool:
    return tree.find(folder_id) is not None and not tree.is_archived(folder_id)


def _of_maker(recipient: Recipient, subscription: Subscription) -> Role | None:
    return Role.OWNER if recipient.root.get("email", "").casefold() == subscription.owner.casefold() else None
