"""Folders when a person leaves and another takes over: roles in the office's tree, folders of a My tab. Pure."""

from collections.abc import Iterable

from shared.subscriptions.errors import FolderPlacementError
from shared.subscriptions.folders.model import MAX_FOLDERS, Folder, FolderTree, Role

_MAX_NAME = 80


def owned_folders(tree: FolderTree, email: str) -> list[Folder]:
    """The folders on which this person was granted the role owner."""
    return [folder for folder in tree.folders if folder.roles.get(email.casefold()) is Role.OWNER]


def with_successor(tree: FolderTree, email: str, successor: str) -> FolderTree:
    """The next revision: the successor owns what this person owned, who has no role any more."""
    owned = {folder.folder_id for folder in owned_folders(tree, email)}
    folders = tuple(
        folder.model_copy(update={"roles": folder.roles | {successor.casefold(): Role.OWNER}})
        if folder.folder_id in owned
        else folder
        for folder in tree.folders
    )
    return tree.model_copy(update={"folders": folders}).without_person(email)


def with_folders_of(tree: FolderTree, leaving: FolderTree) -> FolderTree:
    """The next revision of a My tab with the folders of another one. They keep their ids, so what lies in them stays.

    A category whose name is taken gets the name of whose it was behind it. Raises FolderPlacementError if they are too
    many.
    """
    present = {folder.folder_id for folder in tree.folders}
    names = {folder.name.casefold() for folder in tree.folders if folder.parent is None}
    added = [
        _renamed(folder, names, leaving.person or "") for folder in leaving.folders if folder.folder_id not in present
    ]
    if len(tree.folders) + len(added) > MAX_FOLDERS:
        raise FolderPlacementError(f"The successor's My tab would have more than {MAX_FOLDERS} folders.")
    return tree.model_copy(update={"folders": (*tree.folders, *added), "revision": tree.revision + 1})


def _renamed(folder: Folder, taken_names: Iterable[str], person: str) -> Folder:
    if folder.parent or folder.name.casefold() not in taken_names:
        return folder
    suffix = f" ({person})"
    return folder.model_copy(update={"name": f"{folder.name[: _MAX_NAME - len(suffix)]}{suffix}"})
