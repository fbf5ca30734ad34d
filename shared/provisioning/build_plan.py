from collections.abc import Mapping
from datetime import datetime

from shared.provisioning.folders import trees_of
from shared.provisioning.office_file import OfficeFile, OfficeFileError
from shared.provisioning.people import agreements_of, people_of
from shared.provisioning.plan import PlanAction, ProvisioningDeps, ProvisioningPlan, Wanted, Write
from shared.provisioning.subscriptions import plan_watch


def build_plan(
    file: OfficeFile, profiles: Mapping[str, str], deps: ProvisioningDeps, now: datetime
) -> ProvisioningPlan:
    """`profiles` are the texts by agency. Raises CannotBeSetUp with everything that stands against it."""
    wanted = Wanted(file, deps, now, ProvisioningPlan([], []), [])
    _the_office(wanted)
    for agency, text in profiles.items():
        known = deps.agencies.text(agency)
        does = PlanAction.CREATE if known is None else PlanAction.NOTHING if known == text else PlanAction.CHANGE
        write = None if does is PlanAction.NOTHING else _enrol_agency(agency, text, deps)
        wanted.plan.add(does, f"profile {agency}", write=write)
    agreements_of(wanted)
    people = people_of(wanted)
    trees = trees_of(wanted, people)
    for number, watch in enumerate(file.subscriptions):
        plan_watch(("subscriptions", number), watch, people, trees, wanted)
    if wanted.faults:
        raise OfficeFileError(wanted.faults)
    return wanted.plan


def _enrol_agency(agency: str, text: str, deps: ProvisioningDeps) -> Write:
    return lambda: deps.agencies.enrol(agency, text)


def _the_office(one: Wanted) -> None:
    wanted, before = one.file.office, one.at.offices.office(one.id)
    names = [name for name in type(wanted).model_fields if before and getattr(before, name) != getattr(wanted, name)]
    does = PlanAction.CREATE if before is None else PlanAction.CHANGE if names else PlanAction.NOTHING
    write = None if does is PlanAction.NOTHING else lambda: one.at.offices.enrol(wanted)
    one.plan.add(does, f"office {one.id}", ", ".join(names), write)
