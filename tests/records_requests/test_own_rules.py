"""What an office's counsel changes of the clocks and holidays of records requests."""

from datetime import date

import pytest
from pydantic import ValidationError

from shared.records_requests.clocks import clocks_of
from shared.records_requests.default_rules import default_rules
from shared.records_requests.model import DayUnit, RequestKind
from shared.records_requests.own_rules import OwnRequestRules, rules_with
from tests.records_requests.test_decide import a_request


def own(**changes: object) -> OwnRequestRules:
    return OwnRequestRules.model_validate(changes)


def first_due(rules: OwnRequestRules | None, received: date) -> date:
    request = a_request("foil")
    request = request.model_copy(update={"facts": request.facts.model_copy(update={"received_on": received})})
    return next(clock.due_on for clock in clocks_of(request, rules_with(rules)) if clock.name == "first answer")


def test_pol_89_3_without_rules_of_its_own_an_office_has_those_that_are_shipped() -> None:
    assert rules_with(None) is default_rules()
    assert rules_with(own()) == default_rules()
    assert first_due(None, date(2026, 12, 21)) == date(2026, 12, 29), "five business days, without Christmas Day"


def test_pol_89_3_counsel_gives_a_clock_fewer_days_and_the_office_closes_on_another_day() -> None:
    clock = {"days": 3, "source": "memo 7"}
    fewer = own(clocks={"foil": {"first answer": clock}})
    assert first_due(fewer, date(2026, 12, 21)) == date(2026, 12, 24)
    closed = own(clocks={"foil": {"first answer": clock}}, dates=["2026-12-24"])
    assert first_due(closed, date(2026, 12, 21)) == date(2026, 12, 28)
    in_days = own(clocks={"foil": {"first answer": clock | {"unit": "days"}}})
    assert first_due(in_days, date(2026, 12, 25)) == date(2026, 12, 28)
    changed = next(c for c in rules_with(fewer).kinds[RequestKind.FOIL].clocks if c.name == "first answer")
    assert (changed.unit, changed.source.startswith("memo 7; POL 89(3)")) == (DayUnit.BUSINESS_DAYS, True)
    others = [c for c in rules_with(fewer).kinds[RequestKind.FOIL].clocks if c.name != "first answer"]
    assert others == [c for c in default_rules().kinds[RequestKind.FOIL].clocks if c.name != "first answer"]


def test_counsel_of_another_state_gives_its_own_holidays() -> None:
    days = [{"name": "Day of the state", "month": 12, "day": 22}]
    elsewhere = own(holidays={"source": "code of the state", "moves_from_sunday": False, "days": days})
    assert first_due(elsewhere, date(2026, 12, 21)) == date(2026, 12, 29), "Christmas Day is none there, the 22nd is"


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"clocks": {"foil": {"last answer": {"days": 3, "source": "memo"}}}}, "write one of: first answer"),
        ({"clocks": {"foil": {"first answer": {"days": -3, "source": "memo"}}}}, "counts the other way; write 3"),
        ({"clocks": {"foil": {"first answer": {"days": 3, "source": ""}}}}, "source"),
        ({"clocks": {"foil": {"first answer": {"days": 9_999, "source": "memo"}}}}, "366"),
        ({"clocks": {"parking": {}}}, "foil"),
        ({"dates": ["2026-02-30"]}, "dates"),
        ({"dates": ["2026-12-24"] * 501}, "500"),
        ({"holidays": {"source": "x", "moves_from_sunday": False, "days": [{"name": "x", "month": 2, "day": 29}]}},
         "not every year"),
        ({"holidays": {"source": "x", "moves_from_sunday": False, "days": [{"name": "x", "month": 1, "day": 1}] * 61}},
         "60"),
    ],
)  # fmt: skip
def test_rules_that_cannot_be_say_what_to_write(changes: dict[str, object], says: str) -> None:
    with pytest.raises(ValidationError, match=says):
        own(**changes)
