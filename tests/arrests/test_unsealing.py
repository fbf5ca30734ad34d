"""A court's order opens again what is locked or marked: who enters it, who approves it, and what it must say."""

from datetime import date, timedelta
from typing import Any

import pytest

from shared.arrests.model import Arrest, Flag
from shared.arrests.seals.effect import AccessFact, purposes_of_marks, rule_for
from shared.arrests.seals.seal import Seal
from shared.arrests.seals.unsealing import (
    SealState,
    Unsealing,
    UnsealingDecisionError,
    UnsealingRefusedError,
    UnsealingRequest,
    UnsealingState,
    check_unsealing,
    decided,
)
from tests.arrests.test_seal_locks import DROP, a_seal, apply, deps, later
from tests.builders import NOW, an_arrest
from tests.conftest import Tables

ORDER: dict[str, Any] = {
    "number": "K-1001", "order_number": "IND-71042/2026", "court": "Supreme Court, Kings County",
    "ordered_on": "2026-11-19", "subparagraph": "CPL 160.50(1)(d)(ii)", "applicant": "law enforcement",
}  # fmt: skip
TODAY = date(2026, 11, 20)
BEGUN = AccessFact.CASE_BEGUN


def an_unsealing(**facts: Any) -> Unsealing:
    usual: dict[str, Any] = {
        "unsealing_id": "0" * 32, "agency": "testville", "request": UnsealingRequest.model_validate(ORDER),
        "statute": "CPL 160.50", "requested_by": "kay@da.example.gov", "requested_at": NOW,
    }  # fmt: skip
    return Unsealing.model_validate(usual | facts)


def faults(state: SealState = SealState.LOCKED, mark: str = "", **facts: Any) -> set[str]:
    try:
        check_unsealing(UnsealingRequest.model_validate(ORDER | facts), state, mark, TODAY)
    except UnsealingRefusedError as refused:
        return {fault.field for fault in refused.faults}
    return set()


def test_cpl_160_50_1_d_ii_a_law_enforcement_agency_opens_by_a_courts_order() -> None:
    assert faults() == set()
    assert faults(applicant="Law Enforcement", subparagraph="160.50 (1)(d)(ii)") == set(), "however it is written"


def test_cpl_160_50_1_d_once_a_case_is_begun_the_prosecutor_may_not_open_by_ii() -> None:
    """Matter of Katherine B. v Cataldo."""
    prosecutor: dict[str, Any] = {"applicant": "prosecutor"}
    assert faults(**prosecutor, facts={BEGUN: True}) == {"subparagraph"}
    assert faults(**prosecutor, facts={BEGUN: False}) == set()
    by_i = prosecutor | {"subparagraph": "160.50(1)(d)(i)"}
    assert faults(**by_i, facts={BEGUN: True, AccessFact.MARIJUANA_ADJOURNMENT: True}) == set()


def test_cpl_160_50_1_d_what_it_depends_on_is_asked_and_never_guessed() -> None:
    assert faults(applicant="prosecutor") == {"facts.case_begun"}
    assert faults(applicant="prosecutor", subparagraph="160.50(1)(d)(i)") == {"facts.marijuana_adjournment"}


def test_cpl_160_55_1_d_vi_opens_upon_a_new_arrest_and_not_by_an_order() -> None:
    rule = rule_for("CPL 160.55")
    assert rule
    (new_arrest,) = (access for access in rule.access if access.needs == "new_arrest")
    assert (new_arrest.who, dict(new_arrest.facts)) == ("prosecutor", {AccessFact.FAMILY_HARASSMENT: True})
    assert faults(applicant="prosecutor", subparagraph="160.55(1)(d)(vi)") == {"subparagraph"}


def test_cpl_160_57_a_marked_record_is_read_in_law_enforcement_duty_alone() -> None:
    assert purposes_of_marks() == {"investigation", "prosecution", "supervision", "warrant", "safety"}


def test_fca_375_1_the_agency_may_object_on_eight_days_notice() -> None:
    rule = rule_for("FCA 375.1")
    assert rule
    assert rule.objection_days == 8


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"order_number": "N/A"}, "order_number"),
        ({"order_number": "000000"}, "order_number"),
        ({"order_number": "[order number]"}, "order_number"),
        ({"order_number": "_______"}, "order_number"),
        ({"court": "TBD"}, "court"),
        ({"ordered_on": "2026-11-21"}, "ordered_on"),
        ({"subparagraph": "CPL 160.51"}, "subparagraph"),
        ({"subparagraph": "160.50(1)(d)(ix)"}, "subparagraph"),
        ({"applicant": "gun shop"}, "applicant"),
    ],
)
def test_p4_an_order_that_says_nothing_opens_nothing(facts: dict[str, Any], field: str) -> None:
    assert faults(**facts) == {field}


@pytest.mark.parametrize("field", [name for name in ORDER if name != "ordered_on"])
def test_p4_without_an_order_there_is_no_request(field: str) -> None:
    for text in ("", "   "):
        with pytest.raises(ValueError, match=field):
            UnsealingRequest.model_validate(ORDER | {field: text})


