"""Compares an office's file with what is stored, and plans what must be created or changed."""

from collections.abc import Mapping
from datetime import datetime

from shared.arrests.synthetic import CANARY, may_meet
from shared.feeds.profiles.minors import ProfileConfirmation, UnconfirmedProfileError, check_confirmed
from shared.feeds.profiles.parse import parse_profile
from shared.offices.model import Office
from shared.provisioning.folders import plan_folders
from shared.provisioning.governance import add_what_is_missing, plan_feed_governance, plan_policy, with_governance
from shared.provisioning.legal_rules import plan_legal_rules
from shared.provisioning.office_file import KeyPath, OfficeFile
from shared.provisioning.people import plan_agreements, plan_users
from shared.provisioning.plan import PlanAction, PlanBuilder, ProvisioningDeps, ProvisioningPlan
from shared.provisioning.subscriptions import plan_subscription


def build_plan(
    file: OfficeFile,
    profiles: Mapping[str, str],
    deps: ProvisioningDeps,
    now: datetime,
    policies: Mapping[str, str] | None = None,
) -> ProvisioningPlan:
    """`profiles` maps agencies to the texts of their profiles, `policies` the paths that the file names to the texts of
    policies. Writes nothing.

    Raises OfficeFileError with every fault of the file at once.
    """
    builder = PlanBuilder(file, deps, now, profiles.keys(), policies or {})
    plan_policy(builder)
    office = _plan_office(builder)
    plan_feed_governance(builder)
    for number, (agency, text) in enumerate(profiles.items()):
        _plan_profile(number, agency, text, builder)
    plan_agreements(builder)
    plan_legal_rules(builder)
    users = plan_users(office, builder)
    trees = plan_folders(builder, users)
    for number, planned in enumerate(file.subscriptions):
        plan_subscription(("subscriptions", number), planned, users, trees, builder)
    return builder.finish()


def _plan_office(builder: PlanBuilder) -> Office:
    """Returns the office as it is once the plan is applied."""
    offices = builder.deps.offices
    before = offices.office(builder.office_id)
    office = with_governance(_with_agreement_rule(builder.file.office, before), before, builder)
    what = f"office {builder.office_id}"
    builder.check_text(("office", "contact"), office.contact)
    for key, agencies in {"agencies": office.agencies, "may_seal": office.may_seal}.items():
        for number, agency in enumerate(agencies):
            _check_may_meet(("office", key, number), agency, builder)
            if not builder.sends_arrests(agency):
                builder.add_not_enrolled(f"{key} of the office", agency)
    if before is None:
        builder.add_step(PlanAction.CREATE, what, write=lambda: offices.enrol(office))
        add_what_is_missing(office, builder)
        return office
    changed = [name for name in type(office).model_fields if getattr(before, name) != getattr(office, name)]
    if changed:
        builder.add_step(PlanAction.CHANGE, what, ", ".join(changed), lambda: offices.enrol(office))
    else:
        builder.add_step(PlanAction.NOTHING, what)
    add_what_is_missing(office, builder)
    return office


def _with_agreement_rule(office: Office, before: Office | None) -> Office:
    """A new office hears of agencies only by agreement, unless its file says otherwise. One of before keeps its rule:
    no update may make an office fall silent."""
    if "only_by_agreement" in office.model_fields_set:
        return office
    return office.model_copy(update={"only_by_agreement": before.only_by_agreement if before else True})


def _plan_profile(number: int, agency: str, text: str, builder: PlanBuilder) -> None:
    agencies, what = builder.deps.agencies, f"profile {agency}"
    before = agencies.text(agency)
    _check_may_meet(("profiles", number), agency, builder)
    confirmation = agencies.confirmation(agency, text)
    if before != text and (fault := _confirmation_fault(text, confirmation, builder)):
        builder.add_fault(("profiles", number), fault)
    elif before == text:
        builder.add_step(PlanAction.NOTHING, what)
    else:
        action = PlanAction.CREATE if before is None else PlanAction.CHANGE
        builder.writes.append(lambda: agencies.await_governance(agency))
        builder.add_step(action, what, write=lambda: agencies.enrol(agency, text, confirmation=confirmation))


def _check_may_meet(path: KeyPath, agency: str, builder: PlanBuilder) -> None:
    """What anybody sends as the canary's agency is shown to nobody, and gone in a day."""
    if not may_meet(agency, builder.office_id):
        builder.add_fault(path, f"the agency {CANARY} is the office {CANARY}'s alone, which has no other; leave it out")


def _confirmation_fault(text: str, confirmation: ProfileConfirmation | None, builder: PlanBuilder) -> str:
    """What to do about a profile that waits for a second person; empty where none is needed."""
    try:
        check_confirmed(parse_profile(text), confirmation, builder.deps.operator)
    except UnconfirmedProfileError as error:
        return f"{error.reason} {error.fix}"
    return ""
