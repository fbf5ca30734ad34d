"""The page of an alert says what was decided, where, and when a watch may have lost its reason."""

from datetime import date
from zoneinfo import ZoneInfo

from functions.console.pages.alerts.alert_words import EVENTS, event_facts
from shared.alerts.view import ShownArrest
from shared.arrests.charges import Charge
from shared.arrests.court import Bail, BailKind, ChargeOutcome, CourtCase, Disposition
from shared.arrests.model import EventKind
from tests.builders import an_arrest

ZONE = ZoneInfo("America/New_York")
DISMISSED = Disposition(outcome=ChargeOutcome.DISMISSED)


def facts(kind: EventKind, **changes: object) -> dict[str, tuple[str, ...]]:
    arrest = an_arrest().model_copy(update={"kind": kind, "event_on": date(2026, 11, 3), **changes})
    return {fact.label: fact.lines for fact in event_facts(ShownArrest(arrest), ZONE)}


def test_the_page_of_a_disposition_says_the_decision_the_court_and_each_charge() -> None:
    case = CourtCase(court="Quillham Criminal Court", docket="CR-1", bail=Bail(kind=BailKind.REMANDED))
    charges = (Charge(text="MENACING", statute="PL 120.14", disposition=DISMISSED), Charge(disposition=DISMISSED))
    shown = facts(EventKind.DISPOSITION, charges=charges, cases=(case,))
    assert shown["Decision"] == ("Dismissed on Tue, Nov 3, 2026 in Quillham Criminal Court, docket CR-1",)
    assert shown["Charges"] == ("Menacing (PL 120.14): dismissed", "Charge not reported: dismissed")
    assert shown["Court and bail"] == ("Court: Quillham Criminal Court, docket CR-1", "Bail: remanded")


def test_the_page_of_a_cleared_warrant_says_that_the_watch_can_be_ended() -> None:
    assert facts(EventKind.WARRANT_CLEARED)["Your watch"] == ("If this warrant is why you watch, end the watch.",)
    assert "Your watch" not in facts(EventKind.WARRANT)


def test_the_page_of_an_arrest_is_as_before() -> None:
    assert [*facts(EventKind.ARREST)] == ["Charge", "When", "Where", "Source"]


def test_every_kind_of_event_has_a_word_in_a_list() -> None:
    assert set(EVENTS) == set(EventKind)
