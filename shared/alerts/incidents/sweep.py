"""Tells people of incidents: gathers what is so now, compares it with what was told, tells what is new.

May run twice and late. A notice is stored before its incident, and has one id a day: a run that died between the two is
repeated, and nobody is told twice. The sweep of deliveries queues a notice that was stored and not queued.
"""

from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from shared.alerts.delivery.messages.notice import Notice
from shared.alerts.delivery.model import DeliveryKey
from shared.alerts.incidents.agencies import AgencyCondition, OfficeFacts, agency_concerns, causes_of
from shared.alerts.incidents.agreements import agreement_concerns, ended_causes, missing_agreement
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
from shared.alerts.incidents.watches import watch_concerns
from shared.alerts.reach import ReachDeps, unreached_watches
from shared.alerts.table import AlertsTable
from shared.aws.optimistic_lock import ConflictError
from shared.offices.contacts import contacts_of
from shared.offices.model import Office
from shared.offices.preferences_table import PreferencesTable
from shared.offices.table import OfficesTable
from shared.subscriptions.table import SubscriptionsTable

OF_WATCHES = frozenset({IncidentKind.WATCHES_UNREACHED})
OF_AGENCIES = frozenset(IncidentKind) - OF_WATCHES


@dataclass(frozen=True)
class IncidentDeps:
    """`conditions` returns the agencies with something wrong, `sending` those that send files. `contacts_of_agency`
    returns the addresses of one."""

    offices: OfficesTable
    subscriptions: SubscriptionsTable
    preferences: PreferencesTable
    alerts: AlertsTable
    enqueue: Callable[[Iterable[DeliveryKey]], None]
    conditions: Callable[[datetime], Collection[AgencyCondition]]
    contacts_of_agency: Callable[[str], tuple[str, ...]]
    sending: Callable[[], Collection[str]]


def tell_of_agencies(deps: IncidentDeps, now: datetime) -> int:
    """Silent agencies, held and refused files, agreements that end or are missing. Returns how many people were told.

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
    return _tell(concerns, OF_AGENCIES, causes, {facts.office.office_id: facts.office for facts in offices}, deps, now)


def tell_of_watches(deps: IncidentDeps, now: datetime) -> int:
    """Watches that reach nobody. Returns how many people were told."""
    offices = {office.office_id: office for office in deps.offices.each_office() if not office.suspended}
    concerns = [concern for office in offices.values() for concern in _watch_concerns(office, deps, now)]
    return _tell(concerns, OF_WATCHES, frozenset(), offices, deps, now)


def _watch_concerns(office: Office, deps: IncidentDeps, now: datetime) -> Iterator[Concern]:
    subscriptions = deps.subscriptions.all_of(office.office_id)
    watches = unreached_watches(office, subscriptions, ReachDeps(deps.subscriptions, deps.alerts), now)
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


def _tell(
    concerns: Collection[Concern],
    kinds: frozenset[IncidentKind],
    causes: Collection[Cause],
    offices: dict[str, Office],
    deps: IncidentDeps,
    now: datetime,
) -> int:
    by_id = {concern.incident_id: concern for concern in concerns}
    stored = deps.alerts.incidents.read({*by_id, *deps.alerts.incidents.open_ids(now)})
    notified = 0
    for incident_id in sorted({*by_id, *stored}):
        concern, incident = by_id.get(incident_id), stored.get(incident_id)
        about = concern or (incident.concern if incident else None)
        office = offices.get(about.office_id) if about else None
        if about is None or office is None or about.kind not in kinds:
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
