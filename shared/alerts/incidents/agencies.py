"""Agencies that are silent, and their files that are held, refused or partly rejected, as concerns of offices and of
the agencies. Pure.

An office is concerned if it runs the agency's feed or has an agreement with the agency in force, and has not switched
the feed off for itself. An agency with no such office concerns every office that is open to it, because somebody must
hear.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from shared.alerts.incidents.model import Cause, Concern, ConcernedParty, IncidentKind
from shared.offices.agreements import OfficeAgreements
from shared.offices.model import Office

_OF_THE_SENDER = frozenset({IncidentKind.ROWS_REJECTED, IncidentKind.RELEASES_LATE, IncidentKind.SEALS_LOCKED})


@dataclass(frozen=True)
class AgencyCondition:
    """How an agency stands now.

    `overdue_since` is when its next file was due, None if it is not late. `held`, `refused`, `partly` (some rows were
    rejected) and `late` (a release was announced too late) map the ids of files to when they came, and `locked` those
    of its seals that name no statute. `contacts` come from its profile. A folder whose name is not enrolled concerns
    only an office that runs it: the name may be anything."""

    agency: str
    is_enrolled: bool = True
    overdue_since: datetime | None = None
    held: Mapping[str, datetime] = field(default_factory=dict)
    refused: Mapping[str, datetime] = field(default_factory=dict)
    partly: Mapping[str, datetime] = field(default_factory=dict)
    late: Mapping[str, datetime] = field(default_factory=dict)
    locked: Mapping[str, datetime] = field(default_factory=dict)
    refused_codes: tuple[str, ...] = ()
    contacts: tuple[str, ...] = ()


@dataclass(frozen=True)
class OfficeFacts:
    """An office that may be told, its agreements, and the addresses of its contacts."""

    office: Office
    agreements: OfficeAgreements
    contacts: tuple[str, ...]


def agency_concerns(condition: AgencyCondition, offices: Collection[OfficeFacts], now: datetime) -> Iterator[Concern]:
    """The agency is told once, through the first office that it concerns: it runs the feed, if one does."""
    concerned = concerned_offices(condition.agency, offices, now)
    if not condition.is_enrolled:
        concerned = [facts for facts in concerned if condition.agency in facts.office.agencies]
    for facts in concerned:
        keeps = condition.agency in facts.office.agencies
        party = ConcernedParty.KEEPER if keeps else ConcernedParty.OFFICE
        yield from _concerns(condition, facts.office, party, facts.contacts)
    if concerned:
        yield from _concerns(condition, concerned[0].office, ConcernedParty.AGENCY, condition.contacts)


def causes_of(condition: AgencyCondition) -> Iterator[Cause]:
    """What lasts, whichever office it concerns."""
    for kind, _, _ in _states(condition):
        yield Cause(kind, "", condition.agency)


def concerned_offices(agency: str, offices: Collection[OfficeFacts], now: datetime) -> list[OfficeFacts]:
    """Those that run its feed come first, then by id."""
    able = sorted(
        offices,
        key=lambda facts: (agency not in facts.office.agencies, facts.office.office_id),
    )
    wanting = [facts for facts in able if agency in facts.office.agencies or not facts.agreements.is_off(agency, now)]
    near = [
        facts
        for facts in wanting
        if agency in facts.office.agencies or facts.agreements.in_force_with(agency, facts.office.local_day(now))
    ]
    return near or [
        facts for facts in wanting if not facts.office.only_by_agreement and not facts.agreements.with_agency(agency)
    ]


def _concerns(
    condition: AgencyCondition, office: Office, party: ConcernedParty, recipients: tuple[str, ...]
) -> Iterator[Concern]:
    for kind, since, items in _states(condition):
        if kind in _OF_THE_SENDER and party is ConcernedParty.OFFICE:
            continue  # whoever only gets the arrests can do nothing about a row or an hour, and is told of no seal
        yield Concern(
            kind=kind,
            office_id=office.office_id,
            party=party,
            subject=condition.agency,
            agency=condition.agency,
            since=since,
            items=items,
            lines=_reasons(condition) if kind is IncidentKind.DROPS_REFUSED else (),
            recipients=recipients,
        )


def _states(condition: AgencyCondition) -> Iterator[tuple[IncidentKind, datetime, tuple[str, ...]]]:
    """What is wrong with the agency: kind, since when, and the ids of the files."""
    if condition.overdue_since:
        yield IncidentKind.AGENCY_SILENT, condition.overdue_since, ()
    of_files = {
        IncidentKind.DROPS_HELD: condition.held,
        IncidentKind.DROPS_REFUSED: condition.refused,
        IncidentKind.ROWS_REJECTED: condition.partly,
        IncidentKind.RELEASES_LATE: condition.late,
        IncidentKind.SEALS_LOCKED: condition.locked,
    }
    for kind, files in of_files.items():
        if files:
            yield kind, min(files.values()), tuple(sorted(files, key=lambda drop_id: (files[drop_id], drop_id)))


def _reasons(condition: AgencyCondition) -> tuple[str, ...]:
    """The codes of the receipts, which say what is wrong in one word each."""
    return (f"code of the receipt: {', '.join(condition.refused_codes)}",) if condition.refused_codes else ()
