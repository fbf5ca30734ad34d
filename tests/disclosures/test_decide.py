"""P7, P12: what may be passed on to somebody outside, and by whose word. Plain values."""

import re
from collections import Counter
from datetime import UTC, date, datetime
from typing import Any

import pytest

from shared.arrests.charges import Charge
from shared.arrests.court import ChargeOutcome, Disposition
from shared.arrests.model import Arrest
from shared.disclosures.biennial import biennial_rows, covered_by, due_on
from shared.disclosures.decide import (
    DisclosureDecisionError,
    DisclosureRefusedError,
    Requester,
    check_request,
    decided,
    new_disclosure,
)
from shared.disclosures.default_rules import default_rules, rules_with
from shared.disclosures.model import (
    DISCLOSURE_ID,
    Approver,
    Disclosure,
    DisclosureMeans,
    DisclosureRequest,
    DisclosureRules,
    DisclosureState,
    RecipientKind,
)
from shared.disclosures.recipients import NonconvictionPart, RecordStanding, RecordStandings, standing_of
from shared.disclosures.summary import quarter_bounds, summary_rows
from shared.offices.agreements import OfficeAgreements, OnwardDisclosure, RecordedAgreement
from tests.builders import NOW, an_arrest
from tests.offices.test_agreements import an_agreement

TODAY = date(2026, 11, 20)
ADA, PAT = "ada@da.example.gov", "pat@da.example.gov"
NEED_A_DOCUMENT = {"consent", "law", "city interest", "routine", "crime", "welfare"}
NEED_APPROVAL = {"consent", "law", "mission", "city interest"}
"""By the policy of 2021: grounds 1 to 4 by the privacy officers; of 5 to 7 the designation or the case is named."""


def a_request(ground: str = "consent", **facts: Any) -> DisclosureRequest:
    usual: dict[str, Any] = {
        "ground": ground,
        "arrest_ids": ["a" * 32],
        "facts": "charges and arrest date",
        "recipient": "Rowan Example, Example Legal Aid",
        "recipient_kind": "defense",
        "means": "print",
        "reference": "Consent of 12 November 2026",
        "agency_consent": "Letter of 13 November 2026",
    }
    return DisclosureRequest.model_validate(usual | facts)


def a_disclosure(
    ground: str = "consent", requested_by: str = ADA, now: datetime = NOW, token: str = "0" * 18, **facts: Any
) -> Disclosure:
    known = default_rules().find(ground)
    assert known
    return new_disclosure(a_request(ground, **facts), Requester("kings", requested_by), {"roster"}, known, now, token)


def faults(
    request: DisclosureRequest,
    *agreements: RecordedAgreement,
    records: RecordStandings | None = None,
    rules: DisclosureRules | None = None,
) -> dict[str, str]:
    recorded = OfficeAgreements(office_id="kings", agreements=agreements)
    try:
        check_request(request, {"roster"}, recorded, rules_with(rules), records or {}, TODAY)
    except DisclosureRefusedError as refusal:
        return dict(refusal.faults)
    return {}


def test_p7_nypd_2021_there_are_seven_grounds_each_with_its_source() -> None:
    assert len(default_rules().grounds) == 7
    assert all(f"ground {number}" in ground.source for number, ground in enumerate(default_rules().grounds, start=1))


@pytest.mark.parametrize("ground", [ground.name for ground in default_rules().grounds])
def test_p7_nypd_2021_a_ground_waits_for_the_privacy_officer_or_names_its_document(ground: str) -> None:
    waits = a_disclosure(ground).state is DisclosureState.WAITING
    assert waits is (ground in NEED_APPROVAL)
    assert ("reference" in faults(a_request(ground, reference=None))) is (ground in NEED_A_DOCUMENT)


def test_p7_nypd_2021_a_ground_that_nobody_knows_is_refused_with_those_there_are() -> None:
    assert "consent, law, mission" in faults(a_request("curiosity"))["ground"]


