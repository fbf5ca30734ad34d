from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from shared.domain.set_up import Fault, OfficeFile
from shared.enrolment import Enrolling
from shared.tables.agencies import AgenciesTable
from shared.tables.offices import OfficesTable

SET_UP = "set-up"  # who did it, where a person's address stands otherwise


class Does(StrEnum):
    CREATE = "create"
    CHANGE = "change"
    NOTHING = "nothing"  # it is so already
    STAYS = "stays"  # it is otherwise, and this file does not change that


class Step(NamedTuple):
    does: Does
    what: str
    why: str = ""


Write = Callable[[], object]


class Plan(NamedTuple):
    """`writes` are in the order in which they must be done."""

    steps: list[Step]
    writes: list[Write]

    def add(self, does: Does, what: str, why: str = "", write: Write | None = None) -> None:
        self.steps.append(Step(does, what, why))
        if write:
            self.writes.append(write)


@dataclass(frozen=True)
class SettingUp:
    """`machines`: the client id of each machine that the stack knows, by its name."""

    offices: OfficesTable
    agencies: AgenciesTable
    enrolling: Enrolling
    machines: Mapping[str, str]


class Wanted(NamedTuple):
    """The office as the file wants it, on the way to a plan."""

    file: OfficeFile
    at: SettingUp
    now: datetime
    plan: Plan
    faults: list[Fault]

    @property
    def id(self) -> str:
        return self.file.office.office_id
