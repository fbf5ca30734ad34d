"""Folders as the people of an office make, move, share, archive and delete them."""

from collections.abc import Iterator
from datetime import datetime

from shared.offices.model import Office
from shared.offices.users import User
from shared.subscriptions.folders.model import Folder, FolderPlacementError, FolderTree, Role
from shared.subscriptions.model import Status, Subscription
from shared.subscriptions.table import SubscriptionsTable


def put_folder(folder: Folder, tree: FolderTree, subscriptions_table: SubscriptionsTable) -> Folder:
    """A new folder, or one renamed or moved, with all that lies in it. Raises Misplaced; ConflictError."""
    subscriptions_table.folders.save(tree.with_folder(folder))
    return folder


def grant_role(
    folder: Folder, tree: FolderTree, to: User | None, role: Role, subscriptions_table: SubscriptionsTable
) -> Folder:
    """To a user of the office, on this folder and all below it. Raises Misplaced; ConflictError."""
    if tree.person:
        raise FolderPlacementError("A folder of the My tab is one person's. Share one of the Team tab.")
    if to is None or not to.active:
        raise FolderPlacementError("That is no user of your office. A super-owner adds users.")
    return put_folder(folder.model_copy(update={"roles": folder.roles | {to.email: role}}), tree, subscriptions_table)


def revoke_role(folder: Folder, tree: FolderTree, email: str, subscriptions_table: SubscriptionsTable) -> Folder:
    """A role granted here; one inherited from above is withdrawn there."""
    left = {who: role for who, role in folder.roles.items() if who != email.casefold()}
    return put_folder(folder.model_copy(update={"roles": left}), tree, subscriptions_table)


def archive_folder(
    folder: Folder, tree: FolderTree, on: datetime | None, subscriptions_table: SubscriptionsTable
) -> Folder:
    """With all below it; `on` is none to take it back. What lies only in archived folders is read, and silent."""
    after = folder.model_copy(update={"archived_at": on})
    subscriptions_table.folders.save(tree.with_folder(after))
    return after


def delete_folder(folder: Folder, tree: FolderTree, office: Office, subscriptions_table: SubscriptionsTable) -> None:
    """Raises Misplaced while a folder, or a subscription that is not cancelled, lies inside: nothing is to fall silent
    because a folder went away."""
    after = tree.without(folder.folder_id)
    inside = sum(
        subscription.status is Status.ACTIVE and folder.folder_id in subscription.folders
        for subscription in _all(office, subscriptions_table)
    )
    if inside:
        raise FolderPlacementError(f"{inside} active subscriptions lie inside. Move or cancel them first.")
    subscriptions_table.folders.save(after)


def _all(office: Office, subscriptions_table: SubscriptionsTable) -> Iterator[Subscription]:
    after: str | None = None
    while True:
        page, after = subscriptions_table.page(office.office_id, 100, after)
        yield from page
        if after is None:
            return