@pytest.mark.parametrize("field", ["recipient", "facts", "reference", "agency_consent", "authority"])
def test_p3_nothing_is_passed_on_for_immigration_enforcement(field: str) -> None:
    assert set(faults(a_request(**{field: "For ICE detainer purposes"}))) == {field}


@pytest.mark.parametrize(
    ("onward", "consent", "field"),
    [
        (OnwardDisclosure.FORBIDDEN, "Letter of 13 November", "arrest_ids"),
        (OnwardDisclosure.ASK_FIRST, "Letter of 13 November", None),
        (OnwardDisclosure.ASK_FIRST, None, "agency_consent"),
        (OnwardDisclosure.ALLOWED, None, None),
    ],
)
def test_p6_cjis_ca_3_the_agreement_says_whether_its_agency_is_asked_before_anything_is_passed_on(
    onward: OnwardDisclosure, consent: str | None, field: str | None
) -> None:
    agreement = an_agreement(onward_disclosure=onward)
    assert set(faults(a_request(agency_consent=consent), agreement)) == ({field} if field else set())
    assert faults(a_request("law", agency_consent=consent), agreement) == {}, "the law is stronger"


def test_p6_cjis_ca_3_the_strictest_agreement_in_force_counts_and_without_one_the_agency_is_asked() -> None:
    open_, closed = (
        an_agreement(onward_disclosure="allowed"),
        an_agreement(reference="MOU-2", onward_disclosure="forbidden", ends=date(2026, 11, 19)),
    )
    assert faults(a_request(agency_consent=None), open_, closed) == {}, "what is over says nothing"
    in_force = closed.model_copy(update={"ends": TODAY})
    assert set(faults(a_request(agency_consent=None), open_, in_force)) == {"arrest_ids"}
    assert set(faults(a_request(agency_consent=None))) == {"agency_consent"}


# Who may have what, read from the law's page without looking at `rules.yaml`: without more, by a law or order that is
# named, or never. CPL 160.57: the defendant, counsel, the parties of a case, qualified agencies; laws name further
# ones, none of them the press. 28 CFR 20.21(b), (g): criminal justice agencies; by law or order; the person.
BY_THE_PAGE = {
    "law enforcement": ("yes", "yes"),
    "court": ("yes", "yes"),
    "defense": ("yes", "by order"),
    "city agency": ("by order", "by order"),
    "state or federal agency": ("by order", "by order"),
    "the person": ("yes", "yes"),
    "press": ("never", "by order"),
    "other": ("by order", "by order"),
}
MARKED, DECLINED = RecordStanding("CPL 160.57"), RecordStanding(nonconviction=NonconvictionPart.ALL)
MIXED = RecordStanding(nonconviction=NonconvictionPart.SOME_CHARGES)
ID = "a" * 32


def what_is_asked_for(kind: str, record: RecordStanding, **facts: Any) -> str:
    """Without `authority`: nothing (`yes`), the law or order, or that the record is left out."""
    refused = faults(a_request(recipient_kind=kind, **facts), records={ID: record})
    return {(): "yes", ("authority",): "by order", ("arrest_ids",): "never"}[tuple(refused)]


@pytest.mark.parametrize("kind", [kind.value for kind in RecipientKind])
def test_cpl_160_57_a_marked_record_goes_to_those_alone_whom_the_section_names(kind: str) -> None:
    assert what_is_asked_for(kind, MARKED) == BY_THE_PAGE[kind][0]
    by_order = what_is_asked_for(kind, MARKED, authority="Order of the Supreme Court of 3 November")
    assert (by_order == "yes") is (BY_THE_PAGE[kind][0] != "never")


def test_cpl_720_35_to_whom_a_youthful_offenders_record_is_open_was_not_seen_so_defense_names_an_order() -> None:
    youthful = RecordStanding("CPL 720.35")
    assert what_is_asked_for("defense", youthful) == what_is_asked_for("the person", youthful) == "by order"
    assert what_is_asked_for("law enforcement", youthful) == "yes"


