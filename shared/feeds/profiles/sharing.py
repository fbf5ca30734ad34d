"""Notes at each agency whether its arrests are still shared with anybody, for the intake, which may not read the
agreements of offices."""

from datetime import datetime

from shared.feeds.profiles.table import AgenciesTable
from shared.offices.agreements_table import AgreementsTable
from shared.offices.sharing import OfficeSharing, last_days_of_sharing
from shared.offices.table import OfficesTable


def note_sharing(offices: OfficesTable, agreements: AgreementsTable, agencies: AgenciesTable, now: datetime) -> int:
    """Returns how many agencies share now and did not, or the reverse. May run twice."""
    by_id = {office.office_id: office for office in offices.each_office()}
    recorded = agreements.read(by_id)
    days = last_days_of_sharing([OfficeSharing(office, recorded[id_]) for id_, office in by_id.items()], now)
    changed = [agency for agency, day in days.items() if agencies.sharing_ended_on(agency) != day]
    for agency in changed:
        agencies.set_sharing_ended_on(agency, days[agency])
    return len(changed)
