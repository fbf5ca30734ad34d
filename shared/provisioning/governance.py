"""Plans what must be on record before an office and its feeds go live: policy, agreement, contact, rule of training."""

from collections.abc import Iterable
from datetime import timedelta

from pydantic import ValidationError

from shared.arrests.synthetic import CANARY
from shared.feeds.profiles.enrolment import FeedGovernance
from shared.offices.governance.model import AdoptedPolicy, Governance, Policy, TrainingRule
from shared.offices.model import Office
from shared.provisioning.office_file import KeyPath, PlannedGovernance
from shared.provisioning.plan import PlanAction, PlanBuilder
from shared.value import field_faults
from shared.words import words

TIME_TO_BE_TRAINED = timedelta(days=30)
_OF_THE_OFFICE = ("governance", "waits_for_governance")


def with_governance(office: Office, before: Office | None, builder: PlanBuilder) -> Office:
    """The office as the file says, with the governance that it says or that is stored. A new office waits for it; one
    of before does not, because no update may make an office fall silent."""
    for name in _OF_THE_OFFICE:
        if name in office.model_fields_set:
            builder.add_fault(("office", name), "is no setting here; write `governance` beside `office`")
    stored = before.governance if before else Governance()
    waits = before.waits_for_governance if before else builder.office_id != CANARY
    governance = _merged(("governance",), builder.file.governance, stored, _references(builder), builder)
    if before and before.live and stored.training is None:
        governance = governance.model_copy(update={"training": _with_time_to_be_trained(governance.training, builder)})
    return office.model_copy(update={"governance": governance, "waits_for_governance": waits})


def add_what_is_missing(office: Office, builder: PlanBuilder) -> None:
    """Says why an office does not go live yet."""
    if not office.live:
        builder.add_step(PlanAction.WAITS, f"office {office.office_id}", _missing(office.governance))


def plan_policy(builder: PlanBuilder) -> None:
    """The text of the office's policy, which people read and accept."""
    adopted = _adopted(("governance",), builder.file.governance, builder)
    if adopted is None:
        return
    table, office_id = builder.deps.policies, builder.office_id
    stored = table.find(office_id, adopted.version)
    if stored and stored != adopted:
        fix = f"{adopted.version} is adopted with another text; give a changed text a new version"
        builder.add_fault(("governance", "policy", "version"), fix)
    elif stored:
        builder.add_step(PlanAction.NOTHING, f"policy {adopted.version}")
    else:
        builder.add_step(PlanAction.CREATE, f"policy {adopted.version}", write=lambda: table.adopt(office_id, adopted))


def plan_feed_governance(builder: PlanBuilder) -> None:
    """Of the agencies that the file names, and of new ones whose profile or agreement it brings."""
    for number, planned in enumerate(builder.file.feeds):
        for agency in planned.agencies:
            _plan_feed(("feeds", number), agency, planned, builder)
    named = {agency for planned in builder.file.feeds for agency in planned.agencies}
    agreed = {agreement.agency for agreement in builder.file.agreements}
    for agency in sorted({*builder.agencies, *agreed} - named - {CANARY}):
        if _waits(agency, builder):
            _plan_feed(("agreements",), agency, None, builder)


def _waits(agency: str, builder: PlanBuilder) -> bool:
    stored = builder.deps.agencies.governance(agency)
    if stored is None:
        return agency in builder.agencies and not builder.deps.agencies.is_enrolled(agency)
    return stored.waits and bool(stored.governance.missing)


def _plan_feed(path: KeyPath, agency: str, planned: PlannedGovernance | None, builder: PlanBuilder) -> None:
    agencies, what = builder.deps.agencies, f"governance of {agency}"
    if not builder.sends_arrests(agency):
        builder.add_fault((*path, "agencies"), f"{agency} is not enrolled; name its profile under profiles")
        return
    stored = agencies.governance(agency)
    waits = stored.waits if stored else not agencies.is_enrolled(agency)
    before = stored.governance if stored else Governance()
    governance = _merged(path, planned, before, _references(builder, agency), builder)
    feed = FeedGovernance(agency=agency, governance=governance, waits=waits)
    if feed == stored:
        builder.add_step(PlanAction.NOTHING, what)
    else:
        action = PlanAction.CHANGE if stored else PlanAction.CREATE
        builder.add_step(action, what, write=lambda: agencies.record_governance(feed))
    if waits and governance.missing:
        builder.add_step(PlanAction.WAITS, f"feed {agency}", _missing(governance))


def _merged(
    path: KeyPath,
    planned: PlannedGovernance | None,
    stored: Governance,
    references: Iterable[str],
    builder: PlanBuilder,
) -> Governance:
    """What the file leaves out stays. The agreement is the first one on record."""
    agreement = stored.agreement or next(iter(references), "")
    if planned is None:
        return stored.model_copy(update={"agreement": agreement})
    adopted = _adopted(path, planned, builder)
    policy: Policy | None = adopted.policy if adopted else stored.policy
    contact, training = planned.contact or stored.contact, planned.training or stored.training
    return Governance(policy=policy, agreement=agreement, contact=contact, training=training)


def _adopted(path: KeyPath, planned: PlannedGovernance | None, builder: PlanBuilder) -> AdoptedPolicy | None:
    """Adds a fault, once, for a hash that is not that of the text."""
    if planned is None or planned.policy is None:
        return None
    written = planned.policy
    text = builder.policies[written.file]
    try:
        return AdoptedPolicy(version=written.version, sha256=written.sha256, text=text)
    except ValidationError as error:
        for fault in field_faults(error):
            builder.add_fault_once((*path, "policy", *(fault.location or ("sha256",))), fault.mend)
        return None


def _references(builder: PlanBuilder, agency: str = "") -> list[str]:
    """Of the office's agreements, with this agency or with any, stored ones first."""
    stored = builder.deps.subscribing.subscriptions.agreements.of(builder.office_id).agreements
    return [
        agreement.reference
        for agreement in (*stored, *builder.file.agreements)
        if not agency or agreement.agency == agency
    ]


def _with_time_to_be_trained(rule: TrainingRule | None, builder: PlanBuilder) -> TrainingRule | None:
    """The people of an office that runs already have until then to be trained."""
    if rule is None or rule.starts:
        return rule
    return rule.model_copy(update={"starts": builder.file.office.local_day(builder.now) + TIME_TO_BE_TRAINED})


def _missing(governance: Governance) -> str:
    requirements = "; ".join(words(f"requirement.{requirement}") for requirement in governance.missing)
    return f"not live until this is on record: {requirements}"