@pytest.mark.parametrize("kind", [kind.value for kind in RecipientKind])
@pytest.mark.parametrize("means", [means.value for means in DisclosureMeans])
def test_28_cfr_20_21_b_nonconviction_data_goes_to_criminal_justice_agencies_or_by_law(kind: str, means: str) -> None:
    needed = BY_THE_PAGE[kind][1]
    assert what_is_asked_for(kind, DECLINED, means=means) == needed
    assert what_is_asked_for(kind, MIXED, means=means) == ("yes" if means == "export" else needed)
    assert what_is_asked_for(kind, DECLINED, means=means, authority="Executive Order 7") == "yes"
    assert what_is_asked_for(kind, RecordStanding(), means=means) == "yes"


def test_28_cfr_20_21_c_2_a_refusal_says_which_record_by_which_law_and_what_the_recipient_is_told() -> None:
    request = a_request(arrest_ids=["b" * 32, ID], recipient_kind="press", means="telephone")
    refused = faults(request, records={"b" * 32: RecordStanding(), ID: MARKED})
    assert refused["arrest_ids"].startswith("record 2 is sealed by CPL 160.57 and may not go to")
    assert "(A1029C)" in refused["arrest_ids"]
    assert refused["arrest_ids"].endswith("Tell the recipient what you tell anybody of whom nothing is held")


def test_28_cfr_20_21_b_whoever_names_a_law_or_order_for_the_recipient_waits_for_another_person() -> None:
    assert a_disclosure("crime").state is DisclosureState.RECORDED
    assert a_disclosure("crime", authority="Executive Order 7").state is DisclosureState.WAITING


def test_p7_nypd_2021_counsel_changes_a_kind_of_recipient_and_the_shipped_rule_holds_for_the_others() -> None:
    own = DisclosureRules.model_validate(
        {
            "grounds": [ground.model_dump() for ground in default_rules().grounds],
            "recipients": [{"kind": "defense", "marked": "never", "nonconviction": "yes", "source": "memo 4"}],
        }
    )
    by_print = a_request(recipient_kind="defense")
    assert faults(by_print, records={ID: DECLINED}, rules=own) == {}
    assert "memo 4" in faults(by_print, records={ID: MARKED}, rules=own)["arrest_ids"]
    assert set(faults(a_request(recipient_kind="press"), records={ID: DECLINED}, rules=own)) == {"authority"}
    twice = {"recipients": [*own.recipients, *own.recipients], "grounds": own.grounds}
    with pytest.raises(ValueError, match="two rules are for the same kind"):
        DisclosureRules.model_validate(twice)


def test_28_cfr_20_3_the_standing_of_a_record_is_that_of_the_day() -> None:
    def charged(*outcomes: ChargeOutcome) -> Arrest:
        decided = (Charge(statute="PL 120.05", disposition=Disposition(outcome=outcome)) for outcome in outcomes)
        return an_arrest(charges=tuple(decided))

    def part(arrest: Arrest, today: date = TODAY) -> str:
        return standing_of(arrest, "", today).nonconviction.value

    assert part(charged(ChargeOutcome.DISMISSED)) == "all"
    assert part(charged(ChargeOutcome.DISMISSED, ChargeOutcome.CONVICTED)) == "some charges"
    assert part(charged(ChargeOutcome.CONVICTED)) == part(an_arrest()) == "nothing"
    assert part(an_arrest(), TODAY.replace(year=2028)) == "all", "a year without a disposition"
    assert standing_of(an_arrest(), "CPL 160.57", TODAY).mark == "CPL 160.57"


def test_p7_nypd_2021_nobody_decides_about_his_own_request_and_a_decision_is_taken_once() -> None:
    waiting = a_disclosure()
    with pytest.raises(DisclosureDecisionError, match="yourself"):
        decided(waiting, DisclosureState.APPROVED, ADA.upper(), "It is fine.", NOW)
    approved = decided(waiting, DisclosureState.APPROVED, PAT, "It is fine.", NOW)
    assert (approved.state, approved.decided_by, approved.revision) == (DisclosureState.APPROVED, PAT, 2)
    for settled in (approved, a_disclosure("crime")):
        with pytest.raises(DisclosureDecisionError, match="already"):
            decided(settled, DisclosureState.REFUSED, PAT, "On second thoughts.", NOW)


