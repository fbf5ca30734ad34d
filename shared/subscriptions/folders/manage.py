"""Folders as the people of an office make, move, share, archive and delete them."""

from collections.abc import Iterator
from datetime import datetime

from shared.offices.model import Office
from shared.offices.users import User
from shared.subscriptions.folders.model import Folder, Misplaced, Role, Tree
from shared.subscriptions.model import Status, Subscription
from shared.subscriptions.table import SubscriptionsTable


def put(folder: Folder, tree: Tree, at: SubscriptionsTable) -> Folder:
    """A new folder, or one renamed or moved, with all that lies in it. Raises Misplaced; ConflictError."""
    at.folders.keep(tree.with_folder(folder))
    return folder


def grant(folder: Folder, tree: Tree, to: User | None, role: Role, at: SubscriptionsTable) -> Folder:
    """To a user of the office, on this folder and all below it. Raises Misplaced; ConflictError."""
    if tree.person:
        raise Misplaced("A folder of the My tab is one person's. Share one of the Team tab.")
    if to is None or not to.active:
        raise Misplaced("That is no user of your office. A super-owner adds users.")
    return put(folder.model_copy(update={"roles": folder.roles | {to.email: role}}), tree, at)


def withdraw(folder: Folder, tree: Tree, email: str, at: SubscriptionsTable) -> Folder:
    """A role granted here; one inherited from above is withdrawn there."""
    left = {who: role for who, role in folder.roles.items() if who != email.casefold()}
    return put(folder.model_copy(update={"roles": left}), tree, at)


def archive(folder: Folder, tree: Tree, on: datetime | None, at: SubscriptionsTable) -> Folder:
    """With all below it; `on` is none to take it back. What lies only in archived folders is read, and silent."""
    after = folder.model_copy(update={"archived_at": on})
    at.folders.keep(tree.with_folder(after))
    return after


def delete(folder: Folder, tree: Tree, office: Office, at: SubscriptionsTable) -> None:
    """Raises Misplaced while a folder, or a subscription that is not cancelled, lies inside: nothing is to fall silent
    because a folder went away."""
    after = tree.without(folder.folder_id)
    inside = sum(one.status is Status.ACTIVE and folder.folder_id in one.folders for one in _all(office, at))
    if inside:
        raise Misplaced(f"{inside} active subscriptions lie inside. Move or cancel them first.")
    at.folders.keep(after)


def _all(office: Office, at: SubscriptionsTable) -> Iterator[Subscription]:
    after: str | None = None
    while True:
        page, after = at.page(office.office_id, 100, after)
        yield from page
        if after is None:
            return
