"""P10: what may be disputed, who decides, and whom a correction must reach. Plain values."""

from datetime import date, timedelta
from typing import Any

import pytest

from shared.arrests.charges import Charge
from shared.arrests.court import Disposition
from shared.arrests.disputed import ArrestFact, DisputedFact
from shared.arrests.facts import changed_facts, corrected_facts
from shared.arrests.model import Arrest
from shared.arrests.person import PersonName, Sex
from shared.arrests.places import Place
from shared.disclosures.model import DisclosureMeans, DisclosureState, RecipientKind
from shared.disputes.decide import (
    DisputeDecisionError,
    DisputeRefusedError,
    after_correction,
    correction_notices,
    decide_dispute,
    is_criminal_justice,
    other_recipients,
    tick_off,
    without_texts,
)
from shared.disputes.default_rules import default_rules, shipped_rules
from shared.disputes.model import MOST_DISPUTES, DisputeState
from tests.builders import NOW, an_arrest
from tests.disclosures.test_decide import a_disclosure
from tests.disputes.cases import ADA, ARREST, DAY, PAT, a_decision, a_dispute, a_dispute_request, no_disputes

PA = default_rules("PA5110000")


def faults(**facts: Any) -> dict[str, str]:
    try:
        a_dispute(**facts)
    except DisputeRefusedError as refusal:
        return dict(refusal.faults)
    return {}


def test_pa_9114_a_dispute_is_decided_and_recipients_are_told_within_fifteen_days() -> None:
    assert a_dispute().due == date(2026, 12, 3)
    assert (PA.decide_within.days, PA.tell_within.days) == (15, 15)


def test_ca_13324_a_challenge_is_answered_within_sixty_days() -> None:
    assert default_rules("CA0190000").decide_within.days == 60


def test_28_cfr_20_21_g_a_state_without_a_day_of_its_own_has_one_that_is_marked_as_proposed() -> None:
    assert default_rules("NY0303000") == shipped_rules().otherwise
    assert all(
        "proposed" in clock.source for clock in (default_rules("NY").decide_within, default_rules("NY").tell_within)
    )


def test_p10_a_fact_that_is_disputed_already_is_not_disputed_again() -> None:
    stored = no_disputes().with_dispute(a_dispute())
    assert set(faults(stored=stored)) == {"fact"}
    assert faults(stored=stored, fact="name") == {}
    decided = decide_dispute(stored.disputes[0], a_decision("refused"), PAT, PA, NOW)
    assert faults(stored=stored.with_dispute(decided)) == {}, "new evidence may come after a decision"


def test_p10_an_arrest_takes_no_more_disputes_than_its_document_holds() -> None:
    stored = no_disputes()
    for number in range(MOST_DISPUTES):
        open_ = a_dispute(stored=stored, token=f"{number:032x}")
        stored = stored.with_dispute(decide_dispute(open_, a_decision("withdrawn"), PAT, PA, NOW))
    assert set(faults(stored=stored)) == {"arrest_id"}


@pytest.mark.parametrize("day", ["2026-11-22", "2016-11-01"])
def test_p10_the_clock_runs_from_a_day_that_can_be(day: str) -> None:
    assert set(faults(received_on=day)) == {"received_on"}


@pytest.mark.parametrize("field", ["claim", "claimant_name", "identity_proof"])
def test_p3_no_dispute_names_immigration_enforcement(field: str) -> None:
    assert set(faults(**{field: "Handed over to ICE agents"})) == {field}


def test_28_cfr_20_21_g_whoever_recorded_a_dispute_does_not_decide_it_and_a_decision_is_taken_once() -> None:
    with pytest.raises(DisputeDecisionError, match="yourself"):
        decide_dispute(a_dispute(), a_decision(), ADA.upper(), PA, NOW)
    refused = decide_dispute(a_dispute(), a_decision(), PAT, PA, NOW)
    assert (refused.state, refused.decided_by, refused.appeal) == (DisputeState.REFUSED, PAT, PA.appeal)
    with pytest.raises(DisputeDecisionError, match="already"):
        decide_dispute(refused, a_decision("upheld"), PAT, PA, NOW)


def test_p10_an_upheld_dispute_asks_the_agency_and_marks_the_fact_until_the_agency_corrects_it() -> None:
    with pytest.raises(DisputeRefusedError) as refusal:
        decide_dispute(a_dispute(), a_decision("upheld", agency_asked=None), PAT, PA, NOW)
    assert [fault.field for fault in refusal.value.faults] == ["agency_asked"]
    upheld = decide_dispute(a_dispute(), a_decision("upheld"), PAT, PA, NOW)
    stored = no_disputes().with_dispute(upheld)
    assert stored.disputed_facts == (DisputedFact(fact=ArrestFact.BIRTH, upheld=True),)
    assert decide_dispute(upheld, a_decision("withdrawn"), PAT, PA, NOW).state is DisputeState.WITHDRAWN
    corrected = after_correction(stored, {ArrestFact.BIRTH}, NOW)
    assert corrected.disputed_facts == ()
    assert corrected.disputes[0].state is DisputeState.CORRECTED
    assert after_correction(corrected, {ArrestFact.BIRTH}, NOW) is corrected
    assert after_correction(stored, {ArrestFact.PLACE}, NOW) is stored


