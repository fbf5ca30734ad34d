"""Tells people of incidents: gathers what is so now, compares it with what was told, tells what is new.

May run twice and late. A notice is stored before its incident, and has one id a day: a run that died between the two is
repeated, and nobody is told twice. The sweep of deliveries queues a notice that was stored and not queued.
"""

from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

from shared.alerts.delivery.messages.notice import Notice
from shared.alerts.delivery.model import Enqueue
from shared.alerts.incidents.accounts import governance_concerns
from shared.alerts.incidents.agencies import AgencyCondition, OfficeFacts, agency_concerns, causes_of
from shared.alerts.incidents.agreements import agreement_concerns, ended_causes, missing_agreement
from shared.alerts.incidents.duties import Duties, duty_concerns
from shared.alerts.incidents.model import (
    Cause,
    Concern,
    ConcernedParty,
    Incident,
    IncidentKind,
    IncidentStep,
    next_step,
    telling_id,
)
from shared.alerts.incidents.text import incident_text, over_text
from shared.alerts.incidents.unreached_table import UnreachedTable
from shared.alerts.incidents.watches import watch_concerns
from shared.alerts.reach import ReachDeps, UnreachedWatch, unreached_watches
from shared.alerts.table import AlertsTable
from shared.arrests.synthetic import CANARY
from shared.aws.optimistic_lock import ConflictError
from shared.aws.rounds import Piece, Round, RoundsTable, go_on
from shared.offices.contacts import contacts_of
from shared.offices.governance.model import Requirement
from shared.offices.model import Office
from shared.offices.preferences_table import PreferencesTable
from shared.offices.table import OfficesTable
from shared.offices.users import Right
from shared.subscriptions.table import SubscriptionsTable

OF_WATCHES = frozenset({IncidentKind.WATCHES_UNREACHED})
OF_PEOPLE = frozenset({IncidentKind.ACCOUNT_ENDING, IncidentKind.ACCOUNTS_DISABLED, IncidentKind.WEEKS_UNSIGNED})
OF_AGENCIES = frozenset(IncidentKind) - OF_WATCHES - OF_PEOPLE
ROUND_OF_WATCHES = timedelta(hours=6)
_AT_ONCE = 1_000  # subscriptions


@dataclass(frozen=True)
class IncidentDeps:
    """`conditions` returns the agencies with something wrong, `sending` those that send files. `contacts_of_agency`
    returns the addresses of one, `missing_of_feed` what is not on record of its governance.
    `signed_weeks` returns the newest weeks of audit that somebody of an office has signed."""

    offices: OfficesTable
    subscriptions: SubscriptionsTable
    preferences: PreferencesTable
    alerts: AlertsTable
    enqueue: Enqueue
    conditions: Callable[[datetime], Collection[AgencyCondition]]
    contacts_of_agency: Callable[[str], tuple[str, ...]]
    sending: Callable[[], Collection[str]]
    unreached: UnreachedTable
    rounds: RoundsTable
    missing_of_feed: Callable[[str], tuple[Requirement, ...]] = lambda _agency: ()
    signed_weeks: Callable[[str], Collection[str]] = lambda _office_id: ()


def tell_of_agencies(deps: IncidentDeps, now: datetime) -> int:
    """Silent agencies, held and refused files, agreements that end or are missing; and what the law gives the office a
    day for. Returns how many people were told.

    A suspended office is told nothing, not even that something is over.
    """
    offices = [facts for facts in _office_facts(deps) if not facts.office.suspended]
    concerns: list[Concern] = []
    causes: set[Cause] = set()
    for condition in deps.conditions(now):
        concerns += agency_concerns(condition, offices, now)
        causes.update(causes_of(condition))
    sending = deps.sending()
    for facts in offices:
        today = facts.office.local_day(now)
        concerns += agreement_concerns(facts.office, facts.agreements, facts.contacts, deps.contacts_of_agency, today)
        causes.update(ended_causes(facts.agreements, today))
        if missing := missing_agreement(facts.office, facts.agreements, facts.contacts, sending, today):
            concerns.append(missing)
        concerns += _duty_concerns(facts, deps, now)
        concerns += governance_concerns(
            facts.office, _feeds_of(facts, deps), facts.contacts, deps.contacts_of_agency, now
        )
    stored = deps.alerts.incidents.read(
        {*(concern.incident_id for concern in concerns), *deps.alerts.incidents.open_ids(now)}
    )
    of_agencies = of_kinds(stored, OF_AGENCIES)
    return tell(concerns, of_agencies, causes, {facts.office.office_id: facts.office for facts in offices}, deps, now)


def _duty_concerns(facts: OfficeFacts, deps: IncidentDeps, now: datetime) -> list[Concern]:
    """Those with the right `privacy` are told or, if there is nobody, the office's contacts."""
    office, subscriptions = facts.office, deps.subscriptions
    stored = subscriptions.disputes.of_office(office.office_id)
    breaches = subscriptions.breaches.of_office(office.office_id)
    duties = Duties(
        [dispute for document in stored if not document.hidden for dispute in document.disputes],
        subscriptions.disputes.notices(office.office_id),
        breaches,
        subscriptions.breaches.steps(office.office_id) if breaches else (),
    )
    if not any(duties):
        return []
    users = subscriptions.users.all_of(office.office_id)
    people = {
        user.email for user in users if user.active and Right.PRIVACY in user.rights and office.allows(user.email)
    }
    return list(duty_concerns(office, people or facts.contacts, duties, now))


