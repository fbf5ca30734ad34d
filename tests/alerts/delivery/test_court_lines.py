"""A mail says in words what was decided, and when a watch may have lost its reason."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from shared.alerts.delivery.messages import arrest_lines
from shared.alerts.view import ShownArrest
from shared.arrests.charges import Charge
from shared.arrests.court import Bail, BailKind, ChargeOutcome, CourtCase, Disposition
from shared.arrests.model import EventKind
from tests.builders import an_arrest

ZONE = ZoneInfo("America/New_York")
COURT = CourtCase(court="New York Criminal Court", docket="CR-26-0001")


def an_event(
    kind: EventKind, *outcomes: ChargeOutcome | None, cases: tuple[CourtCase, ...] = (), **facts: object
) -> ShownArrest:
    charges = tuple(
        Charge(text=f"CHARGE {place}", disposition=outcome and Disposition(outcome=outcome))
        for place, outcome in enumerate(outcomes, 1)
    )
    usual = {"kind": kind, "event_on": date(2026, 11, 3), "charges": charges, "cases": cases}
    return ShownArrest(an_arrest().model_copy(update=usual | facts))


@pytest.mark.parametrize(
    ("event", "line"),
    [
        (
            an_event(EventKind.DISPOSITION, ChargeOutcome.DISMISSED, cases=(COURT,)),
            "Dismissed on Tue, Nov 3, 2026 in New York Criminal Court, docket CR-26-0001",
        ),
        (an_event(EventKind.DISPOSITION, ChargeOutcome.ACQUITTED), "Acquitted on Tue, Nov 3, 2026"),
        (
            an_event(EventKind.DISPOSITION, ChargeOutcome.CONVICTED, ChargeOutcome.DISMISSED, cases=(COURT,)),
            "Decided on Tue, Nov 3, 2026 in New York Criminal Court, docket CR-26-0001",
        ),
        (
            an_event(EventKind.DISPOSITION, ChargeOutcome.DISMISSED, None, cases=(COURT,)),
            "Decided on Tue, Nov 3, 2026 in New York Criminal Court, docket CR-26-0001",
        ),
        (an_event(EventKind.DISPOSITION, ChargeOutcome.DECLINED, event_on=None), "Prosecution declined"),
        (an_event(EventKind.DISPOSITION), "Tue, Nov 3, 2026"),
        (an_event(EventKind.RELEASE, cases=(COURT,)), "Tue, Nov 3, 2026"),
    ],
)
def test_the_first_line_says_what_was_decided_when_and_where(event: ShownArrest, line: str) -> None:
    assert arrest_lines.lead_line(event, ZONE) == line


def test_each_charge_says_how_it_was_decided() -> None:
    plea = Disposition(outcome=ChargeOutcome.PLEADED_TO_LESSER, statute="PL 155.25", sentence="30 days")
    charge = Charge(statute="PL 155.30", text="GRAND LARCENY", disposition=plea)
    event = an_event(EventKind.DISPOSITION).model_copy(update={"charges": (charge, Charge(disposition=plea))})
    assert arrest_lines.charge_lines(ShownArrest(event)) == (
        "PL 155.30 Grand larceny: pleaded guilty to a lesser charge, PL 155.25. Sentence: 30 days",
        "Charge not reported: pleaded guilty to a lesser charge, PL 155.25. Sentence: 30 days",
    )


def test_a_booking_says_its_bail_and_its_next_date_in_the_readers_zone() -> None:
    case = COURT.model_copy(
        update={
            "bail": Bail(amount="2500.50", kind=BailKind.CASH),
            "warrant": "W-7",
            "warrant_court": "Quillham Town Court",
            "next_on": date(2026, 12, 4),
            "next_at": datetime(2026, 12, 4, 14, 30, tzinfo=UTC),
        }
    )
    lines = arrest_lines.event_lines(an_event(EventKind.BOOKING, cases=(case, case)), ZONE)
    assert lines[-4:] == (
        "Court: New York Criminal Court, docket CR-26-0001",
        "Bail: $2,500.50 cash",
        "Warrant W-7, issued by Quillham Town Court",
        "Next court date: Fri, Dec 4, 2026, 9:30 a.m. EST",
    )


def test_a_cleared_warrant_and_a_death_say_that_the_watch_can_be_ended() -> None:
    advice = {kind: [*arrest_lines.event_lines(an_event(kind), ZONE)][-1] for kind in EventKind}
    assert advice[EventKind.WARRANT_CLEARED] == "If this warrant is why you watch, end the watch."
    assert advice[EventKind.DEATH] == "If you watch this person, end the watch."
    assert sum("end the watch" in line for line in advice.values()) == 2


def test_the_number_of_a_warrant_is_not_said_to_be_that_of_the_arrest() -> None:
    warrant = CourtCase(warrant="W-7")
    own, others = (an_event(EventKind.WARRANT, cases=(warrant,), number=number) for number in ("W-7", "26-0001"))
    assert arrest_lines.source_line(own).endswith("warrant number W-7")
    assert "Warrant W-7" not in arrest_lines.event_lines(own, ZONE)
    assert arrest_lines.source_line(others).endswith("arrest number 26-0001")
    assert "Warrant W-7" in arrest_lines.event_lines(others, ZONE)