def test_p4_a_dispute_goes_with_its_arrest_and_leaves_no_text_and_no_name() -> None:
    decided = decide_dispute(a_dispute(), a_decision("upheld"), PAT, PA, NOW)
    stored = no_disputes().with_dispute(decided).with_dispute(a_dispute(fact="name", token="1" * 32))
    gone = without_texts(stored, NOW)
    assert [dispute.state for dispute in gone.disputes] == [DisputeState.GONE] * 2
    texts = gone.model_dump_json()
    request = a_dispute_request()
    secrets = (
        request.claim,
        request.claimant_name,
        request.identity_proof,
        ADA,
        PAT,
        "birth certificate",
        "records unit",
    )
    assert not any(secret in texts for secret in secrets)
    assert without_texts(gone, NOW) is gone


OTHER = {
    ArrestFact.NAME: an_arrest(surname="Sample"),
    ArrestFact.BIRTH: an_arrest(born=date(1990, 3, 2)),
    ArrestFact.IDENTIFIERS: an_arrest(sid="07654321B"),
    ArrestFact.CHARGES: an_arrest(statutes=["PL 160.10"]),
    ArrestFact.ARREST_DATE: an_arrest(arrested_on=date(2026, 11, 18)),
    ArrestFact.PLACE: an_arrest(place=Place(address="102 Example Street", city="Exampleton", precinct="101")),
}
OF_THE_PERSON = {ArrestFact.NAME, ArrestFact.BIRTH, ArrestFact.IDENTIFIERS}


@pytest.mark.parametrize(("fact", "after"), OTHER.items())
def test_28_cfr_20_21_a_2_a_value_that_is_replaced_is_a_correction_of_its_fact(fact: ArrestFact, after: Arrest) -> None:
    assert corrected_facts(ARREST, after) == {fact}
    assert changed_facts(ARREST, after) == {fact} | ({ArrestFact.PERSON} if fact in OF_THE_PERSON else set())


def test_28_cfr_20_21_a_2_what_is_only_added_and_how_the_case_goes_on_corrects_nothing() -> None:
    more = an_arrest(aliases=[PersonName(surname="Sample", given="Pat")], statutes=["PL 120.05", "PL 160.10"])
    assert corrected_facts(ARREST, more) == frozenset()
    assert ArrestFact.CHARGES in changed_facts(ARREST, more), "which ends a dispute about them all the same"
    female = ARREST.model_copy(update={"person": ARREST.person.model_copy(update={"sex": Sex.FEMALE})})
    assert corrected_facts(female, ARREST) == {ArrestFact.SEX}
    pending, decided = (
        an_arrest(charges=(Charge(statute="PL 120.05", disposition=Disposition.model_validate({"outcome": outcome})),))
        for outcome in ("adjourned in contemplation of dismissal", "dismissed")
    )
    assert corrected_facts(pending, decided) == frozenset()
    assert changed_facts(pending, decided) == {ArrestFact.OUTCOME}


def test_28_cfr_20_21_a_2_every_recipient_of_an_allowed_disclosure_of_the_arrest_is_to_be_told() -> None:
    facts, arrest_id = {ArrestFact.BIRTH}, "a" * 32
    made = a_disclosure("crime")
    never = a_disclosure().model_copy(update={"state": DisclosureState.REFUSED})
    notices = correction_notices([made, never], arrest_id, "content", facts, DAY, NOW)
    assert [(notice.disclosure_id, notice.facts, notice.tell_by) for notice in notices] == [
        (made.disclosure_id, (ArrestFact.BIRTH,), DAY)
    ]
    assert correction_notices([made], arrest_id, "content", facts, DAY, NOW) == notices, (
        "the same version, the same notice"
    )
    assert correction_notices([made], "b" * 32, "content", facts, DAY, NOW) == []
    assert correction_notices([made], arrest_id, "content", set(), DAY, NOW) == []


def test_pa_9114_a_recipient_is_ticked_off_once_with_means_and_a_day_that_can_be() -> None:
    [notice] = correction_notices([a_disclosure("crime")], "a" * 32, "content", {ArrestFact.BIRTH}, DAY, NOW)
    today = NOW.date() + timedelta(days=2)
    for day in (today + timedelta(days=1), NOW.date() - timedelta(days=2)):
        with pytest.raises(DisputeRefusedError):
            tick_off(notice, PAT, DisclosureMeans.MAIL, day, today)
    told = tick_off(notice, PAT, DisclosureMeans.MAIL, today, today)
    assert (told.told_by, told.told_on, told.means) == (PAT, today, DisclosureMeans.MAIL)
    with pytest.raises(DisputeDecisionError, match="was told"):
        tick_off(told, PAT, DisclosureMeans.MAIL, today, today)


def test_28_cfr_20_21_g_4_the_recipients_to_name_are_those_outside_of_criminal_justice() -> None:
    assert {kind for kind in RecipientKind if is_criminal_justice(kind)} == {
        RecipientKind.LAW_ENFORCEMENT, RecipientKind.COURT
    }  # fmt: skip
    disclosures = [a_disclosure("crime", recipient_kind=kind) for kind in ("press", "court")] + [a_disclosure()]
    assert [disclosure.request.recipient_kind for disclosure in other_recipients(disclosures)] == ["press"]
