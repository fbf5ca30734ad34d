"""The agreements that the office has, and its users."""

from shared.offices.agreements import Agreement, OfficeAgreements, RecordedAgreement
from shared.offices.users import Machine, User
from shared.provisioning.office_file import FilePath, OfficeFileFault, PlannedUser
from shared.provisioning.plan import SET_UP, PlanAction, Wanted


def agreements_of(one: Wanted) -> None:
    table = one.at.subscribing.subscriptions.agreements
    before = after = table.of(one.id)
    for wanted in one.file.agreements:
        known = before.find(wanted.reference)
        same = known is not None and Agreement.model_validate(known.model_dump(include=_SAID)) == wanted
        does = PlanAction.NOTHING if same else PlanAction.CHANGE if known else PlanAction.CREATE
        one.plan.add(does, f"agreement {wanted.reference}", f"{wanted.agency}, {wanted.starts} to {wanted.ends}")
        if not same:
            recorded = RecordedAgreement(**wanted.model_dump(), recorded_by=SET_UP, recorded_at=one.now)
            after = after.with_agreement(recorded)
    for left in before.agreements:
        if left.reference not in {wanted.reference for wanted in one.file.agreements}:
            one.plan.add(PlanAction.STAYS, f"agreement {left.reference}", "the file does not name it")
    if after != before:
        kept: OfficeAgreements = after.model_copy(update={"revision": before.revision + 1})
        one.plan.writes.append(lambda: table.save(kept))


_SAID = set(Agreement.model_fields)


def people_of(one: Wanted) -> set[str]:
    """Who is a user of the office once the plan is done."""
    table = one.at.subscribing.subscriptions.users
    stored = {user.email: user for user in table.all_of(one.id)}
    for number, wanted in enumerate(one.file.users):
        if not one.file.office.allows(wanted.email):
            domains = ", ".join(one.file.office.allowed_domains)
            one.faults.append(
                OfficeFileFault(("users", number, "email"), f"lies outside the office's domains ({domains})")
            )
        _user(wanted, _machine(wanted, ("users", number, "machine", "name"), one), stored.get(wanted.email), one)
    named = {wanted.email for wanted in one.file.users}
    for email in sorted(stored.keys() - named):
        if stored[email].active:
            one.plan.add(PlanAction.STAYS, f"user {email}", "the file does not name them")
    return {email for email, user in stored.items() if user.active} | {email for email in named if email not in stored}


def _machine(wanted: PlannedUser, place: FilePath, one: Wanted) -> Machine | None:
    planned_machine, known = wanted.machine, one.at.machines
    if planned_machine is None or planned_machine.name not in known:
        if planned_machine:
            have = ", ".join(known) or "none"
            one.faults.append(
                OfficeFileFault(place, f"is none that the stack has ({have}); name it in infra/environments.py")
            )
        return None
    client = known[planned_machine.name]
    if other := _held_by(client, wanted, one):
        one.faults.append(
            OfficeFileFault(place, f"is {other.email} of {other.office_id}; name one for each, or remove that user")
        )
    return Machine(client_id=client, scopes=planned_machine.scopes, purpose=planned_machine.purpose)


def _held_by(client: str, wanted: PlannedUser, one: Wanted) -> User | None:
    """Who else is this machine today."""
    users = one.at.subscribing.subscriptions.users
    place = users.find_machine(client)
    other = users.find(*place) if place and place != (one.id, wanted.email) else None
    return other if other and other.active and other.machine and other.machine.client_id == client else None


def _user(wanted: PlannedUser, machine: Machine | None, before: User | None, one: Wanted) -> None:
    table, what = one.at.subscribing.subscriptions.users, f"user {wanted.email}"
    rights = ", ".join(sorted(machine.scopes if machine else wanted.rights)) or "folders only"
    if machine and (before is None or before.machine != machine):
        client = machine.client_id
        one.plan.writes.append(lambda: table.bind_machine(client, one.id, wanted.email))
    if before is None:
        user = User(
            office_id=one.id,
            email=wanted.email,
            rights=wanted.rights,
            machine=machine,
            added_by=SET_UP,
            added_at=one.now,
            recertified_at=one.now,
        )
        one.plan.add(PlanAction.CREATE, what, rights, lambda: table.add(user))
    elif not before.active:
        one.plan.add(PlanAction.STAYS, what, "was removed; a super-owner lets them in again")
    elif (before.rights, before.machine) != (wanted.rights, machine):
        said = {"rights": wanted.rights, "machine": machine}
        after = before.model_copy(update=said | {"revision": before.revision + 1})
        one.plan.add(PlanAction.CHANGE, what, rights, lambda: table.change(before, after))
    else:
        one.plan.add(PlanAction.NOTHING, what)
