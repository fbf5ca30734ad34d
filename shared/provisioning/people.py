"""Plans the office's agreements, rules of disclosure and users."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from shared.arrests.days import years_after
from shared.offices.agreements import LONGEST_YEARS, Agreement, OfficeAgreements, RecordedAgreement
from shared.offices.governance.personnel import (
    DisabledFor,
    Personnel,
    RecordedTraining,
    personnel_faults,
    training_fault,
    with_training,
)
from shared.offices.governance.standing import missing_for_access, reopened, still_holds
from shared.offices.model import Office
from shared.offices.users import Machine, User
from shared.provisioning.office_file import KeyPath, PlannedUser
from shared.provisioning.plan import SET_UP, PlanAction, PlanBuilder

_PERSONNEL_FIELDS = ("phone", "employer", "vendor", "contract_ends", "background_checked_on")
_AGREEMENT_FIELDS = set(Agreement.model_fields)


def plan_agreements(builder: PlanBuilder) -> None:
    """All agreements of an office are one document, so there is at most one write."""
    table = builder.deps.subscribing.subscriptions.agreements
    before = after = table.of(builder.office_id)
    for number, planned in enumerate(builder.file.agreements):
        stored = before.find(planned.reference)
        action = _agreement_action(planned, stored)
        period = f"{planned.agency}, {planned.starts} to {planned.ends}"
        builder.add_step(action, f"agreement {planned.reference}", period)
        if not builder.sends_arrests(planned.agency):
            builder.add_not_enrolled(f"agreement {planned.reference}", planned.agency)
        if action is not PlanAction.NOTHING:
            _check_length(("agreements", number, "ends"), planned, builder)
            builder.check_text(("agreements", number, "reference"), planned.reference)
            recorded = RecordedAgreement(**planned.model_dump(), recorded_by=SET_UP, recorded_at=builder.now)
            after = after.with_agreement(recorded)
    planned_references = {planned.reference for planned in builder.file.agreements}
    for stored in before.agreements:
        if stored.reference not in planned_references:
            builder.add_step(PlanAction.STAYS, f"agreement {stored.reference}", "the file does not name it")
    if after != before:
        saved = after.model_copy(update={"revision": before.revision + 1})
        builder.writes.append(lambda: table.save(saved))
        builder.writes.append(lambda: _take_files_again(saved, builder))


def _check_length(path: KeyPath, planned: Agreement, builder: PlanBuilder) -> None:
    if planned.is_too_long:
        latest = years_after(planned.starts, LONGEST_YEARS) - timedelta(days=1)
        builder.add_fault(path, f"lies more than {LONGEST_YEARS} years after its start; write {latest} or earlier")


def _agreement_action(planned: Agreement, stored: RecordedAgreement | None) -> PlanAction:
    if stored is None:
        return PlanAction.CREATE
    is_same = Agreement.model_validate(stored.model_dump(include=_AGREEMENT_FIELDS)) == planned
    return PlanAction.NOTHING if is_same else PlanAction.CHANGE


def _take_files_again(agreements: OfficeAgreements, builder: PlanBuilder) -> None:
    """From now on the intake does not hold the files of agencies that share again, whenever the job looks next."""
    agencies, today = builder.deps.agencies, builder.file.office.local_day(builder.now)
    for agency in {agreement.agency for agreement in agreements.agreements}:
        if agreements.in_force_with(agency, today) and agencies.sharing_ended_on(agency):
            agencies.set_sharing_ended_on(agency, None)


def plan_users(office: Office, builder: PlanBuilder) -> set[str]:
    """`office` is as it is once the plan is applied. Returns the e-mail addresses of all users that are active then."""
    table = builder.deps.subscribing.subscriptions.users
    stored = {user.email: user for user in table.all_of(builder.office_id)}
    for number, planned in enumerate(builder.file.users):
        path: KeyPath = ("users", number)
        if not office.allows(planned.email):
            domains = ", ".join(office.allowed_domains)
            builder.add_fault((*path, "email"), f"lies outside the office's domains ({domains})")
        machine = _machine(planned, (*path, "machine", "name"), builder)
        _check_keeper((*path, "machine", "keeper"), planned, stored, builder)
        user = _plan_user(path, planned, machine, stored.get(planned.email), office, builder)
        _add_what_is_missing(user, office, builder)
    planned_emails = {planned.email for planned in builder.file.users}
    for email in sorted(stored.keys() - planned_emails):
        if not stored[email].removed:
            builder.add_step(PlanAction.STAYS, f"user {email}", "the file does not name them")
    return {email for email, user in stored.items() if not user.removed} | (planned_emails - stored.keys())


def _check_keeper(path: KeyPath, planned: PlannedUser, stored: Mapping[str, User], builder: PlanBuilder) -> None:
    """A machine accepts no policy: the person who answers for it does."""
    if planned.machine is None:
        return
    keeper = planned.machine.keeper
    people = {user.email for user in builder.file.users if user.machine is None}
    people |= {email for email, user in stored.items() if user.active and user.machine is None}
    if keeper is None and builder.file.governance and builder.file.governance.policy:
        builder.add_fault(path, "is missing; name the person of the office who answers for the machine")
    elif keeper and keeper not in people:
        builder.add_fault(path, f"{keeper} is no person of the office; name them under users")


def _machine(planned: PlannedUser, path: KeyPath, builder: PlanBuilder) -> Machine | None:
    """Returns the machine with its client id; None for a person, and after a fault."""
    if planned.machine is None:
        return None
    client_id = builder.deps.machines.get(planned.machine.name)
    if client_id is None:
        names = ", ".join(builder.deps.machines) or "none"
        builder.add_fault(path, f"is none that the stack has ({names}); name it in infra/environments.py")
        return None
    if other := _other_user_of(client_id, planned, builder):
        fix = f"is {other.email} of {other.office_id}; name one for each, or remove that user"
        builder.add_fault(path, fix)
    return Machine(client_id=client_id, **planned.machine.model_dump(exclude={"name"}))


def _other_user_of(client_id: str, planned: PlannedUser, builder: PlanBuilder) -> User | None:
    """Returns the active user, of this or another office, that the machine is today, if that is not `planned`."""
    users = builder.deps.subscribing.subscriptions.users
    office_and_email = users.find_machine(client_id)
    if office_and_email is None or office_and_email == (builder.office_id, planned.email):
        return None
    other = users.find(*office_and_email)
    is_machine = other and other.active and other.machine and other.machine.client_id == client_id
    return other if is_machine else None


def _plan_user(
    path: KeyPath,
    planned: PlannedUser,
    machine: Machine | None,
    before: User | None,
    office: Office,
    builder: PlanBuilder,
) -> User:
    """Returns the user as they are once the plan is applied."""
    table, what = builder.deps.subscribing.subscriptions.users, f"user {planned.email}"
    rights = ", ".join(sorted(machine.scopes if machine else planned.rights)) or "folders only"
    personnel = _personnel(path, planned, before, builder)
    if machine and (before is None or before.machine != machine):
        client_id = machine.client_id
        builder.writes.append(lambda: table.bind_machine(client_id, builder.office_id, planned.email))
    if before is None:
        user = _new_user(planned, machine, personnel, builder)
        builder.add_step(PlanAction.CREATE, what, rights, lambda: table.add(user))
        return user
    if before.removed:
        builder.add_step(PlanAction.STAYS, what, "was removed; a super-owner lets them in again")
    elif planned.email == builder.operator_email and not planned.rights <= before.rights:
        builder.add_fault(("users",), f"would give you, {planned.email}, more rights; let another operator apply it")
    elif planned.email == builder.operator_email and personnel != before.personnel:
        builder.add_fault(
            path, f"would record what is on record of you, {planned.email}; let another operator apply it"
        )
    elif changes := _changes(planned, machine, personnel, before):
        changed = before.model_copy(update=changes | {"revision": before.revision + 1})
        after = _opened(changed, office, builder.now)
        builder.add_step(PlanAction.CHANGE, what, rights, lambda: table.change(before, after))
        return after
    else:
        builder.add_step(PlanAction.NOTHING, what)
    return before


def _add_what_is_missing(user: User, office: Office, builder: PlanBuilder) -> None:
    """Says why a person will have no access."""
    if user.machine or user.removed:
        return
    if missing := missing_for_access(user, office, builder.now):
        why = f"no access before this is mended: {'; '.join(missing)}"
        builder.add_step(PlanAction.WAITS, f"user {user.email}", why)


def _changes(planned: PlannedUser, machine: Machine | None, personnel: Personnel, before: User) -> dict[str, object]:
    """A name or title that the file leaves out stays as a super-owner wrote it."""
    texts = {"name": planned.name or before.name, "title": planned.title or before.title}
    facts = {"rights": planned.rights, "machine": machine, **texts, "personnel": personnel}
    return {field: fact for field, fact in facts.items() if getattr(before, field) != fact}


def _opened(user: User, office: Office, now: datetime) -> User:
    """An account that was disabled for want of what the file brings is open again."""
    may_be_mended = user.disabled and user.disabled.reason in {DisabledFor.TRAINING, DisabledFor.CONTRACT}
    return reopened(user, now) if may_be_mended and not still_holds(user, None, office, now) else user


def _personnel(path: KeyPath, planned: PlannedUser, before: User | None, builder: PlanBuilder) -> Personnel:
    """What the file says of a person, over what is stored. Adds the faults."""
    today, governance = builder.file.office.local_day(builder.now), builder.file.governance
    written = {name: getattr(planned, name) for name in _PERSONNEL_FIELDS if name in planned.model_fields_set}
    personnel = (before.personnel if before else Personnel()).model_copy(update=written)
    for fault in personnel_faults(personnel, today) if written else ():
        builder.add_fault((*path, fault.field), fault.mend)
    known = {(training.kind, training.completed_on) for training in personnel.trainings}
    for number, training in enumerate(planned.trainings):
        if wrong := training_fault(training, governance.training if governance else None, today):
            builder.add_fault((*path, "trainings", number, wrong.field), wrong.mend)
        elif (training.kind, training.completed_on) not in known:
            recorded = RecordedTraining(**training.model_dump(), recorded_by=SET_UP, recorded_at=builder.now)
            personnel = with_training(personnel, recorded, today)
    return personnel


def _new_user(planned: PlannedUser, machine: Machine | None, personnel: Personnel, builder: PlanBuilder) -> User:
    return User(
        office_id=builder.office_id,
        email=planned.email,
        name=planned.name,
        title=planned.title,
        rights=planned.rights,
        machine=machine,
        added_by=SET_UP,
        added_at=builder.now,
        recertified_at=builder.now,
        personnel=personnel,
        open_since=builder.now,
    )
