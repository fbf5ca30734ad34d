"""Folders of subscriptions: category > group > sub-group, in three tabs, as trees with roles. All pure.

A role on a folder holds for everything below it and for nothing above it.
"""

from collections.abc import Iterable, Iterator
from enum import StrEnum
from typing import Annotated, Literal, NamedTuple

from pydantic import AwareDatetime, Field, StringConstraints

from shared.offices.model import Slug
from shared.offices.recipient import Email
from shared.subscriptions.errors import FolderPlacementError
from shared.subscriptions.events import EventGroups
from shared.value import FrozenModel

MAX_DEPTH = 3  # category, group, sub-group
MAX_FOLDERS = 1_000  # of one tree, because a tree is one DynamoDB item; its bytes are counted when it is saved
SEPARATOR = " > "

FolderId = Annotated[str, StringConstraints(pattern="^[0-9a-f]{32}$")]
FolderName = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=80, pattern="^[^>]*$")]
NewFolderName = Annotated[
    str,
    StringConstraints(
        strip_whitespace=True,
        min_length=1,
        max_length=80,
        pattern=r"^[^>\u0000-\u001f\u007f\u202a-\u202e\u2066-\u2069]*$",
    ),
]
"""What a folder is called from now on: one line, without characters that turn the direction of what follows, because it
stands in the sentences of pages and mails."""

KeptCaselist = Literal["", "cases", "warrants", "orders-of-protection", "supervision"]
"""The caselist whose subscriptions the folder holds; "" is none."""


class Tab(StrEnum):
    MY = "my"  # one person's own
    TEAM = "team"
    PREDEFINED = "pre-defined"  # filled from the office's caselists


class Role(StrEnum):
    """The highest first. Owners grant roles, editors change the subscriptions, visitors read and are notified."""

    OWNER = "owner"
    EDITOR = "editor"
    VISITOR = "visitor"

    def outranks(self, other: "Role") -> bool:
        return _RANKING.index(self) < _RANKING.index(other)


_RANKING = list(Role)


class FolderRole(NamedTuple):
    """A role, and the path of the folder through which somebody has it."""

    role: Role
    path: str


class Folder(FrozenModel):
    """A category has no `parent`. `roles` are those that are granted on this folder itself. What a caselist of the
    office makes lies in the Pre-defined folder that `keeps` that list."""

    folder_id: FolderId
    tab: Tab
    name: FolderName
    parent: FolderId | None = None
    roles: dict[Email, Role] = {}
    archived_at: AwareDatetime | None = None
    keeps: KeptCaselist = ""
    unseen: bool = Field(default=False, description="others are not shown who watches in it, nor below it")
    events: EventGroups = Field(
        default=(),
        exclude_if=lambda groups: not groups,
        description="of which events the watches in it and below it tell; left out means as the folder above says",
    )


