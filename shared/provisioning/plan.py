"""A provisioning plan: steps to show, and the writes behind them."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from shared.disclosures.table import DisclosuresTable
from shared.feeds.profiles.table import AgenciesTable
from shared.offices.governance.policies_table import PoliciesTable
from shared.offices.immigration import names_immigration
from shared.offices.table import OfficesTable
from shared.provisioning.office_file import KeyPath, OfficeFile, OfficeFileError, OfficeFileFault
from shared.records_requests.table import RecordsRequestsTable
from shared.subscriptions.errors import ImmigrationTextError
from shared.subscriptions.subscribe import SubscribeDeps

SET_UP = "set-up"  # stored as who did it, where a person's address stands otherwise


class PlanAction(StrEnum):
    CREATE = "create"
    CHANGE = "change"
    NOTHING = "nothing"  # it is as the file says
    STAYS = "stays"  # it is stored otherwise, and this file does not change that
    WAITS = "waits"  # it is not live


class PlanStep(NamedTuple):
    action: PlanAction
    what: str
    why: str = ""


Write = Callable[[], object]


class ProvisioningPlan(NamedTuple):
    """Applying it means to call every write in this order. Each raises ConflictError when somebody else changed the
    same since the plan was built."""

    steps: list[PlanStep]
    writes: list[Write]


@dataclass(frozen=True)
class ProvisioningDeps:
    """`machines` maps the name of each machine that the stack has to its client id. `operator` is who applies the plan,
    as AWS knows them."""

    offices: OfficesTable
    agencies: AgenciesTable
    subscribing: SubscribeDeps
    disclosures: DisclosuresTable
    records_requests: RecordsRequestsTable
    policies: PoliciesTable
    machines: Mapping[str, str]
    operator: str = SET_UP


@dataclass(frozen=True)
class PlanBuilder:
    """Collects the steps, the writes and the faults of one file. Nothing is written while a plan is built. `agencies`
    are those whose profiles the file brings, `policies` maps the paths in the file to the texts of policies."""

    file: OfficeFile
    deps: ProvisioningDeps
    now: datetime
    agencies: Collection[str] = ()
    policies: Mapping[str, str] = field(default_factory=dict)
    steps: list[PlanStep] = field(default_factory=list)
    writes: list[Write] = field(default_factory=list)
    faults: list[OfficeFileFault] = field(default_factory=list)

    @property
    def office_id(self) -> str:
        return self.file.office.office_id

    @property
    def operator_email(self) -> str:
        """The address of who applies the plan, where their session at AWS is named after it; else empty."""
        session = self.deps.operator.rpartition("/")[2].casefold()
        return session if "@" in session else ""

    def sends_arrests(self, agency: str) -> bool:
        """Whether the agency does, once the plan is applied."""
        return agency in self.agencies or self.deps.subscribing.is_enrolled(agency)

    def add_step(self, action: PlanAction, what: str, why: str = "", write: Write | None = None) -> None:
        self.steps.append(PlanStep(action, what, why))
        if write:
            self.writes.append(write)

    def add_not_enrolled(self, what: str, agency: str) -> None:
        """An office may be set up before its agencies are enrolled; a misspelt one would never say anything."""
        self.add_step(PlanAction.WAITS, what, f"nothing comes from {agency}: it is not enrolled, or is misspelt here")

    def add_fault(self, path: KeyPath, fix: str) -> None:
        self.faults.append(OfficeFileFault(path, fix))

    def add_fault_once(self, path: KeyPath, fix: str) -> None:
        """For what is looked at in more than one place."""
        if OfficeFileFault(path, fix) not in self.faults:
            self.add_fault(path, fix)

    def check_text(self, path: KeyPath, text: str) -> None:
        """Adds a fault for a text that names immigration enforcement."""
        if names_immigration(text):
            self.add_fault(path, ImmigrationTextError.MEND)

    def finish(self) -> ProvisioningPlan:
        """Raises OfficeFileError with every fault."""
        if self.faults:
            raise OfficeFileError(self.faults)
        return ProvisioningPlan(self.steps, self.writes)
