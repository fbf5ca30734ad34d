"""An office as one file says it: who it is, its people, folders, agreements and first watches."""

from collections.abc import Iterator
from typing import NamedTuple, Self

from pydantic import Field, model_validator

from shared.offices.agreements import Agreement
from shared.offices.model import Office, Slug
from shared.offices.purposes import Purpose
from shared.offices.recipient import Email
from shared.offices.users import Right, Scope
from shared.subscriptions.folders.model import SEPARATOR, FolderName, KeptCaselist, Role, Tab
from shared.subscriptions.model import SubscriptionRequest
from shared.value import FrozenModel

FilePath = tuple[str | int, ...]
"""Where in the file: the keys and, counted from 0, the places in its lists."""


class PlannedMachine(FrozenModel):
    """`name` is what the stack calls it."""

    name: Slug
    scopes: frozenset[Scope] = Field(min_length=1)
    purpose: Purpose


class PlannedUser(FrozenModel):
    email: Email
    rights: frozenset[Right] = frozenset()
    machine: PlannedMachine | None = None

    @model_validator(mode="after")
    def _one_or_the_other(self) -> Self:
        if self.machine and self.rights:
            raise ValueError("a machine has scopes and no rights; leave the rights out")
        return self


class PlannedFolder(FrozenModel):
    """`folders` are those that lie in it: a category's groups, a group's sub-groups."""

    name: FolderName
    keeps: KeptCaselist = ""
    unseen: bool = False
    roles: dict[Email, Role] = {}
    folders: tuple["PlannedFolder", ...] = ()


class PlannedFolders(FrozenModel):
    """By tab; those of My by whose they are."""

    team: tuple[PlannedFolder, ...] = ()
    predefined: tuple[PlannedFolder, ...] = Field(default=(), alias="pre-defined")
    my: dict[Email, tuple[PlannedFolder, ...]] = {}


class PlannedSubscription(FrozenModel):
    """`folders` are paths that begin with the tab: `team > Gangs > Harbor Ave`; a file knows no ids, so the wish names
    none."""

    owner: Email
    folders: tuple[str, ...] = Field(default=(), max_length=20)
    request: SubscriptionRequest = Field(alias="wish")


class OfficeFile(FrozenModel):
    """`profiles` are files of agencies' profiles, beside this one."""

    office: Office
    profiles: tuple[str, ...] = ()
    agreements: tuple[Agreement, ...] = ()
    users: tuple[PlannedUser, ...] = ()
    folders: PlannedFolders = PlannedFolders()
    subscriptions: tuple[PlannedSubscription, ...] = ()


class PlacedFolder(NamedTuple):
    """A folder of the file with the path it is to lie at, and whose it is in the My tab."""

    place: FilePath
    tab: Tab
    person: str | None
    path: tuple[str, ...]
    folder: PlannedFolder

    @property
    def said(self) -> str:
        tab = f"{self.tab.value} of {self.person}" if self.person else self.tab.value
        return SEPARATOR.join((tab, *self.path))


def placed_folders(folders: PlannedFolders) -> Iterator[PlacedFolder]:
    """Every folder of the file, each after the one it lies in."""
    yield from _laid(("folders", "team"), Tab.TEAM, None, (), folders.team)
    yield from _laid(("folders", "pre-defined"), Tab.PREDEFINED, None, (), folders.predefined)
    for person, some in folders.my.items():
        yield from _laid(("folders", "my", person), Tab.MY, person, (), some)


def _laid(
    place: FilePath, tab: Tab, person: str | None, above: tuple[str, ...], folders: tuple[PlannedFolder, ...]
) -> Iterator[PlacedFolder]:
    for number, folder in enumerate(folders):
        here = PlacedFolder((*place, number), tab, person, (*above, folder.name), folder)
        yield here
        yield from _laid((*here.place, "folders"), tab, person, here.path, folder.folders)


class OfficeFileFault(NamedTuple):
    """What of the file cannot be, and what to write instead."""

    place: FilePath
    mend: str


class OfficeFileError(Exception):
    """All that stands against it, at once; nothing was changed."""

    def __init__(self, faults: list[OfficeFileFault]) -> None:
        super().__init__(f"{len(faults)} faults")
        self.faults = faults
