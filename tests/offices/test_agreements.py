from datetime import date
from typing import Any

import pytest

from shared.offices.agreements import PURPOSE_OF_BASIS, OfficeAgreements, RecordedAgreement
from shared.offices.purposes import Purpose
from shared.offices.recipient import BasisKind
from tests.builders import NOW, an_office

TODAY = date(2026, 11, 20)


def an_agreement(agency: str = "roster", **facts: Any) -> RecordedAgreement:
    usual: dict[str, Any] = {"reference": "MOU-1", "starts": date(2026, 1, 1), "ends": date(2026, 12, 31)}
    return RecordedAgreement(agency=agency, recorded_by="set-up", recorded_at=NOW, **usual | facts)


def covers(*made, agency="roster", purpose="investigation", today=TODAY, **office):
    return OfficeAgreements(office_id="kings", agreements=made).covers(an_office(**office), agency, purpose, today)


def test_p6_cjis_ca_3_an_agency_with_which_nothing_was_ever_recorded_is_open_unless_the_office_goes_only_by_agreement():
    assert covers()
    assert covers(an_agreement("nypd"))
    assert not covers(only_by_agreement=True)
    assert not covers(an_agreement("nypd"), only_by_agreement=True)
    assert covers(an_agreement(), only_by_agreement=True)


@pytest.mark.parametrize(
    ("today", "open_"),
    [(date(2025, 12, 31), False), (date(2026, 1, 1), True), (date(2026, 12, 31), True), (date(2027, 1, 1), False)],
)
def test_p6_cjis_ca_3_an_agreement_holds_from_its_first_to_its_last_day(today, open_):
    assert covers(an_agreement(), today=today) is open_


def test_p6_cjis_ca_3_one_of_several_agreements_in_force_is_enough():
    over = an_agreement(ends=date(2026, 6, 30))
    assert not covers(over)
    assert covers(over, an_agreement(reference="MOU-2"))


def test_p6_cjis_ca_3_an_agreement_for_some_purposes_covers_no_other():
    limited = an_agreement(purposes=frozenset({Purpose.PROSECUTION}))
    assert covers(limited, purpose="prosecution")
    assert not covers(limited, purpose="investigation")
    assert not covers(limited, purpose="")


def test_p6_cjis_ca_3_every_basis_has_a_purpose_for_which_its_watches_are_told():
    assert set(PURPOSE_OF_BASIS) == set(BasisKind)