def tell_of_watches(deps: IncidentDeps, now: datetime) -> int:
    """Watches that reach nobody, every six hours in a round through all offices, of which a run does a part. Returns
    how many people were told."""
    return go_on(deps.rounds, "unreached", ROUND_OF_WATCHES, lambda current: _pieces(current, deps, now), now)


def _pieces(current: Round, deps: IncidentDeps, now: datetime) -> Iterator[Piece]:
    """The place is an office that is done or, within an office, `<office>/<last subscription that was looked at>`."""
    office_id, _, subscription_id = current.after.partition("/")
    if subscription_id and (office := deps.offices.office(office_id)):
        yield from _pieces_of_office(office, subscription_id, current, deps, now)
    for office in deps.offices.each_office(office_id):
        yield from _pieces_of_office(office, None, current, deps, now)


def _pieces_of_office(
    office: Office, after: str | None, current: Round, deps: IncidentDeps, now: datetime
) -> Iterator[Piece]:
    if office.suspended:
        return
    reach = ReachDeps(deps.subscriptions, deps.alerts)
    while True:
        subscriptions, after = deps.subscriptions.readable_page(office.office_id, _AT_ONCE, after)
        watches = unreached_watches(office, subscriptions, reach, now)
        deps.unreached.note(office.office_id, watches, current.began)
        if after is None:
            break
        yield Piece(f"{office.office_id}/{after}")
    watches = deps.unreached.of(office.office_id, current.began)
    stored = {incident.incident_id: incident for incident in deps.alerts.incidents.of_office(office.office_id)}
    concerns = list(_watch_concerns(office, watches, deps, now))
    offices = {office.office_id: office}
    notified = tell(concerns, of_kinds(stored, OF_WATCHES), frozenset(), offices, deps, now)
    yield Piece(office.office_id, notified)


def _feeds_of(facts: OfficeFacts, deps: IncidentDeps) -> dict[str, tuple[Requirement, ...]]:
    """What is not on record of the agencies that the office has an agreement with or runs."""
    agreed = {agreement.agency for agreement in facts.agreements.agreements}
    agencies = {*agreed, *facts.office.agencies} - {CANARY}
    return {agency: deps.missing_of_feed(agency) for agency in agencies}


def of_kinds(incidents: Mapping[str, Incident], kinds: frozenset[IncidentKind]) -> dict[str, Incident]:
    return {id_: incident for id_, incident in incidents.items() if incident.concern.kind in kinds}


def _watch_concerns(
    office: Office, watches: Collection[UnreachedWatch], deps: IncidentDeps, now: datetime
) -> Iterator[Concern]:
    if not watches:
        return
    users = list(deps.subscriptions.users.all_of(office.office_id))
    readers = {user.email for user in users if user.active and office.allows(user.email)}
    deputies = {
        owner: deps.preferences.find(office.office_id, owner).deputy
        for owner in {watch.owner.casefold() for watch in watches}
    }
    yield from watch_concerns(office, watches, contacts_of(office, users), readers, deputies.get, now)


def _office_facts(deps: IncidentDeps) -> list[OfficeFacts]:
    offices = sorted(deps.offices.each_office(), key=lambda office: office.office_id)
    agreements = deps.subscriptions.agreements.read(office.office_id for office in offices)
    return [OfficeFacts(office, agreements[office.office_id], _contacts(office, deps)) for office in offices]


def _contacts(office: Office, deps: IncidentDeps) -> tuple[str, ...]:
    """The users are read only where no contact is named."""
    return contacts_of(office, ()) or contacts_of(office, deps.subscriptions.users.all_of(office.office_id))


def tell(
    concerns: Collection[Concern],
    stored: Mapping[str, Incident],
    causes: Collection[Cause],
    offices: dict[str, Office],
    deps: IncidentDeps,
    now: datetime,
) -> int:
    """`stored` has the incidents of the concerns, and those that are open and may be over now."""
    by_id = {concern.incident_id: concern for concern in concerns}
    notified = 0
    for incident_id in sorted({*by_id, *stored}):
        concern, incident = by_id.get(incident_id), stored.get(incident_id)
        about = concern or (incident.concern if incident else None)
        office = offices.get(about.office_id) if about else None
        if about is None or office is None:
            continue
        lasts = about.cause in causes
        if step := next_step(concern, incident, office.local_day(now), now, lasts=lasts):
            notified += _apply(step, concern or about, office, deps, now)
    return notified


def _apply(step: IncidentStep, concern: Concern, office: Office, deps: IncidentDeps, now: datetime) -> int:
    """Two sweeps at the same time store the same notices; the one that comes second leaves the incident."""
    for email in step.recipients:
        notice = _notice(step.incident, concern, email, office, now)
        if deps.alerts.notices.store(notice):
            deps.enqueue([notice.delivery.key])
    with suppress(ConflictError):
        deps.alerts.incidents.save(step.incident)
    return len(step.recipients)


def _notice(incident: Incident, concern: Concern, email: str, office: Office, now: datetime) -> Notice:
    text = over_text(concern) if incident.over_at else incident_text(concern, office.local_day(now), office.zone)
    return Notice(
        notice_id=telling_id(incident, email),
        office_id=office.office_id,
        email=email,
        title=text.title,
        lines=(),
        sections=text.sections,
        path=text.path,
        opens=text.opens,
        agency=concern.agency if concern.party is ConcernedParty.AGENCY else "",
        created_at=now,
    )
