"""The file of an office: its rules, users, folders, agreements and first subscriptions. Pure models, and no YAML."""

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple, Self

from pydantic import Field, model_validator

from shared.breaches.model import BreachSteps
from shared.disclosures.model import DisclosureRules
from shared.disputes.model import DisputeRules
from shared.offices.agreements import Agreement
from shared.offices.governance.model import Policy, TrainingRule
from shared.offices.governance.personnel import Phone, Training
from shared.offices.model import Office, Slug
from shared.offices.ori import Ori
from shared.offices.purposes import Purpose
from shared.offices.recipient import Email, NewEmail
from shared.offices.users import Right, Scope, ShownText
from shared.records_requests.own_rules import OwnRequestRules
from shared.subscriptions.events import EventGroups
from shared.subscriptions.folders.model import SEPARATOR, KeptCaselist, NewFolderName, Role, Tab
from shared.subscriptions.model import SubscriptionRequest
from shared.value import FrozenModel

KeyPath = tuple[str | int, ...]
"""Where something stands in the file: keys, and positions in lists from 0."""


class PlannedMachine(FrozenModel):
    """`name` is that of the machine in the stack (`infra/environments.py`). `receives` are webhooks and topics of the
    office: with the scope `alerts` it reads and acknowledges the alerts that went there. `keeper` is the person of the
    office who answers for it, and whose acceptance of the policy and training count for it."""

    name: Slug
    scopes: frozenset[Scope] = Field(min_length=1)
    purpose: Purpose
    receives: tuple[str, ...] = ()
    keeper: Email | None = None

    @model_validator(mode="after")
    def _check_receives(self) -> Self:
        if (Scope.ALERTS in self.scopes) != bool(self.receives):
            raise ValueError("the scope alerts and `receives` need each other; name the webhooks or topics it receives")
        return self


class PlannedPolicy(Policy):
    """`file` is the path of the text, relative to this file."""

    file: str = Field(min_length=1, max_length=1000)


class PlannedGovernance(FrozenModel):
    """What must be on record before the office, or a feed, goes live. The agreement is the first of `agreements`."""

    policy: PlannedPolicy | None = None
    contact: Email | None = None
    training: TrainingRule | None = None


class PlannedFeedGovernance(PlannedGovernance):
    agencies: tuple[Slug, ...] = Field(min_length=1)


class PlannedUser(FrozenModel):
    """What is left out of a person stays as it is stored; `trainings` are added to those on record."""

    email: NewEmail
    name: ShownText = ""
    title: ShownText = ""
    rights: frozenset[Right] = frozenset()
    machine: PlannedMachine | None = None
    phone: Phone = ""
    employer: Ori | None = None
    vendor: bool = False
    contract_ends: date | None = None
    background_checked_on: date | None = None
    trainings: tuple[Training, ...] = ()

    @model_validator(mode="after")
    def _check_person_or_machine(self) -> Self:
        if self.machine and self.rights:
            raise ValueError("a machine has scopes and no rights; leave the rights out")
        return self


class PlannedFolder(FrozenModel):
    """`folders` are its children: the groups of a category, the sub-groups of a group. Without `events`, those that
    its owners chose stay."""

    name: NewFolderName
    keeps: KeptCaselist = ""
    unseen: bool = False
    events: EventGroups | None = None
    roles: dict[Email, Role] = {}
    folders: tuple["PlannedFolder", ...] = ()


class PlannedFolders(FrozenModel):
    """Categories by tab; those of the My tab by the person whose they are."""

    team: tuple[PlannedFolder, ...] = ()
    predefined: tuple[PlannedFolder, ...] = Field(default=(), alias="pre-defined")
    my: dict[Email, tuple[PlannedFolder, ...]] = {}


class PlannedSubscription(FrozenModel):
    """`folders` are paths that begin with the tab: `team > Gangs > Harbor Ave`. The request itself names no folders,
    because a file knows no ids."""

    owner: Email
    folders: tuple[str, ...] = Field(default=(), max_length=20)
    request: SubscriptionRequest = Field(alias="wish")


class OfficeFile(FrozenModel):
    """`profiles` are paths of agencies' profiles, relative to this file. `governance` is the office's, `feeds` that of
    agencies. Without `disclosure_rules`, `dispute_rules`, `records_request_rules` or `breach_steps`, those that are
    stored stay, or the shipped ones hold."""

    office: Office
    governance: PlannedGovernance | None = None
    feeds: tuple[PlannedFeedGovernance, ...] = ()
    profiles: tuple[str, ...] = ()
    agreements: tuple[Agreement, ...] = ()
    disclosure_rules: DisclosureRules | None = None
    dispute_rules: DisputeRules | None = None
    records_request_rules: OwnRequestRules | None = None
    breach_steps: BreachSteps | None = None
    users: tuple[PlannedUser, ...] = ()
    folders: PlannedFolders = PlannedFolders()
    subscriptions: tuple[PlannedSubscription, ...] = ()


class PlacedFolder(NamedTuple):
    """A folder of the file with its place in the tree: the names from the category down to itself.

    `person` is whose My tab it lies in, None for the other tabs. `key_path` is where it stands in the file.
    """

    key_path: KeyPath
    tab: Tab
    person: str | None
    path: tuple[str, ...]
    folder: PlannedFolder

    @property
    def description(self) -> str:
        tab = f"{self.tab.value} of {self.person}" if self.person else self.tab.value
        return SEPARATOR.join((tab, *self.path))


def placed_folders(folders: PlannedFolders) -> Iterator[PlacedFolder]:
    """Yields every folder of the file, each after its parent."""
    yield from _place(("folders", "team"), Tab.TEAM, None, (), folders.team)
    yield from _place(("folders", "pre-defined"), Tab.PREDEFINED, None, (), folders.predefined)
    for person, categories in folders.my.items():
        yield from _place(("folders", "my", person), Tab.MY, person, (), categories)


def _place(
    key_path: KeyPath,
    tab: Tab,
    person: str | None,
    parent_path: tuple[str, ...],
    folders: tuple[PlannedFolder, ...],
) -> Iterator[PlacedFolder]:
    for number, folder in enumerate(folders):
        placed = PlacedFolder((*key_path, number), tab, person, (*parent_path, folder.name), folder)
        yield placed
        yield from _place((*placed.key_path, "folders"), tab, person, placed.path, folder.folders)


class OfficeFileFault(NamedTuple):
    """What is wrong in the file, and what to write instead. An empty path means the file as a whole."""

    path: KeyPath
    fix: str


class OfficeFileError(Exception):
    """The file cannot be applied. Lists all its faults at once; nothing was changed."""

    def __init__(self, faults: list[OfficeFileFault]) -> None:
        super().__init__(f"{len(faults)} faults")
        self.faults = faults
