from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from shared.feeds.profiles.table import AgenciesTable
from shared.offices.table import OfficesTable
from shared.provisioning.office_file import OfficeFile, OfficeFileFault
from shared.subscriptions.subscribe import SubscribeDeps

SET_UP = "set-up"  # who did it, where a person's address stands otherwise


class PlanAction(StrEnum):
    CREATE = "create"
    CHANGE = "change"
    NOTHING = "nothing"  # it is so already
    STAYS = "stays"  # it is otherwise, and this file does not change that


class PlanStep(NamedTuple):
    does: PlanAction
    what: str
    why: str = ""


Write = Callable[[], object]


class ProvisioningPlan(NamedTuple):
    """`writes` are in the order in which they must be done."""

    steps: list[PlanStep]
    writes: list[Write]

    def add(self, does: PlanAction, what: str, why: str = "", write: Write | None = None) -> None:
        self.steps.append(PlanStep(does, what, why))
        if write:
            self.writes.append(write)


@dataclass(frozen=True)
class ProvisioningDeps:
    """`machines`: the client id of each machine that the stack knows, by its name."""

    offices: OfficesTable
    agencies: AgenciesTable
    subscribing: SubscribeDeps
    machines: Mapping[str, str]


class Wanted(NamedTuple):
    """The office as the file wants it, on the way to a plan."""

    file: OfficeFile
    at: ProvisioningDeps
    now: datetime
    plan: ProvisioningPlan
    faults: list[OfficeFileFault]

    @property
    def id(self) -> str:
        return self.file.office.office_id