@pytest.mark.parametrize("state", [SealState.ERASED, SealState.READABLE, SealState.UNKNOWN])
def test_p4_what_is_erased_cannot_be_opened_and_the_answer_says_what_to_do(state: SealState) -> None:
    with pytest.raises(UnsealingRefusedError) as refused:
        check_unsealing(UnsealingRequest.model_validate(ORDER), state, "", TODAY)
    (fault,) = refused.value.faults
    assert ("new tracking number" in fault.fix) is (state is SealState.ERASED)


def test_p4_an_order_under_another_statute_than_the_marks_opens_nothing() -> None:
    assert faults(SealState.MARKED, "CPL 160.57") == {"subparagraph"}
    assert faults(SealState.MARKED, "CPL 160.57", subparagraph="160.57", applicant="defendant") == set()


def test_p4_nobody_approves_his_own_order_and_it_is_decided_once() -> None:
    unsealing = an_unsealing()
    for own in ("kay@da.example.gov", "KAY@DA.EXAMPLE.GOV"):
        with pytest.raises(UnsealingDecisionError, match="yourself"):
            decided(unsealing, UnsealingState.APPROVED, own, "", NOW)
    approved = decided(unsealing, UnsealingState.APPROVED, "lee@da.example.gov", "read", NOW)
    assert decided(approved, UnsealingState.APPROVED, "lee@da.example.gov", "read", NOW) is approved
    with pytest.raises(UnsealingDecisionError, match="already"):
        decided(approved, UnsealingState.REFUSED, "lee@da.example.gov", "", NOW)
    with pytest.raises(UnsealingDecisionError, match="already"):
        decided(approved, UnsealingState.APPROVED, "may@da.example.gov", "", NOW)


def opened(tables: Tables, agency: str = "roster", state: UnsealingState = UnsealingState.APPROVED) -> Arrest | None:
    deps(tables).unsealings.save(an_unsealing(agency="roster", state=state, decided_by="lee@da.example.gov"))
    apply(tables, Seal(agency=agency, unsealing_id="0" * 32), agency=agency)
    return tables.arrests.find(an_arrest().arrest_id)


@pytest.mark.parametrize("statute", ["", "CPL 160.57"])
def test_p4_an_approved_order_opens_what_is_locked_or_marked_and_the_seal_sent_again_does_not_close_it(
    tables: Tables, statute: str
) -> None:
    arrest = an_arrest()
    tables.arrests.store([arrest], DROP, NOW)
    apply(tables, a_seal(statute))
    assert opened(tables) == arrest
    apply(tables, a_seal(statute))
    assert tables.arrests.find(arrest.arrest_id) == arrest
    newer = an_arrest(statutes=["PL 125.25"])
    tables.arrests.store([newer], later(1), NOW)
    assert tables.arrests.find(arrest.arrest_id) == newer


def test_p4_another_seal_after_the_order_closes_what_the_court_had_opened(tables: Tables) -> None:
    arrest = an_arrest()
    tables.arrests.store([arrest], DROP, NOW)
    apply(tables, a_seal("CPL 160.57"))
    assert opened(tables) == arrest
    by_person: dict[str, Any] = {"person": arrest.person, "arrested_on": arrest.arrested_on}
    apply(tables, a_seal("CPL 160.57", **by_person))
    marked = tables.arrests.find(arrest.arrest_id)
    assert marked
    assert marked.flags == (Flag.SEALED_AND_OPEN,)
    apply(tables, a_seal("CPL 160.50"))
    assert tables.arrests.find(arrest.arrest_id) is None


def test_cpl_160_50_1_d_a_row_of_a_feed_that_names_an_old_order_does_not_open_what_was_sealed_since(
    tables: Tables,
) -> None:
    arrest = an_arrest()
    tables.arrests.store([arrest], DROP, NOW)
    apply(tables, a_seal())
    assert opened(tables) == arrest
    apply(tables, a_seal(person=arrest.person, arrested_on=arrest.arrested_on))
    assert tables.arrests.find(arrest.arrest_id) is None
    apply(tables, Seal(agency="roster", unsealing_id="0" * 32))
    assert tables.arrests.find(arrest.arrest_id) is None


@pytest.mark.parametrize("state", [UnsealingState.WAITING, UnsealingState.REFUSED])
def test_p4_an_order_that_nobody_approved_opens_nothing_whoever_sends_it(tables: Tables, state: UnsealingState) -> None:
    tables.arrests.store([an_arrest()], DROP, NOW - timedelta(days=1))
    apply(tables, a_seal())
    assert opened(tables, state=state) is None


def test_p4_another_agency_opens_nothing_with_the_id_of_an_order(tables: Tables) -> None:
    tables.arrests.store([an_arrest()], DROP, NOW)
    apply(tables, a_seal())
    assert opened(tables, agency="county-jail") is None
