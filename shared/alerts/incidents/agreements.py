"""Agreements that end, have ended or were never made, as concerns of the office and of the agency. Pure."""

from collections.abc import Callable, Collection, Iterator
from datetime import date, datetime, time, timedelta

from shared.alerts.incidents.model import ONCE, Cause, Concern, ConcernedParty, IncidentKind
from shared.arrests.synthetic import may_meet
from shared.offices.agreements import Agreement, OfficeAgreements
from shared.offices.model import Office

WARNING_DAYS = (45, 14, 1)  # before the last day
ENDED_DAYS = (1, 8, 31)  # after it: on the first day without the agreement, and twice more
_LISTED_AFTER = timedelta(days=60)  # after the last day nothing more is said of it


def agreement_concerns(
    office: Office,
    agreements: OfficeAgreements,
    contacts: tuple[str, ...],
    contacts_of_agency: Callable[[str], tuple[str, ...]],
    today: date,
) -> Iterator[Concern]:
    """One for the office and one for the agency, of each agreement near its end that no other one follows."""
    for agreement in agreements.agreements:
        if is_near_its_end(agreement, today) and not is_followed(agreement, agreements):
            liaison = agreement.office_liaison if office.allows(agreement.office_liaison or "") else None
            of_agency = contacts_of_agency(agreement.agency)
            yield _concern(office, agreement, ConcernedParty.OFFICE, _each_once(*contacts, liaison))
            yield _concern(office, agreement, ConcernedParty.AGENCY, _each_once(*of_agency, agreement.agency_liaison))


def missing_agreement(
    office: Office, agreements: OfficeAgreements, contacts: tuple[str, ...], sending: Collection[str], today: date
) -> Concern | None:
    """For an office that is open to agencies without an agreement. `sending` are the agencies that send files."""
    may_concern = (agency for agency in sending if may_meet(agency, office.office_id))
    agencies = tuple(sorted(agency for agency in may_concern if not agreements.with_agency(agency)))
    if office.only_by_agreement or not agencies:
        return None
    return Concern(
        kind=IncidentKind.AGREEMENT_MISSING,
        office_id=office.office_id,
        party=ConcernedParty.OFFICE,
        subject=office.office_id,
        since=datetime.combine(today, time(), office.zone),
        days=ONCE,
        items=agencies,
        recipients=contacts,
    )


def ended_causes(agreements: OfficeAgreements, today: date) -> Iterator[Cause]:
    """Agreements that ended without a successor, however long ago: their incident is over only when one follows."""
    for agreement in agreements.agreements:
        if agreement.ends < today and not is_followed(agreement, agreements):
            yield Cause(IncidentKind.AGREEMENT_ENDING, agreements.office_id, agreement.reference)


def is_near_its_end(agreement: Agreement, today: date) -> bool:
    return agreement.ends - timedelta(days=WARNING_DAYS[0]) <= today <= agreement.ends + _LISTED_AFTER


def is_followed(agreement: Agreement, agreements: OfficeAgreements) -> bool:
    """Whether another agreement with the agency goes on after the last day, without a gap and for the same purposes."""
    return any(
        other.starts <= agreement.ends + timedelta(days=1)
        and other.ends > agreement.ends
        and (not other.purposes or (bool(agreement.purposes) and agreement.purposes <= other.purposes))
        for other in agreements.with_agency(agreement.agency)
    )


def _each_once(*emails: str | None) -> tuple[str, ...]:
    return tuple(dict.fromkeys(filter(None, emails)))


def _concern(office: Office, agreement: Agreement, party: ConcernedParty, recipients: tuple[str, ...]) -> Concern:
    first_day = agreement.ends - timedelta(days=WARNING_DAYS[0])
    return Concern(
        kind=IncidentKind.AGREEMENT_ENDING,
        office_id=office.office_id,
        party=party,
        subject=agreement.reference,
        agency=agreement.agency,
        since=datetime.combine(first_day, time(), office.zone),
        days=(
            *(agreement.ends - timedelta(days=days) for days in WARNING_DAYS),
            *(agreement.ends + timedelta(days=days) for days in ENDED_DAYS),
        ),
        items=(agreement.ends.isoformat(),),
        last_day=agreement.ends,
        recipients=recipients,
    )
