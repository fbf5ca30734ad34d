"""An office switches a source off and on: the times are kept, and a switch only narrows."""

from datetime import timedelta
from typing import Any

import pytest
from pydantic import ValidationError

from shared.offices.agreements import OfficeAgreements
from shared.offices.switches import MOST_PERIODS, OffPeriod, SourceKind, is_off, switched
from tests.builders import NOW, an_office

BY = "head@da.example.gov"
HOUR = timedelta(hours=1)


def switch(agreements: OfficeAgreements, *, on: bool, hours: int = 0, **facts: Any) -> OfficeAgreements:
    usual: dict[str, Any] = {"kind": SourceKind.AGENCY, "source": "roster", "by": BY, "reason": "It doubles the jail's"}
    return agreements.with_switch(**usual | facts, on=on, now=NOW + hours * HOUR)


EMPTY = OfficeAgreements(office_id="kings")


def test_a_source_is_off_from_the_switch_until_it_is_on_again_and_the_time_is_kept() -> None:
    both = switch(switch(EMPTY, on=False), on=True, hours=2, reason="The jail's feed ended")
    expected = {-1: False, 0: True, 1: True, 2: False, 3: False}
    assert {hours: both.is_off("roster", NOW + hours * HOUR) for hours in expected} == expected
    [period] = both.switched_off
    assert (period.off_by, period.reason, period.on_by, period.reason_on) == (
        BY, "It doubles the jail's", BY, "The jail's feed ended",
    )  # fmt: skip


def test_switching_off_what_is_off_keeps_the_first_reason() -> None:
    once = switch(EMPTY, on=False)
    assert switch(once, on=False, hours=1, reason="Another reason").switched_off == once.switched_off
    assert switch(EMPTY, on=True).switched_off == ()


def test_an_agency_and_an_office_of_one_name_are_switched_apart() -> None:
    off = switch(EMPTY, on=False, kind=SourceKind.OFFICE, source="queens")
    assert off.is_office_off("queens", NOW)
    assert not off.is_off("queens", NOW)
    assert not off.is_office_off("bronx", NOW)


def test_a_switch_never_opens_what_the_agreements_close() -> None:
    office = an_office(only_by_agreement=True)
    on_again = switch(switch(EMPTY, on=False), on=True, hours=1)
    assert not on_again.covers(office, "roster", "investigation", NOW.date())


def test_an_office_that_switched_nothing_is_stored_as_before() -> None:
    assert "switched_off" not in EMPTY.model_dump(mode="json")
    off = switch(EMPTY, on=False)
    assert OfficeAgreements.model_validate_json(off.model_dump_json()) == off


def test_the_periods_do_not_grow_for_ever_and_none_that_lasts_is_dropped() -> None:
    periods: tuple[OffPeriod, ...] = ()
    periods = switched(periods, SourceKind.AGENCY, "nypd", on=False, by=BY, reason="For good", now=NOW)
    for number in range(2 * MOST_PERIODS):
        now = NOW + number * HOUR
        periods = switched(periods, SourceKind.AGENCY, "roster", on=number % 2 == 1, by=BY, reason="Again", now=now)
    assert len(periods) <= MOST_PERIODS
    assert is_off(periods, SourceKind.AGENCY, "nypd", NOW + 9999 * HOUR)


@pytest.mark.parametrize("reason", ["", "  ", "no", "x" * 161])
def test_a_reason_must_say_something(reason: str) -> None:
    with pytest.raises(ValidationError):
        OffPeriod(kind=SourceKind.AGENCY, source="roster", off_at=NOW, off_by=BY, reason=reason)
