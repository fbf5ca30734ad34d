"""Folders as the people of an office create, move, share, archive and delete them.

Every function saves the whole tree, so each raises ConflictError when somebody else changed the tree since it was read.
"""

from collections.abc import Iterator
from datetime import datetime

from shared.access import SECOND_PERSON
from shared.offices.model import Office
from shared.offices.users import User
from shared.subscriptions.errors import FolderPlacementError, SelfWideningError
from shared.subscriptions.folders.model import Folder, FolderTree, Role
from shared.subscriptions.model import Status, Subscription
from shared.subscriptions.refused_words import check_texts
from shared.subscriptions.table import SubscriptionsTable


def put_folder(folder: Folder, tree: FolderTree, by: str, subscriptions_table: SubscriptionsTable) -> Folder:
    """Saves a folder that is new, renamed, moved or shared; what lies in it moves with it.

    `by` is the address of who does it. Raises FolderPlacementError, ImmigrationTextError, and SelfWideningError when
    `by` would get a higher role on a folder that is there already: by a grant, or by moving it to where `by` has one.
    """
    before = tree.find(folder.folder_id)
    if before is None or before.name != folder.name:
        check_texts({"name": folder.name})
    after = tree.with_folder(folder)
    if widened := after.widened_for(by, tree):
        raise SelfWideningError(f"You would get a higher role on {tree.path(widened.folder_id)}. {SECOND_PERSON}")
    subscriptions_table.folders.save(after)
    return folder


def grant_role(
    folder: Folder, tree: FolderTree, to: User | None, role: Role, by: str, subscriptions_table: SubscriptionsTable
) -> Folder:
    """Grants a user of the office this role on the folder and everything below it.

    Raises FolderPlacementError for a folder of the My tab, and when `to` is no active user; SelfWideningError.
    """
    if tree.person:
        raise FolderPlacementError("A folder of the My tab is one person's. Share one of the Team tab.")
    if to is None or not to.active:
        raise FolderPlacementError("That is no user of your office. A super-owner adds users.")
    shared_folder = folder.model_copy(update={"roles": folder.roles | {to.email: role}})
    return put_folder(shared_folder, tree, by, subscriptions_table)


def revoke_role(folder: Folder, tree: FolderTree, email: str, subscriptions_table: SubscriptionsTable) -> Folder:
    """Revokes a role that was granted on this folder. An inherited role is revoked on the folder that grants it."""
    remaining = {who: role for who, role in folder.roles.items() if who != email.casefold()}
    subscriptions_table.folders.save(tree.with_folder(folder := folder.model_copy(update={"roles": remaining})))
    return folder


def archive_folder(
    folder: Folder, tree: FolderTree, archived_at: datetime | None, subscriptions_table: SubscriptionsTable
) -> Folder:
    """Archives the folder with everything below it, or takes that back if `archived_at` is None.

    A subscription that lies only in archived folders stays readable and alerts nobody.
    """
    after = folder.model_copy(update={"archived_at": archived_at})
    subscriptions_table.folders.save(tree.with_folder(after))
    return after


def delete_folder(folder: Folder, tree: FolderTree, office: Office, subscriptions_table: SubscriptionsTable) -> None:
    """Raises FolderPlacementError while another folder or an active subscription lies inside: no subscription may stop
    alerting because its folder is gone."""
    after = tree.without(folder.folder_id)
    active = sum(
        subscription.status is Status.ACTIVE and folder.folder_id in subscription.folders
        for subscription in _every_subscription(office, subscriptions_table)
    )
    if active:
        raise FolderPlacementError(f"{active} active subscriptions lie inside. Move or cancel them first.")
    subscriptions_table.folders.save(after)


def _every_subscription(office: Office, subscriptions_table: SubscriptionsTable) -> Iterator[Subscription]:
    """Raises ValidationError on a document that cannot be read, because it may be an active subscription."""
    after: str | None = None
    while True:
        page, after = subscriptions_table.page(office.office_id, 100, after)
        yield from page
        if after is None:
            return