def test_the_ids_of_disclosures_are_in_the_order_of_time() -> None:
    ids = [a_disclosure(now=NOW.replace(second=second), token="f" * 18).disclosure_id for second in (1, 2, 59)]
    assert ids == sorted(ids)
    assert all(re.fullmatch(DISCLOSURE_ID, id_) for id_ in ids)


@pytest.mark.parametrize(
    ("quarter", "start", "end"),
    [("2026-Q1", (2026, 1), (2026, 4)), ("2026-Q3", (2026, 7), (2026, 10)), ("2026-Q4", (2026, 10), (2027, 1))],
)
def test_a_quarter_ends_where_the_next_one_begins(quarter: str, start: tuple[int, int], end: tuple[int, int]) -> None:
    assert quarter_bounds(quarter) == (datetime(*start, 1, tzinfo=UTC), datetime(*end, 1, tzinfo=UTC))


@pytest.mark.parametrize("quarter", ["2026-Q5", "2026Q1", "26-Q1", "0000-Q1", "9999-Q4", "٢٠٢٦-Q1", ""])
def test_what_is_no_quarter_is_refused(quarter: str) -> None:
    with pytest.raises(ValueError, match="2026-Q4"):
        quarter_bounds(quarter)


def test_p7_nypd_2021_the_summary_of_a_quarter_counts_what_was_made_and_names_nobody() -> None:
    approved = decided(a_disclosure(arrest_ids=["a" * 32, "b" * 32]), DisclosureState.APPROVED, PAT, "Fine.", NOW)
    refused = decided(a_disclosure(), DisclosureState.REFUSED, PAT, "It is too much.", NOW)
    rows = summary_rows([approved, refused, a_disclosure(), a_disclosure("crime", recipient_kind="court")])
    counted = [(row.ground, row.disclosures, row.arrests, row.refused, row.waiting) for row in rows]
    assert counted == [("consent", 1, 2, 1, 1), ("crime", 1, 1, 0, 0)]
    texts = " ".join(str(value) for row in rows for value in row.model_dump().values())
    assert not any(secret in texts for secret in ("Rowan", ADA, PAT, "a" * 32, "charges"))


def test_every_approver_of_a_rule_is_a_right_of_users() -> None:
    from shared.offices.users import Right  # noqa: PLC0415 - what this test is about

    assert {approver.value for approver in Approver} - {Approver.NOBODY.value} <= {right.value for right in Right}


def test_nyc_23_1205_the_report_of_two_years_ends_with_june_and_is_due_on_31_july() -> None:
    assert due_on(2026) == date(2026, 7, 31)
    assert covered_by(2026) == (date(2024, 7, 1), date(2026, 7, 1))
    assert covered_by(2028)[0] == covered_by(2026)[1], "no day is in none or in two"


def test_nyc_23_1205_it_says_what_is_held_disclosed_who_asked_why_and_by_which_policy_and_names_nobody() -> None:
    approved = decided(a_disclosure(), DisclosureState.APPROVED, PAT, "Fine.", NOW)
    logged = [approved, a_disclosure(), a_disclosure("crime", recipient_kind="court")]
    requests = Counter({("foil", "press"): 3})
    rows = biennial_rows(logged, requests, default_rules(), [("retention", "400 days")])
    counted = {(row.item, row.name, row.reason): row.count for row in rows if row.count}
    assert counted == {
        ("disclosure", "consent", "The person has consented in writing"): 1,
        ("disclosure", "crime", "It is for the investigation of a crime committed, attempted or impending"): 1,
        ("requester", "defense", "disclosure on the ground consent"): 1,
        ("requester", "court", "disclosure on the ground crime"): 1,
        ("requester", "press", "records request: foil"): 3,
    }
    assert {row.item for row in rows} == {"kind held", "disclosure", "requester", "policy"}
    assert "names" in {row.name for row in rows if row.item == "kind held"}
    assert not [secret for secret in ("Rowan", ADA, PAT, "a" * 32) if secret in str(rows)]
