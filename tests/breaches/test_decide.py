"""P7: what a breach asks for, by when, and how it is closed. Plain values."""

from datetime import datetime, timedelta

import pytest

from shared.breaches.decide import (
    BreachRefusedError,
    BreachStateError,
    close_breach,
    confirm_breach,
    open_steps,
    statuses,
    take_step,
)
from shared.breaches.default_steps import default_steps
from shared.breaches.model import Breach, BreachClosing, BreachConfirmation, BreachState
from tests.breaches.cases import a_breach, a_step
from tests.builders import NOW

STEPS = default_steps().steps
PAT = "pat@da.example.gov"
OF_SUSPICION = {"inside", "privacy chief"}
OF_EVERY_BREACH = OF_SUSPICION | {"systems officer", "cyber command", "owner"}


def asked_for(breach: Breach) -> set[str]:
    return {status.step.name for status in statuses(breach, STEPS, NOW)}


def confirmed(people: int = 12, risk: bool = False, now: datetime = NOW) -> Breach:
    return confirm_breach(a_breach(), BreachConfirmation(people=people, risk=risk), PAT, now)


def test_cjis_ir_6_a_suspicion_is_reported_inside_within_an_hour_of_its_discovery() -> None:
    breach = a_breach()
    [inside, chief] = statuses(breach, STEPS, NOW)
    assert (inside.step.name, inside.due) == ("inside", breach.discovered_at + timedelta(hours=1))
    assert (chief.due, chief.late) == (None, False), "as soon as practicable is no number"
    late = statuses(breach, STEPS, NOW + timedelta(minutes=31))
    assert [status.late for status in late] == [True, False]
    done = take_step(breach, a_step(), STEPS, PAT, NOW)
    assert not any(status.late for status in statuses(done, STEPS, NOW + timedelta(days=1)))


def test_cjis_ir_6_a_confirmed_breach_goes_on_to_the_systems_officer() -> None:
    assert asked_for(a_breach()) == OF_SUSPICION
    assert asked_for(confirmed()) == OF_EVERY_BREACH


def test_nyc_10_502_people_are_told_where_there_is_a_risk_and_consumer_agencies_from_five_thousand_on() -> None:
    assert asked_for(confirmed(risk=True)) == OF_EVERY_BREACH | {"people"}
    assert "consumer agencies" not in asked_for(confirmed(people=4_999))
    assert "consumer agencies" in asked_for(confirmed(people=5_000))


def test_p7_a_breach_may_be_confirmed_again_and_its_clock_runs_from_the_first_time() -> None:
    again = confirm_breach(
        confirmed(), BreachConfirmation(people=6_000, risk=True), "bo@da.example.gov", NOW + timedelta(days=2)
    )
    assert (again.people, again.confirmed_at, again.confirmed_by) == (6_000, NOW, PAT)


def test_p7_a_step_is_ticked_off_once_if_the_breach_asks_for_it_at_a_time_that_can_be() -> None:
    breach = take_step(a_breach(), a_step(), STEPS, PAT, NOW)
    assert [(taken.step, taken.recorded_by) for taken in breach.taken] == [("inside", PAT)]
    with pytest.raises(BreachStateError):
        take_step(breach, a_step(), STEPS, PAT, NOW)
    for wrong, field in (
        (a_step("owner"), "step"),
        (a_step("privacy chief", done_at=NOW - timedelta(hours=2)), "done_at"),
        (a_step("privacy chief", done_at=NOW + timedelta(hours=1)), "done_at"),
    ):
        with pytest.raises(BreachRefusedError) as refusal:
            take_step(breach, wrong, STEPS, PAT, NOW)
        assert [fault.field for fault in refusal.value.faults] == [field]


def test_p7_closing_needs_every_step_done_or_a_reason() -> None:
    breach = take_step(a_breach(), a_step(), STEPS, PAT, NOW)
    closing = BreachClosing(finding="The list was found unread.")
    with pytest.raises(BreachRefusedError) as refusal:
        close_breach(breach, closing, STEPS, PAT, NOW)
    assert refusal.value.faults[0].fix.endswith(": privacy chief")
    left_out = [{"step": "privacy chief", "reason": "It was none."}]
    closed = close_breach(
        breach, BreachClosing.model_validate(closing.model_dump() | {"left_out": left_out}), STEPS, PAT, NOW
    )
    assert (closed.state, closed.closed_by) == (BreachState.CLOSED, PAT)
    assert open_steps(closed, STEPS, NOW + timedelta(days=9)) == []
    with pytest.raises(BreachStateError):
        take_step(closed, a_step("privacy chief"), STEPS, PAT, NOW)


def test_p7_a_discovery_lies_in_the_past() -> None:
    with pytest.raises(BreachRefusedError):
        a_breach(discovered_at=NOW + timedelta(hours=1))


def test_every_step_has_a_name_of_its_own_and_its_source() -> None:
    assert len({step.name for step in STEPS}) == len(STEPS)
    assert all(any(source in step.source for source in ("IR-6", "S3", "10-502")) for step in STEPS)
