"""Folders: category > group > sub-group, in three tabs. A role on a folder holds for all that lies below it, never for
what lies above."""

from collections.abc import Iterable, Iterator
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import AwareDatetime, Field, StringConstraints

from shared.offices.model import Slug
from shared.offices.recipient import Email
from shared.value import FrozenModel

MAX_DEPTH = 3  # category, group, sub-group
MAX_FOLDERS = 1_000  # folders of one tree, which is one item
SEPARATOR = " > "

FolderId = Annotated[str, StringConstraints(pattern="^[0-9a-f]{32}$")]
FolderName = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=80, pattern="^[^>]*$")]

KeptCaselist = Literal["", "cases", "warrants"]  # which of the office's lists


class Tab(StrEnum):
    MY = "my"  # one person's own
    TEAM = "team"
    PREDEFINED = "pre-defined"  # kept by the product from lists of cases and warrants


class Role(StrEnum):
    """In falling order. Owners grant roles, editors keep the subscriptions, visitors read and are told."""

    OWNER = "owner"
    EDITOR = "editor"
    VISITOR = "visitor"


class Folder(FrozenModel):
    """`parent` is none for a category. `roles` are those granted on this folder itself. What a list of the office makes
    lies in the Pre-defined folder that `keeps` that list."""

    folder_id: FolderId
    tab: Tab
    name: FolderName
    parent: FolderId | None = None
    roles: dict[Email, Role] = {}
    archived_at: AwareDatetime | None = None
    keeps: KeptCaselist = ""
    unseen: bool = Field(default=False, description="others are not shown who watches in it, nor below it")


class FolderPlacementError(Exception):
    """The folder cannot be put there; the message says why and what to do."""


class FolderTree(FrozenModel):
    """All folders of an office's Team and Pre-defined tabs; or, with a `person`, of that person's My tab. One document
    with one revision, so that no two changes can make a folder its own ancestor."""

    office_id: Slug
    person: Email | None = None
    folders: tuple[Folder, ...] = Field(default=(), max_length=MAX_FOLDERS)
    revision: int = 0

    def find(self, folder_id: str) -> Folder | None:
        return next((folder for folder in self.folders if folder.folder_id == folder_id), None)

    def ancestry(self, folder_id: str) -> Iterator[Folder]:
        """The folder and those above it, up to its category."""
        folder = self.find(folder_id)
        while folder:
            yield folder
            folder = self.find(folder.parent) if folder.parent else None

    def path(self, folder_id: str) -> str:
        return SEPARATOR.join(reversed([folder.name for folder in self.ancestry(folder_id)]))

    def is_archived(self, folder_id: str) -> bool:
        return any(folder.archived_at for folder in self.ancestry(folder_id))

    def unseen(self, folder_id: str) -> bool:
        return any(folder.unseen for folder in self.ancestry(folder_id))

    def roles_on(self, folder_id: str) -> dict[str, Role]:
        """Everybody with a role on the folder, inherited ones included, each with the highest."""
        roles = {self.person: Role.OWNER} if self.person and self.find(folder_id) else {}
        for folder in self.ancestry(folder_id):
            for email, role in folder.roles.items():
                roles[email] = min(role, roles.get(email, role), key=list(Role).index)
        return roles

    def role_of(self, email: str, folder_id: str) -> Role | None:
        return self.roles_on(folder_id).get(email.casefold())

    def subtree(self, folder_id: str) -> list[Folder]:
        """The folder and everything under it."""
        return [
            folder
            for folder in self.folders
            if any(above.folder_id == folder_id for above in self.ancestry(folder.folder_id))
        ]

    def with_folder(self, folder: Folder) -> "FolderTree":
        """The tree with this folder in it, new or changed. Raises Misplaced when it cannot lie there."""
        others = tuple(one for one in self.folders if one.folder_id != folder.folder_id)
        after = self._after((*others, folder))
        self._check_place(folder, after)
        return after

    def without(self, folder_id: str) -> "FolderTree":
        if len(self.subtree(folder_id)) > 1:
            raise FolderPlacementError("There are folders inside. Delete or move them first.")
        return self._after(tuple(folder for folder in self.folders if folder.folder_id != folder_id))

    def without_person(self, email: str) -> "FolderTree":
        def bare(folder: Folder) -> Folder:
            return folder.model_copy(
                update={"roles": {who: role for who, role in folder.roles.items() if who != email}}
            )

        return self._after(tuple(map(bare, self.folders)))

    def _after(self, folders: tuple[Folder, ...]) -> "FolderTree":
        if len(folders) > MAX_FOLDERS:
            raise FolderPlacementError(f"There are {MAX_FOLDERS} folders already. Delete one first.")
        return self.model_copy(update={"folders": folders, "revision": self.revision + 1})

    def _check_place(self, folder: Folder, after: "FolderTree") -> None:
        parent = self.find(folder.parent) if folder.parent else None
        if folder.parent and parent is None:
            raise FolderPlacementError("The folder to lie in does not exist in this tab.")
        if parent and any(above.folder_id == folder.folder_id for above in self.ancestry(parent.folder_id)):
            raise FolderPlacementError("A folder cannot lie in itself, nor below itself.")
        if parent and parent.tab is not folder.tab:
            raise FolderPlacementError("A folder stays in its tab.")
        if parent and self.is_archived(parent.folder_id):
            raise FolderPlacementError("The folder to lie in is archived. Take that back first.")
        if any(sum(1 for _ in after.ancestry(one.folder_id)) > MAX_DEPTH for one in after.subtree(folder.folder_id)):
            raise FolderPlacementError("Folders go three deep: category, group, sub-group.")
        if any(_same_name(one, folder) for one in after.folders):
            raise FolderPlacementError("There is a folder of that name already. Choose another name.")


def _same_name(folder: Folder, other: Folder) -> bool:
    beside = (folder.tab, folder.parent) == (other.tab, other.parent) and folder.folder_id != other.folder_id
    return beside and folder.name.casefold() == other.name.casefold()


def roles_in_folders(trees: Iterable[FolderTree], folder_ids: Iterable[str]) -> dict[str, tuple[Role, str]]:
    """Everybody with a role on one of these folders: the highest role, and the path of the folder it holds on. What is
    archived, or gone, gives nobody anything."""
    found: dict[str, tuple[Role, str]] = {}
    for folder_id in folder_ids:
        for tree in trees:
            for email, role in tree.roles_on(folder_id).items() if not tree.is_archived(folder_id) else ():
                known = found.get(email)
                if known is None or list(Role).index(role) < list(Role).index(known[0]):
                    found[email] = role, tree.path(folder_id)
    return found
