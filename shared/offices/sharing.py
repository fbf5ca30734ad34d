"""Whether an agency still shares its arrests with any office, which its feed waits for. Pure."""

from collections.abc import Collection, Mapping
from datetime import date, datetime
from typing import NamedTuple

from shared.arrests.synthetic import may_meet
from shared.offices.agreements import OfficeAgreements
from shared.offices.model import Office


class OfficeSharing(NamedTuple):
    office: Office
    agreements: OfficeAgreements


def last_days_of_sharing(offices: Collection[OfficeSharing], now: datetime) -> Mapping[str, date | None]:
    """Maps each agency with which any office recorded an agreement to the last day of the last one.

    None while an office may be notified of the agency's arrests, and for one whose agreements have yet to begin. A
    suspended office counts: it hears of nothing, but its agreement has not lapsed. The canary's office, which needs no
    agreement, counts for the canary's agency alone.
    """
    agencies = {agreement.agency for _, agreements in offices for agreement in agreements.agreements}
    return {agency: _last_day(agency, offices, now) for agency in sorted(agencies)}


def _last_day(agency: str, offices: Collection[OfficeSharing], now: datetime) -> date | None:
    ended: list[date] = []
    for office, agreements in offices:
        if not may_meet(agency, office.office_id):
            continue
        today, recorded = office.local_day(now), agreements.with_agency(agency)
        if agreements.in_force_with(agency, today) or not (recorded or office.only_by_agreement):
            return None
        ended += [agreement.ends for agreement in recorded if agreement.ends < today]
    return max(ended, default=None)
