"""Whether an agency still shares its arrests with anybody: the office's agreements, noted for the intake."""

from datetime import date, datetime, timedelta

import pytest

from shared.arrests.synthetic import CANARY
from shared.feeds.profiles.sharing import note_sharing
from shared.offices.agreements import OfficeAgreements, RecordedAgreement
from shared.offices.sharing import OfficeSharing, last_days_of_sharing
from tests.builders import NOW, an_office
from tests.conftest import Tables
from tests.offices.test_agreements import an_agreement

TODAY = NOW.date()
ENDED = an_agreement("testville", ends=TODAY - timedelta(days=1))
GOES_ON = an_agreement("testville", reference="MOU-2", ends=TODAY)
TO_COME = an_agreement("testville", reference="MOU-3", starts=TODAY + timedelta(days=1), ends=TODAY + timedelta(days=9))


def sharing(office_id: str, *agreements: RecordedAgreement, **facts: bool) -> OfficeSharing:
    office = an_office(office_id, **facts)
    return OfficeSharing(office, OfficeAgreements(office_id=office_id, agreements=agreements))


@pytest.mark.parametrize(
    ("offices", "last_day"),
    [
        ([sharing("kings", ENDED)], ENDED.ends),
        ([sharing("kings", ENDED), sharing("queens", only_by_agreement=True)], ENDED.ends),
        ([sharing("kings", ENDED), sharing("queens")], None),  # which is open without an agreement
        ([sharing("kings", ENDED), sharing("queens", GOES_ON)], None),
        ([sharing("kings", ENDED), sharing("queens", GOES_ON, suspended=True)], None),
        ([sharing("kings", ENDED, GOES_ON)], None),
        ([sharing("kings", ENDED, TO_COME)], ENDED.ends),  # a gap is a gap
        ([sharing("kings", TO_COME)], None),  # nothing has lapsed
        ([sharing("kings", ENDED), sharing(CANARY)], ENDED.ends),  # the canary is shown nothing real
        ([sharing("kings", ENDED), sharing(CANARY, GOES_ON)], ENDED.ends),
    ],
)
def test_p6_cjis_ca_3_an_agency_stops_sharing_after_the_last_day_of_its_last_agreement_with_any_office(
    offices: list[OfficeSharing], last_day: date | None
) -> None:
    assert last_days_of_sharing(offices, NOW) == {"testville": last_day}


def test_p6_cjis_ca_3_the_end_of_sharing_is_noted_once_and_taken_back_with_the_next_agreement(tables: Tables) -> None:
    tables.offices.enrol(an_office("kings"))
    agreements = tables.subscriptions.agreements

    def note(now: datetime) -> int:
        return note_sharing(tables.offices, agreements, tables.agencies, now)

    recorded = OfficeAgreements(office_id="kings").with_agreement(GOES_ON)
    agreements.save(recorded)
    assert (note(NOW), tables.agencies.sharing_ended_on("testville")) == (0, None)
    tomorrow = NOW + timedelta(days=1)
    assert (note(tomorrow), note(tomorrow)) == (1, 0), "a second run changes nothing"
    assert tables.agencies.sharing_ended_on("testville") == GOES_ON.ends
    agreements.save(recorded.with_agreement(TO_COME))
    assert (note(tomorrow), tables.agencies.sharing_ended_on("testville")) == (1, None)