class FolderTree(FrozenModel):
    """All folders of an office's Team and Pre-defined tabs or, with a `person`, of that person's My tab.

    A tree is one document with one revision, so that two changes at the same time cannot make a folder its own
    ancestor.
    """

    office_id: Slug
    person: Email | None = None
    folders: tuple[Folder, ...] = Field(default=(), max_length=MAX_FOLDERS)
    revision: int = 0

    def find(self, folder_id: str) -> Folder | None:
        return next((folder for folder in self.folders if folder.folder_id == folder_id), None)

    def ancestry(self, folder_id: str) -> Iterator[Folder]:
        """Yields the folder, then its parent, and so on up to its category."""
        folder = self.find(folder_id)
        while folder:
            yield folder
            folder = self.find(folder.parent) if folder.parent else None

    def path(self, folder_id: str) -> str:
        """Returns the names from the category down, such as "Gangs > Harbor Ave > Crew 9"."""
        return SEPARATOR.join(reversed([folder.name for folder in self.ancestry(folder_id)]))

    def depth(self, folder_id: str) -> int:
        """1 for a category; 0 for a folder that is not in this tree."""
        return sum(1 for _ in self.ancestry(folder_id))

    def is_archived(self, folder_id: str) -> bool:
        """Whether the folder or one above it is archived."""
        return any(folder.archived_at for folder in self.ancestry(folder_id))

    def unseen(self, folder_id: str) -> bool:
        """Whether the folder or one above it is hidden from others who watch the same person."""
        return any(folder.unseen for folder in self.ancestry(folder_id))

    @property
    def has_choices(self) -> bool:
        """Whether any folder asks for events."""
        return any(folder.events for folder in self.folders)

    def events_of(self, folder_id: str) -> EventGroups:
        """The events that the folder asks for or, if it says nothing, the nearest folder above it. Empty for none."""
        return next((folder.events for folder in self.ancestry(folder_id) if folder.events), ())

    def roles_on(self, folder_id: str) -> dict[str, Role]:
        """Returns e-mail -> highest role of everybody with a role on the folder, inherited roles included."""
        roles = {self.person: Role.OWNER} if self.person and self.find(folder_id) else {}
        for folder in self.ancestry(folder_id):
            for email, role in folder.roles.items():
                if email not in roles or role.outranks(roles[email]):
                    roles[email] = role
        return roles

    def role_of(self, email: str, folder_id: str) -> Role | None:
        return self.roles_on(folder_id).get(email.casefold())

    def subtree(self, folder_id: str) -> list[Folder]:
        """Returns the folder and every folder below it."""

        def is_inside(folder: Folder) -> bool:
            return any(ancestor.folder_id == folder_id for ancestor in self.ancestry(folder.folder_id))

        return [folder for folder in self.folders if is_inside(folder)]

    def with_folder(self, folder: Folder) -> "FolderTree":
        """The next revision with this folder, which is new, renamed or moved. Raises FolderPlacementError."""
        others = tuple(other for other in self.folders if other.folder_id != folder.folder_id)
        after = self._next((*others, folder))
        if problem := placement_problem(folder, self, after):
            raise FolderPlacementError(problem)
        return after

    def without(self, folder_id: str) -> "FolderTree":
        """The next revision without this folder. Raises FolderPlacementError if there are folders below it."""
        if len(self.subtree(folder_id)) > 1:
            raise FolderPlacementError("There are folders inside. Delete or move them first.")
        return self._next(tuple(folder for folder in self.folders if folder.folder_id != folder_id))

    def without_person(self, email: str) -> "FolderTree":
        """The next revision without any role of this person."""
        return self._next(tuple(_without_role(folder, email) for folder in self.folders))

    def widened_for(self, email: str, before: "FolderTree") -> Folder | None:
        """Returns a folder of the tree before a change on which this person has a higher role after it, if any."""
        for folder in before.folders:
            after, earlier = self.role_of(email, folder.folder_id), before.role_of(email, folder.folder_id)
            if after and (earlier is None or after.outranks(earlier)):
                return folder
        return None

    def _next(self, folders: tuple[Folder, ...]) -> "FolderTree":
        if len(folders) > MAX_FOLDERS:
            raise FolderPlacementError(f"There are {MAX_FOLDERS} folders already. Delete one first.")
        return self.model_copy(update={"folders": folders, "revision": self.revision + 1})


def placement_problem(folder: Folder, before: FolderTree, after: FolderTree) -> str:
    """Returns why `folder` may not be where it is in `after`, as a sentence; an empty string if it may be there.

    `before` is the tree without the change. The parent is checked first, because the depth of a folder that lies in
    itself has no end.
    """
    if folder.parent and (problem := _parent_problem(folder, before.find(folder.parent), before)):
        return problem
    if any(after.depth(inner.folder_id) > MAX_DEPTH for inner in after.subtree(folder.folder_id)):
        return "Folders go three deep: category, group, sub-group."
    if any(_is_namesake(other, folder) for other in after.folders):
        return "There is a folder of that name already. Choose another name."
    return ""


def _parent_problem(folder: Folder, parent: Folder | None, tree: FolderTree) -> str:
    if parent is None:
        return "The folder to lie in does not exist in this tab."
    if folder.folder_id in {ancestor.folder_id for ancestor in tree.ancestry(parent.folder_id)}:
        return "A folder cannot lie in itself, nor below itself."
    if parent.tab is not folder.tab:
        return "A folder stays in its tab."
    if tree.is_archived(parent.folder_id):
        return "The folder to lie in is archived. Take that back first."
    return ""


def _is_namesake(folder: Folder, other: Folder) -> bool:
    """Whether two folders lie beside each other under one name."""
    if folder.folder_id == other.folder_id or (folder.tab, folder.parent) != (other.tab, other.parent):
        return False
    return folder.name.casefold() == other.name.casefold()


def _without_role(folder: Folder, email: str) -> Folder:
    return folder.model_copy(update={"roles": {who: role for who, role in folder.roles.items() if who != email}})


def roles_in_folders(trees: Iterable[FolderTree], folder_ids: Iterable[str]) -> dict[str, FolderRole]:
    """Returns e-mail -> highest role on any of these folders, with the path of the folder on which it holds.

    A folder that is archived, or in none of the trees, gives nobody a role.
    """
    trees = tuple(trees)
    highest: dict[str, FolderRole] = {}
    for folder_id in folder_ids:
        for tree in trees:
            if tree.find(folder_id) is None or tree.is_archived(folder_id):
                continue
            path = tree.path(folder_id)
            for email, role in tree.roles_on(folder_id).items():
                if email not in highest or role.outranks(highest[email].role):
                    highest[email] = FolderRole(role, path)
    return highest
