"""A decision that is corrected, taken back or added is an update; and what an older release stored stays as it was."""

from datetime import UTC, date, datetime

import pytest

from shared.arrests.charges import Charge
from shared.arrests.court import Bail, BailKind, ChargeOutcome, CourtCase, Disposition
from shared.arrests.diff import changes, differences
from shared.arrests.minimisation import WithheldField, redact, redact_differences
from shared.arrests.model import Arrest, ArrestChange, EventKind
from tests.builders import an_arrest

DISMISSED = Disposition(outcome=ChargeOutcome.DISMISSED)
CONVICTED = Disposition(outcome=ChargeOutcome.CONVICTED, sentence="30 days")
CASE = CourtCase(docket="CR-1", bail=Bail(amount="2500", kind=BailKind.CASH), next_on=date(2026, 12, 4))


def decided(*dispositions: Disposition | None, statute: str = "PL 155.30", cases: tuple[CourtCase, ...] = ()) -> Arrest:
    charges = tuple(Charge(statute=statute, disposition=disposition) for disposition in dispositions)
    return an_arrest().model_copy(update={"kind": EventKind.DISPOSITION, "charges": charges, "cases": cases})


def sentences(before: Arrest, after: Arrest) -> list[str]:
    return [difference.sentence for difference in differences(before, after)]


@pytest.mark.parametrize(
    ("before", "after", "sentence"),
    [
        (None, DISMISSED, "outcome of PL 155.30 added: dismissed"),
        (DISMISSED, None, "outcome of PL 155.30 removed: dismissed"),
        (
            DISMISSED,
            CONVICTED,
            "outcome of PL 155.30 corrected: convicted. Sentence: 30 days, before dismissed",
        ),
    ],
)
def test_an_outcome_that_changes_is_told(before: Disposition | None, after: Disposition | None, sentence: str) -> None:
    assert sentences(decided(before), decided(after)) == [sentence]
    assert changes(decided(before), decided(after)) == (ArrestChange.OUTCOME_CHANGED,)
    assert not differences(decided(after), decided(after))


def test_counts_of_one_charge_may_be_decided_differently() -> None:
    both = decided(DISMISSED, CONVICTED)
    assert not differences(both, decided(CONVICTED, DISMISSED))
    assert sentences(decided(DISMISSED, DISMISSED), both) == [
        "outcome of PL 155.30 corrected: convicted. Sentence: 30 days; dismissed, before dismissed"
    ]


def test_an_outcome_of_no_charge_is_no_charge_that_was_added() -> None:
    nothing, dismissed = decided(), decided(DISMISSED, statute="")
    assert sentences(nothing, dismissed) == ["outcome added: dismissed"]


def test_bail_warrants_and_the_next_date_are_told_and_dockets_are_not() -> None:
    moved = CASE.model_copy(
        update={
            "docket": "CR-2",
            "court": "Quillham Criminal Court",
            "bail": Bail(kind=BailKind.REMANDED),
            "warrant": "W-1",
            "next_at": datetime(2026, 12, 9, 14, 0, tzinfo=UTC),
            "next_on": date(2026, 12, 9),
        }
    )
    assert sentences(decided(cases=(CASE,)), decided(cases=(moved,))) == [
        "bail corrected: remanded, before $2,500 cash",
        "warrant added: W-1",
        "next court date corrected: 2026-12-09 14:00:00+00:00, before 2026-12-04",
    ]
    assert not differences(decided(cases=(CASE,)), decided(cases=(CASE.model_copy(update={"docket": "CR-2"}),)))


def test_a_court_date_is_told_once_as_a_date_that_moved() -> None:
    before, after = (
        decided(cases=(CourtCase(next_on=day),)).model_copy(update={"kind": EventKind.COURT_DATE, "event_on": day})
        for day in (date(2026, 12, 4), date(2026, 12, 9))
    )
    assert changes(before, after) == (ArrestChange.EVENT_MOVED,)


def test_p6_who_may_not_know_the_charges_learns_of_no_decision() -> None:
    withheld = frozenset({WithheldField.CHARGES})
    before, after = decided(DISMISSED, cases=(CASE,)), decided(CONVICTED)
    assert redact_differences(withheld, differences(before, after)) == ()
    told = redact(withheld, before).model_dump_json()
    assert not any(word in told for word in ("155.30", "dismissed", "CR-1", "2500"))


def test_an_arrest_without_a_decision_is_stored_as_before() -> None:
    document = an_arrest().model_dump_json()
    assert "disposition" not in document
    assert "cases" not in document
    whole = decided(CONVICTED, cases=(CASE,))
    assert Arrest.model_validate_json(whole.model_dump_json()) == whole
